// A POST that names an uploaded file: the item has that file's bytes, whatever becomes of the file.

import { describe, expect, test } from 'vitest';
import { message, patch, resumable, running, type Running } from '../harness.ts';

const CONTENT = Array.from({ length: 700_000 }, (_value, index) =>
  String.fromCharCode((index * 5) & 0xff),
).join('');

function put(path: string, content: string, type = 'text/x-fox'): string {
  return message(`PUT ${path}`, [`Content-Type: ${type}`, `Content-Length: ${content.length}`], content);
}

function link(list: string, prefer = 'resume'): string {
  return message(
    'POST /collection',
    ['Content-Type: text/uri-list', ...resumable(list.length, prefer)],
    list,
  );
}

async function uploaded(content: string): Promise<Running> {
  const run = await running({ stepMilliseconds: 0 });
  expect((await run.ask(put('/uploads/a/fox.txt', content))).status).toBe(201);
  return run;
}

describe('POST /collection with a list of one URI', () => {
  test.each(['', 'abc', CONTENT])('makes an item of the file, with its type (%#)', async (content) => {
    const { ask, server } = await uploaded(content);
    const created = await ask(link('# a fox\r\n/uploads/a/fox.txt\r\n'));
    expect([created.status, created.body]).toEqual([201, 'Resource created.\r\n']);
    const item = await ask(message('GET /items/1'));
    expect([item.body === content, item.fields.get('content-type')]).toEqual([true, 'text/x-fox']);
    expect(await server.digest('/items/1')).toBe(await server.digest('/uploads/a/fox.txt'));
  });

  test('names it by an absolute URI of this server, too', async () => {
    const { ask } = await uploaded('abc');
    expect((await ask(link('http://test/uploads/a/fox.txt'))).status).toBe(201);
  });

  test('has a copy of its own, which goes with the item', async () => {
    const { ask } = await uploaded('abc');
    await ask(link('/uploads/a/fox.txt'));
    await ask(put('/uploads/a/fox.txt', 'another'));
    expect((await ask(message('GET /items/1'))).body).toBe('abc');
    await ask(message('DELETE /uploads/a/fox.txt'));
    await ask(message('DELETE /job/0.req'));
    expect((await ask(message('GET /items/1'))).body).toBe('abc');
    expect((await ask(message('DELETE /items/1'))).status).toBe(204);
    expect((await ask(message('GET /items/1'))).status).toBe(404);
  });

  test('is answered with the item where that is preferred', async () => {
    const { ask } = await uploaded(CONTENT);
    const created = await ask(link('/uploads/a/fox.txt', 'return=representation'));
    expect([created.status, created.fields.get('content-type')]).toEqual([201, 'text/x-fox']);
    expect(created.body).toBe(CONTENT);
    expect((await ask(message('GET /job/0.res'))).body.endsWith(CONTENT)).toBe(true);
  });

  test('is read when all of it is there, over a cut', async () => {
    const { ask, client, stored, until, notes } = await uploaded('abc');
    const list = '/uploads/a/fox.txt';
    const before = notes.closings.length;
    const raw = await client();
    raw.send(link(list).slice(0, -5));
    await stored(list.length - 5);
    raw.reset();
    await until(() => notes.closings.length > before);
    const rest = patch(
      '/job/0.req',
      `bytes ${list.length - 5}-${list.length - 1}/${list.length}`,
      list.slice(-5),
    );
    expect((await ask(rest)).status).toBe(201);
    expect((await ask(message('GET /items/1'))).body).toBe('abc');
  });

  test.each<[string, string, number, RegExp]>([
    ['a file there is none of', '/uploads/nothing', 422, /no complete file at \/uploads\/nothing/],
    ['a file that is not complete', '/uploads/part', 422, /no complete file/],
    ['a folder', '/uploads/a', 422, /no complete file/],
    ['what is outside', '/uploads/%2e%2e/secret', 422, /no complete file|no file here/],
    ['another server', 'http://example.com/uploads/a/fox.txt', 422, /not on this server/],
    ['several', '/uploads/a/fox.txt\r\n/uploads/a/fox.txt', 400, /names 2/],
    ['nothing', '#\r\n', 400, /names 0/],
    ['more than is read', `#${'x'.repeat(64 * 1024)}\r\n/uploads/a/fox.txt`, 400, /may have 65536 bytes/],
  ])('that names %s is refused, and makes no item', async (_name, list, status, sentence) => {
    const { ask } = await uploaded('abc');
    expect((await ask(patch('/uploads/part', 'bytes 0-1/9', 'ab'))).status).toBe(299);
    const refused = await ask(link(list));
    expect(refused.status).toBe(status);
    expect(refused.body).toMatch(sentence);
    expect((await ask(message('GET /collection'))).body).toBe('[]\n');
    expect((await ask(message('GET /job/0.res'))).body).toContain(`HTTP/1.1 ${status} `);
  });

  test('is refused for want of room, and leaves none of it behind', async () => {
    const run = await running({ stepMilliseconds: 0, storeLimit: 1000 });
    await run.ask(put('/uploads/fox', 'x'.repeat(600)));
    const refused = await run.ask(link('/uploads/fox'));
    expect([refused.status, refused.body]).toEqual([507, expect.stringMatching(/keeps 1000 bytes/)]);
    expect((await run.ask(message('POST /print', resumable(300), 'x'.repeat(300)))).status).toBe(200);
  });
});
