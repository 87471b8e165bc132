// What a client makes of responses that break off, bytes that are acknowledged, and jobs that take their time: transcripts.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bytesContent, windowContent } from '../../../electron/client/content.ts';
import { leaping } from '../leaping.ts';
import { LENGTH, TEXT, contentOf, heads, run } from './scripted-run.ts';
import { response } from './scripted-server.ts';

const CONTINUE = response('100 Continue', [
  'Request-Content-Location: /job/1.req',
  'Response-Message-Location: /job/1.res',
]);
const END = new RegExp(`${TEXT.slice(-6)}$`);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const ITEM = 'The item, as it was created.';
const created = (have: number): string =>
  response(
    '201 Created',
    [`Content-Length: ${ITEM.length}`, 'Content-Location: /items/1', 'ETag: "v1"'],
    ITEM.slice(0, have),
  );
const rest = (from: number, fields: readonly string[] = ['ETag: "v1"']): string =>
  response(
    '206 Partial Content',
    [
      `Content-Range: bytes ${from}-${ITEM.length - 1}/${ITEM.length}`,
      `Content-Length: ${ITEM.length - from}`,
      ...fields,
    ],
    ITEM.slice(from),
  );
const kept = response('201 Created', [`Content-Length: ${ITEM.length}`], ITEM);
const document = response('200 OK', ['Content-Type: message/http', `Content-Length: ${kept.length}`], kept);

describe('a final response whose content breaks off', () => {
  it('is completed by the bytes of its Content-Location, over two cuts', async () => {
    const { result, said } = await run('resumable-request', [
      [{ send: CONTINUE }, { on: END, send: created(4), close: 'rst' }],
      [{ send: rest(4).slice(0, -10), close: 'fin' }],
      [{ send: rest(ITEM.length - 10) }],
    ]);
    expect(result).toMatchObject({
      outcome: 'completed',
      final: { status: 201 },
      download: { length: ITEM.length, digest: sha256(ITEM) },
    });
    expect(contentOf(result)).toBe(ITEM);
    expect(heads(said[1]!)).toEqual(['GET /items/1']);
    expect(said[1]).toContain('Range: bytes=4-\r\nIf-Range: "v1"\r\n');
  });

  it('takes all of it from there when the range is ignored, if it is still the same', async () => {
    const { result } = await run('resumable-request', [
      [{ send: CONTINUE }, { on: END, send: created(4), close: 'rst' }],
      [{ send: response('200 OK', [`Content-Length: ${ITEM.length}`, 'ETag: "v1"'], ITEM) }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201 } });
    expect(contentOf(result)).toBe(ITEM);
  });

  it('is read from the document when that has changed', async () => {
    const { result, said } = await run('resumable-request', [
      [{ send: CONTINUE }, { on: END, send: created(4), close: 'rst' }],
      [{ send: response('200 OK', ['Content-Length: 5', 'ETag: "v2"'], 'Other'), close: 'fin' }],
      [{ send: document }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', download: { digest: sha256(ITEM) } });
    expect(contentOf(result)).toBe(ITEM);
    expect(heads(said.join(''))).toEqual(['POST /print', 'GET /items/1', 'GET /job/1.res']);
  });

  it('is not completed by bytes of another version', async () => {
    const { result } = await run('resumable-request', [
      [{ send: CONTINUE }, { on: END, send: created(4), close: 'rst' }],
      [{ send: rest(4, ['ETag: "v2"']) }],
      [{ send: document }],
    ]);
    expect(contentOf(result)).toBe(ITEM);
    expect(result.final?.status).toBe(201);
  });
});

describe('an acknowledged upload', () => {
  const acknowledge = (offset: number): string => response('100 Continue', [`Acknowledge: ${offset}`]);
  const request = () => ({ content: windowContent(bytesContent(new TextEncoder().encode(TEXT))) });

  it.each([
    ['Acknowledge', acknowledge(30)],
    ['the 199 of the proof of concept', 'HTTP/1.1 199 Acknowledge 30B\r\n\r\n'],
  ])('lets go of what %s tells, and goes on behind it', async (_name, told) => {
    const content = request();
    const { result, said } = await run(
      'resumable-request',
      [
        [{ send: CONTINUE }, { on: END, send: told, close: 'rst' }],
        [
          { send: response('299 Incomplete Content', ['Content-Length: 40']) },
          { on: END, send: response('200 OK', ['Content-Length: 0']) },
        ],
      ],
      { request: content, options: { preferences: ['acknowledge'] } },
    );
    expect(result).toMatchObject({ outcome: 'completed', acknowledged: 30, payloadDigest: sha256(TEXT) });
    expect(said[1]).toContain(`Content-Range: bytes 40-${LENGTH - 1}/${LENGTH}`);
    // HEAD told 40, which is as safe.
    await expect(content.content.read(39, 50)).rejects.toThrow(/let go of/);
  });

  it('fails with a sentence when the server goes back behind what it acknowledged', async () => {
    const { result } = await run(
      'resumable-request',
      [
        [{ send: CONTINUE }, { on: END, send: acknowledge(30), close: 'rst' }],
        [{ send: response('299 Incomplete Content', ['Content-Length: 10']) }],
      ],
      { request: request() },
    );
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/acknowledged 30 bytes and has 10 now/),
    });
  });

  it('goes back with content that can be read again', async () => {
    const { result, said } = await run('resumable-request', [
      [{ send: CONTINUE }, { on: END, send: acknowledge(30), close: 'rst' }],
      [
        { send: response('299 Incomplete Content', ['Content-Length: 10']) },
        { on: END, send: response('200 OK', ['Content-Length: 0']) },
      ],
    ]);
    expect(result.outcome).toBe('completed');
    expect(said[1]).toContain('Content-Range: bytes 10-');
  });
});

