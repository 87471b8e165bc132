// `interim append` and `interim follow` as the shell would run them, but in this process, against our server.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../../electron/cli.ts';
import { newRoot } from '../server/files/fixture.ts';
import { message, running } from '../server/harness.ts';
import { labelOf } from '../server/streams/peers.ts';

interface Given {
  readonly pieces?: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal;
  /** Told all of the output so far. */
  readonly heard?: (out: string) => void;
}

async function interim(
  args: readonly string[],
  given: Given = {},
): Promise<{ code: number; out: string; talk: string }> {
  let out = '';
  let talk = '';
  const code = await main(args, {
    out: (text) => {
      out += typeof text === 'string' ? text : Buffer.from(text).toString('latin1');
      given.heard?.(out);
    },
    talk: (text) => void (talk += text),
    input: () => Promise.reject(new Error('not asked for')),
    pieces: () => given.pieces ?? said(),
    signal: given.signal ?? new AbortController().signal,
  });
  return { code, out, talk };
}

async function* said(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('interim append and interim follow', () => {
  it('append what comes and print what was appended', async () => {
    const { server } = await running();
    const url = `${server.url}/streams/log`;
    expect(await interim(['append', url], { pieces: said('one\n', 'two\n') })).toEqual({
      code: 0,
      out: '',
      talk: 'completed: Appended 8 bytes in 2 messages.\n',
    });
    expect(await interim(['follow', url.replace('http:', 'ws:')])).toEqual({
      code: 0,
      out: 'one\ntwo\n',
      talk: 'completed: Nobody appends now: this is what there is, 8 bytes.\n',
    });
  });

  it('take a file, and write one, with a document about it', async () => {
    const { server } = await running();
    const folder = newRoot();
    const text = 'ä'.repeat(100_000);
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    writeFileSync(from, text);
    const url = `${server.url}/streams/log`;
    const appended = await interim(['append', url, '--body', from, '--json']);
    expect(appended.code).toBe(0);
    expect(JSON.parse(appended.out)).toEqual({
      outcome: 'completed',
      reason: 'Appended 200000 bytes in 4 messages.',
      bytes: 200_000,
      messages: 4,
      digest: sha256(text),
    });
    const followed = await interim(['follow', url, '--out', to, '--json']);
    expect(JSON.parse(followed.out)).toMatchObject({
      outcome: 'completed',
      bytes: 200_000,
      digest: sha256(text),
    });
    expect(readFileSync(to, 'utf8')).toBe(text);
  });

  it('follow while somebody appends, and end in good order when they are told to', async () => {
    const lab = await running();
    const url = `${lab.server.url}/streams/log`;
    const ending = { append: new AbortController(), follow: new AbortController() };
    const pieces = (async function* () {
      yield Buffer.from('one\n');
      await new Promise(() => {});
    })();
    const appending = interim(['append', url], { pieces, signal: ending.append.signal });
    await lab.until(() => lab.server.state().resources[0]?.have === 4);
    const stopped = interim(['follow', url], {
      signal: ending.follow.signal,
      heard: () => ending.follow.abort(),
    });
    expect(await stopped).toEqual({
      code: 0,
      out: 'one\n',
      talk: 'completed: Stopped after 4 bytes in 1 message.\n',
    });
    const following = interim(['follow', url], { heard: () => ending.append.abort() });
    expect(await following).toEqual({
      code: 0,
      out: 'one\n',
      talk: 'completed: The appender has left. It was 4 bytes in 1 message.\n',
    });
    expect(await appending).toEqual({
      code: 0,
      out: '',
      talk: 'completed: Stopped: appended 4 bytes in 1 message.\n',
    });
    await lab.until(() => labelOf(lab, 'log') === 'complete');
  });

  it('say what was refused, and fail', async () => {
    const lab = await running();
    const url = `${lab.server.url}/streams/log`;
    const folder = newRoot();
    const file = join(folder, 'kept');
    writeFileSync(file, 'what was there before');
    expect(await interim(['follow', url, '--out', file])).toMatchObject({
      code: 1,
      out: '',
      talk: expect.stringMatching(/^refused: Nobody has ever appended to this stream \(404\)/),
    });
    expect(readFileSync(file, 'utf8')).toBe('what was there before');
    const raw = await lab.client();
    raw.send(
      message('GET /streams/log?verb=APPEND', [
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ]),
    );
    expect((await raw.next()).status).toBe(101);
    expect(await interim(['append', url])).toMatchObject({
      code: 1,
      out: '',
      talk: expect.stringMatching(/^refused: Somebody else appends to this stream \(403\)/),
    });
    expect(await interim(['append', 'http://127.0.0.1:1/x'])).toMatchObject({
      code: 1,
      talk: expect.stringMatching(/^failed: Nothing listens on 127\.0\.0\.1:1/),
    });
  });

  it.each([
    [['append'], /^Expected the URL of a stream: interim append URL/],
    [['follow'], /^Expected the URL of a stream: interim follow URL/],
    [['follow', 'log'], /is not an absolute URL/],
    [['follow', 'ftp://127.0.0.1/log'], /is neither http nor https/],
    [['append', 'http://127.0.0.1/log', '--out', 'x'], /--out/],
  ])('refuse %j as wrong usage', async (args, sentence) => {
    const { code, out, talk } = await interim(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(talk).toMatch(sentence);
  });

  it('record the session where that is wanted', async () => {
    const { server } = await running();
    const url = `${server.url}/streams/log`;
    const record = join(newRoot(), 'append.pcapng');
    expect((await interim(['append', url, '--record', record], { pieces: said('xylophone') })).code).toBe(0);
    const bytes = readFileSync(record, 'latin1');
    expect(bytes).toContain('X-Verb: APPEND');
    expect(bytes).toContain('HTTP/1.1 101 Switching Protocols');
    // On the wire it is masked (RFC 6455 §5.3): a capture that shows the text was changed after it was made.
    expect(bytes).not.toContain('xylophone');
    expect((await interim(['export', record, '--as', 'http'])).out).toContain('GET /streams/log');
  });
});
