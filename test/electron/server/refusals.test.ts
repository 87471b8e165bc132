// Every refusal: its status, a sentence that says what to do, and a store that is as it was before.

import { describe, expect, test } from 'vitest';
import { message, patch, resumable, running } from './harness.ts';

const EXPECT = 'Expect: 100-continue';

describe('a request that cannot be served', () => {
  test.each<[string, string, number, RegExp, Record<string, string>]>([
    ['of an unknown method', message('BREW /print'), 501, /method BREW is not known/, {}],
    [
      'that would replace the printer',
      message('PUT /print', ['Content-Length: 0']),
      405,
      /PUT is not possible here/,
      { allow: 'GET, HEAD, POST' },
    ],
    ['for nothing there is', message('GET /nothing'), 404, /GET \/ lists what there is/, {}],
    ['for a test there is none of', message('POST /test/3', resumable(0)), 404, /GET \/test\/ lists/, {}],
    [
      'that changes the index',
      message('POST /', ['Content-Length: 0']),
      405,
      /only GET, HEAD/,
      { allow: 'GET, HEAD' },
    ],
    ['that deletes the printer', message('DELETE /print'), 405, /only GET/, { allow: 'GET, HEAD, POST' }],
    [
      'that changes the test data',
      message('POST /test/data', resumable(0)),
      405,
      /POST/,
      { allow: 'GET, HEAD' },
    ],
    ['that deletes all captures', message('DELETE /capture'), 405, /only GET/, { allow: 'GET, HEAD, POST' }],
    [
      'that posts to a capture',
      message('POST /capture?request=0'),
      405,
      /only/,
      { allow: 'GET, HEAD, DELETE' },
    ],
    ['for a capture there is none of', message('GET /capture?request=77'), 404, /no such capture/, {}],
    ['for a photograph there is none of', message('GET /photos/1'), 404, /no such photograph/, {}],
    ['for an item there is none of', message('GET /items/1'), 404, /no such item/, {}],
    ['for request content there is none of', message('HEAD /job/9.req'), 404, /^$/, {}],
    ['for a status there is none of', message('GET /job/9.job'), 404, /no such status document/, {}],
    ['for a response there is none of', message('GET /job/9.res'), 404, /no such response/, {}],
    ['without a length', message('POST /print', [EXPECT]), 411, /needs a Content-Length/, {}],
    [
      'that expects nothing',
      message('POST /print', ['Content-Length: 0']),
      400,
      /^Expected 100-continue/,
      {},
    ],
    [
      'whose expectation is empty',
      message('POST /print', ['Content-Length: 0', 'Expect:']),
      400,
      /^Expected 100-continue/,
      {},
    ],
    [
      'that expects more',
      message('POST /print', ['Content-Length: 0', 'Expect: tea']),
      417,
      /100-continue, not tea/,
      {},
    ],
    [
      'that expects two things',
      message('POST /print', ['Content-Length: 0', `${EXPECT}, tea`]),
      417,
      /tea/,
      {},
    ],
    ['that expects more of a capture', message('POST /capture', ['Expect: tea']), 417, /not tea/, {}],
    [
      'that claims too much',
      message('POST /print', resumable(4 * 1024 ** 3 + 1)),
      413,
      /4294967296 bytes here/,
      {},
    ],
    ['without Host', 'GET / HTTP/1.1\r\n\r\n', 400, /needs a Host field/, {}],
    ['with two Hosts', message('GET /', ['Host: b']), 400, /only one Host/, {}],
    ['with two Hosts of HTTP/1.0', 'GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n', 400, /only one Host/, {}],
    ['with a Host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 400, /must be a host name/, {}],
    ['with such a Host of HTTP/1.0', 'GET / HTTP/1.0\r\nHost: a/b\r\n\r\n', 400, /must be a host name/, {}],
    [
      'that is malformed',
      'GET / HTTP/1.1\r\nHost : a\r\n\r\n',
      400,
      /whitespace before colon, at byte 20 .*RFC 9112 section 5\.1/,
      {},
    ],
    ['that is no HTTP', '\x16\x03\x01\x02\x00\x01\r\n\r\n', 400, /not valid HTTP\/1\.1: .* at byte 0/, {}],
    [
      'with two lengths',
      message('POST /print', ['Content-Length: 1', 'Content-Length: 2']),
      400,
      /differing content length/,
      {},
    ],
    ['with a huge head', message('GET /', [`A: ${'a'.repeat(70_000)}`]), 431, /head too large/, {}],
    ['with a huge target', message(`GET /${'a'.repeat(20_000)}`), 414, /start line too long/, {}],
    [
      'whose content is malformed',
      message('POST /print', [EXPECT, 'Transfer-Encoding: chunked'], 'zz\r\n'),
      400,
      /invalid chunk size/,
      {},
    ],
  ])('%s is refused', async (_name, request, status, sentence, fields) => {
    const { ask, server } = await running();
    const response = await ask(request);
    expect(response.status).toBe(status);
    expect(response.body).toMatch(sentence);
    expect(response.fields.get('content-type')).toBe('text/plain');
    expect(response.fields.get('date')).toMatch(/GMT$/);
    for (const [name, value] of Object.entries(fields)) expect(response.fields.get(name)).toBe(value);
    expect(server.state().resources).toEqual([]);
  });

  test('is not so for an empty expectation where none is needed: it gets no 100', async () => {
    const { ask } = await running({ stepMilliseconds: 0 });
    const response = await ask(message('POST /capture', ['Content-Length: 0', 'Expect: ,']));
    expect([response.status, response.interim]).toEqual([201, []]);
  });

  test('because it was refused before its content is not told to go on', async () => {
    const { ask } = await running();
    const response = await ask(message('POST /print', ['Content-Length: 10', EXPECT, 'Expect: tea']));
    expect(response.status).toBe(417);
    expect(response.interim).toEqual([]);
  });
});

describe('a PATCH of an upload that has 20 of 100 bytes', () => {
  const type = 'Content-Type: message/byterange';
  const own = (fields: readonly string[], content: string): string =>
    message('PATCH /job/0.req', fields, content);
  test.each<[string, string, number, RegExp]>([
    [
      'of another type',
      own(['Content-Type: text/plain', 'Content-Length: 1'], 'x'),
      415,
      /one of the types message\/byterange, /,
    ],
    ['of no type', own(['Content-Length: 1'], 'x'), 415, /one of the types message\/byterange, /],
    ['without a length', own([type], ''), 411, /needs a Content-Length/],
    ['that expects tea', own([type, 'Content-Length: 1', 'Expect: tea'], 'x'), 417, /not tea/],
    ['that overlaps', patch('/job/0.req', 'bytes 19-99/100', 'x'.repeat(81)), 409, /next byte here is 20/],
    [
      'that starts again',
      patch('/job/0.req', 'bytes 0-99/100', 'x'.repeat(100)),
      409,
      /send bytes 20-99\/100/,
    ],
    [
      'that leaves a gap',
      patch('/job/0.req', 'bytes 21-99/100', 'x'.repeat(79)),
      409,
      /next byte here is 20/,
    ],
    [
      'that goes on for too long',
      patch('/job/0.req', 'bytes 20-100/101', 'x'.repeat(81)),
      400,
      /100 bytes in all/,
    ],
    ['with another total', patch('/job/0.req', 'bytes 20-29/99', 'x'.repeat(10)), 400, /not 99/],
    [
      'that brings more',
      patch('/job/0.req', 'bytes 20-29/100', 'x'.repeat(11)),
      400,
      /brings 11 bytes.*names 10/,
    ],
    ['of an unknown unit', patch('/job/0.req', 'lines 20-29/100', 'x'.repeat(10)), 400, /only bytes/],
    ['of no range', patch('/job/0.req', 'nonsense', 'x'.repeat(10)), 400, /no Content-Range/],
    [
      'with a range that ends first',
      patch('/job/0.req', 'bytes 20-10/100', 'x'),
      400,
      /ends before it begins/,
    ],
    ['whose part says nothing', own([type, 'Content-Length: 5'], '\r\nabc'), 422, /has no Content-Range/],
    [
      'whose part is only half a head',
      own([type, 'Content-Length: 8'], 'Content-'),
      400,
      /ends before its last part does/,
    ],
    [
      'whose part has a wrong length',
      own(
        [type, 'Content-Length: 60'],
        'Content-Range: bytes 20-29/100\r\nContent-Length: 9\r\n\r\n123456789',
      ),
      400,
      /Content-Length is 9/,
    ],
    [
      'whose part is too long, in chunks',
      own(
        [type, 'Transfer-Encoding: chunked'],
        `${(34 + 81).toString(16)}\r\nContent-Range: bytes 20-29/100\r\n\r\n${'x'.repeat(81)}\r\n0\r\n\r\n`,
      ),
      400,
      /goes on after/,
    ],
    ['that only tells another length', patch('/job/0.req', 'bytes */99', ''), 400, /not 99/],
    [
      'that only tells the length, with content',
      patch('/job/0.req', 'bytes */100', 'x'),
      400,
      /announced|no content/,
    ],
  ])('%s is refused, and changes nothing', async (name, request, status, sentence) => {
    const { ask, client, stored, server } = await running({ stepMilliseconds: 0 });
    const raw = await client();
    raw.send(message('POST /print', resumable(100), 'a'.repeat(20)));
    await stored(20);
    const digest = await server.digest('/job/0.req');
    const response = await ask(request);
    expect(response.status).toBe(status);
    expect(response.body).toMatch(sentence);
    if (status === 415)
      expect(response.fields.get('accept-patch')).toBe(
        'message/byterange, multipart/byteranges, application/byteranges',
      );
    const head = await ask(message('HEAD /job/0.req'));
    // In chunks nobody knows ahead that it is too long: what belongs to its range is kept.
    if (name.includes('in chunks')) expect(head.fields.get('content-length')).toBe('30');
    else {
      expect(head.status).toBe(299);
      expect(head.fields.get('content-length')).toBe('20');
      expect(await server.digest('/job/0.req')).toBe(digest);
    }
    await ask(
      patch(
        '/job/0.req',
        `bytes ${head.fields.get('content-length')}-99/100`,
        'b'.repeat(100 - Number(head.fields.get('content-length'))),
      ),
    );
    expect((await ask(message('HEAD /job/0.req'))).status).toBe(200);
  });

  test('that is complete is refused with the way to the response', async () => {
    const { ask } = await running();
    await ask(message('POST /test/0', resumable(3), 'abc'));
    const response = await ask(patch('/job/0.req', 'bytes 3-3/4', 'd'));
    expect(response.status).toBe(409);
    expect(response.body).toMatch(/All 3 bytes are here already: GET \/job\/0\.res/);
  });
});

describe('bounds', () => {
  test('an upload of unknown length ends at the limit, and keeps what fits', async () => {
    const { ask } = await running({ uploadLimit: 10 });
    const fields = [EXPECT, 'Prefer: resume', 'Transfer-Encoding: chunked'];
    const response = await ask(message('POST /print', fields, '8\r\n12345678\r\n8\r\n12345678\r\n0\r\n\r\n'));
    expect(response.status).toBe(413);
    expect((await ask(message('HEAD /job/0.req'))).fields.get('content-length')).toBe('8');
  });

  test('a range that claims more than the limit is refused as wrong, not as too large', async () => {
    const { ask, client, stored } = await running({ uploadLimit: 10 });
    const raw = await client();
    raw.send(message('POST /print', [EXPECT, 'Prefer: resume', 'Transfer-Encoding: chunked'], '2\r\n12\r\n'));
    await stored(2);
    const response = await ask(patch('/job/0.req', 'bytes 2-3/11', '34'));
    expect(response.status).toBe(400);
    expect(response.body).toMatch(/may have 10 bytes here, not 11/);
  });

  test('claims cost no memory: a hundred uploads of 4 GiB each', async () => {
    const { client, until, server } = await running();
    const before = process.memoryUsage().arrayBuffers;
    for (let index = 0; index < 100; index++) {
      (await client()).send(message('POST /print', resumable(4 * 1024 ** 3), 'x'));
    }
    await until(
      () => server.state().resources.length === 20 && server.state().resources[0]?.path === '/job/99.req',
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 ** 2);
  });

  test('the thousand and first operation takes the place of the oldest that is done', async () => {
    const { ask, client } = await running({ stepMilliseconds: 0 });
    const raw = await client();
    for (let index = 0; index < 1000; index++) {
      raw.send(message('POST /test/0', resumable(0)));
      await raw.final();
    }
    expect((await ask(message('HEAD /job/0.req'))).status).toBe(200);
    raw.send(message('POST /test/0', resumable(0)));
    await raw.final();
    expect((await ask(message('HEAD /job/0.req'))).status).toBe(404);
    expect((await ask(message('HEAD /job/1000.req'))).status).toBe(200);
  });

  test('there is no room when a thousand are under way', async () => {
    const { client, ask } = await running();
    const raw = await client();
    for (let index = 0; index < 1000; index++) {
      raw.send(message('POST /print', [...resumable(0, 'resume, respond-async')]));
      expect((await raw.final()).status).toBe(202);
    }
    const response = await ask(message('POST /print', resumable(0)));
    expect(response.status).toBe(503);
    expect(response.fields.get('retry-after')).toBe('60');
  });
});
