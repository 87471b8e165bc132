// Our own process ends while a proxy runs: by a signal, by an exit, by a failure. The proxy and its folder must not be left.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whenProcessEnds } from '../../../electron/programs/last-resort.ts';
import { type StandIns, standIns } from './stand-ins.ts';

describe('what is called when the process ends', () => {
  it('leaves no listener behind once all of it was taken back', () => {
    const listeners = (): number[] =>
      ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name));
    const before = listeners();
    const first = whenProcessEnds(() => {});
    const second = whenProcessEnds(() => {});
    expect(listeners()).toEqual(before.map((number) => number + 1));
    first();
    expect(listeners()).toEqual(before.map((number) => number + 1));
    second();
    second();
    expect(listeners()).toEqual(before);
  });
});

describe.skipIf(process.platform === 'win32')('a proxy does not outlive a process that', () => {
  let there: StandIns;
  let path: string;
  let bundle: string;
  beforeAll(async () => {
    there = standIns();
    // Takes connections where it is told to, and ends only when it is killed.
    path = there.program(
      'nginx',
      `const text = require('node:fs').readFileSync('nginx.conf', 'utf8');
       process.on('SIGTERM', () => {});
       require('node:net').createServer().listen(Number(/127\\.0\\.0\\.1:(\\d+);/.exec(text)[1]), '127.0.0.1');`,
    );
    bundle = join(there.folder, 'bundle');
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: fileURLToPath(new URL('holder.ts', import.meta.url)),
        outDir: bundle,
        rollupOptions: { output: { entryFileNames: 'holder.mjs' } },
      },
    });
  });
  afterAll(() => there.remove());

  it.each([
    ['is interrupted', '', 'SIGINT', [null, 'SIGINT']],
    ['is terminated', '', 'SIGTERM', [null, 'SIGTERM']],
    ['loses its terminal', '', 'SIGHUP', [null, 'SIGHUP']],
    ['ends by a signal that it listens to itself', 'listen', 'SIGTERM', [9, null]],
    ['exits', 'exit', null, [7, null]],
    ['fails', 'throw', null, [1, null]],
  ] as const)('%s', async (_how, end, signal, expected) => {
    const folders = mkdtempSync(join(tmpdir(), 'interim-folders-'));
    try {
      const child = spawn(process.execPath, [join(bundle, 'holder.mjs'), path, 'http://127.0.0.1:9', end], {
        stdio: ['pipe', 'pipe', 'ignore'],
        env: { ...process.env, TMPDIR: folders },
      });
      const exit = once(child, 'exit');
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const port = Number(new URL(line.toString().trim()).port);
      expect(await takesConnections(port)).toBe(true);
      if (signal === null) child.stdin.write('end\n');
      else child.kill(signal);
      expect(await exit).toEqual(expected);
      // It was killed when we ended; that it is gone shows a moment later.
      while (await takesConnections(port));
      expect(readdirSync(folders)).toEqual([]);
    } finally {
      rmSync(folders, { recursive: true, force: true });
    }
  });
});

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
