// The strategies that write or read the target itself, as transcripts: what the server says, what the client sends then.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bytesContent, windowContent } from '../../../../electron/client/content.ts';
import { createManualClock } from '../../../../electron/wire/clock.ts';
import { LENGTH, TEXT, contentOf, heads, run } from '../scripted-run.ts';
import { type Turn, response } from '../scripted-server.ts';

const END = new RegExp(`${TEXT.slice(-6)}$`);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const FRESH = ['Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT', 'Date: Sun, 06 Nov 1994 08:49:38 GMT'];
const incomplete = (have: number): string =>
  response('299 Incomplete Content', [
    ...FRESH,
    `Content-Length: ${have}`,
    `Content-Range: bytes 0-${have - 1}/${LENGTH}`,
  ]);
const stored = response('299 Incomplete Content', ['Content-Length: 0']);
const created = response('201 Created', ['Content-Length: 5'], 'Done.');
const notThere = response('404 Not Found', ['Content-Length: 0']);
const told = (length: number): string => response('200 OK', [`Content-Length: ${length}`, ...FRESH]);
/** The end of a segment. */
const upTo = (end: number): RegExp =>
  new RegExp(`${TEXT.slice(Math.max(0, end - 8), end).replaceAll('.', '\\.')}$`);

/** What each request's head says of these fields, in order. */
const fieldsOf = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`^${name}: (.*)\r$`, 'gm'))].map(([, value]) => value!);

describe('repeat', () => {
  it('sends the same bytes again after breaks, until it has a whole answer', async () => {
    const { result, said, steps } = await run(
      'repeat',
      [
        [{ close: 'rst' }],
        [{ on: END, send: created.slice(0, -2), close: 'fin' }],
        [{ on: END, send: created }],
      ],
      { request: { method: 'PATCH', fields: [['Content-Type', 'message/byterange']] } },
    );
    expect(result).toMatchObject({
      outcome: 'completed',
      final: { status: 201 },
      download: { length: 5, digest: sha256('Done.') },
      payloadDigest: sha256(TEXT),
    });
    expect(said[2]).toBe(said[1]);
    expect(steps.filter((step) => step === 'retry')).toHaveLength(2);
  });

  it('waits as long as a busy server says', async () => {
    const { result, said } = await run(
      'repeat',
      [
        [
          { send: response('503 Service Unavailable', ['Retry-After: 1', 'Content-Length: 0']) },
          { send: response('200 OK', ['Content-Length: 0']) },
        ],
      ],
      { request: { method: 'DELETE', content: null } },
    );
    expect(result.outcome).toBe('completed');
    expect(heads(said[0]!)).toEqual(['DELETE /print', 'DELETE /print']);
  });
});

