// A download of 1 GiB with every byte captured, against clients that keep the bytes, discard them, or write them down.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { connect as plainConnect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openSession } from '../../electron/session/session-file.ts';
import { fileSink, memorySink } from '../../electron/session/sinks.ts';
import { afterContent, captureGet } from './capture.ts';
import { type PeerServer, startPeerServer } from './peer-server.ts';
import type { BenchRow } from './types.ts';

const SIZE = 1024 * 1024 * 1024;
/** A trace takes minutes for all of it: this much is measured, and counted as often as it fits in. */
const TRACED = 64 * 1024 * 1024;

let server: PeerServer | null = null;
let folder = '';

async function setup(): Promise<void> {
  server = await startPeerServer();
  folder = mkdtempSync(join(tmpdir(), 'interim-bench-'));
}

async function teardown(): Promise<void> {
  await server?.close();
  server = null;
  rmSync(folder, { recursive: true, force: true });
}

const port = (): number => server!.port;

async function toMemory(): Promise<number> {
  const sink = memorySink();
  const { recorder, cost } = await captureGet(sink, port(), `/bytes/${SIZE}`, afterContent(SIZE));
  if (recorder.keptBytes < SIZE) throw new Error(`only ${recorder.keptBytes} bytes were kept`);
  await recorder.close();
  return cost;
}

async function toFile(): Promise<number> {
  const path = join(folder, 'session.pcapng');
  const began = performance.now();
  const { recorder } = await captureGet(fileSink(path), port(), `/bytes/${SIZE}`, afterContent(SIZE));
  await recorder.close();
  const cost = performance.now() - began;
  await verify(path);
  rmSync(path);
  return cost;
}

/** Every byte must be in the file, in one piece. */
async function verify(path: string): Promise<void> {
  const session = await openSession(path);
  let received = 0;
  await session.read((record) => {
    if (record.kind !== 'received') return;
    if (record.offset !== received || record.bytes?.length !== record.length)
      throw new Error(`bytes from ${received} on are lost`);
    received += record.length;
  });
  await session.close();
  if (received < SIZE || session.warning !== null) throw new Error(`${received} bytes: ${session.warning}`);
}

/** node:http, keeping its chunks. */
async function nodeHttp(): Promise<number> {
  const began = performance.now();
  const chunks: Buffer[] = [];
  let length = 0;
  await new Promise<void>((resolve, reject) => {
    get({ host: '127.0.0.1', port: port(), path: `/bytes/${SIZE}`, agent: false }, (response) => {
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
      });
      response.on('end', resolve);
      response.on('error', reject);
    }).on('error', reject);
  });
  const cost = performance.now() - began;
  if (length !== SIZE || chunks.length === 0) throw new Error(`node:http got ${length} bytes`);
  return cost;
}

/** A socket that reads into one buffer and keeps nothing: the floor of what Node can do. */
async function discard(): Promise<number> {
  const began = performance.now();
  const ended = afterContent(SIZE);
  await new Promise<void>((resolve, reject) => {
    const socket = plainConnect({
      host: '127.0.0.1',
      port: port(),
      onread: {
        buffer: Buffer.alloc(64 * 1024),
        callback: (length, buffer) => {
          if (ended(buffer.subarray(0, length))) {
            socket.destroy();
            resolve();
          }
          return true;
        },
      },
    });
    socket.on('error', reject);
    socket.write(`GET /bytes/${SIZE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  });
  return performance.now() - began;
}

async function curl(size: number, ...args: string[]): Promise<number> {
  const began = performance.now();
  const child = spawn('curl', [
    '-s',
    '-o',
    join(folder, 'curl.out'),
    ...args,
    `http://127.0.0.1:${port()}/bytes/${size}`,
  ]);
  const [code] = (await once(child, 'exit')) as [number];
  const cost = performance.now() - began;
  if (code !== 0) throw new Error(`curl ended with code ${code}`);
  for (const name of ['curl.out', 'curl.trace']) rmSync(join(folder, name), { force: true });
  return cost;
}

const hasCurl = spawnSync('curl', ['--version']).status === 0;
if (!hasCurl) console.log('Left out: curl is not installed, nothing to compare the session file with.');

export const rows: BenchRow[] = [
  {
    name: 'download: 1 GiB, every byte kept in memory with times',
    setup,
    teardown,
    ours: toMemory,
    peers: [
      { name: 'node:http that keeps its chunks', round: nodeHttp, atLeast: 1.25 },
      { name: 'a socket that discards', round: discard, atLeast: 0.45 },
    ],
  },
  {
    name: 'download: 1 GiB into the session file',
    setup,
    teardown,
    ours: toFile,
    peers: hasCurl
      ? [
          { name: 'curl -o file', round: () => curl(SIZE), atLeast: 1 },
          {
            name: 'curl --trace (64 MiB, times 16)',
            round: async () => (await curl(TRACED, '--trace', join(folder, 'curl.trace'))) * (SIZE / TRACED),
            atLeast: 25,
          },
        ]
      : [],
  },
];
