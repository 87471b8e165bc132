// A resource that is written piece by piece (draft-wright-http-partial-upload): what is told of it between the pieces, in
// any order, over cuts and over restarts of the server.

import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { message, patch, type Response } from '../harness.ts';
import { headLength, lines, serving } from './fixture.ts';

const CONTENT = lines(600);
const segment = (first: number, end: number): [string, string] => [
  `bytes ${first}-${end - 1}/600`,
  CONTENT.slice(first, end),
];
/** What is told of an upload that is not complete. */
const incomplete = ({ status, reason, fields }: Response) => ({
  status,
  reason,
  range: fields.get('content-range'),
});

describe('a segmented upload', () => {
  test('is told to be incomplete until its last segment is here', async () => {
    const { patch, head, get, onDisk, server } = await serving();
    const type = 'Content-Type: text/plain\r\n';
    const first = await patch('foo', `bytes 0-199/600\r\n${type.trimEnd()}`, CONTENT.slice(0, 200), [
      'If-None-Match: *',
    ]);
    const expected = { status: 299, reason: 'Incomplete Content', range: 'bytes 0-199/600' };
    expect(incomplete(first)).toEqual(expected);
    expect(first.body).toBe('200/600 bytes\r\n');
    const told = await head('foo');
    expect(incomplete(told)).toEqual(expected);
    expect([told.fields.get('content-length'), told.fields.get('content-type')]).toEqual([
      '200',
      'text/plain',
    ]);
    const got = await get('foo', ['Range: bytes=100-149']);
    expect([incomplete(got), got.body]).toEqual([expected, CONTENT.slice(0, 200)]);
    expect(await server.digest('/uploads/foo')).toBeNull();
    expect(incomplete(await patch('foo', ...segment(200, 400)))).toEqual({
      ...expected,
      range: 'bytes 0-399/600',
    });
    const last = await patch('foo', ...segment(400, 600));
    expect([last.status, last.fields.has('content-range')]).toEqual([201, false]);
    const whole = await get('foo');
    expect([whole.status, whole.body, onDisk('foo')]).toEqual([200, CONTENT, CONTENT]);
    expect(await server.digest('/uploads/foo')).toMatch(/^[\da-f]{64}$/);
  });

  test('has the status that the server was given', async () => {
    const { patch } = await serving({ incompleteStatus: 200 });
    expect(incomplete(await patch('foo', ...segment(0, 200)))).toEqual({
      status: 200,
      reason: 'Incomplete Content',
      range: 'bytes 0-199/600',
    });
  });

  test('comes in any order; what is between is nobody\u2019s to read', async () => {
    const { patch, head, get, root } = await serving();
    const answers = [await patch('foo', ...segment(400, 600)), await patch('foo', ...segment(200, 300))];
    expect(answers.map(incomplete)).toEqual([
      { status: 299, reason: 'Incomplete Content', range: undefined },
      { status: 299, reason: 'Incomplete Content', range: undefined },
    ]);
    const got = await get('foo');
    expect([got.status, got.body]).toEqual([299, '']);
    expect((await head('foo')).fields.get('content-length')).toBe('0');
    expect(incomplete(await patch('foo', ...segment(0, 250))).range).toBe('bytes 0-299/600');
    expect((await get('foo')).body).toBe(CONTENT.slice(0, 300));
    expect((await patch('foo', ...segment(300, 400))).status).toBe(201);
    expect((await get('foo')).body).toBe(CONTENT);
    expect(statSync(join(root, 'foo')).size).toBe(600);
  });

  test('of unknown length ends when its length is told', async () => {
    const { patch, head } = await serving();
    expect(incomplete(await patch('foo', 'bytes 0-99/*', CONTENT.slice(0, 100))).range).toBe('bytes 0-99/*');
    expect(incomplete(await patch('foo', 'bytes 100-/*', CONTENT.slice(100, 600))).range).toBe(
      'bytes 0-599/*',
    );
    expect((await head('foo')).status).toBe(299);
    expect((await patch('foo', 'bytes */600', '')).status).toBe(201);
    expect((await head('foo')).fields.get('content-length')).toBe('600');
  });

  test('whose length is told too early waits for the rest', async () => {
    const { patch } = await serving();
    await patch('foo', 'bytes 0-99/*', CONTENT.slice(0, 100));
    expect(incomplete(await patch('foo', 'bytes */600', '')).range).toBe('bytes 0-99/600');
    expect((await patch('foo', ...segment(100, 600))).status).toBe(201);
  });

  test('that is made shorter has lost what was behind, also when it is made longer again', async () => {
    const { patch, get } = await serving();
    await patch('foo', ...segment(0, 100));
    await patch('foo', ...segment(300, 400));
    expect(incomplete(await patch('foo', 'bytes */350', '')).range).toBe('bytes 0-99/350');
    expect(incomplete(await patch('foo', 'bytes */200', '')).range).toBe('bytes 0-99/200');
    expect(incomplete(await patch('foo', 'bytes */400', '')).range).toBe('bytes 0-99/400');
    const rest = CONTENT.slice(100, 300);
    expect(incomplete(await patch('foo', 'bytes 100-299/400', rest)).range).toBe('bytes 0-299/400');
    expect((await get('foo')).body).toBe(CONTENT.slice(0, 300));
  });

  test.each(['atomic', 'persist'])(
    'that is cut and goes on in one request has what came behind the cut (%s)',
    async (mode) => {
      const { ask, patch, get, underWay } = await serving();
      await patch('foo', 'bytes 0-9/*', '0123456789');
      const parts = ['20-24/30', '*/5', '*/30', '10-14/30', '20-21/30'].map((range, index) => {
        const text = 'abcdefgh'.slice(index).padEnd(8, '-');
        const count = range.startsWith('*') ? 0 : index === 4 ? 2 : 5;
        return `--B\r\nContent-Range: bytes ${range}\r\n\r\n${text.slice(0, count)}\r\n`;
      });
      const body = `${parts.join('')}--B--\r\n`;
      const fields = [
        'Content-Type: multipart/byteranges; boundary=B',
        `Content-Length: ${body.length}`,
        `Prefer: transaction=${mode}`,
      ];
      expect(incomplete(await ask(message('PATCH /uploads/foo', fields, body))).range).toBe('bytes 0-4/30');
      expect(incomplete(await patch('foo', 'bytes 5-9/30', '56789')).range).toBe('bytes 0-14/30');
      expect(incomplete(await patch('foo', 'bytes 15-19/30', 'ooooo')).range).toBe('bytes 0-21/30');
      expect((await patch('foo', 'bytes 22-29/30', 'oooooooo')).status).toBe(201);
      expect([(await get('foo')).body, underWay()]).toEqual(['0123456789defghoooooefoooooooo', []]);
    },
  );

  test('of no bytes is complete at once', async () => {
    const { patch, get } = await serving();
    expect((await patch('foo', 'bytes */0', '')).status).toBe(201);
    expect((await get('foo')).body).toBe('');
  });

  test('can be allocated before its first byte', async () => {
    const { patch, head } = await serving();
    expect((await patch('foo', 'bytes */600', '')).status).toBe(299);
    expect((await head('foo')).fields.get('content-length')).toBe('0');
    expect((await patch('foo', ...segment(0, 600))).status).toBe(201);
  });

  test('that is replaced by a PUT, or deleted, is forgotten', async () => {
    const { ask, patch, put, get } = await serving();
    await patch('foo', ...segment(0, 200));
    expect((await put('foo', 'whole')).status).toBe(201);
    expect((await get('foo')).body).toBe('whole');
    await patch('bar', ...segment(0, 200));
    expect((await ask(message('DELETE /uploads/bar'))).status).toBe(204);
    expect((await get('bar')).status).toBe(404);
    expect((await patch('bar', 'bytes 0-0/1', 'x')).status).toBe(201);
  });

  test('whose first segment names an existing resource is refused', async () => {
    const { patch, get } = await serving();
    await patch('foo', ...segment(0, 200));
    expect((await patch('foo', 'bytes 0-199/600', 'x'.repeat(200), ['If-None-Match: *'])).status).toBe(412);
    expect((await get('foo')).body).toBe(CONTENT.slice(0, 200));
  });
});