describe('segmented-upload', () => {
  const PATCH = { method: 'PATCH', fields: [['Content-Type', 'text/plain']] } as const;

  it('creates the resource and writes it in segments', async () => {
    const { result, said, server } = await run(
      'segmented-upload',
      [
        [
          { on: upTo(40), send: stored },
          { on: upTo(80), send: stored },
          { on: END, send: created },
          { send: told(LENGTH) },
        ],
      ],
      { request: PATCH, options: { segmentSize: 40 } },
    );
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201 }, resumes: 0, heldMost: 40 });
    expect(heads(said[0]!).at(-1)).toBe('HEAD /print');
    expect(contentOf(result)).toBe('Done.');
    const part = `Content-Range: bytes 0-39/${LENGTH}\r\nContent-Type: text/plain\r\nContent-Length: 40\r\n\r\n${TEXT.slice(0, 40)}`;
    expect(said[0]!.slice(0, said[0]!.indexOf('PATCH', 1))).toBe(
      `PATCH /print HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nContent-Type: message/byterange\r\n` +
        `Content-Length: ${part.length}\r\nIf-None-Match: *\r\nPrefer: transaction=persist\r\n\r\n${part}`,
    );
    expect(fieldsOf(said[0]!, 'Content-Range')).toEqual([
      `bytes 0-39/${LENGTH}`,
      `bytes 40-79/${LENGTH}`,
      `bytes 80-${LENGTH - 1}/${LENGTH}`,
    ]);
    expect(fieldsOf(said[0]!, 'If-None-Match')).toEqual(['*']);
  });

  it.each(['fin', 'rst'] as const)(
    'asks after a %s and goes on to the end of that segment',
    async (close) => {
      const { result, said } = await run(
        'segmented-upload',
        [
          [
            { on: upTo(40), send: stored },
            { on: /Content-Range: bytes 40/, close },
          ],
          [
            { send: incomplete(55) },
            { on: upTo(80), send: stored },
            { on: END, send: created },
            { send: told(LENGTH) },
          ],
        ],
        { request: PATCH, options: { segmentSize: 40 } },
      );
      expect(result).toMatchObject({ outcome: 'completed', resumes: 1 });
      expect(heads(said[1]!)).toEqual(['HEAD /print', 'PATCH /print', 'PATCH /print', 'HEAD /print']);
      expect(fieldsOf(said[1]!, 'Content-Range')).toEqual([
        `bytes 55-79/${LENGTH}`,
        `bytes 80-${LENGTH - 1}/${LENGTH}`,
      ]);
      expect(said[1]).not.toContain('If-None-Match');
    },
  );

  it('begins again when nothing of the first segment arrived', async () => {
    const { result, said } = await run(
      'segmented-upload',
      [[{ close: 'rst' }], [{ send: notThere }, { on: END, send: created }, { send: told(LENGTH) }]],
      { request: PATCH },
    );
    expect(result.outcome).toBe('completed');
    expect(fieldsOf(said[1]!, 'If-None-Match')).toEqual(['*']);
  });

  it('knows its own resource again behind a 412, by HEAD', async () => {
    const { result, said } = await run(
      'segmented-upload',
      [
        [{ on: upTo(40), close: 'rst' }],
        [
          // The first HEAD comes too early: what was lost is written after it.
          { send: notThere },
          { on: upTo(40), send: response('412 Precondition Failed', ['Content-Length: 0']) },
          { send: incomplete(40) },
          { on: upTo(80), send: stored },
          { on: END, send: created },
          { send: told(LENGTH) },
        ],
      ],
      { request: PATCH, options: { segmentSize: 40 } },
    );
    expect(result.outcome).toBe('completed');
    expect(heads(said[1]!)).toEqual(
      ['HEAD', 'PATCH', 'HEAD', 'PATCH', 'PATCH', 'HEAD'].map((method) => `${method} /print`),
    );
    expect(fieldsOf(said[1]!, 'If-None-Match')).toEqual(['*']);
  });

  it('is done when HEAD tells the whole length after all was sent', async () => {
    const { result, said } = await run(
      'segmented-upload',
      [[{ on: END, close: 'rst' }], [{ send: told(LENGTH) }]],
      {
        request: PATCH,
      },
    );
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 200 }, resumes: 1 });
    expect(heads(said[1]!)).toEqual(['HEAD /print']);
  });

  it('does not go on with a resource that is older than the upload', async () => {
    const { result } = await run(
      'segmented-upload',
      [
        [{ on: END, close: 'rst' }],
        [
          {
            send: response('200 OK', [
              `Content-Length: ${LENGTH}`,
              'Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT',
              'Date: Sun, 06 Nov 1994 09:49:37 GMT',
            ]),
          },
        ],
      ],
      { request: PATCH },
    );
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/before this upload began/),
    });
  });

  it('honours the condition and the preference of its user', async () => {
    const { said } = await run('segmented-upload', [[{ on: END, send: created }, { send: told(LENGTH) }]], {
      request: { method: 'PUT', fields: [['If-Match', '"v1"']] },
      options: { transaction: 'atomic' },
    });
    expect(said[0]).toContain('If-Match: "v1"\r\n');
    expect(said[0]).not.toContain('If-None-Match');
    expect(said[0]).toContain('Prefer: transaction=atomic\r\n');
  });

  it('creates a resource of no bytes by its length', async () => {
    const { result, said } = await run(
      'segmented-upload',
      [[{ on: /Length: 0\r\n\r\n$/, send: created }, { send: told(0) }]],
      { request: { ...PATCH, content: bytesContent(new Uint8Array(0)) } },
    );
    expect(result.outcome).toBe('completed');
    expect(said[0]).toMatch(
      /Content-Range: bytes \*\/0\r\nContent-Type: text\/plain\r\nContent-Length: 0\r\n\r\nHEAD /,
    );
  });

  it('sends again what the server does not have, though it answered every segment', async () => {
    const { result, said } = await run(
      'segmented-upload',
      [
        [
          { on: upTo(40), send: stored },
          { on: upTo(80), send: response('200 OK', ['Content-Length: 0']) },
          { on: END, send: created },
          { send: told(40) },
          { on: upTo(80), send: stored },
          { on: END, send: created },
          { send: told(LENGTH) },
        ],
      ],
      { request: PATCH, options: { segmentSize: 40 } },
    );
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201 } });
    expect(contentOf(result)).toBe('Done.');
    expect(fieldsOf(said[0]!, 'Content-Range').map((range) => range.slice(6, 8))).toEqual([
      '0-',
      '40',
      '80',
      '40',
      '80',
    ]);
  });

  it('does not go on with a resource of which nobody knows how old it is', async () => {
    const { result, said } = await run(
      'segmented-upload',
      [
        [{ on: END, close: 'rst' }],
        [{ send: response('200 OK', ['Content-Length: 10']) }, { on: END, send: created }],
      ],
      { request: PATCH },
    );
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/of somebody else/) });
    expect(heads(said[1]!)).toEqual(['HEAD /print']);
  });

  it('takes the answer to the last segment for its own when that tells the whole length', async () => {
    const all = response('201 Created', [
      'Content-Length: 0',
      `Content-Range: bytes 0-${LENGTH - 1}/${LENGTH}`,
    ]);
    const { result, said } = await run('segmented-upload', [[{ on: END, send: all }]], { request: PATCH });
    expect(result.outcome).toBe('completed');
    expect(heads(said[0]!)).toEqual(['PATCH /print']);
  });
});

