// A 200 that went wrong: each way to say so, byte by byte as a plain client sees it.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type RawClient, message, running } from './harness.ts';

const HALF = Array.from({ length: 5 }, (_, line) => `${String(line).padStart(8, '0')}\r\n`).join('');
const ALL = Array.from({ length: 10 }, (_, line) => `${String(line).padStart(8, '0')}\r\n`).join('');
const hash = (text: string, as: 'hex' | 'base64'): string => createHash('sha256').update(text).digest(as);

/** Everything up to the end of the connection: head, body as it came, and how it ended. */
async function ended(raw: RawClient): Promise<{ head: string; body: string; end: string }> {
  const end = await raw.ended;
  const at = raw.unread.indexOf('\r\n\r\n') + 4;
  return { head: raw.unread.slice(0, at), body: raw.unread.slice(at), end };
}

/** The data of well-formed chunks, and what is behind the last one of them. */
function chunks(body: string): { data: string; rest: string } {
  let data = '';
  let rest = body;
  for (;;) {
    const [line, size = ''] = /^([0-9a-f]+)\r\n/.exec(rest) ?? [''];
    const length = parseInt(size, 16);
    if (line === '' || line === undefined || length === 0 || rest.length < line.length + length + 2)
      return { data, rest };
    data += rest.slice(line.length, line.length + length);
    rest = rest.slice(line.length + length + 2);
  }
}

interface Case {
  readonly query: string;
  readonly framing: 'chunked' | number | 'close';
  readonly data: string;
  /** Behind the data: framing, for chunks. */
  readonly rest?: string;
  readonly end: 'fin' | 'rst';
  readonly fields?: readonly string[];
}

const FAILED = 'failed: the source broke off after 50 bytes\r\n';
const END = `end: 100 bytes, sha-256 ${hash(ALL, 'hex')}\r\n`;
const TRAILER = '0\r\nProcessing-Error: "The source failed after 50 bytes"\r\n\r\n';

const cases: readonly Case[] = [
  { query: 'way=honest', framing: 'chunked', data: ALL, rest: '0\r\n\r\n', end: 'fin' },
  { query: 'way=honest&framing=length', framing: 100, data: ALL, end: 'fin' },
  { query: 'way=honest&framing=close', framing: 'close', data: ALL, end: 'fin' },
  { query: 'way=fin', framing: 'chunked', data: HALF, rest: '', end: 'fin' },
  { query: 'way=fin&framing=close', framing: 'close', data: HALF, end: 'fin' },
  { query: 'way=rst&framing=length', framing: 100, data: HALF, end: 'rst' },
  { query: 'way=rst', framing: 'chunked', data: HALF, rest: '', end: 'rst' },
  { query: 'way=malformed-chunk', framing: 'chunked', data: HALF, rest: 'not a chunk size\r\n', end: 'fin' },
  {
    query: 'way=trailer',
    framing: 'chunked',
    data: HALF,
    rest: TRAILER,
    end: 'fin',
    fields: ['Trailer: Processing-Error'],
  },
  { query: 'way=short-length', framing: 100, data: HALF, end: 'fin' },
  {
    query: 'way=digest',
    framing: 'chunked',
    data: HALF,
    rest: '0\r\n\r\n',
    end: 'fin',
    fields: [`Repr-Digest: sha-256=:${hash(ALL, 'base64')}:`],
  },
  { query: 'way=digest&framing=length', framing: 50, data: HALF, end: 'fin' },
  { query: 'way=in-content', framing: 'chunked', data: HALF + FAILED, rest: '0\r\n\r\n', end: 'fin' },
  { query: 'way=in-content&framing=length', framing: 50 + FAILED.length, data: HALF + FAILED, end: 'fin' },
  { query: 'way=in-content&times=0', framing: 'chunked', data: ALL + END, rest: '0\r\n\r\n', end: 'fin' },
];

describe('/failing', () => {
  it.each(cases)(
    'answers $query with 200, and then as that says',
    async ({ query, framing, data, rest = '', end, fields = [] }) => {
      const { client } = await running();
      const raw = await client();
      raw.send(message(`GET /failing?size=100&${query}`, ['Connection: close']));
      const seen = await ended(raw);
      expect(seen.head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      for (const field of fields) expect(seen.head).toContain(`\r\n${field}\r\n`);
      expect(/\r\nContent-Length: (\d+)\r\n/.exec(seen.head)?.[1]).toBe(
        typeof framing === 'number' ? String(framing) : undefined,
      );
      expect(seen.head.includes('\r\nTransfer-Encoding: chunked\r\n')).toBe(framing === 'chunked');
      expect(framing === 'chunked' ? chunks(seen.body) : { data: seen.body, rest: '' }).toEqual({
        data,
        rest,
      });
      expect(seen.end).toBe(end);
    },
  );

  it('fails as often as it is told to, by key, and is honest then', async () => {
    const { client } = await running();
    const whole: boolean[] = [];
    for (const key of ['a', 'b', 'a', 'a']) {
      const raw = await client();
      raw.send(message(`GET /failing?size=100&way=fin&times=2&key=${key}`, ['Connection: close']));
      whole.push(chunks((await ended(raw)).body).data === ALL);
    }
    expect(whole).toEqual([false, false, false, true]);
  });

  it('fails for nobody who asks for the head only', async () => {
    const { ask } = await running();
    expect(await ask(message('HEAD /failing?way=rst'))).toMatchObject({ status: 200, body: '' });
  });

  it.each(['trailer', 'malformed-chunk'])('refuses way=%s to HTTP/1.0: it has no chunks', async (way) => {
    const { ask } = await running();
    const answer = await ask(`GET /failing?way=${way} HTTP/1.0\r\n\r\n`);
    expect(answer).toMatchObject({ status: 400, body: expect.stringMatching(/HTTP\/1\.1/) });
  });

  it.each([
    ['way=late', /way must be one of honest, fin/],
    ['way=trailer&framing=length', /There is way=trailer with framing=chunked only/],
    ['way=short-length&framing=chunked', /way=short-length with framing=length only/],
    ['size=9', /size must be a whole number from 10 to 1000000/],
    ['times=x', /times must be a whole number/],
  ])('refuses %s', async (query, sentence) => {
    const { ask } = await running();
    expect(await ask(message(`GET /failing?${query}`))).toMatchObject({
      status: 400,
      body: expect.stringMatching(sentence),
    });
  });
});
