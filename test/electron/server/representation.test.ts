// Prefer: return=representation (RFC 7240 §4.2): the item itself is the answer, can be read on after a break, and is in
// the document that keeps the response.

import { describe, expect, test } from 'vitest';
import { message, patch, resumable, running } from './harness.ts';

const CONTENT = Array.from({ length: 200_000 }, (_value, index) =>
  String.fromCharCode((index * 7) & 0xff),
).join('');
const TYPE = 'Content-Type: image/x-noise';

describe('Prefer: return=representation', () => {
  test('is answered with the item, and all that is needed to read on', async () => {
    const { client, ask } = await running({ stepMilliseconds: 0 });
    const raw = await client();
    raw.send(message('POST /collection', [TYPE, ...resumable(3, 'resume, return=representation')], 'abc'));
    const proceed = await raw.next();
    expect(Object.fromEntries(proceed.fields)).toEqual({
      'request-content-location': '/job/0.req',
      'response-message-location': '/job/0.res',
      'content-location': '/items/1',
    });
    const created = await raw.final();
    expect(created.status).toBe(201);
    const { date, ...fields } = Object.fromEntries(created.fields);
    expect(date).toMatch(/GMT$/);
    expect(fields).toEqual({
      progress: '3/3 "Available"',
      location: '/items/1',
      'content-location': '/items/1',
      'preference-applied': 'return=representation',
      'content-type': 'image/x-noise',
      etag: '"item-1"',
      'content-length': '3',
    });
    expect(created.body).toBe('abc');
    expect((await ask(message('GET /items/1'))).fields.get('etag')).toBe('"item-1"');
  });

  test('is streamed whatever its size, and read on by Range after a break', async () => {
    const { client, ask } = await running({ stepMilliseconds: 0, memoryLimit: 50_000 });
    const raw = await client();
    raw.send(
      message('POST /collection', [TYPE, ...resumable(CONTENT.length, 'resume, return=representation')]),
    );
    raw.send(CONTENT);
    const created = await raw.final();
    expect(created.body).toBe(CONTENT);
    const location = created.fields.get('content-location') ?? '';
    const etag = created.fields.get('etag') ?? '';
    const rest = await ask(message(`GET ${location}`, ['Range: bytes=70000-', `If-Range: ${etag}`]));
    expect(rest.status).toBe(206);
    expect(CONTENT.slice(0, 70_000) + rest.body).toBe(CONTENT);
  });

  test('is in the response document, head and item, in any range of it', async () => {
    const { ask } = await running({ stepMilliseconds: 0 });
    const half = CONTENT.length / 2;
    await ask(
      message(
        'POST /collection',
        [TYPE, ...resumable(half, 'return=representation')],
        CONTENT.slice(0, half),
      ),
    );
    const whole = (await ask(message('GET /job/0.res'))).body;
    const headLength = whole.indexOf('\r\n\r\n') + 4;
    expect(whole.slice(0, headLength)).toBe(
      [
        'HTTP/1.1 201 Created',
        'Progress: 3/3 "Available"',
        'Location: /items/1',
        'Content-Location: /items/1',
        'Preference-Applied: return=representation',
        'Content-Type: image/x-noise',
        'ETag: "item-1"',
        'Content-Length: 100000',
        '',
        '',
      ].join('\r\n'),
    );
    expect(whole.slice(headLength)).toBe(CONTENT.slice(0, half));
    for (const [first, last] of [
      [0, 0],
      [0, headLength - 1],
      [headLength - 1, headLength],
      [headLength, headLength],
      [headLength + 5, whole.length - 1],
      [10, 70_000],
    ] as const) {
      const part = await ask(message('GET /job/0.res', [`Range: bytes=${first}-${last}`]));
      expect(part.status).toBe(206);
      expect(part.body).toBe(whole.slice(first, last + 1));
    }
  });

  test('is kept for a PATCH that completes the request', async () => {
    const { ask, client, stored } = await running({ stepMilliseconds: 0 });
    const raw = await client();
    raw.send(message('POST /collection', resumable(4, 'resume, return=representation'), 'ab'));
    await stored(2);
    raw.reset();
    const created = await ask(patch('/job/0.req', 'bytes 2-3/4', 'cd'));
    expect([created.status, created.body]).toEqual([201, 'abcd']);
  });

  test('does not outlive the item: the document is gone with its content', async () => {
    const { ask } = await running({ stepMilliseconds: 0 });
    await ask(message('POST /collection', resumable(3, 'resume, return=representation'), 'abc'));
    await ask(message('DELETE /job/0.req'));
    expect((await ask(message('GET /job/0.res'))).status).toBe(200);
    await ask(message('DELETE /items/1'));
    const gone = await ask(message('GET /job/0.res'));
    expect([gone.status, gone.body]).toEqual([
      410,
      'The representation that this response held was deleted.\r\n',
    ]);
  });

  test.each(['return=minimal', 'return', 'return=other'])('with %s all is as without it', async (prefer) => {
    const { ask } = await running({ stepMilliseconds: 0 });
    const created = await ask(message('POST /collection', resumable(3, prefer), 'abc'));
    expect(created.body).toBe('Resource created.\r\n');
    for (const name of ['content-location', 'preference-applied', 'etag'])
      expect(created.fields.has(name)).toBe(false);
  });
});