describe('sparse-upload', () => {
  /** Answers every segment on its connection as it comes, whichever it is. */
  const segments = (count: number): Turn[] =>
    Array.from({ length: count }, () => ({ on: /Content-Length: (?:10|4)\r\n\r\n.{4,10}$/s, send: stored }));
  const PATCH = {
    method: 'PATCH',
    content: bytesContent(new TextEncoder().encode(TEXT.slice(0, 44))),
  } as const;

  it('creates the resource, then writes the other segments on several connections', async () => {
    const { result, said } = await run(
      'sparse-upload',
      // The second connection is silent: the first one takes what is left in the meantime.
      [[...segments(4), { send: told(44) }], [{ on: /never/ }], segments(1)],
      { request: PATCH, options: { segmentSize: 10, parallel: 2, patience: 20_000 } },
    );
    expect(result).toMatchObject({ outcome: 'completed', reason: expect.stringMatching(/HEAD/) });
    expect(result.payloadDigest).toBe(sha256(TEXT.slice(0, 44)));
    const ranges = said.map((text) => fieldsOf(text, 'Content-Range').map((range) => range.slice(6, -3)));
    expect(ranges).toEqual([['0-9', '10-19', '30-39', '40-43'], ['20-29'], ['20-29']]);
    const all = said.join('');
    expect(fieldsOf(all, 'If-None-Match')).toEqual(['*']);
    expect(new Set(fieldsOf(all, 'Prefer'))).toEqual(new Set(['transaction=atomic']));
  });

  it('sends a segment again whose answer was lost, and says why', async () => {
    const { result, said, why } = await run(
      'sparse-upload',
      [
        [...segments(1), { on: /quick.*/, close: 'rst' }],
        [{ on: /Content-Range: bytes 10-/, send: stored }, { send: told(20) }],
      ],
      {
        request: { ...PATCH, content: bytesContent(new TextEncoder().encode(TEXT.slice(0, 20))) },
        options: { segmentSize: 10, parallel: 1 },
      },
    );
    expect(said).toHaveLength(2);
    expect(result.outcome).toBe('completed');
    expect(why.join('\n')).toMatch(/the drafts have no way to ask for gaps/);
  });

  it('fails when HEAD tells less than all', async () => {
    const { result } = await run('sparse-upload', [[...segments(5), { send: told(12) }]], {
      request: PATCH,
      options: { segmentSize: 10, parallel: 1 },
    });
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/HEAD tells 12/) });
  });

  it('stops the others when one segment is refused', async () => {
    const refused = response('507 Insufficient Storage', ['Content-Length: 0']);
    const { result } = await run(
      'sparse-upload',
      [[...segments(1), { on: /Content-Range/, send: refused }], [{ on: /never/ }], [{ on: /never/ }]],
      { request: PATCH, options: { segmentSize: 10, parallel: 3 }, clock: createManualClock() },
    );
    expect(result).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/507/) });
  });
});