describe('a job', () => {
  const accepted = response('202 Accepted', ['Location: /job/1.job', 'Content-Length: 0']);
  const running = (step: number): string =>
    response('200 OK', [`Progress: ${step}/9`, 'Retry-After: 1', 'Content-Length: 0']);

  it('is polled where the server sends no 102s, over any number of cuts', async () => {
    const { result, said } = await run('follow-progress', [
      [{ on: END, send: accepted }, { send: running(1) }, { close: 'rst' }],
      ...Array.from({ length: 12 }, (_, i) => [{ send: running(Math.min(i, 8)) }, { close: 'fin' as const }]),
      [{ send: response('200 OK', ['Progress: 9/9', 'Content-Length: 4'], 'Done') }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 200 } });
    expect(said).toHaveLength(14);
  });

  it('leads by 303 to its result', async () => {
    const { result, said } = await run(
      'follow-progress',
      [
        [
          { on: END, send: accepted },
          { send: response('303 See Other', ['Location: /items/1', 'Content-Length: 0']) },
          { send: response('200 OK', [`Content-Length: ${ITEM.length}`], ITEM) },
        ],
      ],
      { request: { fields: [['Accept-Language', 'de']] } },
    );
    expect(result.outcome).toBe('completed');
    expect(contentOf(result)).toBe(ITEM);
    expect(heads(said[0]!)).toEqual(['POST /print', 'GET /job/1.job', 'GET /items/1']);
    expect(said[0]!.match(/Accept-Language: de/g)).toHaveLength(3);
  });

  it('ends with a 202 that names no place', async () => {
    const { result } = await run('follow-progress', [
      [{ on: END, send: response('202 Accepted', ['Content-Length: 0']) }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', reason: expect.stringMatching(/named no place/) });
  });

  it('is forgotten at the end where that is asked for', async () => {
    const { said } = await run(
      'follow-progress',
      [
        [
          { on: END, send: accepted },
          { send: response('200 OK', ['Progress: 9/9', 'Content-Length: 0']) },
          { send: response('204 No Content') },
        ],
      ],
      { options: { deleteWhenDone: true } },
    );
    expect(heads(said[0]!)).toEqual(['POST /print', 'GET /job/1.job', 'DELETE /job/1.job']);
  });

  it('is given up when the server sends interim responses without end', async () => {
    const { result, steps } = await run('follow-progress', [
      [{ on: END, send: response('102 Processing', ['Location: /job/1.job']).repeat(10_001) }],
    ]);
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/more than 10,000 interim responses/),
    });
    expect(steps.slice(-2)).toEqual(['silence-noticed', 'give-up']);
  });
});

describe('a job that counts for ever', () => {
  it('is given up after a thousand steps of it that were cut off', async () => {
    let step = 0;
    const { result, said } = await run(
      'follow-progress',
      [
        [
          {
            on: END,
            send: response('202 Accepted', ['Location: /job/1.job', 'Content-Length: 0']),
            close: 'fin',
          },
        ],
        ...Array.from({ length: 1_100 }, () => [
          { send: response('102 Processing', [`Progress: ${++step}/`]), close: 'fin' as const },
        ]),
      ],
      { clock: leaping(), options: { patience: 100_000_000 } },
    );
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/Nothing moved on/) });
    expect(said.length).toBeGreaterThan(1_000);
    expect(said.length).toBeLessThan(1_020);
  });
});

describe('credentials', () => {
  const secret = (host: string): string =>
    response('100 Continue', [
      `Request-Content-Location: http://u:secret@${host}/1.req`,
      `Response-Message-Location: http://u:secret@${host}/1.res`,
    ]);
  const broken = /The quick/;

  it('of a location go to that location only, and into no sentence', async () => {
    let host = '';
    const script = [
      [{ send: '' }, { on: broken, close: 'rst' as const }],
      [
        { send: response('299 Incomplete Content', ['Content-Length: 10']) },
        { on: END, send: response('200 OK', ['Content-Length: 0']) },
      ],
    ];
    const { result, said, why } = await run('resumable-request', script, {
      during: (server) => {
        host = new URL(server.url).host;
        script[0]![0]!.send = secret(host);
      },
    });
    expect(result.outcome).toBe('completed');
    expect(said[0]).not.toContain('Authorization');
    const authorization = `Authorization: Basic ${btoa('u:secret')}`;
    expect(said[1]!.match(/Authorization: .*/g)?.map((line) => line.trim())).toEqual([
      authorization,
      authorization,
    ]);
    expect(said[1]).toMatch(/^HEAD \/1\.req HTTP/);
    expect(why.join() + result.reason).not.toContain('secret');
  });

  it.each([
    ['in the URL', (base: string) => base.replace('//', '//me:own@'), []],
    ['as a field', (base: string) => base, [['Authorization', `Basic ${btoa('me:own')}`]] as const],
  ])('of the user, %s, go to the same origin and to no other', async (_name, url, fields) => {
    const script = [
      [
        { on: END, send: response('202 Accepted', ['Location: /job/1.job', 'Content-Length: 0']) },
        { send: '' },
      ],
      [{ send: response('200 OK', ['Content-Length: 0']) }],
    ];
    const { said } = await run('follow-progress', script, {
      request: { fields },
      url: (base) => {
        // The same server by another name is another origin.
        script[0]![1]!.send = response('303 See Other', [
          `Location: ${base.replace('127.0.0.1', 'localhost')}/items/1`,
          'Content-Length: 0',
        ]);
        return url(base);
      },
    });
    expect(said[0]!.match(/Authorization: Basic/g)).toHaveLength(2);
    expect(heads(said[1]!)).toEqual(['GET /items/1']);
    expect(said[1]).not.toContain('Authorization');
  });
});
