// The strategy `follow-operation` against servers that say exactly what a test tells them to.

import { describe, expect, it } from 'vitest';
import { contentOf, heads, run } from '../scripted-run.ts';
import { response, times } from '../scripted-server.ts';

const json = (status: string, document: unknown, fields: readonly string[] = []): string => {
  const content = JSON.stringify(document);
  return response(status, [...fields, `Content-Length: ${content.length}`], content);
};
const empty = (status: string, fields: readonly string[] = []): string =>
  response(status, [...fields, 'Content-Length: 0']);
const KEYED = { fields: [['Idempotency-Key', '"a"']] } as const;

describe('follow-operation', () => {
  it('asks where it was told to, as often as it is told to, and reads the result', async () => {
    const { result, said, why } = await run('follow-operation', [
      [
        { on: /\r\n\r\n.+done\.$/s, send: empty('202 Accepted', ['Location: /s/1', 'Retry-After: 1']) },
        { send: empty('202 Accepted', ['Retry-After: 1']) },
        { send: empty('303 See Other', ['Location: /r/1']) },
        { send: json('200 OK', 'the result') },
      ],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', reason: 'The server answered 200 OK.' });
    expect(contentOf(result)).toBe('"the result"');
    expect(heads(said[0]!)).toEqual(['POST /print', 'GET /s/1', 'GET /s/1', 'GET /r/1']);
    expect(result.locations.status).toMatch(/\/s\/1$/);
    expect(result.payloadDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(why.at(-2)).toMatch(/^The client asks how the operation is\.$/);
  });

  it('tells a failure of the operation as a refusal, with its own words', async () => {
    const { result } = await run('follow-operation', [
      [
        { send: json('200 OK', { name: 'operations/1', done: false }) },
        {
          send: json('200 OK', { name: 'operations/1', done: true, error: { code: 5, message: 'No paper' } }),
        },
      ],
    ]);
    expect(result).toMatchObject({
      outcome: 'refused',
      reason: 'The operation failed, as “done”: true, with “error” says: 5: No paper.',
    });
  });

  it('is the one answer where that tells of no operation, whatever it says', async () => {
    const { result, said } = await run('follow-operation', [[{ send: json('200 OK', { text: 'done' }) }]]);
    expect(result).toMatchObject({ outcome: 'completed', reason: 'The server answered 200 OK.' });
    expect(heads(said[0]!)).toEqual(['POST /print']);
    const refused = await run('follow-operation', [[{ send: empty('422 Unprocessable Content') }]]);
    expect(refused.result).toMatchObject({ outcome: 'refused', final: { status: 422 } });
  });

  it('does not send a POST again that carries no key', async () => {
    const { result, said } = await run('follow-operation', [[{ close: 'rst' }], []]);
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(said).toHaveLength(1);
  });

  it.each(['Idempotency-Key', 'Repeatability-Request-ID'])(
    'sends one again that carries %s',
    async (name) => {
      const { result, said } = await run(
        'follow-operation',
        [
          [{ close: 'rst' }],
          [
            { send: empty('202 Accepted', ['Operation-Location: /o/1']) },
            { send: json('200 OK', { status: 'Succeeded' }) },
          ],
        ],
        { request: { fields: [[name, '"a"']] } },
      );
      expect(result).toMatchObject({ outcome: 'completed' });
      expect(said.map((text) => heads(text))).toEqual([['POST /print'], ['POST /print', 'GET /o/1']]);
    },
  );

  it('asks again where the question, or its answer, is lost', async () => {
    const { result, said } = await run(
      'follow-operation',
      [
        [{ send: empty('202 Accepted', ['Location: /s/1']) }, { close: 'fin' }],
        [{ send: 'HTTP/1.1 303 See Other\r\nLocation: /r/1\r\nContent-Le', close: 'rst' }],
        [
          { send: empty('503 Service Unavailable', ['Retry-After: 1']) },
          { send: empty('303 See Other', ['Location: /r/1']) },
          { close: 'rst' },
        ],
        [{ send: json('200 OK', 1) }],
      ],
      { request: KEYED },
    );
    expect(result).toMatchObject({ outcome: 'completed' });
    expect(said.map((text) => heads(text))).toEqual([
      ['POST /print', 'GET /s/1'],
      ['GET /s/1'],
      ['GET /s/1', 'GET /s/1', 'GET /r/1'],
      ['GET /r/1'],
    ]);
  });

  it('ends where the status is gone', async () => {
    const { result } = await run('follow-operation', [
      [{ send: empty('202 Accepted', ['Location: /s/1']) }, { send: empty('410 Gone') }],
    ]);
    expect(result).toMatchObject({ outcome: 'refused', reason: 'The server answered 410 Gone.' });
  });

  it('gives up where it was kept waiting as long as it may be', async () => {
    const { result } = await run(
      'follow-operation',
      [
        [
          { send: empty('202 Accepted', ['Location: /s/1']) },
          ...times(1000, { send: empty('202 Accepted') }),
        ],
      ],
      { options: { longest: 10_000 } },
    );
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^The operation was not done after \d+ questions\.$/),
    });
  });

  it('keeps the credentials of the user from another origin', async () => {
    const other = await run('follow-operation', [[]], { url: () => 'http://127.0.0.1:9/' });
    expect(other.result.outcome).toBe('refused');
    const { said } = await run(
      'follow-operation',
      [
        [
          { send: empty('202 Accepted', ['Location: /s/1']) },
          { send: empty('303 See Other', ['Location: http://127.0.0.1:9/r']) },
        ],
      ],
      {
        request: {
          fields: [
            ['Authorization', 'Bearer secret'],
            ['Accept-Language', 'de'],
            ['Content-Type', 'text/plain'],
          ],
        },
      },
    );
    const [, question = ''] = said[0]!.split('GET /s/1');
    expect(question).toContain('Authorization: Bearer secret\r\n');
    expect(question).toContain('Accept-Language: de\r\n');
    expect(question).not.toContain('Content-Type');
  });

  it('tells whoever listens of the result only', async () => {
    const told: string[] = [];
    await run(
      'follow-operation',
      [
        [
          { send: json('202 Accepted', { status: 'Running' }, ['Operation-Location: /o/1']) },
          { send: json('200 OK', { status: 'Running' }) },
          { send: json('200 OK', { status: 'Succeeded' }) },
        ],
      ],
      {
        observer: {
          final: ({ status }) => void told.push(String(status)),
          content: (bytes, from, to) => {
            told.push(new TextDecoder().decode(bytes.subarray(from, to)));
            return null;
          },
        },
      },
    );
    expect(told).toEqual(['200', '{"status":"Succeeded"}']);
  });
});
