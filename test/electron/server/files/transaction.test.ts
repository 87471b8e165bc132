// All or nothing, or every byte as it comes: what is left of a request that breaks off, and what is said of it.

import { describe, expect, test } from 'vitest';
import { message, patch } from '../harness.ts';
import { headLength, lines, serving, type Serving } from './fixture.ts';

const BEFORE = lines(400);
const ATOMIC = ['Prefer: transaction=atomic'];
const PERSIST = ['Prefer: transaction=persist'];

/** A multipart/byteranges request of `at` and content. */
function multipart(parts: readonly (readonly [number, string])[], fields: readonly string[] = []): string {
  const body = parts
    .map(([at, text]) => `--B\r\nContent-Range: bytes ${at}-${at + text.length - 1}/*\r\n\r\n${text}\r\n`)
    .join('');
  const whole = `${body}--B--\r\n`;
  const own = ['Content-Type: multipart/byteranges; boundary=B', `Content-Length: ${whole.length}`];
  return message('PATCH /uploads/a', [...own, ...fields], whole);
}

describe('a request that is atomic and breaks off', () => {
  const X = 'X'.repeat(100);
  test.each<[string, string]>([
    ['a PUT', message('PUT /uploads/a', ['Content-Length: 100'], X)],
    ['a PUT in chunks', message('PUT /uploads/a', ['Transfer-Encoding: chunked'], `64\r\n${X}\r\n0\r\n\r\n`)],
    ['a PATCH', patch('/uploads/a', 'bytes 100-199/*', X)],
    ['a PATCH that says so', patch('/uploads/a', 'bytes 100-199/*', X, ATOMIC)],
    ['a PATCH that appends', patch('/uploads/a', 'bytes 400-499/*', X)],
    [
      'a PATCH of several parts',
      multipart([
        [0, X],
        [200, X],
      ]),
    ],
  ])('%s leaves the file as it was, wherever it breaks', async (_name, request) => {
    const { put, cutAfter, onDisk, head, underWay, ask } = await serving();
    const etag = (await put('a', BEFORE)).fields.get('etag');
    const start = headLength(request);
    for (const at of [start + 1, start + 40, start + 90, request.length - 1]) {
      await cutAfter(at, request);
      expect([onDisk('a'), (await head('a')).fields.get('etag'), underWay()]).toEqual([BEFORE, etag, []]);
    }
    const answer = await ask(request);
    expect([200, 204]).toContain(answer.status);
    expect(onDisk('a')).toContain(X);
  });

  test.each<[string, string]>([
    ['a PUT', message('PUT /uploads/a', ['Content-Length: 100'], X)],
    ['a PATCH that says so', patch('/uploads/a', 'bytes 0-99/100', X, ATOMIC)],
    ['a PATCH of several parts', multipart([[0, X]])],
  ])('%s of what is not there leaves nothing', async (_name, request) => {
    const { cutAfter, head, underWay, onDisk } = await serving();
    await cutAfter(request.length - 1, request);
    expect([(await head('a')).status, onDisk('a'), underWay()]).toEqual([404, null, []]);
  });

  test('a segment of an upload is not there for anybody', async () => {
    const { patch: send, cutAfter, head, get } = await serving();
    await send('a', 'bytes 0-99/400', BEFORE.slice(0, 100));
    const request = patch('/uploads/a', 'bytes 100-299/400', BEFORE.slice(100, 300), ATOMIC);
    await cutAfter(request.length - 1, request);
    expect((await head('a')).fields.get('content-range')).toBe('bytes 0-99/400');
    expect((await get('a')).body).toBe(BEFORE.slice(0, 100));
    expect((await send('a', 'bytes 100-399/400', BEFORE.slice(100), ATOMIC)).status).toBe(201);
    expect((await get('a')).body).toBe(BEFORE);
  });
});

