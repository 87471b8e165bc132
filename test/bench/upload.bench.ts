// Uploads of 2 GiB, by PATCH and by resumable request, between two processes of the command line: not how fast, but how
// much memory each of the two takes. Must measure the processes from outside, as anybody would.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BenchRow } from './types.ts';

const CLI = join(import.meta.dirname, '../../dist/cli.js');
const SIZE = 2 * 1024 ** 3;
/** Most memory that either process may take (MiB). */
const LIMIT = 150;

interface Peaks {
  readonly client: number;
  readonly server: number;
}

/** Peak of the resident memory (MiB) of a process, as Linux tells it; 0 of one that has just ended. */
function peakOf(pid: number): number {
  const kibibytes = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kibibytes ?? 0) / 1024;
}

/** The same of a process that ends by itself: looked at until it has. */
async function peakUntilEnd(args: readonly string[]): Promise<number> {
  const client = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let talk = '';
  client.stderr.on('data', (text: Buffer) => (talk += text.toString()));
  let peak = 0;
  const looking = setInterval(() => {
    try {
      peak = Math.max(peak, peakOf(client.pid!));
    } catch {
      // It has just ended.
    }
  }, 50);
  const [code] = (await once(client, 'close')) as [number];
  clearInterval(looking);
  if (code !== 0) throw new Error(`interim ${args.join(' ')} failed: ${talk.slice(-500)}`);
  return peak;
}

async function upload(folder: string, args: (url: string) => readonly string[]): Promise<Peaks> {
  const root = mkdtempSync(join(folder, 'root-'));
  const server = spawn(process.execPath, [CLI, 'server', '--port', '0', '--root', root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [url] = (await once(createInterface(server.stdout), 'line')) as [string];
    const client = await peakUntilEnd(args(url));
    return { client, server: peakOf(server.pid!) };
  } finally {
    server.kill();
    await once(server, 'close');
    rmSync(root, { recursive: true });
  }
}

function row(name: string, args: (url: string, file: string) => readonly string[]): BenchRow {
  let folder = '';
  let file = '';
  let last: Peaks = { client: 0, server: 0 };
  return {
    name: `2 GiB by ${name}: peak memory of the larger of client and server (MiB)`,
    setup: () => {
      folder = mkdtempSync(join(tmpdir(), 'interim-upload-'));
      file = join(folder, 'content');
      writeFileSync(file, '');
      truncateSync(file, SIZE);
    },
    teardown: () => rmSync(folder, { recursive: true }),
    ours: async () => {
      last = await upload(folder, (url) => args(url, file));
      return Math.max(last.client, last.server);
    },
    peers: [{ name: `the limit of ${LIMIT} MiB`, round: () => LIMIT, atLeast: 1 }],
    remarks: () => [`client ${last.client.toFixed(0)} MiB, server ${last.server.toFixed(0)} MiB`],
  };
}

export const rows: readonly BenchRow[] = [
  row('PATCH', (url, file) => ['patch', `${url}/uploads/large`, '0', `@${file}`, '--length', String(SIZE)]),
  row('resumable request', (url, file) => [
    'send',
    'POST',
    `${url}/collection`,
    '--body',
    file,
    '--strategy',
    'resumable-request',
  ]),
];
