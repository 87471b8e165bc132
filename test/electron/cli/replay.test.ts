// `interim replay` and `interim compare`, run as a shell would.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../electron/cli.ts';
import type { ReplayVerdict } from '../../../shared/replay/verdict.ts';

let folder: string;
let session: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interim-cli-replay-'));
  session = join(folder, 'lost.pcapng');
  await interim('run', 'lost-download', '--out', session);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function interim(...args: string[]): Promise<{ code: number; out: string; talk: string }> {
  let out = '';
  let talk = '';
  const code = await main(args, {
    out: (text) => {
      out += String(text);
    },
    talk: (text) => {
      talk += text;
    },
    input: () => Promise.resolve(new Uint8Array(0)),
    async *pieces() {},
    signal: new AbortController().signal,
  });
  return { code, out, talk };
}

describe('interim replay', () => {
  it('says that a session comes out as it did, and records it where it is told to', async () => {
    const again = join(folder, 'again.pcapng');
    const { code, out } = await interim('replay', session, '--out', again);
    expect(out).toMatch(/^the same: 2 exchanges came out as they had\.$/m);
    expect(code).toBe(0);
    const compared = await interim('compare', session, again);
    expect(compared.out).toMatch(/^the same: 2 exchanges\.$/m);
    expect(compared.code).toBe(0);
  });

  it('exits with 1 and says what differs where another server answers otherwise', async () => {
    const { code, out } = await interim('replay', session, '--target', 'http://127.0.0.1:1', '--json');
    const verdict = JSON.parse(out) as ReplayVerdict;
    expect(code).toBe(1);
    expect(verdict.differing).toBe(2);
    expect(verdict.remarks).toEqual([
      'Nothing listens on 127.0.0.1:1: start the server, or check host and port.',
    ]);
  });

  it.each([
    [['replay'], 'Expected one session file'],
    [
      ['replay', 'F', '--timing', 'soon'],
      '--timing takes asap, as-recorded or how many times as fast (0.1 to 100), not “soon”.',
    ],
    [['replay', 'F', '--target', 'http://h/path'], 'name only the server, such as http://h.'],
    [['replay', 'F', '--target', 'nonsense'], 'is not an absolute URL'],
    [['compare', 'F'], 'Expected two session files'],
  ])('takes %j for wrong usage', async (args, sentence) => {
    const { code, talk } = await interim(...args);
    expect(talk).toContain(sentence);
    expect(code).toBe(2);
  });

  it('never writes over the session that it reads', async () => {
    const { code, talk } = await interim('replay', session, '--out', session);
    expect(talk).toContain('--out names the session itself');
    expect(code).toBe(2);
  });

  it.each(['replay', 'compare'])('says that there is no such file: %s', async (command) => {
    const gone = join(folder, 'gone.pcapng');
    const { code, talk } = await interim(command, gone, ...(command === 'compare' ? [session] : []));
    expect(talk).toBe(`There is no file ${gone}. Check its name and folder.\n`);
    expect(code).toBe(1);
  });
});

describe('interim compare', () => {
  it('shows what one session has and the other has not', async () => {
    const other = join(folder, 'uncut.pcapng');
    await interim('run', 'lost-download', '--cut', 'none', '--out', other);
    const { code, out } = await interim('compare', session, other);
    expect(code).toBe(1);
    expect(out).toMatch(/^- GET \/test\/data → 206/m);
    expect(out).toMatch(/end of the response: cut short → complete/);
    expect(out).toMatch(/^2 of 2 exchanges differ\.$/m);
  });
});
