// What `interim server` takes in memory does not grow with what has passed. Two hundred thousand exchanges with
// INTERIM_EXCHANGES (`npm run test:long`), some thousands otherwise.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../electron/cli.ts';

const MANY = Number(process.env['INTERIM_EXCHANGES'] ?? 12_000);
const PIPELINED = 20;
/** Exchanges of one connection: enough connections, too, are to pass. */
const A_CONNECTION = 200;
/** Bytes: buffers that are kept for their next use, at most. An exchange that was held took about 3,000. */
const GROWTH = 20_000_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes in use, and nothing that nobody holds. */
function held(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Sends that many requests to the server at a URL, and reads what is answered. */
async function ask(url: string, count: number): Promise<void> {
  const { hostname, port } = new URL(url);
  for (let left = count; left > 0; left -= A_CONNECTION) {
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    for (let i = 0; i < Math.min(left, A_CONNECTION); i += PIPELINED) await batch(socket);
    socket.end();
    await once(socket, 'close');
  }
}

/** Requests for what is not there: short answers, each of which ends with a line that is known. */
async function batch(socket: Socket): Promise<void> {
  const one = 'GET /nowhere HTTP/1.1\r\nHost: a:1\r\n\r\n';
  let answered = 0;
  const all = new Promise<void>((resolve, reject) => {
    const take = (bytes: Buffer): void => {
      answered += bytes.toString('latin1').split('HTTP/1.1 404').length - 1;
      if (answered < PIPELINED) return;
      socket.off('data', take);
      socket.off('close', reject);
      resolve();
    };
    socket.on('data', take);
    socket.once('close', reject);
  });
  socket.write(one.repeat(PIPELINED));
  await all;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interim-endless-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('interim server without end', () => {
  it.each(['no file', 'a file'])(
    'holds nothing of exchanges that have passed, and numbers them all the same, with %s to keep them',
    async (where) => {
      const out = where === 'a file' ? ['--out', join(folder, 'all.pcapng')] : [];
      const ending = new AbortController();
      let lines = 0;
      let last = -1;
      let inOrder = true;
      let begun = (_url: string): void => undefined;
      const url = new Promise<string>((resolve) => (begun = resolve));
      const ran = main(['server', '--port', '0', '--json', ...out], {
        out: (text) => {
          const told = JSON.parse(String(text)) as { url?: string; id: number };
          if (told.url !== undefined) return begun(told.url);
          lines++;
          inOrder &&= told.id === last + 1;
          last = told.id;
        },
        talk: () => undefined,
        input: async () => new Uint8Array(),
        pieces: async function* () {},
        signal: ending.signal,
      });
      await ask(await url, MANY / 3);
      const before = held();
      await ask(await url, MANY);
      const grown = held() - before;
      ending.abort();
      expect(await ran).toBe(0);
      expect({ lines, inOrder }).toEqual({ lines: MANY / 3 + MANY, inOrder: true });
      expect(grown).toBeLessThan(GROWTH);
    },
    600_000,
  );
});
