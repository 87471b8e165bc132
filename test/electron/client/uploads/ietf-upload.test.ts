// Resumable uploads at the IETF, as transcripts: what the server says, what the client sends then. Among them servers that
// say what cannot be: one clear sentence each, never a loop, never a byte twice.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bytesContent, windowContent } from '../../../../electron/client/content.ts';
import type { StrategyOptions } from '../../../../electron/client/strategy.ts';
import { systemClock } from '../../../../electron/wire/clock.ts';
import { LENGTH, TEXT, contentOf, heads, run as runAny, type Run } from '../scripted-run.ts';
import { type Turn, response, times } from '../scripted-server.ts';

const END = new RegExp(`${TEXT.slice(-6)}$`);
const PLACE = '/up/1';

function supported(fields: readonly string[] = [`Location: ${PLACE}`], version: number | null = 8): string {
  return response('104 Upload Resumption Supported', [
    ...(version === null ? [] : [`Upload-Draft-Interop-Version: ${version}`]),
    ...fields,
  ]);
}

const go = response('100 Continue');
const none = ['Content-Length: 0'];
const done = response('200 OK', ['Content-Length: 5', 'Upload-Complete: ?1'], 'Done.');
const told = (offset: number, fields: readonly string[] = ['Upload-Complete: ?0']): string =>
  response('204 No Content', [`Upload-Offset: ${offset}`, ...fields]);
const appended = response('204 No Content', ['Upload-Complete: ?0']);
const created = response('201 Created', [`Location: ${PLACE}`, 'Upload-Complete: ?0', ...none]);
/** Content up to there. */
const upTo = (end: number): RegExp =>
  new RegExp(`${TEXT.slice(Math.max(0, end - 8), end).replaceAll('.', '\\.')}$`);

/** What each request's head says of these fields, in order. */
const fieldsOf = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`^${name}: (.*)\r$`, 'gm'))].map(([, value]) => value!);

const run = (
  script: readonly (readonly Turn[])[],
  options: StrategyOptions = {},
  more: Parameters<typeof runAny>[2] = {},
): Promise<Run> => runAny('ietf-upload', script, { ...more, options });

const WHOLE: StrategyOptions = {};
const EMPTY: StrategyOptions = { first: 'empty' };

