// `interim send --raw` as the shell would run it, but in this process: what goes out is what was given.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { main } from '../../../electron/cli.ts';
import { response, type ScriptedServer, scriptedServer, type Turn } from '../client/scripted-server.ts';
import { newRoot } from '../server/files/fixture.ts';

let server: ScriptedServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function answering(...turns: Turn[]): Promise<string> {
  server = await scriptedServer([turns]);
  return server.url;
}

async function interim(
  args: readonly string[],
  input = '',
): Promise<{ code: number; out: string; talk: string }> {
  let out = '';
  let talk = '';
  const code = await main(args, {
    out: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()),
    talk: (text) => void (talk += text),
    input: async () => Buffer.from(input, 'latin1'),
    async *pieces() {},
    signal: new AbortController().signal,
  });
  return { code, out, talk };
}

describe('interim send --raw', () => {
  it('sends a file as it is, and prints the content of the answer', async () => {
    const file = join(newRoot(), 'bytes');
    writeFileSync(file, 'GET  /\tHTTP/1.1\nx\n\n');
    const url = await answering({
      on: /\n\n/,
      send: response('400 Bad Request', ['Content-Length: 4'], 'no.\n'),
    });
    expect(await interim(['send', '--raw', file, url])).toMatchObject({
      code: 1,
      out: 'no.\n',
      talk: expect.stringContaining('refused: The server answered 400 Bad Request.'),
    });
    expect(server!.received).toEqual(['GET  /\tHTTP/1.1\nx\n\n']);
  });

  it('takes standard input, cuts, and prints a document', async () => {
    const url = await answering({ send: `${response('102 Processing')}${response('204 No Content')}` });
    const whole = await interim(['send', '--raw', '-', url, '--json'], 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(JSON.parse(whole.out)).toMatchObject({
      outcome: 'completed',
      exchanges: [{ method: 'GET', interim: [102], status: 204 }],
    });
    const again = await answering({});
    const cut = await interim(
      ['send', '--raw', '-', again, '--cut', 'client:out:5:rst', '--json'],
      'GET / HTTP/1.1\r\n\r\n',
    );
    expect([cut.code, JSON.parse(cut.out)]).toMatchObject([
      1,
      { outcome: 'failed', reason: 'The connection was reset. There was no answer.' },
    ]);
  });

  it.each<[readonly string[], RegExp]>([
    [['--raw', '-', 'GET', 'http://127.0.0.1:9/'], /the method is in the bytes/],
    [['--raw', '-'], /^Expected a method and a URL/],
    [['--raw', '-', 'http://127.0.0.1:9/', '--field', 'A: b'], /^--field does not go with --raw/],
    [['--raw', '-', 'http://127.0.0.1:9/'], /^There are no bytes to send/],
    [['--raw', '/nowhere/at-all', 'http://127.0.0.1:9/'], /cannot be read \(ENOENT\)/],
    [['--raw', '-', '127.0.0.1'], /is not an absolute URL/],
    [['GET'], /^Expected a method and a URL/],
  ])('refuses %j as wrong usage', async (args, sentence) => {
    const { code, out, talk } = await interim(['send', ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(talk).toMatch(sentence);
  });
});