describe('a request that persists and breaks off', () => {
  test.each([0, 1, 60, 99])('a PATCH has overwritten the %i bytes that came', async (bytes) => {
    const { put, cutAfter, onDisk, head } = await serving();
    const etag = (await put('a', BEFORE)).fields.get('etag');
    const request = patch('/uploads/a', 'bytes 100-199/*', 'X'.repeat(100), PERSIST);
    await cutAfter(request.length - 100 + bytes, request);
    expect(onDisk('a')).toBe(BEFORE.slice(0, 100) + 'X'.repeat(bytes) + BEFORE.slice(100 + bytes));
    expect((await head('a')).fields.get('etag') === etag).toBe(bytes === 0);
  });

  test('a PATCH of several parts has those that came', async () => {
    const { put, cutAfter, onDisk } = await serving();
    await put('a', BEFORE);
    const request = multipart(
      [
        [0, 'X'.repeat(10)],
        [100, 'Y'.repeat(10)],
      ],
      PERSIST,
    );
    await cutAfter(request.indexOf('Y') + 4, request);
    expect(onDisk('a')).toBe(`${'X'.repeat(10)}${BEFORE.slice(10, 100)}YYYY${BEFORE.slice(104)}`);
  });

  test('a PUT has taken the place of what was there', async () => {
    const { put, cutAfter, get, patch: send } = await serving();
    await put('a', BEFORE);
    const request = message('PUT /uploads/a', ['Content-Length: 100', ...PERSIST], 'X'.repeat(100));
    await cutAfter(request.length - 60, request);
    const got = await get('a');
    expect([got.status, got.body, got.fields.get('content-range')]).toEqual([
      299,
      'X'.repeat(40),
      'bytes 0-39/100',
    ]);
    expect((await send('a', 'bytes 40-99/100', 'X'.repeat(60))).status).toBe(201);
    expect((await get('a')).body).toBe('X'.repeat(100));
  });
});

describe('Preference-Applied', () => {
  const applied = async ({ ask }: Serving, request: string) => {
    const { interim, status, fields } = await ask(request);
    return [
      interim.map((each) => [each.status, each.fields.get('preference-applied')]),
      status,
      fields.get('preference-applied'),
    ];
  };

  test('comes in a 103 and in the answer, for a client that has stated the preference', async () => {
    const server = await serving();
    for (const mode of ['atomic', 'persist']) {
      const fields = ['Content-Length: 3', `Prefer: transaction=${mode}`];
      const put = message(`PUT /uploads/put-${mode}`, fields, 'abc');
      expect(await applied(server, put)).toEqual([
        [[103, `transaction=${mode}`]],
        201,
        `transaction=${mode}`,
      ]);
      const expecting = patch(`/uploads/patch-${mode}`, 'bytes 0-2/9', 'abc', [
        `Prefer: return=minimal, transaction="${mode}"`,
        'Expect: 100-continue',
      ]);
      expect(await applied(server, expecting)).toEqual([
        [
          [100, undefined],
          [103, `transaction=${mode}`],
        ],
        299,
        `transaction=${mode}`,
      ]);
    }
  });

  test('comes in a refusal that has kept something', async () => {
    const server = await serving();
    const part = 'Content-Range: bytes 0-10/20\r\n\r\nabc';
    const fields = ['Content-Type: message/byterange', `Content-Length: ${part.length}`, ...PERSIST];
    const [, status, preference] = await applied(server, message('PATCH /uploads/a', fields, part));
    expect([status, preference]).toEqual([400, 'transaction=persist']);
  });

  test('does not come to one that has stated none, or one that is unknown', async () => {
    const server = await serving();
    for (const fields of [[], ['Prefer: transaction'], ['Prefer: transaction=maybe'], ['Prefer: ;;']]) {
      const request = message('PUT /uploads/a', ['Content-Length: 3', ...fields], 'abc');
      const [interim, , preference] = await applied(server, request);
      expect([fields, interim, preference]).toEqual([fields, [], undefined]);
    }
  });

  test('comes to an HTTP/1.0 client in the answer only', async () => {
    const server = await serving();
    const raw = await server.client();
    raw.send('PUT /uploads/a HTTP/1.0\r\nContent-Length: 1\r\nPrefer: transaction=persist\r\n\r\nx');
    const answer = await raw.next();
    expect([answer.status, answer.fields.get('preference-applied')]).toEqual([201, 'transaction=persist']);
  });
});
