// The module for programs, against the real test server with cuts, and against scripted ones for what no server should do.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { linesContent } from '../../../../electron/client/content.ts';
import {
  type Information,
  type RequestError,
  type RequestOptions,
  type ResumableRequest,
  type ResumableResponse,
  request,
} from '../../../../electron/client/module/index.ts';
import { createTestServer } from '../../../../electron/server/server.ts';
import type { TestServer } from '../../../../electron/server/types.ts';
import { memorySink } from '../../../../electron/session/memory-sink.ts';
import { createRecorder } from '../../../../electron/session/recorder.ts';
import { createManualClock } from '../../../../electron/wire/clock.ts';
import { createFaultBoard } from '../../../../electron/wire/faults.ts';
import { parseCutSpec } from '../../../../electron/wire/spec.ts';
import type { FaultBoard } from '../../../../electron/wire/types.ts';
import { leaping } from '../../leaping.ts';
import { type ScriptedServer, type Turn, response, scriptedServer } from '../scripted-server.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

const clock = leaping();

async function real(): Promise<{ server: TestServer; board: FaultBoard }> {
  const board = createFaultBoard();
  const recorder = createRecorder({ sink: memorySink() });
  const server = await createTestServer({ context: { recorder, board, clock }, port: 0 });
  cleanUps.push(() => server.close());
  return { server, board };
}

async function scripted(...script: readonly (readonly Turn[])[]): Promise<ScriptedServer> {
  const server = await scriptedServer(script);
  cleanUps.push(() => server.close());
  return server;
}

interface Outcome {
  readonly request: ResumableRequest;
  readonly response: ResumableResponse | null;
  readonly content: Buffer;
  readonly error: RequestError | null;
  readonly events: readonly string[];
}

/** Sends, and listens until it closes. */
async function outcome(
  url: string,
  options: RequestOptions,
  send: (request: ResumableRequest) => void = (made) => void made.end(),
): Promise<Outcome> {
  const made = request(url, { context: { clock }, ...options });
  const events: string[] = [];
  const pieces: Buffer[] = [];
  const found: { response: ResumableResponse | null; error: RequestError | null } = {
    response: null,
    error: null,
  };
  made.on('information', ({ statusCode }) => events.push(String(statusCode)));
  made.on('continue', () => events.push('continue'));
  made.on('step', ({ name }) => events.push(name));
  made.on('error', (error) => (found.error = error));
  made.on('response', (answer) => {
    events.push('response');
    found.response = answer;
    answer.on('data', (piece: Buffer) => pieces.push(piece));
  });
  send(made);
  await new Promise<void>((resolve) => made.once('close', resolve));
  return { request: made, ...found, content: Buffer.concat(pieces), events };
}

const SIZE = 1_000_000;
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const data = (): Promise<Uint8Array> => linesContent(SIZE).read(0, SIZE);

/** Writes with the pauses that write() asks for. */
function written(bytes: Uint8Array): (made: ResumableRequest) => void {
  return (made) => {
    const pieces = Array.from({ length: Math.ceil(bytes.length / 10_000) }, (_, i) =>
      bytes.slice(i * 10_000, (i + 1) * 10_000),
    );
    void pipeline(Readable.from(pieces, { objectMode: false }), made);
  };
}