describe('an optimistic upload', () => {
  it('is one request that says so, and waits for a 100', async () => {
    const { result, said, server, steps } = await run([
      [{ send: supported() + go }, { on: END, send: done }],
    ]);
    expect(result).toMatchObject({
      outcome: 'completed',
      resumes: 0,
      locations: { requestContent: `${server.url}${PLACE}` },
    });
    expect(contentOf(result)).toBe('Done.');
    expect(said).toEqual([
      `POST /print HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nContent-Length: ${LENGTH}\r\nExpect: 100-continue\r\n` +
        `Upload-Draft-Interop-Version: 8\r\nUpload-Complete: ?1\r\nUpload-Length: ${LENGTH}\r\n\r\n${TEXT}`,
    ]);
    expect(steps).toContain('learn-locations');
  });

  it('sends the content behind a 104 that names the place, without any 100', async () => {
    const { result } = await run([[{ send: supported() }, { on: END, send: done }]]);
    expect(result.outcome).toBe('completed');
  });

  it('goes on waiting behind a 104 of another version, or of none', async () => {
    const { result, said, server } = await run([
      [
        { send: supported(['Location: /wrong'], 7) + supported(['Location: /wrong'], null) + go },
        { on: END, close: 'rst' },
      ],
    ]);
    expect(said[0]).toContain(TEXT);
    expect(result).toMatchObject({
      outcome: 'failed',
      locations: { requestContent: null },
      reason: expect.stringMatching(/no 104 had named a place to resume at/),
    });
    expect(server.received).toHaveLength(1);
  });

  it.each(['fin', 'rst'] as const)('asks after a %s, and sends what is missing', async (close) => {
    const { result, said } = await run([
      [{ send: supported() + go }, { on: /The/, close }],
      [{ send: told(40) }, { on: END, send: done }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', resumes: 1 });
    expect(heads(said[1]!)).toEqual([`HEAD ${PLACE}`, `PATCH ${PLACE}`]);
    expect(said[1]!.slice(said[1]!.indexOf('PATCH'))).toMatch(
      new RegExp(
        `Content-Type: application/partial-upload\r\nContent-Length: ${LENGTH - 40}\r\n` +
          `Upload-Draft-Interop-Version: 8\r\nUpload-Complete: \\?1\r\nUpload-Offset: 40\r\n\r\n`,
      ),
    );
    expect(said[1]!.endsWith(TEXT.slice(40))).toBe(true);
  });

  it('goes on after a 5xx whose 104 named a place', async () => {
    const { result, said } = await run([
      [
        { send: supported() + go },
        { on: END, send: response('500 Internal Server Error', none) },
        { send: told(12) },
        { on: END, send: done },
      ],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', resumes: 1 });
    expect(fieldsOf(said[0]!, 'Upload-Offset')).toEqual(['12']);
  });

  it('stops at a 4xx, which to resume would not change', async () => {
    const { result, said } = await run([
      [{ send: supported() + go }, { on: END, send: response('403 Forbidden', none) }],
    ]);
    expect(result).toMatchObject({ outcome: 'refused', final: { status: 403 } });
    expect(heads(said[0]!)).toHaveLength(1);
  });

  it('takes the target’s own error as the answer, whatever its status', async () => {
    const { result, said } = await run([
      [
        { send: supported() + go },
        { on: END, send: response('500 Internal Server Error', [...none, 'Upload-Complete: ?1']) },
      ],
    ]);
    expect(result).toMatchObject({
      outcome: 'refused',
      final: { status: 500 },
      reason: expect.stringMatching(/to resume would not change that/),
    });
    expect(heads(said[0]!)).toHaveLength(1);
  });

  it('sends the request again while nothing of it was sent', async () => {
    const { result, said } = await run([
      [{ close: 'rst' }],
      [{ send: supported() + go }, { on: END, send: done }],
    ]);
    expect(result.outcome).toBe('completed');
    expect(said[0]).not.toContain('The quick');
  });

  it('is an upload like any other where the server knows nothing of it', async () => {
    const { result, said } = await run([
      [{ send: go }, { on: END, send: response('201 Created', ['Location: /new', ...none]) }],
    ]);
    expect(result).toMatchObject({
      outcome: 'completed',
      final: { status: 201 },
      locations: { requestContent: null },
    });
    expect(heads(said[0]!)).toEqual(['POST /print']);
  });

  it('sends an idempotent request again where no place was named', async () => {
    const { result } = await run(
      [
        [{ send: go }, { on: END, close: 'rst' }],
        [{ send: go }, { on: END, send: done }],
      ],
      {},
      { request: { method: 'PUT' } },
    );
    expect(result.outcome).toBe('completed');
  });

  it('lets go of what a 104 acknowledges', async () => {
    const { result } = await run(
      [
        [{ send: supported() + go }, { on: END, send: supported(['Upload-Offset: 60']), close: 'fin' }],
        [{ send: told(60) }, { on: END, send: done }],
      ],
      {},
      { request: { content: windowContent(bytesContent(new TextEncoder().encode(TEXT))) } },
    );
    expect(result).toMatchObject({ outcome: 'completed', acknowledged: 60 });
  });

  it('gets a lost answer by an empty PATCH', async () => {
    const { result, said } = await run([
      [{ send: supported() + go }, { on: END, close: 'fin' }],
      [{ send: told(LENGTH, ['Upload-Complete: ?1']) }, { send: done }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 200 } });
    expect(contentOf(result)).toBe('Done.');
    expect(fieldsOf(said[1]!, 'Content-Length')).toEqual(['0']);
    expect(fieldsOf(said[1]!, 'Upload-Offset')).toEqual([String(LENGTH)]);
  });

  it('is complete, too, when the lost answer is not given again', async () => {
    const { result } = await run([
      [{ send: supported() + go }, { on: END, close: 'fin' }],
      [
        { send: told(LENGTH, ['Upload-Complete: ?1']) },
        { send: response('400 Bad Request', ['Upload-Complete: ?0', ...none]) },
      ],
    ]);
    expect(result).toMatchObject({
      outcome: 'completed',
      final: null,
      reason: expect.stringMatching(/as HEAD tells/),
    });
  });

  it('completes with an empty part what arrived whole and is not complete', async () => {
    const { result, said } = await run([
      [{ send: supported() + go }, { on: END, close: 'fin' }],
      [{ send: told(LENGTH) }, { send: done }],
    ]);
    expect(result.outcome).toBe('completed');
    expect(fieldsOf(said[1]!, 'Upload-Complete')).toEqual(['?1']);
  });

  it('retries without Expect after a 417', async () => {
    const { result, said } = await run([
      [{ send: response('417 Expectation Failed', ['Connection: close', ...none]), close: 'fin' }],
      [{ on: END, send: done }],
    ]);
    expect(result.outcome).toBe('completed');
    expect(said[1]).not.toContain('Expect');
  });

  it('follows 307 and 308 for each request', async () => {
    const { result, said } = await run([
      [{ send: response('307 Temporary Redirect', ['Location: /other', ...none]), close: 'fin' }],
      [{ send: supported() + go }, { on: /The/, close: 'rst' }],
      [
        { send: response('308 Permanent Redirect', ['Location: /up/2', ...none]) },
        { send: told(7) },
        { on: END, send: done },
      ],
    ]);
    expect(result.outcome).toBe('completed');
    expect(said.flatMap(heads)).toEqual([
      'POST /print',
      'POST /other',
      `HEAD ${PLACE}`,
      'HEAD /up/2',
      'PATCH /up/2',
    ]);
  });
});

describe('a careful upload', () => {
  it('creates the resource first, and sends the content in parts', async () => {
    const { result, said } = await run(
      [
        [
          { send: created },
          { on: upTo(40), send: appended },
          { on: upTo(80), send: appended },
          { on: END, send: done },
        ],
      ],
      { first: 'empty', segmentSize: 40 },
    );
    expect(result).toMatchObject({ outcome: 'completed', resumes: 0 });
    expect(contentOf(result)).toBe('Done.');
    expect(heads(said[0]!)).toEqual(['POST /print', ...Array<string>(3).fill(`PATCH ${PLACE}`)]);
    expect(fieldsOf(said[0]!, 'Upload-Complete')).toEqual(['?0', '?0', '?0', '?1']);
    expect(fieldsOf(said[0]!, 'Upload-Offset')).toEqual(['0', '40', '80']);
    expect(said[0]).not.toContain('Expect');
  });

  it('sends the creating request again when its answer was lost', async () => {
    const { result } = await run([[{ close: 'rst' }], [{ send: created }, { on: END, send: done }]], EMPTY);
    expect(result.outcome).toBe('completed');
  });

  it('does not take a resource of another kind for an upload resource', async () => {
    const { result, said } = await run(
      [[{ send: response('201 Created', ['Location: /new', ...none]) }, { send: response('200 OK', none) }]],
      EMPTY,
    );
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/does not offer resumable uploads/),
    });
    expect(heads(said[0]!)).toEqual(['POST /print', 'HEAD /new']);
  });

  it('goes on where an answer without Upload-Complete names an upload resource after all', async () => {
    const { result } = await run(
      [
        [
          { send: response('201 Created', [`Location: ${PLACE}`, ...none]) },
          { send: told(0) },
          { on: END, send: done },
        ],
      ],
      EMPTY,
    );
    expect(result.outcome).toBe('completed');
  });

  it('takes the offset that a 409 tells', async () => {
    const { result, said } = await run(
      [
        [
          { send: created },
          {
            on: upTo(60),
            send: response('409 Conflict', ['Upload-Offset: 30', 'Upload-Complete: ?0', ...none]),
          },
          { on: upTo(90), send: appended },
          { on: END, send: done },
        ],
      ],
      { first: 'empty', segmentSize: 60 },
    );
    expect(result).toMatchObject({ outcome: 'completed', resumes: 1 });
    expect(fieldsOf(said[0]!, 'Upload-Offset')).toEqual(['0', '30', '90']);
  });

  it('sends digests where that is wished', async () => {
    const sha = (text: string): string => `sha-256=:${createHash('sha256').update(text).digest('base64')}:`;
    const { said } = await run(
      [[{ send: created }, { on: upTo(60), send: appended }, { on: END, send: done }]],
      { first: 'empty', segmentSize: 60, digests: 'both' },
    );
    expect(fieldsOf(said[0]!, 'Repr-Digest')).toEqual([sha(TEXT)]);
    expect(fieldsOf(said[0]!, 'Content-Digest')).toEqual([
      sha(''),
      sha(TEXT.slice(0, 60)),
      sha(TEXT.slice(60)),
    ]);
  });

  it('deletes the upload resource at the end where that is wished', async () => {
    const { result, said } = await run(
      [[{ send: created }, { on: END, send: done }, { send: response('204 No Content') }]],
      { first: 'empty', deleteWhenDone: true },
    );
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 200 } });
    expect(heads(said[0]!).at(-1)).toBe(`DELETE ${PLACE}`);
  });
});

