// The strategy `server-sent-events` against servers that say exactly what a test tells them to.

import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../../../electron/client/waiting/event-stream.ts';
import type { StrategyOptions } from '../../../../electron/client/strategy.ts';
import { leaping } from '../../leaping.ts';
import { contentOf, heads, run as runStrategy } from '../scripted-run.ts';
import { type Turn, response } from '../scripted-server.ts';

const STREAM = ['Content-Type: text/event-stream; charset=utf-8', 'Transfer-Encoding: chunked'];
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const stream = (text: string): string => response('200 OK', STREAM, chunk(text));
/** Bytes of UTF-8 as the scripted server writes and reads them. */
const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
const NO_MORE = response('204 No Content');

async function run(
  script: readonly (readonly Turn[])[],
  options: StrategyOptions = {},
  fields: readonly (readonly [string, string])[] = [],
) {
  const events: StreamEvent[] = [];
  const came = await runStrategy('server-sent-events', script, {
    request: { method: 'GET', content: null, fields },
    options,
    clock: leaping(),
    observer: { event: (event) => events.push(event) },
  });
  return { ...came, events: events.map(({ id, name, data }) => `${id} ${name} ${data}`) };
}

describe('server-sent events', () => {
  it('are asked for as the standard has it, and end with 204', async () => {
    const { result, said, events, steps } = await run([
      [{ send: `${stream('retry: 100\nid: 1\nevent: add\ndata: a\n\n')}0\r\n\r\n` }, { send: NO_MORE }],
    ]);
    expect(result).toMatchObject({
      outcome: 'completed',
      reason: 'The server says that there is no more (204): 1 event in 1 stream.',
      resumes: 0,
      final: { status: 200 },
    });
    expect(events).toEqual(['1 add a']);
    expect(heads(said[0]!)).toEqual(['GET /print', 'GET /print']);
    expect(said[0]).toContain('Accept: text/event-stream\r\nCache-Control: no-cache\r\n');
    expect(said[0]!.match(/Last-Event-ID: .*/g)).toEqual(['Last-Event-ID: 1']);
    expect(steps).toEqual(['connect', 'begin', 'retry', 'resume', 'complete']);
    expect(contentOf(result)).toContain('data: a');
  });

  it('are asked for again where only comments come, and given up in the end', async () => {
    const comments = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.write(response('200 OK', ['Content-Type: text/event-stream']));
      const comment = (): void => {
        if (!socket.destroyed) socket.write(':\n', () => setImmediate(comment));
      };
      comment();
    });
    await new Promise<void>((resolve) => void comments.listen(0, '127.0.0.1', resolve));
    const { port } = comments.address() as AddressInfo;
    const { result, why } = await runStrategy('server-sent-events', [], {
      request: { method: 'GET', content: null },
      url: () => `http://127.0.0.1:${port}/events`,
      options: { longest: 2_000 },
      clock: leaping(100),
    });
    comments.close();
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: 'No event came in 10 tries. Look at the last one, then run it again.',
    });
    expect(why).toContain('No event came for 2000 ms, whatever else did.');
  });

  it.each([
    ['events', 'data:\n\n'],
    ['comments', ':\n'],
  ])('are given up where there are more %s than anybody can look at', async (_name, one) => {
    const { result, events } = await run([[{ send: stream(one.repeat(120_000)) }]]);
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: 'The server told more than 100,000 events and comments. Look at what it is doing.',
    });
    expect(events.length).toBeLessThanOrEqual(100_001);
  });

  it('lose and double nothing when the connection breaks in the middle of an event', async () => {
    const { result, said, events } = await run([
      [{ send: stream('id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\nda'), close: 'rst' }],
      [{ send: stream('id: 3\ndata: c\n\n'), close: 'fin' }],
      [{ send: NO_MORE }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', resumes: 1 });
    expect(events).toEqual(['1 message a', '2 message b', '3 message c']);
    expect(said.map((text) => /Last-Event-ID: (.*)\r/.exec(text)?.[1])).toEqual([undefined, '2', '3']);
  });

  it('are waited for again after the time that the server names', async () => {
    const { why } = await run([
      [{ send: stream('retry: 700\n\ndata: a\n\n'), close: 'fin' }],
      [{ send: stream('data: b\n\nretry: 999999999999\n\n'), close: 'fin' }],
      [{ send: NO_MORE }],
    ]);
    expect(why.filter((sentence) => sentence.startsWith('After'))).toEqual([
      'After 700 ms the client comes back.',
      'After 30000 ms the client comes back.',
    ]);
  });

  it('are waited for three seconds where it names none', async () => {
    const { why } = await run([[{ send: stream('data: a\n\n'), close: 'fin' }], [{ send: NO_MORE }]]);
    expect(why).toContain('After 3000 ms the client comes back.');
  });

  it.each([
    ['204 No Content', [], 'completed', /no more \(204\): 0 events in 0 streams/],
    [
      '500 Internal Server Error',
      ['Content-Length: 0'],
      'refused',
      /answered 500 Internal Server Error: a stream of events begins with 200/,
    ],
    ['503 Service Unavailable', ['Retry-After: 1', 'Content-Length: 0'], 'refused', /answered 503/],
    ['301 Moved Permanently', ['Location: /there', 'Content-Length: 0'], 'refused', /answered 301/],
    [
      '206 Partial Content',
      ['Content-Type: text/event-stream', 'Content-Length: 0'],
      'refused',
      /answered 206/,
    ],
    [
      '200 OK',
      ['Content-Type: text/plain', 'Content-Length: 0'],
      'refused',
      /is text\/plain: only text\/event-stream/,
    ],
    ['200 OK', ['Content-Length: 0'], 'refused', /is of no type/],
    [
      '200 OK',
      ['Content-Type: text/event-streams', 'Content-Length: 0'],
      'refused',
      /only text\/event-stream/,
    ],
  ] as const)('are not asked for again after %s', async (status, fields, outcome, reason) => {
    const { result, said } = await run([[{ send: response(status, fields) }]]);
    expect(result).toMatchObject({ outcome, reason: expect.stringMatching(reason) });
    expect(said).toHaveLength(1);
    expect(heads(said[0]!)).toHaveLength(1);
  });

  it('are refused also when it is the second stream that is none', async () => {
    const { result, events } = await run([
      [{ send: stream('data: a\n\n'), close: 'rst' }],
      [{ send: response('404 Not Found', ['Content-Length: 5'], 'gone.') }],
    ]);
    expect(result).toMatchObject({ outcome: 'refused', final: { status: 404 } });
    expect(contentOf(result)).toBe('gone.');
    expect(events).toEqual([' message a']);
  });

  it('are over with the event that the user names', async () => {
    const { result, events, said } = await run(
      [[{ send: stream('data: a\n\nevent: done\ndata: b\n\ndata: c\n\n') }]],
      { lastEvent: 'done' },
    );
    expect(result).toMatchObject({
      outcome: 'completed',
      reason: 'The event that was waited for has come: 2 events in 1 stream.',
    });
    expect(events).toEqual([' message a', ' done b']);
    expect(said).toHaveLength(1);
  });

  it('are given up after ten tries without an event, further and further apart', async () => {
    const { result, said, why } = await run(
      Array.from({ length: 10 }, () => [
        { send: stream('retry: 10\n\n: nothing\n\n'), close: 'fin' as const },
      ]),
    );
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^No event came in 10 tries/),
    });
    expect(said).toHaveLength(10);
    expect(why.filter((sentence) => sentence.startsWith('After'))).toHaveLength(9);
    expect(why).toContain('After 2000 ms the client comes back.');
  });

  it('are not read on where one is too long', async () => {
    const long = `data: ${'x'.repeat(1024 * 1024)}`;
    const { result, said, events } = await run([[{ send: stream(`data: a\n\n${long}`) }]]);
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/more than 1048576 bytes/),
    });
    expect(events).toEqual([' message a']);
    expect(said).toHaveLength(1);
  });

  it('come back after a silence, and after no answer at all', async () => {
    const { result, steps } = await run(
      [
        [{ close: 'rst' }],
        [{ send: stream('retry: 50\nid: x y\n\n') }],
        [{ send: stream('data: a\n\n'), close: 'fin' }],
        [{ send: NO_MORE }],
      ],
      { patience: 300 },
    );
    expect(result).toMatchObject({ outcome: 'completed', resumes: 1 });
    expect(steps).toContain('silence-noticed');
    expect(steps).toContain('cut-noticed');
  });

  it('name an identifier in UTF-8, whatever it is, and instead of the user’s own', async () => {
    const { said } = await run(
      [
        [{ send: stream(`retry: 10\nid: ${latin1('東京')}\ndata: a\n\n`), close: 'fin' }],
        [{ send: NO_MORE }],
      ],
      {},
      [['Last-Event-ID', '7']],
    );
    expect(said.map((text) => text.match(/Last-Event-ID: .*/g))).toEqual([
      ['Last-Event-ID: 7'],
      [`Last-Event-ID: ${latin1('東京')}`],
    ]);
  });

  it('fail with a sentence where no field can carry the identifier', async () => {
    const { result } = await run([[{ send: stream('retry: 10\nid: \u0001\ndata: a\n\n'), close: 'fin' }]]);
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/Last-Event-ID/) });
  });

  it('end with what is no HTTP', async () => {
    const { result } = await run([[{ send: 'SSH-2.0-OpenSSH_9.2\r\n' }]]);
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/not HTTP\/1\.1/) });
  });
});
