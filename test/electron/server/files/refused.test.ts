// Patches that cannot be: the status, what is said and where, and a resource that is as it was, or has exactly what came.

import { describe, expect, test } from 'vitest';
import { message, patch } from '../harness.ts';
import { lines, serving } from './fixture.ts';

const CONTENT = lines(100);
const TYPE = 'Content-Type: message/byterange';
const own = (part: string, fields: readonly string[] = []): string =>
  message('PATCH /uploads/a', [TYPE, `Content-Length: ${part.length}`, ...fields], part);
const chunked = (part: string): string =>
  message(
    'PATCH /uploads/a',
    [TYPE, 'Transfer-Encoding: chunked'],
    `${part.length.toString(16)}\r\n${part}\r\n0\r\n\r\n`,
  );
const X = 'x'.repeat(10);
const multipart = (body: string, type = 'multipart/byteranges; boundary=B'): string =>
  message('PATCH /uploads/a', [`Content-Type: ${type}`, `Content-Length: ${body.length}`], body);

const REQUESTS: [string, string, number, RegExp][] = [
  [
    'of another type',
    message('PATCH /uploads/a', ['Content-Type: text/plain', 'Content-Length: 1'], 'x'),
    415,
    /has one of these types/,
  ],
  ['of no type', message('PATCH /uploads/a', ['Content-Length: 1'], 'x'), 415, /message\/byterange/],
  [
    'that is encoded',
    own(`Content-Range: bytes 0-9/*\r\n\r\n${X}`, ['Content-Encoding: br']),
    415,
    /without br/,
  ],
  [
    'whose part is encoded',
    own(`Content-Range: bytes 0-9/*\r\nContent-Encoding: gzip\r\n\r\n${X}`),
    415,
    /without gzip/,
  ],
  ['without a length', message('PATCH /uploads/a', [TYPE]), 411, /needs a Content-Length/],
  ['that expects tea', own(`Content-Range: bytes 0-9/*\r\n\r\n${X}`, ['Expect: tea']), 417, /not tea/],
  ['of another version', own(`Content-Range: bytes 0-9/*\r\n\r\n${X}`, ['If-Match: "x"']), 412, /If-Match/],
  ['of nothing', own(''), 400, /part|head/i],
  ['of half a head', own('Content-Range: byt'), 400, /ends before/],
  ['without a range', own(`Content-Type: text/plain\r\n\r\n${X}`), 422, /Content-Range/],
  ['of an unknown unit', own(`Content-Range: lines 0-9/100\r\n\r\n${X}`), 400, /only bytes/],
  [
    'that ends before it begins',
    own(`Content-Range: bytes 9-0/100\r\n\r\n${X}`),
    400,
    /ends before it begins/,
  ],
  [
    'beyond its own length',
    own(`Content-Range: bytes 95-104/100\r\n\r\n${X}`),
    400,
    /beyond its complete length/,
  ],
  [
    'beyond 2^53',
    own(`Content-Range: bytes 9007199254740992-9007199254740999/*\r\n\r\n${X}`),
    400,
    /9007199254740991/,
  ],
  ['at a negative place', own(`Content-Range: bytes -5-4/*\r\n\r\n${X}`), 400, /no Content-Range/],
  ['that says nothing', own(`Content-Range: bytes */*\r\n\r\n`), 400, /range, a length, or both/],
  [
    'with a gigantic hint',
    own(`Content-Range: bytes 0-9/9007199254740991\r\n\r\n${X}`),
    400,
    /not 9007199254740991/,
  ],
  [
    'of a gigantic length',
    own('Content-Range: bytes */9007199254740991\r\n\r\n'),
    400,
    /not 9007199254740991/,
  ],
  [
    'that leaves a gap',
    own(`Content-Range: bytes 101-110/*\r\n\r\n${X}`),
    400,
    /begins at byte 101, but there are only 100/,
  ],
  [
    'of a wrong length',
    own(`Content-Range: bytes 0-9/*\r\nContent-Length: 9\r\n\r\n${X}`),
    400,
    /Content-Length/,
  ],
  [
    'that brings more',
    own(`Content-Range: bytes 0-8/*\r\n\r\n${X}`),
    400,
    /brings 10 bytes, but announces 9/,
  ],
  [
    'that brings more, in chunks',
    chunked(`Content-Range: bytes 0-8/*\r\n\r\n${X}`),
    400,
    /announced|goes on/,
  ],
  ['that brings less', own(`Content-Range: bytes 0-10/*\r\n\r\n${X}`), 400, /ends after 10 of 11 bytes/],
  ['that sets a length and brings bytes', own(`Content-Range: bytes */50\r\n\r\n${X}`), 400, /./],
  [
    'of a type without end',
    own(`Content-Range: bytes 0-9/*\r\nContent-Type: a/${'b'.repeat(300)}\r\n\r\n${X}`),
    400,
    /256 characters/,
  ],
  [
    'whose head has no end',
    own(`Content-Range: bytes 0-9/*\r\nA: ${'a'.repeat(20_000)}\r\n\r\n${X}`),
    400,
    /16384|long|large/,
  ],
];
const MULTIPARTS: [string, string, number, RegExp][] = [
  ['of no parts', multipart('--B--\r\n'), 422, /no part/],
  ['that is not closed', multipart(`--B\r\nContent-Range: bytes 0-9/*\r\n\r\n${X}`), 400, /ends/],
  [
    'whose second part has no range',
    multipart(`--B\r\nContent-Range: bytes 0-9/*\r\n\r\n${X}\r\n--B\r\n\r\n${X}\r\n--B--\r\n`),
    422,
    /Content-Range/,
  ],
  [
    'whose second part leaves a gap',
    multipart(
      `--B\r\nContent-Range: bytes 0-9/*\r\n\r\n${X}\r\n--B\r\nContent-Range: bytes 200-209/*\r\n\r\n${X}\r\n--B--\r\n`,
    ),
    400,
    /begins at byte 200/,
  ],
  [
    'whose second part is short',
    multipart(
      `--B\r\nContent-Range: bytes 0-9/*\r\n\r\n${X}\r\n--B\r\nContent-Range: bytes 20-39/*\r\n\r\n${X}\r\n--B--\r\n`,
    ),
    400,
    /./,
  ],
  [
    'whose second part is encoded',
    multipart(
      `--B\r\nContent-Range: bytes 0-9/*\r\nContent-Encoding: identity\r\n\r\n${X}\r\n` +
        `--B\r\nContent-Range: bytes 10-19/*\r\nContent-Encoding: br\r\n\r\n${X}\r\n--B--\r\n`,
    ),
    415,
    /without br/,
  ],
  ['in binary, of an unknown framing', multipart('\x09', 'application/byteranges'), 400, /./],
  ['in binary, of half a varint', multipart('\x08\x40', 'application/byteranges'), 400, /./],
];