describe('limits', () => {
  const limit = (text: string): string => `Upload-Limit: ${text}`;

  it('are asked for by OPTIONS where that is wished', async () => {
    const { result, said } = await run(
      [
        [
          { send: response('204 No Content', [limit('max-append-size=60')]) },
          { send: supported() + go },
          { on: upTo(60), send: created },
          { on: END, send: done },
        ],
      ],
      { discover: true },
    );
    expect(result.outcome).toBe('completed');
    expect(heads(said[0]!)).toEqual(['OPTIONS /print', 'POST /print', `PATCH ${PLACE}`]);
    expect(fieldsOf(said[0]!, 'Upload-Complete')).toEqual(['?0', '?1']);
  });

  it('that a 104 tells stop a request which is too large, and make the next smaller', async () => {
    const { result, said } = await run([
      [{ send: supported([`Location: ${PLACE}`, limit('max-append-size=60')]) }],
      [{ send: told(0) }, { on: upTo(60), send: appended }, { on: END, send: done }],
    ]);
    expect(result.outcome).toBe('completed');
    expect(fieldsOf(said[1]!, 'Upload-Offset')).toEqual(['0', '60']);
  });

  it('are kept at least, too, but by the last part', async () => {
    const { said } = await run(
      [
        [
          {
            send: response('201 Created', [
              `Location: ${PLACE}`,
              'Upload-Complete: ?0',
              limit('min-append-size=50'),
              ...none,
            ]),
          },
          { on: upTo(50), send: appended },
          { on: upTo(100), send: appended },
          { on: END, send: done },
        ],
      ],
      { first: 'empty', segmentSize: 10 },
    );
    expect(fieldsOf(said[0]!, 'Upload-Offset')).toEqual(['0', '50', '100']);
  });

  it('that allow nothing end it', async () => {
    const { result, said } = await run(
      [
        [
          {
            send: response('201 Created', [
              `Location: ${PLACE}`,
              'Upload-Complete: ?0',
              limit('min-append-size=50, max-append-size=20'),
              ...none,
            ]),
          },
        ],
      ],
      EMPTY,
    );
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/nothing can be sent/) });
    expect(said[0]).not.toContain('PATCH');
  });

  it('of the whole end it at once, and the upload resource is deleted', async () => {
    const { result, said } = await run([
      [{ send: supported([`Location: ${PLACE}`, limit('max-size=50')]) }],
      [{ send: response('204 No Content') }],
    ]);
    expect(result).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(
        /takes uploads of 50 bytes at most, and this one has .* answered the DELETE with 204/,
      ),
    });
    expect(heads(said[1]!)).toEqual([`DELETE ${PLACE}`]);
    expect(said[0]).not.toContain('The quick');
  });

  it('of its time end it: nothing is asked of a resource that is gone', async () => {
    const place = [`Location: ${PLACE}`, 'Upload-Complete: ?0', limit('max-age=1'), ...none];
    const { result, said } = await run([[{ send: response('201 Created', place) }, { on: END }]], EMPTY);
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/max-age/) });
    expect(said).toHaveLength(1);
  });

  it('are learned from a 413', async () => {
    const { result, said } = await run([
      [
        {
          send: response('413 Content Too Large', [
            limit('max-append-size=60'),
            'Connection: close',
            ...none,
          ]),
          close: 'fin',
        },
      ],
      [{ send: supported() + go }, { on: upTo(60), send: created }, { on: END, send: done }],
    ]);
    expect(result.outcome).toBe('completed');
    expect(fieldsOf(said[1]!, 'Upload-Complete')).toEqual(['?0', '?1']);
  });

  it('are asked for after a 413 that tells none', async () => {
    const { result, said } = await run(
      [
        [
          { send: created },
          { on: END, send: response('413 Content Too Large', none) },
          { send: response('204 No Content', [limit('max-append-size=60')]) },
          { send: told(0) },
          { on: upTo(60), send: appended },
          { on: END, send: done },
        ],
      ],
      EMPTY,
    );
    expect(result.outcome).toBe('completed');
    expect(heads(said[0]!)[2]).toBe('OPTIONS /print');
  });

  it('of a server that takes no parts are the end of it', async () => {
    const { result, said } = await run([
      [{ send: response('413 Content Too Large', ['Connection: close', ...none]), close: 'fin' }],
      [{ send: response('204 No Content', ['Allow: POST']) }],
    ]);
    expect(result).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/does not tell that it takes the content in parts/),
    });
    expect(said.flatMap(heads)).toEqual(['POST /print', 'OPTIONS /print']);
  });
});

