// The command line against a server of the user's own that speaks https: each command that takes a URL.

import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { main } from '../../../electron/cli.ts';
import { systemClock } from '../../../electron/wire/clock.ts';
import { laboratory } from '../laboratory.ts';
import { newRoot } from '../server/files/fixture.ts';
import { trustAuthority } from '../wire/tls-server.ts';
import { tlsFront } from '../wire/tls-front.ts';

let distrust: () => void;
let close: (() => Promise<void>) | null = null;
beforeEach(() => {
  distrust = trustAuthority();
});
afterEach(async () => {
  distrust();
  await close?.();
  close = null;
});

async function interim(
  args: readonly string[],
  input = '',
): Promise<{ code: number; out: string; talk: string }> {
  let out = '';
  let talk = '';
  const code = await main(args, {
    out: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()),
    talk: (text) => void (talk += text),
    input: async () => Buffer.from(input),
    async *pieces() {
      yield Buffer.from(input);
    },
    signal: new AbortController().signal,
  });
  return { code, out, talk };
}

/** The test server behind TLS. It lives in the time of the command line: in another it would not wait for it. */
async function secured(): Promise<string> {
  const lab = await laboratory(systemClock);
  const front = await tlsFront(lab.server.url);
  close = async () => {
    await front.close();
    await lab.close();
  };
  return front.url;
}

describe('a server that speaks https', () => {
  it('is sent a request, which is recorded as it went through TLS', async () => {
    const url = await secured();
    const { code, out } = await interim(['send', 'GET', `${url}/test/data`, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'completed',
      exchanges: [{ method: 'GET', target: '/test/data', status: 200, complete: true }],
      connections: [{ by: 'client' }],
    });
  });

  it('is resumed at after cuts in both directions', async () => {
    const url = await secured();
    const args = ['--strategy', 'resumable-request', '--body', '@300000', '--json'];
    const cuts = ['--cut', 'client:out:100000:rst', '--cut', 'client:in:300:fin'];
    const { code, out } = await interim(['send', 'POST', `${url}/print`, ...args, ...cuts]);
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'completed',
      bytes: { payload: 300_000, overwritten: 0 },
    });
    expect([code, JSON.parse(out).resumes > 0]).toEqual([0, true]);
  });

  it('is patched, appended to and followed', async () => {
    const url = await secured();
    expect(await interim(['patch', `${url}/uploads/a.txt`, '0', 'some text'])).toMatchObject({ code: 0 });
    expect(await interim(['append', `${url}/streams/log`], 'one\n')).toEqual({
      code: 0,
      out: '',
      talk: 'completed: Appended 4 bytes in 1 message.\n',
    });
    expect(await interim(['follow', `${url.replace('https', 'wss')}/streams/log`])).toMatchObject({
      code: 0,
      out: 'one\n',
    });
  });

  it('can be the target of an experiment', async () => {
    const url = await secured();
    const { code, out } = await interim([
      'run',
      'ietf-resumable-upload',
      '--target',
      `${url}/resumable`,
      '--json',
    ]);
    expect([code, JSON.parse(out)]).toMatchObject([0, { outcome: 'completed' }]);
  });

  it('stays one in what is made of its session, and is sent to again', async () => {
    const url = (await secured()).replace('127.0.0.1', 'localhost');
    const session = join(newRoot(), 'session.pcapng');
    const sent = await interim(['send', 'GET', `${url}/test/data`, '--out', session]);
    expect(sent.talk).toContain('TLSv1.3 is set up with localhost, whose certificate is in order');
    const har = await interim(['export', session, '--as', 'har']);
    expect(JSON.parse(har.out).log.entries[0].request.url).toBe(`${url}/test/data`);
    expect((await interim(['export', session, '--as', 'curl'])).out).toContain(` ${url}/test/data`);
    expect(await interim(['replay', session])).toMatchObject({ code: 0 });
    expect(await interim(['replay', session, '--target', url])).toMatchObject({ code: 0 });
    expect(await interim(['replay', session, '--target', `${url}/x`])).toMatchObject({
      code: 2,
      talk: expect.stringContaining(`such as ${url}.`),
    });
  });

  it('is refused while its authority is not trusted', async () => {
    const url = await secured();
    distrust();
    expect(await interim(['send', 'GET', `${url}/test/data`])).toMatchObject({
      code: 1,
      talk: expect.stringMatching(/signed by an authority that is not known here: .*NODE_EXTRA_CA_CERTS/),
    });
  });
});