describe('an upload that is cut', () => {
  test.each([0, 1, 77, 199])('keeps exactly the %i bytes that came, and goes on', async (bytes) => {
    const { cutAfter, head, patch: send, get, underWay } = await serving();
    const request = patch('/uploads/foo', ...segment(0, 200));
    const before = request.length - 200;
    await cutAfter(before + bytes, request);
    const told = await head('foo');
    // A resource of which no byte came is not there.
    expect([told.status, bytes === 0 ? '0' : told.fields.get('content-length')]).toEqual([
      bytes === 0 ? 404 : 299,
      String(bytes),
    ]);
    expect((await send('foo', ...segment(bytes, 600))).status).toBe(201);
    expect([(await get('foo')).body, underWay()]).toEqual([CONTENT, []]);
  });

  test('is complete when nothing but the end of the message is missing', async () => {
    const { cutAfter, head } = await serving();
    const part = `Content-Range: bytes 0-599/600\r\n\r\n${CONTENT}`;
    const request = message(
      'PATCH /uploads/foo',
      ['Content-Type: message/byterange', 'Transfer-Encoding: chunked'],
      `${part.length.toString(16)}\r\n${part}\r\n0\r\n\r\n`,
    );
    await cutAfter(request.length - 5, request);
    expect((await head('foo')).status).toBe(200);
  });

  test('by a PUT that persists can be completed by a PATCH', async () => {
    const { cutAfter, head, patch: send, get } = await serving();
    const request = message(
      'PUT /uploads/foo',
      ['Content-Length: 600', 'Content-Type: text/plain', 'Prefer: transaction=persist', 'If-None-Match: *'],
      CONTENT,
    );
    await cutAfter(headLength(request) + 250, request);
    const told = await head('foo');
    expect([told.status, told.fields.get('content-range'), told.fields.get('content-type')]).toEqual([
      299,
      'bytes 0-249/600',
      'text/plain',
    ]);
    expect((await send('foo', ...segment(250, 600))).status).toBe(201);
    expect((await get('foo')).body).toBe(CONTENT);
  });

  test('by a PUT in chunks has no length yet', async () => {
    const { cutAfter, head, patch: send } = await serving();
    const request = message(
      'PUT /uploads/foo',
      ['Transfer-Encoding: chunked', 'Prefer: transaction=persist'],
      `258\r\n${CONTENT}\r\n0\r\n\r\n`,
    );
    await cutAfter(headLength(request) + 5 + 100, request);
    expect((await head('foo')).fields.get('content-range')).toBe('bytes 0-99/*');
    expect((await send('foo', ...segment(100, 600))).status).toBe(201);
  });
});