describe('older interop versions', () => {
  const partial = ['application/partial-upload'];
  it.each([
    [3, 'Upload-Incomplete', ['?1', '?0'], [], []],
    [4, 'Upload-Complete', ['?0', '?1'], [], []],
    [5, 'Upload-Complete', ['?0', '?1'], [], []],
    [6, 'Upload-Complete', ['?0', '?1'], partial, [String(LENGTH)]],
    [7, 'Upload-Complete', ['?0', '?1'], partial, [String(LENGTH)]],
    [8, 'Upload-Complete', ['?0', '?1'], partial, [String(LENGTH)]],
  ] as const)('%i says %s', async (interopVersion, field, words, types, lengths) => {
    const [incomplete, whole] = words;
    const { result, said } = await run(
      [
        [
          {
            send: response('201 Created', [
              `Location: ${PLACE}`,
              `${field}: ${incomplete}`,
              'Upload-Offset: 0',
              ...none,
            ]),
          },
          {
            on: END,
            send: response('201 Created', [`${field}: ${whole}`, `Upload-Offset: ${LENGTH}`, ...none]),
          },
        ],
      ],
      { first: 'empty', interopVersion },
    );
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201 } });
    expect(fieldsOf(said[0]!, field)).toEqual(words);
    expect(fieldsOf(said[0]!, 'Content-Type')).toEqual(types);
    expect(fieldsOf(said[0]!, 'Upload-Length')).toEqual(lengths);
    expect(fieldsOf(said[0]!, 'Upload-Draft-Interop-Version')).toEqual(
      Array<string>(2).fill(String(interopVersion)),
    );
  });

  it('may answer the last part without a word: HEAD tells that it was the last', async () => {
    const { result } = await run(
      [
        [
          { send: created },
          { on: END, send: response('201 Created', ['Content-Length: 5'], 'Done.') },
          { send: told(LENGTH, ['Upload-Complete: ?1']) },
        ],
      ],
      { first: 'empty', interopVersion: 5 },
    );
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201 } });
    expect(contentOf(result)).toBe('Done.');
  });
});

