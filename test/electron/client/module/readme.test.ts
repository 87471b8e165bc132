// The example of the module's README does what it says.

import * as fs from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { request } from '../../../../electron/client/module/index.ts';
import { createTestServer } from '../../../../electron/server/server.ts';
import type { TestServer } from '../../../../electron/server/types.ts';
import { memorySink } from '../../../../electron/session/memory-sink.ts';
import { createRecorder } from '../../../../electron/session/recorder.ts';
import { systemClock } from '../../../../electron/wire/clock.ts';
import { createFaultBoard } from '../../../../electron/wire/faults.ts';

const README = join(import.meta.dirname, '../../../../electron/client/module/README.md');

let folder = '';
let server: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interim-readme-'));
  const recorder = createRecorder({ sink: memorySink() });
  server = await createTestServer({
    context: { recorder, board: createFaultBoard(), clock: systemClock },
    port: 0,
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

it('says how a program gets it: by scripts and a name that the package has', async () => {
  const lines = /```console\n([\s\S]*?)```/.exec(await readFile(README, 'utf8'))![1]!;
  const made = JSON.parse(await readFile(join(import.meta.dirname, '../../../../package.json'), 'utf8')) as {
    readonly name: string;
    readonly scripts: Readonly<Record<string, string>>;
    readonly exports: Readonly<Record<string, unknown>>;
  };
  const scripts = [...lines.matchAll(/npm run (\S+)/g)].map(([, script]) => script!);
  expect(scripts).toEqual(['build']);
  expect(made.scripts).toHaveProperty(scripts);
  expect(lines).toMatch(/^\$ npm install \.\.\/interim$/m);
  expect(made.name).toBe('interim');
  expect(made.exports['./client']).toMatchObject({ default: './dist/client.js' });
});

it('uploads a file, tells its steps, and keeps the answer', async () => {
  const code = /```js\n([\s\S]*?)```/.exec(await readFile(README, 'utf8'))![1]!;
  const imports = [...code.matchAll(/^import (\{.*\}) from '(.*)';$/gm)].map(([, , from]) => from);
  expect(imports).toEqual(['node:fs', 'node:fs/promises', 'node:stream/promises', 'interim/client']);
  await writeFile(join(folder, 'photo.raw'), new Uint8Array(300_000));
  const here = (path: string): string => join(folder, path);
  const said: string[] = [];
  const given = {
    createReadStream: (path: string) => fs.createReadStream(here(path)),
    createWriteStream: (path: string) => fs.createWriteStream(here(path)),
    stat: (path: string) => stat(here(path)),
    pipeline,
    request,
    console: { log: (...words: unknown[]) => said.push(words.join(' ')) },
  };
  const body = code.replaceAll(/^import .*\n/gm, '').replace('http://127.0.0.1:18080', server.url);
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...values: unknown[]) => Promise<void>;
  await new AsyncFunction(...Object.keys(given), body)(...Object.values(given));
  expect(said.some((line) => line.startsWith('send: '))).toBe(true);
  expect(said.filter((line) => line.startsWith('102 '))).not.toEqual([]);
  expect(said).toContainEqual(expect.stringMatching(/^201 \/items\//));
  expect(await readFile(here('answer.txt'), 'utf8')).toBe('Resource created.\r\n');
});