describe('a restart of the server', () => {
  test('forgets bytes that were not written down: they are in no file that is complete', async () => {
    const first = await serving();
    await first.patch('foo', 'bytes 0-99/*', CONTENT.slice(0, 100));
    await first.server.close();
    appendFileSync(join(first.root, 'foo'), 'never told of '.repeat(10));
    const second = await serving({ root: first.root });
    const told = await second.head('foo');
    expect(told.fields.get('content-range')).toBe('bytes 0-99/*');
    expect((await second.patch('foo', 'bytes 100-149/150', CONTENT.slice(100, 150))).status).toBe(201);
    expect(second.onDisk('foo')).toBe(CONTENT.slice(0, 150));
  });

  test('forgets nothing: files, types, tags, and uploads with their gaps', async () => {
    const first = await serving();
    const stored = await first.put('whole', CONTENT, ['Content-Type: text/plain']);
    await first.patch('foo', ...segment(0, 100));
    await first.patch('foo', ...segment(300, 400));
    const tag = (await first.head('foo')).fields.get('etag');
    await first.server.close();
    const second = await serving({ root: first.root });
    const whole = await second.get('whole', ['Range: bytes=0-9', `If-Range: ${stored.fields.get('etag')}`]);
    expect([whole.status, whole.body, whole.fields.get('content-type')]).toEqual([
      206,
      CONTENT.slice(0, 10),
      'text/plain',
    ]);
    const told = await second.head('foo');
    expect([told.fields.get('content-range'), told.fields.get('etag')]).toEqual(['bytes 0-99/600', tag]);
    await second.patch('foo', ...segment(100, 300));
    expect((await second.patch('foo', ...segment(400, 600))).status).toBe(201);
    expect((await second.get('foo')).body).toBe(CONTENT);
  });

  test('tells what is there at once', async () => {
    const first = await serving();
    await first.put('a', 'abc');
    await first.patch('b', ...segment(0, 100));
    const before = first.server.state().resources;
    expect(before).toEqual([
      { path: '/uploads/b', kind: 'file', label: 'incomplete', have: 100, length: 600 },
      { path: '/uploads/a', kind: 'file', label: 'complete', have: 3, length: 3 },
    ]);
    await first.server.close();
    const second = await serving({ root: first.root });
    expect(second.server.state().resources).toEqual(before);
  });
});