describe('a server that says what cannot be', () => {
  const cut: readonly Turn[] = [{ send: supported() + go }, { on: /The/, close: 'rst' }];
  const cases: readonly (readonly [string, StrategyOptions, readonly (readonly Turn[])[], RegExp])[] = [
    ['an offset beyond the length', WHOLE, [cut, [{ send: told(LENGTH + 1) }]], /only 104 exist/],
    [
      'an offset beyond what was sent',
      EMPTY,
      [
        [{ send: created }, { on: /PATCH/, close: 'rst' }],
        [{ send: told(30) }, { on: END, close: 'rst' }],
        [{ send: told(20) }],
      ],
      /has told that it has 30 bytes, and tells 20 now/,
    ],
    [
      'an offset that goes back behind a 104',
      WHOLE,
      [
        [{ send: supported() + go }, { on: END, send: supported(['Upload-Offset: 80']), close: 'fin' }],
        [{ send: told(70) }],
      ],
      /has told that it has 80 bytes, and tells 70 now/,
    ],
    [
      'an offset of bytes that were never sent',
      { first: 'empty', segmentSize: 40 },
      [
        [
          { send: created },
          { on: upTo(40), send: response('204 No Content', ['Upload-Complete: ?0', 'Upload-Offset: 90']) },
        ],
      ],
      /only 40 were ever sent/,
    ],
    [
      'no offset',
      WHOLE,
      [cut, [{ send: response('204 No Content', ['Upload-Complete: ?0']) }]],
      /has no Upload-Offset/,
    ],
    [
      'another length',
      WHOLE,
      [cut, [{ send: told(4, ['Upload-Complete: ?0', 'Upload-Length: 5']) }]],
      /to have 5 bytes in all, not 104/,
    ],
    [
      'complete, with less than all',
      WHOLE,
      [cut, [{ send: told(4, ['Upload-Complete: ?1']) }]],
      /calls the upload complete with 4 of 104 bytes/,
    ],
    [
      'no Location',
      EMPTY,
      [[{ send: response('201 Created', ['Upload-Complete: ?0', ...none]) }]],
      /no Location/,
    ],
    [
      'a Location on another host',
      EMPTY,
      [
        [
          {
            send: response('201 Created', [
              'Location: http://198.51.100.7/up',
              'Upload-Complete: ?0',
              ...none,
            ]),
          },
        ],
      ],
      /on another host \(http:\/\/198\.51\.100\.7\/up\): the content does not go there/,
    ],
    [
      'a 104 with a Location on another host',
      WHOLE,
      [[{ send: supported(['Location: http://198.51.100.7/up']) + go }, { on: /The/, close: 'rst' }]],
      /on another host/,
    ],
    [
      'a redirect to another host',
      WHOLE,
      [[{ send: response('307 Temporary Redirect', ['Location: http://198.51.100.7/', ...none]) }]],
      /sends the upload to another host/,
    ],
    [
      'a second upload resource',
      WHOLE,
      [[{ send: supported() + supported(['Location: /up/2']) }]],
      /named two upload resources/,
    ],
    [
      'that it is gone',
      WHOLE,
      [cut, [{ send: response('404 Not Found', none) }]],
      /no longer keeps the upload \(404\)/,
    ],
    [
      'the same 409 for ever',
      EMPTY,
      [
        [
          { send: created },
          ...times(3, { on: END, send: response('409 Conflict', ['Upload-Offset: 0', ...none]) }),
        ],
      ],
      /does not take the bytes that it is missing/,
    ],
    [
      'less than all of a request',
      WHOLE,
      [[{ send: response('200 OK', ['Content-Length: 0', 'Connection: close']), close: 'fin' }]],
      /after 0 of 104 bytes: the rest was not sent/,
    ],
  ];

  it.each(cases)('%s', async (_name, options, script, sentence) => {
    const { result, said } = await run(script, options);
    expect(result.outcome).not.toBe('completed');
    expect(result.reason).toMatch(sentence);
    expect(result.reason).toMatch(/^[A-Z].*\.$/);
    expect(said.length).toBeLessThanOrEqual(script.length + 1);
  });

  it('redirects in a circle are not followed for ever', async () => {
    const circle = response('307 Temporary Redirect', ['Location: /print', 'Connection: close', ...none]);
    const { result, said } = await run(times(20, { send: circle, close: 'fin' }).map((turn) => [turn]));
    expect(result.reason).toMatch(/not followed any more/);
    expect(said.length).toBeLessThan(10);
  });

  it('104s without end are', async () => {
    const storm = supported(['Upload-Offset: 1']).repeat(10_001);
    const { result } = await run(
      [[{ send: supported() + go }, { on: END, send: storm }]],
      {},
      { clock: systemClock },
    );
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/10,000 interim responses/),
    });
  });

  it('that all is incomplete, for ever, is asked a bounded number of times', async () => {
    const { result, said } = await run([
      [
        { send: supported() + go },
        { on: END, send: appended },
        ...times(20, { send: told(LENGTH) }, { send: appended }),
      ],
    ]);
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/Nothing moved on/) });
    expect(said[0]!.split('The quick')).toHaveLength(2);
  });
});

describe('a stop', () => {
  it('deletes the upload resource where that is wished', async () => {
    const stop = new AbortController();
    const { result, said } = await run(
      [[{ send: supported() + go }, { on: END }], [{ send: response('204 No Content') }]],
      { cancel: true },
      { signal: stop.signal, during: (server) => void server.turned(0, 2).then(() => stop.abort()) },
    );
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: 'It was stopped. The server answered the DELETE with 204.',
    });
    expect(heads(said[1]!)).toEqual([`DELETE ${PLACE}`]);
    expect(fieldsOf(said[1]!, 'Upload-Draft-Interop-Version')).toEqual(['8']);
  });

  it('leaves it where it is otherwise', async () => {
    const stop = new AbortController();
    const { result, said } = await run(
      [[{ send: supported() + go }, { on: END }]],
      {},
      { signal: stop.signal, during: (server) => void server.turned(0, 2).then(() => stop.abort()) },
    );
    expect(result.reason).toBe('It was stopped.');
    expect(said).toHaveLength(1);
  });
});