describe('a PATCH of a complete file', () => {
  test.each([...REQUESTS, ...MULTIPARTS])(
    '%s is refused, and changes nothing',
    async (_name, request, status, sentence) => {
      const { ask, put, onDisk, head, underWay } = await serving();
      const { fields } = await put('a', CONTENT, ['Content-Type: text/plain']);
      const refused = await ask(request);
      expect([refused.status, refused.body]).toEqual([status, expect.stringMatching(sentence)]);
      if (status === 415 && !request.includes('Content-Encoding')) {
        expect(refused.fields.get('accept-patch')).toMatch(/^message\/byterange, /);
      }
      const told = await head('a');
      expect([onDisk('a'), told.fields.get('etag'), told.fields.get('content-type'), underWay()]).toEqual([
        CONTENT,
        fields.get('etag'),
        'text/plain',
        [],
      ]);
    },
  );

  test('says what is wrong for programs, too, and at which byte', async () => {
    const { ask, put } = await serving();
    await put('a', CONTENT);
    const part = `Content-Range: bytes 101-110/*\r\n\r\n${X}`;
    const refused = await ask(own(part));
    expect(refused.fields.get('content-type')).toBe('application/problem+json');
    expect(JSON.parse(refused.body)).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: expect.stringMatching(/^The part begins at byte 101/),
      at: part.length - 10,
    });
  });
});

describe('a PATCH of what is not there', () => {
  test.each([...REQUESTS.filter(([, , status]) => status !== 412), ...MULTIPARTS])(
    '%s is refused, and leaves no trace',
    async (name, request, status) => {
      const { ask, get, underWay } = await serving();
      const refused = await ask(request);
      expect(refused.status).toBe(status);
      // A single part of a new resource persists: what came within its range stays.
      const kept =
        name === 'that brings less' ? X : name === 'that brings more, in chunks' ? X.slice(1) : null;
      const got = await get('a');
      expect([got.status, underWay()]).toEqual([kept === null ? 404 : 299, []]);
      if (kept !== null) {
        expect(got.body).toBe(kept);
        expect(JSON.parse(refused.body).detail).toMatch(/What came before is kept/);
      }
    },
  );
});

describe('a PATCH of an upload that has 20 of 100 bytes', () => {
  test.each<[string, string, number, RegExp]>([
    ['of another length', patch('/uploads/a', 'bytes 20-29/101', X), 400, /100 bytes in all, not 101/],
    ['behind its end', patch('/uploads/a', 'bytes 95-104/*', X), 400, /last one that can be is 99/],
    ['that never ends', patch('/uploads/a', 'bytes 95-/*', X), 400, /goes on where the resource must end/],
    ['without a range', own(`\r\n${X}`), 422, /Content-Range/],
  ])('%s is refused, and keeps what it has', async (name, request, status, sentence) => {
    const { ask, patch: send, get } = await serving();
    await send('a', 'bytes 0-19/100', CONTENT.slice(0, 20));
    const refused = await ask(request);
    expect([refused.status, refused.body]).toEqual([status, expect.stringMatching(sentence)]);
    const got = await get('a');
    expect([got.status, got.body]).toEqual([299, CONTENT.slice(0, 20)]);
    // What fitted was kept.
    const rest = name === 'that never ends' ? [20, 95] : [20, 100];
    const answer = await send('a', `bytes ${rest[0]}-${rest[1]! - 1}/100`, CONTENT.slice(...rest));
    expect(answer.status).toBe(201);
  });
});