describe('a request of a program', () => {
  it.each([
    ['as it is written', { 'Content-Type': 'text/plain', 'Content-Length': SIZE }],
    ['when it is ended', { 'Content-Type': 'text/plain' }],
  ])('uploads %s, over cuts, and gets its response', async (_name, headers) => {
    const { server, board } = await real();
    board.arm(parseCutSpec('server:in:content:300000:rst'), 'plan');
    board.arm(parseCutSpec('server:in:content:700000:fin'), 'plan');
    const bytes = await data();
    const {
      request: made,
      response: answer,
      error,
      events,
    } = await outcome(
      `${server.url}/print`,
      { method: 'POST', headers, preferences: ['processing'] },
      written(bytes),
    );
    expect(error).toBeNull();
    expect(answer).toMatchObject({ statusCode: 200, complete: true });
    expect(made.result).toMatchObject({ outcome: 'completed', resumes: 2, payloadDigest: digest(bytes) });
    const stored = await server.digest(new URL(made.result!.locations.requestContent!).pathname);
    expect(stored).toBe(digest(bytes));
    expect(events.filter((event) => event === 'cut-noticed')).toHaveLength(2);
    expect(events.indexOf('continue')).toBeLessThan(events.indexOf('response'));
    expect(events).toContain('102');
  });

  it('downloads over cuts, each byte once', async () => {
    const { server, board } = await real();
    for (const at of [100_000, 400_000, 999_999])
      board.arm(parseCutSpec(`server:out:content:${at}:rst`), 'plan');
    const { response: answer, content, error, request: made } = await outcome(`${server.url}/test/data`, {});
    expect(error).toBeNull();
    expect(answer?.statusCode).toBe(200);
    expect(answer?.headers['content-length']).toBe(String(SIZE));
    expect(digest(content)).toBe(digest(await data()));
    expect(made.result).toMatchObject({ resumes: 3, download: { length: SIZE, digest: digest(content) } });
  });

  it.each([
    ['segmented-upload', 'PATCH'],
    ['sparse-upload', 'PATCH'],
    ['put-then-patch', 'PUT'],
  ] as const)('writes a resource by %s while it is written itself, over cuts', async (strategy, method) => {
    const { server, board } = await real();
    board.arm(parseCutSpec('server:in:content:300000:rst'), 'plan');
    board.arm(parseCutSpec('server:in:content:700000:fin'), 'plan');
    const bytes = await data();
    const {
      response: answer,
      error,
      request: made,
    } = await outcome(
      `${server.url}/uploads/a/b.txt`,
      {
        method,
        strategy,
        headers: { 'Content-Type': 'text/plain', 'Content-Length': SIZE },
        segmentSize: 100_000,
      },
      written(bytes),
    );
    expect(error).toBeNull();
    // The second cut lies at the end of a segment: where that one is the last of several at once, its 201 is what is
    // lost, and the same again is answered by 200.
    expect(strategy === 'sparse-upload' ? [200, 201] : [201]).toContain(answer?.statusCode);
    expect(await server.digest('/uploads/a/b.txt')).toBe(digest(bytes));
    expect(made.result?.outcome).toBe('completed');
  });

  it('says in write() when the server is behind, and in drain when it is not any more', async () => {
    const { server } = await real();
    const bytes = await data();
    let full = 0;
    const { error } = await outcome(
      `${server.url}/print`,
      { method: 'POST', headers: { 'Content-Type': 'text/plain', 'Content-Length': SIZE } },
      (made) => {
        let at = 0;
        const more = (): void => {
          while (at < SIZE) {
            const piece = bytes.slice(at, at + 50_000);
            at += piece.length;
            if (!made.write(piece)) {
              full++;
              made.once('drain', more);
              return;
            }
          }
          made.end();
        };
        more();
      },
    );
    expect(error).toBeNull();
    expect(full).toBeGreaterThan(0);
  });

  it('hands an answer over whatever its status says', async () => {
    const { server } = await real();
    const { response: answer, content, error } = await outcome(`${server.url}/nowhere`, {});
    expect(error).toBeNull();
    expect(answer).toMatchObject({ statusCode: 404, statusMessage: 'Not Found' });
    expect(content.length).toBe(Number(answer?.headers['content-length']));
  });

  it('takes a callback and options in the ways of http.request', async () => {
    const server = await scripted([
      {
        send: response(
          '200 OK',
          ['Content-Length: 2', 'Set-Cookie: a=1', 'Set-Cookie: b=2', 'Vary: A', 'vary: B'],
          'ok',
        ),
      },
    ]);
    const { port } = new URL(server.url);
    const answer = await new Promise<ResumableResponse>((resolve) => {
      request(
        { host: '127.0.0.1', port, path: '/a?b', auth: 'me:s:cret', headers: { Accept: ['a', 'b'], X: 1 } },
        resolve,
      ).end();
    });
    expect(answer.headers).toEqual({ 'content-length': '2', 'set-cookie': ['a=1', 'b=2'], vary: 'A, B' });
    expect(answer.rawHeaders).toEqual([
      'Content-Length',
      '2',
      'Set-Cookie',
      'a=1',
      'Set-Cookie',
      'b=2',
      'Vary',
      'A',
      'vary',
      'B',
    ]);
    answer.setEncoding('utf8');
    expect(await answer.toArray()).toEqual(['ok']);
    expect(server.received[0]).toBe(
      `GET /a?b HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Basic ${btoa('me:s:cret')}\r\nAccept: a\r\nAccept: b\r\nX: 1\r\n\r\n`,
    );
  });

  it('throws a response away that nobody listens for', async () => {
    const { server } = await real();
    const made = request(`${server.url}/test/data`, { context: { clock } });
    made.end();
    await once(made, 'close');
    expect(made.result?.outcome).toBe('completed');
  });

  it.each([
    ['GET', {}, 'resume-download'],
    ['GET', { Range: 'bytes=0-4' }, 'repeat'],
    ['HEAD', {}, 'repeat'],
    ['DELETE', {}, 'repeat'],
    ['POST', {}, 'resumable-request'],
    ['PUT', {}, 'resumable-request'],
  ])('is carried out for %s %j by %s', (method, headers, strategy) => {
    expect(request('http://127.0.0.1/', { method, headers }).strategy).toBe(strategy);
  });

  it('is recorded where that is asked for', async () => {
    const { server } = await real();
    const recorder = createRecorder({ sink: memorySink() });
    await outcome(`${server.url}/print`, { context: { clock, recorder } });
    expect(recorder.records).toBeGreaterThan(3);
  });
});

