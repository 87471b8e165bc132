// Proxies of other people, where this machine has them, and programs that do not do as they are asked: whatever they do,
// none is left, and no folder either.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProgramError } from '../../../electron/programs/errors.ts';
import { findProxies, type FoundProxy, PROXY_NAMES, titleOf } from '../../../electron/programs/find.ts';
import { lastWords, startProxy } from '../../../electron/programs/proxy.ts';
import { createManualClock, systemClock } from '../../../electron/wire/clock.ts';
import { isAlive, pending, type StandIns, standIns } from './stand-ins.ts';

const found = await findProxies();
for (const name of PROXY_NAMES)
  if (!found.some((program) => program.name === name))
    console.log(`Skipped: ${titleOf(name)} is not installed, so it was not started.`);

let folders: string;
let there: StandIns;
let origin: Server;
let url: string;
const before = process.env['TMPDIR'];

beforeAll(async () => {
  origin = createServer((request, response) => response.end(`${request.method} ${request.url}`));
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
  const address = origin.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(() => new Promise((resolve) => origin.close(resolve)));
beforeEach(() => {
  there = standIns();
  folders = mkdtempSync(join(tmpdir(), 'interim folders '));
  process.env['TMPDIR'] = folders;
});
afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  expect(readdirSync(folders)).toEqual([]);
  rmSync(folders, { recursive: true });
  there.remove();
});

const context = () => ({ clock: systemClock, signal: new AbortController().signal });
const asNginx = (path: string): FoundProxy => ({ name: 'nginx', title: 'nginx', path, version: '1.22.1' });

it('says what to do where no temporary folder can be made', async () => {
  const nowhere = join(folders, 'nowhere');
  process.env['TMPDIR'] = nowhere;
  await expect(startProxy(asNginx('/nginx'), url, context())).rejects.toThrow(
    `There can be no folder for nginx in ${nowhere} (ENOENT): let TMPDIR name one that can be written to.`,
  );
});

describe.each(found)('$title $version', (program) => {
  it('passes a request on, from a folder whose name has a space, and is gone when it was stopped', async () => {
    const proxy = await startProxy(program, url, context());
    try {
      expect(await (await fetch(`${proxy.url}/path?query`)).text()).toBe('GET /path?query');
      expect(readdirSync(folders)).toHaveLength(1);
    } finally {
      await proxy.stop();
    }
    expect(isAlive(proxy.pid!)).toBe(false);
    await proxy.stop();
  });

  it('is stopped by the signal', async () => {
    const ending = new AbortController();
    const proxy = await startProxy(program, url, { clock: systemClock, signal: ending.signal });
    ending.abort();
    await proxy.stop();
    expect(isAlive(proxy.pid!)).toBe(false);
  });

  it('tells why it does not start, in its own last words', async () => {
    // What it is given is the configuration of another program.
    const name = program.name === 'nginx' ? 'haproxy' : 'nginx';
    await expect(startProxy({ ...program, name }, url, context())).rejects.toMatchObject({
      code: 'would-not-start',
      message: expect.stringMatching(/ would not start\. Its last words: .+/),
    });
  });
});

describe.skipIf(process.platform === 'win32')('a program that will not', () => {
  it('start: its last words are the reason', async () => {
    const path = there.program(
      'nginx',
      "console.log('reading'); console.error('nginx: [emerg]\\u0007 no good\\n  in nginx.conf:3'); process.exit(1)",
    );
    const failure = await startProxy(asNginx(path), url, context()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProgramError);
    expect(failure).toMatchObject({ code: 'would-not-start' });
    expect(String(failure)).toMatch(
      /^ProgramError: nginx 1\.22\.1 would not start\. Its last words: .*no good/,
    );
    expect(String(failure)).not.toContain('\u0007');
  });

  it('be there any more', async () => {
    const failure = await startProxy(asNginx(join(there.folder, 'gone')), url, context()).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'would-not-start', message: expect.stringContaining('ENOENT') });
  });

  it('find a free port is started three times', async () => {
    const tries = join(there.folder, 'tries');
    const path = there.program(
      'nginx',
      `require('node:fs').appendFileSync(${JSON.stringify(tries)}, 'x'); console.error('bind: Address already in use'); process.exit(1)`,
    );
    const failure = await startProxy(asNginx(path), url, context()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'would-not-start' });
    expect(readFileSync(tries, 'utf8')).toBe('xxx');
  });

  it('take a connection, nor end when it is asked to, is ended', async () => {
    const begun = join(there.folder, 'begun');
    const path = there.program(
      'nginx',
      `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('waiting'); require('node:fs').writeFileSync(${JSON.stringify(begun)}, String(process.pid))`,
    );
    const clock = createManualClock();
    const failure = startProxy(asNginx(path), url, { clock, signal: new AbortController().signal }).catch(
      (error: unknown) => error,
    );
    const waits = pending(failure);
    let pid = '';
    while (waits()) {
      // Time goes on only once the program is there to be waited for.
      if (pid !== '') clock.advance(500);
      else
        try {
          pid = readFileSync(begun, 'utf8');
        } catch {
          // It has not begun.
        }
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await failure).toMatchObject({
      code: 'no-answer',
      message: 'nginx 1.22.1 took no connection within 10 seconds. Its last words: waiting',
    });
    expect(isAlive(Number(pid))).toBe(false);
  });

  it('be waited for is stopped', async () => {
    const path = there.program('nginx', 'setInterval(() => {}, 1000)');
    const ending = new AbortController();
    const failure = startProxy(asNginx(path), url, { clock: systemClock, signal: ending.signal }).catch(
      (error: unknown) => error,
    );
    while (readdirSync(folders).length === 0) await new Promise((resolve) => setImmediate(resolve));
    ending.abort();
    expect(await failure).toMatchObject({ code: 'stopped' });
  });
});

describe('last words', () => {
  it.each([
    ['', ''],
    ['one\n', 'one'],
    ['one\ntwo\n\n  three\r\nfour\n', 'two three four'],
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['x'.repeat(1000), 'x'.repeat(300)],
  ])('of %j are %j', (said, words) => {
    expect(lastWords(said)).toBe(words);
  });
});