describe('bounds', () => {
  test('an upload has four thousand stretches at most', async () => {
    const { ask, patch: send, head } = await serving();
    const parts = (from: number, count: number): string =>
      Array.from({ length: count }, (_value, index) => 2 * (from + index))
        .map((at) => `--B\r\nContent-Range: bytes ${at}-${at}/100000\r\n\r\nx\r\n`)
        .join('');
    const all = await ask(multipart(`${parts(0, 4096)}--B--\r\n`));
    expect([all.status, all.fields.get('content-range')]).toEqual([299, 'bytes 0-0/100000']);
    for (const refused of [
      await send('a', 'bytes 90000-90000/100000', 'x'),
      await ask(multipart(`${parts(5000, 1)}--B--\r\n`)),
    ]) {
      expect([refused.status, refused.body]).toEqual([400, expect.stringMatching(/4096 separate stretches/)]);
    }
    // One that fills a gap makes room for another.
    expect((await send('a', 'bytes 1-1/100000', 'x')).status).toBe(299);
    expect((await send('a', 'bytes 90000-90000/100000', 'x')).status).toBe(299);
    expect((await head('a')).fields.get('content-length')).toBe('3');
  });

  test('claims cost no memory and no disk', async () => {
    const { patch: send, put, head, root } = await serving();
    const before = process.memoryUsage().arrayBuffers;
    const { statSync } = await import('node:fs');
    for (let index = 0; index < 20; index++) {
      expect((await send(`f${index}`, 'bytes 4294967295-4294967295/4294967296', 'x')).status).toBe(299);
    }
    await put('whole', 'abc');
    expect((await send('whole', 'bytes */4294967296', '')).status).toBe(200);
    expect((await head('whole')).fields.get('content-length')).toBe('4294967296');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 ** 2);
    expect(statSync(`${root}/f0`).blocks * 512).toBeLessThan(1024 ** 2);
  });

  test('what all files may have together is not exceeded, and a request that would is undone', async () => {
    const { put, patch: send, ask, onDisk, underWay, get } = await serving({ storeLimit: 1000 });
    expect((await put('a', 'x'.repeat(600))).status).toBe(201);
    const refused = await put('b', 'x'.repeat(600));
    expect([refused.status, refused.body]).toEqual([
      507,
      expect.stringMatching(/keeps 1000 bytes .* DELETE/),
    ]);
    expect([onDisk('b'), underWay()]).toEqual([null, []]);
    // An upload keeps what fitted.
    expect((await send('c', 'bytes 0-299/600', 'y'.repeat(300))).status).toBe(299);
    expect((await send('c', 'bytes 300-599/600', 'y'.repeat(300))).status).toBe(507);
    expect((await get('c')).body).toBe('y'.repeat(300));
    await ask(message('DELETE /uploads/a'));
    expect((await send('c', 'bytes 300-599/600', 'y'.repeat(300))).status).toBe(201);
  });

  test('nor by what waits in its place to be seen, of one request or of several', async () => {
    const { patch: send, ask, get, head, put, cutAfter } = await serving({ storeLimit: 1_000_000 });
    const atomic = ['Prefer: transaction=atomic'];
    const placed = (first: number, length: number, fields = atomic): ReturnType<typeof send> =>
      send('a', `bytes ${first}-${first + length - 1}/30000000`, 'y'.repeat(length), fields);
    expect((await placed(0, 10, [])).status).toBe(299);
    expect((await placed(10, 20_000_000)).status).toBe(507);
    expect((await head('a')).fields.get('content-length')).toBe('10');
    // What was refused takes no room, and neither does what was cut off.
    const cut = patch('/uploads/a', 'bytes 10-900009/30000000', 'y'.repeat(900_000), atomic);
    await cutAfter(cut.length - 1, cut);
    expect((await placed(10, 600_000)).status).toBe(299);
    expect((await placed(1_000_000, 399_991)).status).toBe(507);
    expect((await placed(1_000_000, 399_990)).status).toBe(299);
    expect((await put('b', 'x')).status).toBe(507);
    expect((await get('a')).body).toBe('y'.repeat(600_010));
    await ask(message('DELETE /uploads/a'));
    expect((await put('b', 'x'.repeat(1_000_000))).status).toBe(201);
  });

  test('nor counted twice where some waits in its place and some beside it', async () => {
    const { patch: send, ask, head, put } = await serving({ storeLimit: 1000 });
    expect((await send('a', 'bytes 0-99/900', 'y'.repeat(100))).status).toBe(299);
    const part = (first: number, length: number): string =>
      `--B\r\nContent-Range: bytes ${first}-${first + length - 1}/900\r\n\r\n${'z'.repeat(length)}\r\n`;
    expect((await ask(multipart(`${part(100, 500)}${part(0, 100)}--B--\r\n`))).status).toBe(299);
    expect((await head('a')).fields.get('content-length')).toBe('600');
    expect((await put('b', 'x'.repeat(401))).status).toBe(507);
    expect((await put('b', 'x'.repeat(400))).status).toBe(201);
  });
});
