// A million small records written to a session file and read again, against the fastest embedded database of Node.

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createRecorder } from '../../electron/session/recorder.ts';
import { openSession } from '../../electron/session/session-file.ts';
import { fileSink } from '../../electron/session/sinks.ts';
import type { BenchRow } from './types.ts';

const COUNT = 1_000_000;
/** Records between two turns of the event loop. */
const TURN = 10_000;
const BYTES = 64;

const client = { address: '127.0.0.1', port: 41_000 };
const server = { address: '127.0.0.1', port: 18_080 };
const payload = new Uint8Array(BYTES).map((_, i) => (i * 7) & 0xff);

let folder = '';
const ourFile = (): string => join(folder, 'session.pcapng');
const theirFile = (): string => join(folder, 'session.sqlite');

async function write(): Promise<number> {
  rmSync(ourFile(), { force: true });
  const began = performance.now();
  const recorder = createRecorder({ sink: fileSink(ourFile()) });
  recorder.opened('client', client, server);
  for (let i = 1; i < COUNT; i++) {
    if ((i & 1) === 0) recorder.sent(1, 'client', payload);
    else recorder.received(1, 'client', payload);
    if (i % TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await recorder.close();
  return performance.now() - began;
}

async function read(): Promise<number> {
  const began = performance.now();
  const session = await openSession(ourFile());
  let bytes = 0;
  const records = await session.read((record) => {
    if ('bytes' in record && record.bytes !== null) bytes += record.bytes[5]!;
  });
  await session.close();
  const cost = performance.now() - began;
  if (records !== COUNT || bytes !== (COUNT - 1) * payload[5]!)
    throw new Error(`${records} records, ${bytes}`);
  return cost;
}

/** What is used of better-sqlite3. */
interface Statement {
  run(...values: unknown[]): void;
  raw(on: boolean): Statement;
  iterate(): Iterable<unknown[]>;
}
interface Database {
  pragma(text: string): void;
  exec(text: string): void;
  prepare(text: string): Statement;
  close(): void;
}

const Sqlite = ((): (new (path: string) => Database) | null => {
  try {
    return createRequire(import.meta.url)('better-sqlite3') as new (path: string) => Database;
  } catch {
    console.log('Left out: better-sqlite3 could not be built here, nothing to compare sessions with.');
    return null;
  }
})();

/** One prepared statement, and what outlives a killed process as ours does: committed every turn, never synced. */
function sqliteWrite(): number {
  for (const suffix of ['', '-wal', '-shm']) rmSync(theirFile() + suffix, { force: true });
  const began = performance.now();
  const database = new Sqlite!(theirFile());
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.exec(
    'CREATE TABLE record (time INTEGER, connection INTEGER, kind INTEGER, end INTEGER, offset INTEGER, length INTEGER, bytes BLOB)',
  );
  const insert = database.prepare('INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?)');
  const started = performance.now();
  database.exec('BEGIN');
  for (let i = 0; i < COUNT; i++) {
    insert.run(Math.round((performance.now() - started) * 1e6), 1, i & 1, 0, i * BYTES, BYTES, payload);
    if (i % TURN === TURN - 1) database.exec('COMMIT; BEGIN');
  }
  database.exec('COMMIT');
  database.close();
  return performance.now() - began;
}

function sqliteRead(): number {
  const began = performance.now();
  const database = new Sqlite!(theirFile());
  let records = 0;
  let bytes = 0;
  for (const row of database.prepare('SELECT * FROM record ORDER BY rowid').raw(true).iterate()) {
    records++;
    bytes += (row[6] as Uint8Array)[5]!;
  }
  database.close();
  const cost = performance.now() - began;
  if (records !== COUNT || bytes !== COUNT * payload[5]!) throw new Error(`${records} rows, ${bytes}`);
  return cost;
}

const setup = async (): Promise<void> => {
  folder = mkdtempSync(join(tmpdir(), 'interim-bench-'));
  await write();
  if (Sqlite !== null) sqliteWrite();
};
const teardown = (): void => rmSync(folder, { recursive: true, force: true });

export const rows: BenchRow[] = [
  {
    name: 'session: write 1,000,000 small records',
    setup,
    teardown,
    ours: write,
    peers: Sqlite === null ? [] : [{ name: 'better-sqlite3', round: sqliteWrite, atLeast: 5 }],
  },
  {
    name: 'session: read 1,000,000 small records',
    setup,
    teardown,
    ours: read,
    peers: Sqlite === null ? [] : [{ name: 'better-sqlite3', round: sqliteRead, atLeast: 3 }],
  },
];