describe('put-then-patch', () => {
  const PUT = { method: 'PUT', fields: [['Content-Type', 'text/plain']] } as const;

  it('sends a PUT that a PATCH completes', async () => {
    const { result, said, steps } = await run(
      'put-then-patch',
      [
        [{ on: /The quick/, close: 'rst' }],
        [{ send: incomplete(10) }, { on: END, send: created }, { send: told(LENGTH) }],
      ],
      { request: PUT },
    );
    expect(result).toMatchObject({ outcome: 'completed', resumes: 1, final: { status: 201 } });
    expect(said[0]).toContain(
      `PUT /print HTTP/1.1\r\nHost: ${said[0]!.match(/Host: (.*)\r/)![1]}\r\nContent-Type: text/plain\r\n` +
        `Content-Length: ${LENGTH}\r\nIf-None-Match: *\r\nPrefer: transaction=persist\r\n\r\n`,
    );
    expect(heads(said[1]!)).toEqual(['HEAD /print', 'PATCH /print', 'HEAD /print']);
    expect(fieldsOf(said[1]!, 'Content-Range')).toEqual([`bytes 10-${LENGTH - 1}/${LENGTH}`]);
    expect(steps).toEqual([
      'connect',
      'begin',
      'cut-noticed',
      'connect',
      'ask-offset',
      'offset-learned',
      'resume',
      'ask-offset',
      'offset-learned',
      'complete',
    ]);
  });

  it.each(['405 Method Not Allowed', '415 Unsupported Media Type', '501 Not Implemented'])(
    'sends the PUT again after a %s',
    async (status) => {
      const { result, said } = await run(
        'put-then-patch',
        [
          [{ on: /The quick/, close: 'rst' }],
          [
            { send: notThere },
            { on: END, send: response(status, ['Content-Length: 0']) },
            { on: END, send: created },
          ],
        ],
        { request: PUT },
      );
      expect(result.outcome).toBe('completed');
      expect(heads(said[1]!)).toEqual(['HEAD /print', 'PATCH /print', 'PUT /print']);
    },
  );
});

describe('content that can be let go of', () => {
  const request = (method: string) => ({
    method,
    content: windowContent(bytesContent(new TextEncoder().encode(TEXT))),
  });

  it('is kept while a PUT may have to be sent again from its start', async () => {
    const { result, said } = await run(
      'put-then-patch',
      [
        [{ on: /The quick/, send: response('100 Continue', ['Acknowledge: 10']), close: 'fin' }],
        [
          { send: incomplete(30) },
          { on: END, send: response('405 Method Not Allowed', ['Content-Length: 0']) },
          { on: END, send: created },
        ],
      ],
      { request: request('PUT') },
    );
    expect(result.outcome).toBe('completed');
    expect(said[1]).toContain(`\r\n\r\n${TEXT}`);
  });

  it('is kept while a request may have to be repeated', async () => {
    const { result, said } = await run(
      'repeat',
      [
        [{ on: END, send: response('100 Continue', ['Acknowledge: 10']), close: 'fin' }],
        [{ on: END, send: created }],
      ],
      { request: request('PUT') },
    );
    expect(result.outcome).toBe('completed');
    expect(said[1]).toBe(said[0]);
  });
});