describe('a request that fails', () => {
  it.each<[string, string, RequestOptions, string]>([
    ['no URL', 'print', {}, 'bad-url'],
    ['another scheme', 'ftp://example.com/', {}, 'bad-url'],
    ['no token as its method', 'http://h/', { method: 'a b' }, 'bad-option'],
    ['no field name', 'http://h/', { headers: { 'a b': '1' } }, 'bad-option'],
    ['no length', 'http://h/', { headers: { 'Content-Length': '-1' } }, 'bad-option'],
    ['Transfer-Encoding', 'http://h/', { headers: { 'Transfer-Encoding': 'chunked' } }, 'bad-option'],
    ['no strategy', 'http://h/', { strategy: 'hope' as 'plain' }, 'bad-option'],
    ['a path that would change the host', 'http://h/', { path: '@example.com/' }, 'bad-option'],
    ['a path with a fragment', 'http://h/', { path: '/a#b' }, 'bad-option'],
    ['a host that is more than one', 'http://h/', { hostname: 'h@example.com' }, 'bad-option'],
    ['a port that is more than one', 'http://h/', { port: '80@example.com' }, 'bad-option'],
    ['a protocol that is more than one', 'http://h/', { protocol: 'http://example.com' }, 'bad-option'],
    ['no method', 'http://h/', { method: 5 as unknown as string }, 'bad-option'],
    ...[0, -1, 1.5, NaN, Infinity, '5' as unknown as number, null as unknown as number].flatMap((value) =>
      (['segmentSize', 'parallel', 'patience', 'longest'] as const).map(
        (name): [string, string, RequestOptions, string] => [
          `${name} ${String(value)}`,
          'http://h/',
          { [name]: value },
          'bad-option',
        ],
      ),
    ),
    ['more connections than there may be', 'http://h/', { parallel: 101 }, 'bad-option'],
    ['preferences in one string', 'http://h/', { preferences: 'wait' as unknown as string[] }, 'bad-option'],
    ['preferences that are no strings', 'http://h/', { preferences: [1 as unknown as string] }, 'bad-option'],
    ['no transaction', 'http://h/', { transaction: 'x' as 'atomic' }, 'bad-option'],
    ['no signal', 'http://h/', { signal: {} as AbortSignal }, 'bad-option'],
  ])('with %s throws at once', (_name, url, options, code) => {
    expect(() => request(url, options)).toThrow(expect.objectContaining({ name: 'RequestError', code }));
  });

  const LONG = 'x'.repeat(3 * 1024 * 1024);
  const long = (status: string, fields: readonly string[] = []): string =>
    response(status, [`Content-Length: ${LONG.length}`, ...fields], LONG);
  it.each<[string, RequestOptions, readonly Turn[], number]>([
    ['a 404', {}, [{ send: long('404 Not Found') }], 404],
    ['a 500, which might have passed', { strategy: 'repeat' }, [{ send: long('500 Oops') }], 500],
    [
      'a 503 without a time',
      { strategy: 'resumable-request', method: 'POST' },
      [{ send: long('503 No') }],
      503,
    ],
    [
      'a status document',
      { strategy: 'follow-progress' },
      [
        { send: response('202 Accepted', ['Location: /job', 'Content-Length: 0']) },
        { send: long('200 OK', ['Progress: 3/3']) },
      ],
      200,
    ],
  ])('gets all of %s, of any length', async (_name, options, turns, status) => {
    const server = await scripted(turns);
    const { error, response: answer, content } = await outcome(server.url, options);
    expect(error).toBeNull();
    expect(answer).toMatchObject({ statusCode: status, complete: true });
    expect(content.length).toBe(LONG.length);
  });

  it.each(['repeat', 'resume-download'] as const)(
    'gets a refusal whose content breaks off as one, by %s, and is told that it did',
    async (strategy) => {
      const cut = response('404 Not Found', ['Content-Length: 9'], 'Not');
      const server = await scripted([{ send: cut, close: 'fin' }]);
      const { error, response: answer, request: made } = await outcome(server.url, { strategy });
      expect(answer).toMatchObject({ statusCode: 404, complete: false });
      expect(made.result).toMatchObject({ outcome: 'refused', final: { status: 404 }, download: null });
      expect(error).toMatchObject({ code: 'gave-up', message: expect.stringMatching(/broke off/) });
    },
  );

  it.each([
    ['more', 'abcdef', /More was written/],
    ['less', 'ab', /Only 2 of the 4 bytes/],
  ])('with %s than it announced tells so', async (_name, text, message) => {
    const server = await scripted([{}]);
    const { error, response: answer } = await outcome(
      server.url,
      { method: 'POST', headers: { 'Content-Length': 4 } },
      (made) => void made.end(text),
    );
    expect(error).toMatchObject({ code: 'length', message: expect.stringMatching(message) });
    expect(answer).toBeNull();
  });

  it('because nobody listens says where', async () => {
    const server = await scripted();
    const { url } = server;
    await server.close();
    const { error } = await outcome(url, { method: 'POST' });
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringMatching(/Nothing listens/) });
  });

  it('gives up with a sentence', async () => {
    const server = await scripted(...Array.from({ length: 11 }, () => [{ close: 'rst' as const }]));
    const { error, request: made } = await outcome(server.url, {});
    expect(error).toMatchObject({ code: 'gave-up', message: expect.stringMatching(/10 tries/) });
    expect(made.result?.outcome).toBe('failed');
  });

  it('stops by its signal, and leaves nothing waiting', async () => {
    const server = await scripted([{}]);
    const stop = new AbortController();
    void server.turned(0, 1).then(() => stop.abort());
    const manual = createManualClock();
    const { error } = await outcome(
      server.url,
      { method: 'POST', signal: stop.signal, context: { clock: manual } },
      (made) => made.end('abc'),
    );
    expect(error).toMatchObject({ code: 'aborted' });
    expect(manual.pending).toBe(0);
  });

  it('stops before it begins when its signal is aborted already', async () => {
    const server = await scripted([]);
    const { error } = await outcome(server.url, { signal: AbortSignal.abort() }, () => {});
    expect(error).toMatchObject({ code: 'aborted' });
    expect(server.received).toEqual([]);
  });

  it('stops when its response is destroyed', async () => {
    const server = await scripted([{ send: response('200 OK', ['Content-Length: 100'], 'begin') }]);
    const { error } = await outcome(server.url, {}, (made) => {
      made.once('response', (answer) => answer.once('data', () => answer.destroy()));
      made.end();
    });
    expect(error).toMatchObject({ code: 'aborted' });
  });

  it('does not hand on the content of another version', async () => {
    const server = await scripted(
      [{ send: response('200 OK', ['Content-Length: 9', 'ETag: "1"'], 'old '), close: 'fin' }],
      [{ send: response('200 OK', ['Content-Length: 9', 'ETag: "2"'], 'new bytes') }],
    );
    const { error, content } = await outcome(server.url, {});
    expect(error).toMatchObject({ code: 'changed' });
    expect(content.toString()).toBe('old ');
  });

  it('hands on the rest when the same comes again from the start', async () => {
    const server = await scripted(
      [{ send: response('200 OK', ['Content-Length: 9'], 'same '), close: 'fin' }],
      [{ send: response('200 OK', ['Content-Length: 9'], 'same byte') }],
    );
    const { error, content } = await outcome(server.url, {});
    expect(error).toBeNull();
    expect(content.toString()).toBe('same byte');
  });

  it('tells an error in the middle of a response to who listens there', async () => {
    const server = await scripted([
      { send: response('200 OK', ['Content-Length: 9'], 'some'), close: 'rst' },
    ]);
    const told: unknown[] = [];
    const { error, response: answer } = await outcome(server.url, { strategy: 'plain' }, (made) => {
      made.once('response', (answer) => answer.on('error', (failure) => told.push(failure)));
      made.end();
    });
    expect(error).toMatchObject({ code: 'gave-up' });
    expect(told).toEqual([error]);
    expect(answer?.complete).toBe(false);
  });

  const TOO_LONG = 64 * 1024 * 1024 + 1;
  it('tells when a refusal is longer than what is kept of it', async () => {
    const server = await scripted([
      { send: response('500 Internal Server Error', [`Content-Length: ${TOO_LONG}`], 'x'.repeat(TOO_LONG)) },
    ]);
    const { error } = await outcome(server.url, { strategy: 'repeat' });
    expect(error).toMatchObject({ code: 'truncated' });
  });
});

describe('information', () => {
  it('has status and fields of every interim response', async () => {
    const server = await scripted([
      {
        send:
          response('103 Early Hints', ['Link: </a>', 'link: </b>']) +
          response('102 Processing', ['Progress: 1/3 "One"']) +
          response('204 No Content'),
      },
    ]);
    const heard: Information[] = [];
    const { events } = await outcome(server.url, { strategy: 'plain' }, (made) => {
      made.on('information', (information) => heard.push(information));
      made.end();
    });
    expect(heard).toEqual([
      {
        httpVersion: '1.1',
        statusCode: 103,
        statusMessage: 'Early Hints',
        headers: { link: '</a>, </b>' },
        rawHeaders: ['Link', '</a>', 'link', '</b>'],
      },
      {
        httpVersion: '1.1',
        statusCode: 102,
        statusMessage: 'Processing',
        headers: { progress: '1/3 "One"' },
        rawHeaders: ['Progress', '1/3 "One"'],
      },
    ]);
    expect(events.filter((event) => /^\d/.test(event) || event === 'response')).toEqual([
      '103',
      '102',
      'response',
    ]);
  });
});