describe('resume-download', () => {
  const GET = { method: 'GET', content: null } as const;
  const whole = (fields: readonly string[], text = TEXT): string =>
    response('200 OK', [`Content-Length: ${LENGTH}`, ...fields], text);
  const rest = (from: number, fields: readonly string[] = []): string =>
    response(
      '206 Partial Content',
      [`Content-Range: bytes ${from}-${LENGTH - 1}/${LENGTH}`, `Content-Length: ${LENGTH - from}`, ...fields],
      TEXT.slice(from),
    );

  it('goes on at its byte, over two cuts', async () => {
    const { result, said } = await run(
      'resume-download',
      [
        [{ send: whole(['ETag: "v1"'], TEXT.slice(0, 10)), close: 'rst' }],
        [{ send: rest(10, ['ETag: "v1"']).slice(0, -50), close: 'fin' }],
        [{ send: rest(LENGTH - 50) }],
      ],
      { request: GET },
    );
    expect(result).toMatchObject({
      outcome: 'completed',
      final: { status: 200 },
      download: { length: LENGTH, digest: sha256(TEXT) },
    });
    expect(contentOf(result)).toBe(TEXT);
    expect(said[0]).not.toContain('Range');
    expect(said[2]).toMatch(new RegExp(`Range: bytes=${LENGTH - 50}-\r\nIf-Range: "v1"\r\n`));
  });

  it.each<[string, string, RegExp, string]>([
    ['a strong date', '08:49:37', /If-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n/, rest(10)],
    ['a date of the same second, which is weak', '09:49:37', /^(?![\s\S]*Range:)/, whole([])],
  ])('takes %s for what it is', async (_name, time, request, answer) => {
    const dated = [`Last-Modified: Sun, 06 Nov 1994 ${time} GMT`, 'Date: Sun, 06 Nov 1994 09:49:37 GMT'];
    const { result, said } = await run(
      'resume-download',
      [[{ send: whole(dated, TEXT.slice(0, 10)), close: 'fin' }], [{ send: answer }]],
      { request: GET },
    );
    expect(said[1]).toMatch(request);
    expect(contentOf(result)).toBe(TEXT);
  });

  it('begins again when all of it comes instead of the rest', async () => {
    const { result, why } = await run(
      'resume-download',
      [[{ send: whole(['ETag: "v1"'], 'An older text.'), close: 'fin' }], [{ send: whole(['ETag: "v2"']) }]],
      { request: GET },
    );
    expect(contentOf(result)).toBe(TEXT);
    expect(result.download?.digest).toBe(sha256(TEXT));
    expect(why.join('\n')).toMatch(/what was read before is void/);
  });

  it('takes no range that begins elsewhere, or is of another length', async () => {
    const { result, said } = await run(
      'resume-download',
      [
        [{ send: whole(['ETag: "v1"'], TEXT.slice(0, 10)), close: 'fin' }],
        [{ send: rest(9) }],
        [{ send: whole(['ETag: "v1"'], TEXT.slice(0, 20)), close: 'fin' }],
        [{ send: rest(20).replace(`/${LENGTH}`, `/${LENGTH + 1}`) }],
        [{ send: whole([]) }],
      ],
      { request: GET },
    );
    expect(contentOf(result)).toBe(TEXT);
    expect(said.map((text) => text.includes('Range: bytes='))).toEqual([false, true, false, true, false]);
  });

  it('takes no more bytes than a range has, whatever follows: it begins again', async () => {
    const { result, said } = await run(
      'resume-download',
      [
        [{ send: whole(['ETag: "v1"'], TEXT.slice(0, 10)), close: 'fin' }],
        [
          {
            send: response(
              '206 Partial Content',
              [`Content-Range: bytes 10-${LENGTH - 1}/${LENGTH}`, 'Transfer-Encoding: chunked'],
              `80\r\n${'x'.repeat(128)}\r\n`,
            ),
          },
        ],
        [{ send: whole([]) }],
      ],
      { request: GET },
    );
    expect(result.outcome).toBe('completed');
    expect(contentOf(result)).toBe(TEXT);
    expect(said[2]).not.toContain('Range:');
  });

  it('asks on where no length is told, until there is no more', async () => {
    const part = (from: number): string =>
      response(
        '206 Partial Content',
        [`Content-Range: bytes ${from}-${from + 3}/*`, 'Content-Length: 4', 'ETag: "v1"'],
        'abcdefgh'.slice(from, from + 4),
      );
    const { result, said } = await run(
      'resume-download',
      [
        [
          { send: part(0) },
          { send: part(4) },
          { send: response('416 Range Not Satisfiable', ['Content-Range: bytes */8', 'Content-Length: 0']) },
        ],
      ],
      { request: GET },
    );
    expect(result).toMatchObject({
      outcome: 'completed',
      download: { length: 8, digest: sha256('abcdefgh') },
    });
    expect(fieldsOf(said[0]!, 'Range')).toEqual(['bytes=4-', 'bytes=8-']);
  });

  it('is done when the server has no more bytes than are here', async () => {
    const { result } = await run(
      'resume-download',
      [
        [
          {
            send: response('200 OK', ['Transfer-Encoding: chunked', 'ETag: "v1"'], '3\r\nabc\r\n'),
            close: 'fin',
          },
        ],
        [{ send: response('416 Range Not Satisfiable', ['Content-Range: bytes */3', 'Content-Length: 0']) }],
      ],
      { request: GET },
    );
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 200 }, download: { length: 3 } });
    expect(contentOf(result)).toBe('abc');
  });

  it('tells an incomplete resource as one', async () => {
    const { result } = await run('resume-download', [[{ send: incomplete(4) + TEXT.slice(0, 4) }]], {
      request: GET,
    });
    expect(result).toMatchObject({ outcome: 'failed', final: { status: 299 }, download: null });
    expect(contentOf(result)).toBe(TEXT.slice(0, 4));
  });

  it('tells its observer each byte once, and when it begins again', async () => {
    const seen: string[] = [];
    await run(
      'resume-download',
      [[{ send: whole(['ETag: "v1"'], TEXT.slice(0, 10)), close: 'rst' }], [{ send: rest(10) }]].map(
        (turns) => turns as Turn[],
      ),
      {
        request: GET,
        observer: {
          final: ({ status }) => void seen.push(`<${status}>`),
          content: (bytes, from, to) => {
            seen.push(Buffer.from(bytes.subarray(from, to)).toString());
            return null;
          },
        },
      },
    );
    expect(seen.join('')).toBe(`<200>${TEXT}`);
  });
});
