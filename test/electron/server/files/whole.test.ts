// Files as wholes: PUT, GET, HEAD, DELETE, MOVE, OPTIONS and the list, over a real server and a real folder.

import { mkdirSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { message } from '../harness.ts';
import { lines, serving, type Serving } from './fixture.ts';

describe('PUT', () => {
  test('creates a file that a person can look at, and replaces it', async () => {
    const { put, get, onDisk, underWay } = await serving();
    const created = await put('notes/today.txt', 'one', ['Content-Type: text/plain']);
    expect([created.status, onDisk('notes/today.txt')]).toEqual([201, 'one']);
    const replaced = await put('notes/today.txt', 'second', ['Content-Type: text/markdown']);
    expect([replaced.status, replaced.body, onDisk('notes/today.txt')]).toEqual([204, '', 'second']);
    const got = await get('notes/today.txt');
    expect([got.status, got.body, got.fields.get('content-type')]).toEqual([200, 'second', 'text/markdown']);
    expect(got.fields.get('etag')).toBe(replaced.fields.get('etag'));
    expect(got.fields.get('etag')).not.toBe(created.fields.get('etag'));
    expect(got.fields.get('last-modified')).toMatch(/GMT$/);
    expect(underWay()).toEqual([]);
  });

  test('takes chunks, and nothing at all', async () => {
    const { ask, put, get } = await serving();
    const chunked = message(
      'PUT /uploads/a',
      ['Transfer-Encoding: chunked'],
      '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    );
    expect((await ask(chunked)).status).toBe(201);
    expect((await get('a')).body).toBe('abcde');
    expect((await put('a', '')).status).toBe(204);
    expect((await get('a')).body).toBe('');
  });

  test('is told to go on when it waits for that', async () => {
    const { ask } = await serving();
    const answer = await ask(message('PUT /uploads/a', ['Content-Length: 3', 'Expect: 100-continue'], 'abc'));
    expect([answer.interim.map(({ status }) => status), answer.status]).toEqual([[100], 201]);
  });

  test.each<[string, string[], string, number, RegExp]>([
    [
      'of a part',
      ['Content-Length: 1', 'Content-Range: bytes 0-0/3'],
      'a',
      400,
      /PATCH it with a message\/byterange/,
    ],
    ['without a length', [], '', 411, /needs a Content-Length/],
    ['that is too large', ['Content-Length: 1001'], '', 413, /may have 1000 bytes here, not 1001/],
    [
      'that turns out too large',
      ['Transfer-Encoding: chunked'],
      `3E9\r\n${'x'.repeat(1001)}\r\n0\r\n\r\n`,
      413,
      /1000 bytes/,
    ],
    ['that is encoded', ['Content-Length: 1', 'Content-Encoding: gzip'], 'a', 415, /without gzip/],
    ['that expects tea', ['Content-Length: 1', 'Expect: tea'], 'a', 417, /not tea/],
    [
      'of a type without end',
      ['Content-Length: 1', `Content-Type: a/${'b'.repeat(300)}`],
      'a',
      400,
      /256 characters/,
    ],
    ['of another version', ['Content-Length: 1', 'If-Match: "other"'], 'a', 412, /If-Match/],
    ['of what exists', ['Content-Length: 1', 'If-None-Match: *'], 'a', 412, /If-None-Match/],
    [
      'of what changed since',
      ['Content-Length: 1', 'If-Unmodified-Since: Sat, 29 Oct 1994 19:43:31 GMT'],
      'a',
      412,
      /since/i,
    ],
    [
      'with a broken condition',
      ['Content-Length: 1', 'If-Match: other'],
      'a',
      400,
      /If-Match cannot be read: .*character 1/,
    ],
  ])('%s is refused, and changes nothing', async (_name, fields, content, status, sentence) => {
    const { ask, put, onDisk, head, underWay } = await serving({ uploadLimit: 1000 });
    await put('a', 'before');
    const etag = (await head('a')).fields.get('etag');
    const refused = await ask(message('PUT /uploads/a', fields, content));
    expect([refused.status, refused.body]).toEqual([status, expect.stringMatching(sentence)]);
    expect(refused.interim).toEqual([]);
    expect([onDisk('a'), (await head('a')).fields.get('etag'), underWay()]).toEqual(['before', etag, []]);
  });

  test.each(['..%2Fa', '%2e%2e/a', '.interim/lock', 'a/', 'a%00'])('of %s is refused', async (path) => {
    const { ask, root } = await serving();
    const refused = await ask(message(`PUT /uploads/${path}`, ['Content-Length: 1'], 'a'));
    expect([refused.status, readdirSync(root)]).toEqual([400, ['.interim']]);
  });

  test('follows no link and replaces no folder', async () => {
    const { put, get, root, onDisk } = await serving();
    mkdirSync(join(root, 'folder'));
    symlinkSync('/etc', join(root, 'link'));
    symlinkSync('/etc/hostname', join(root, 'name'));
    writeFileSync(join(root, 'file'), 'x');
    for (const name of ['folder', 'link', 'link/x', 'name', 'file/x']) {
      expect([name, (await put(name, 'a')).status, (await get(name)).status]).toEqual([name, 409, 404]);
    }
    expect(onDisk('file')).toBe('x');
  });
});

describe('GET and HEAD', () => {
  const CONTENT = lines(100);

  test('of a file that was put there by hand', async () => {
    const { root, get, head } = await serving();
    writeFileSync(join(root, 'by-hand.txt'), CONTENT);
    const got = await get('by-hand.txt');
    expect([got.status, got.body]).toEqual([200, CONTENT]);
    const told = await head('by-hand.txt');
    expect(told.fields.get('etag')).toBe(got.fields.get('etag'));
    writeFileSync(join(root, 'by-hand.txt'), 'other');
    const other = await get('by-hand.txt');
    expect([other.body, other.fields.get('etag') === told.fields.get('etag')]).toEqual(['other', false]);
  });

  test('of a file of ours that somebody else has changed', async () => {
    const { root, put, get } = await serving();
    const before = await put('a', 'before');
    writeFileSync(join(root, 'a'), 'and after');
    const after = await get('a');
    expect([after.status, after.body]).toEqual([200, 'and after']);
    expect(after.fields.get('etag')).not.toBe(before.fields.get('etag'));
  });

  test.each(['missing', 'a/b/c', '..', 'a%2fb'])('of %s: there is none', async (path) => {
    const { get, head } = await serving();
    expect([(await get(path)).status, (await head(path)).status]).toEqual([404, 404]);
  });

  test.each<[string, number, string, string | undefined]>([
    ['bytes=0-9', 206, CONTENT.slice(0, 10), 'bytes 0-9/100'],
    ['bytes=90-', 206, CONTENT.slice(90), 'bytes 90-99/100'],
    ['bytes=-5', 206, CONTENT.slice(95), 'bytes 95-99/100'],
    ['bytes=0-4,5-9', 206, CONTENT.slice(0, 10), 'bytes 0-9/100'],
    ['bytes=100-', 416, 'There are 100 bytes here: ask for a range within them.\r\n', 'bytes */100'],
    ['lines=1-2', 200, CONTENT, undefined],
    ['bytes=5-1', 200, CONTENT, undefined],
  ])('with Range: %s', async (range, status, body, contentRange) => {
    const { put, get } = await serving();
    await put('a', CONTENT);
    const got = await get('a', [`Range: ${range}`]);
    expect([got.status, got.body, got.fields.get('content-range')]).toEqual([status, body, contentRange]);
  });

  test('with several ranges sends each with its type and place', async () => {
    const { put, get } = await serving();
    await put('a', CONTENT, ['Content-Type: text/plain']);
    const got = await get('a', ['Range: bytes=20-24, 0-2, -1']);
    const boundary = /^multipart\/byteranges; ?boundary="?([\w-]+)"?$/.exec(
      got.fields.get('content-type') ?? '',
    )?.[1];
    expect([got.status, got.fields.has('content-range')]).toEqual([206, false]);
    const parts = got.body.split(`--${boundary}`);
    expect(parts.at(-1)).toMatch(/^--/);
    expect(parts.slice(1, -1).map((part) => part.split('\r\n\r\n')[1])).toEqual([
      `${CONTENT.slice(20, 25)}\r\n`,
      `${CONTENT.slice(0, 3)}\r\n`,
      `${CONTENT.slice(99)}\r\n`,
    ]);
    for (const [index, range] of ['20-24', '0-2', '99-99'].entries()) {
      expect(parts[index + 1]).toContain(`Content-Range: bytes ${range}/100\r\n`);
      expect(parts[index + 1]).toContain('Content-Type: text/plain\r\n');
    }
  });

  test('under conditions', async () => {
    const { put, get, head } = await serving();
    const created = await put('a', CONTENT);
    const etag = created.fields.get('etag') ?? '';
    const modified = created.fields.get('last-modified') ?? '';
    const cases: [string[], number][] = [
      [[`If-None-Match: ${etag}`], 304],
      [['If-None-Match: *'], 304],
      [['If-None-Match: "x"'], 200],
      [[`If-Modified-Since: ${modified}`], 304],
      [['If-Match: "x"'], 412],
      [[`If-Match: ${etag}`], 200],
      [['Range: bytes=0-0', `If-Range: ${etag}`], 206],
      [['Range: bytes=0-0', 'If-Range: "x"'], 200],
      [['Range: bytes=0-0', `If-Range: W/${etag}`], 200],
    ];
    for (const [fields, status] of cases)
      expect([fields, (await get('a', fields)).status]).toEqual([fields, status]);
    const same = await head('a', [`If-None-Match: ${etag}`]);
    expect([same.status, same.fields.get('etag'), same.fields.has('content-length')]).toEqual([
      304,
      etag,
      false,
    ]);
  });

  /** The clock on the wall, while that lasts. */
  async function at<T>(now: number, call: () => Promise<T>): Promise<T> {
    vi.useFakeTimers({ toFake: ['Date'], now });
    try {
      return await call();
    } finally {
      vi.useRealTimers();
    }
  }

  /** What a client gets that has the date of a file, two seconds later, from a server that has been there for long. */
  async function aged(change: (server: Serving) => Promise<void>): Promise<[number, string]> {
    const server = await at(Date.now() - 5000, () => serving());
    await change(server);
    const modified = (await server.head('a')).fields.get('last-modified') ?? '';
    return at(Date.now() + 2000, async () => {
      const got = await server.get('a', ['Range: bytes=0-0', `If-Range: ${modified}`]);
      return [got.status, got.body];
    });
  }
  const once = async ({ put }: Serving): Promise<void> => void (await put('a', 'AB'));

  test('compares If-Range with a date that is that of one state only', async () => {
    expect(await aged(once)).toEqual([206, 'A']);
  });

  test.each<[string, (server: Serving) => Promise<void>]>([
    ['replaced', once],
    ['patched', async ({ patch }) => void (await patch('a', 'bytes 0-1/*', 'AB'))],
    [
      'patched in place',
      async ({ patch }) => void (await patch('a', 'bytes 0-1/*', 'AB', ['Prefer: transaction=persist'])),
    ],
    [
      'deleted and made again',
      async (server) => {
        await server.ask(message('DELETE /uploads/a'));
        await once(server);
      },
    ],
    [
      'replaced by MOVE',
      async ({ put, ask }) => {
        await put('b', 'AB');
        await ask(message('MOVE /uploads/b', ['Destination: /uploads/a']));
      },
    ],
    ['written by hand', async ({ root }) => writeFileSync(join(root, 'a'), 'AB')],
  ])('takes no date for proof of a file that was %s within the same second', async (_name, change) => {
    const result = await aged(async (server) => {
      // Once more where a second ended in between.
      for (let times = ['', '-']; times[0] !== times[1];) {
        await server.put('a', '--');
        times = [(await server.head('a')).fields.get('last-modified') ?? ''];
        await change(server);
        times.push((await server.head('a')).fields.get('last-modified') ?? '');
      }
    });
    expect(result).toEqual([200, 'AB']);
  });

  test('takes no date for proof before its second is over', async () => {
    const server = await at(Date.now() - 5000, () => serving());
    await server.put('a', 'AB');
    const modified = (await server.head('a')).fields.get('last-modified') ?? '';
    const got = await at(Date.parse(modified) + 999, () =>
      server.get('a', ['Range: bytes=0-0', `If-Range: ${modified}`]),
    );
    expect(got.status).toBe(200);
  });

  test('of what cannot be opened is refused, whether its content is wanted or not', async () => {
    const { put, get, head, root, client } = await serving();
    await put('a', CONTENT);
    // Whoever has it in use does not look for it again.
    const raw = await client();
    raw.send(message('PUT /uploads/a', ['Content-Length: 1', 'Expect: 100-continue']));
    await raw.next();
    rmSync(join(root, 'a'));
    expect([(await get('a')).status, (await head('a')).status]).toEqual([500, 500]);
  });

  test('never mixes a file with the one that takes its place', async () => {
    const { client, put, get } = await serving();
    const [old, fresh] = [lines(4_000_000), lines(4_000_000).toUpperCase().replaceAll('0', 'x')];
    await put('a', old);
    const slow = await client();
    slow.socket.pause();
    await slow.flushed(message('GET /uploads/a'));
    await put('a', fresh);
    expect((await get('a')).body).toBe(fresh);
    slow.socket.resume();
    expect((await slow.final()).body).toBe(old);
  });

  test('breaks off where the bytes that it was sending are written over', async () => {
    const { client, patch, root } = await serving();
    writeFileSync(join(root, 'a'), '');
    truncateSync(join(root, 'a'), 32 * 1024 * 1024);
    const reader = await client();
    reader.socket.pause();
    await reader.flushed(message('GET /uploads/a'));
    const end = 'bytes 33554422-33554431/*';
    expect((await patch('a', end, '!'.repeat(10), ['Prefer: transaction=persist'])).status).toBe(200);
    reader.socket.resume();
    expect(await reader.ended).toBe('rst');
  });
});

describe('DELETE', () => {
  test('takes the file and its empty folders away', async () => {
    const { ask, put, get, root } = await serving();
    await put('a/b/one', '1');
    await put('a/two', '2');
    expect((await ask(message('DELETE /uploads/a/b/one'))).status).toBe(204);
    expect(readdirSync(join(root, 'a'))).toEqual(['two']);
    expect((await ask(message('DELETE /uploads/a/two'))).status).toBe(204);
    expect(readdirSync(root)).toEqual(['.interim']);
    expect(readdirSync(join(root, '.interim', 'state'))).toEqual([]);
    expect((await get('a/two')).status).toBe(404);
    expect((await ask(message('DELETE /uploads/a/two'))).status).toBe(404);
  });

  test('under a condition that fails leaves it', async () => {
    const { ask, put, onDisk } = await serving();
    await put('a', '1');
    expect((await ask(message('DELETE /uploads/a', ['If-Match: "x"']))).status).toBe(412);
    expect(onDisk('a')).toBe('1');
  });
});

describe('MOVE', () => {
  test('gives a scratch file the name that is wanted, with its type and without its old name', async () => {
    const { ask, put, get, onDisk, server, root } = await serving();
    await put('scratch/x', 'new', ['Content-Type: text/plain']);
    const moved = await ask(message('MOVE /uploads/scratch/x', ['Destination: /uploads/deep/target']));
    expect([moved.status, moved.fields.get('location')]).toEqual([201, '/uploads/deep/target']);
    expect([onDisk('deep/target'), onDisk('scratch/x'), readdirSync(root).sort()]).toEqual([
      'new',
      null,
      ['.interim', 'deep'],
    ]);
    await put('other', 'newer', ['Content-Type: text/html']);
    const over = await ask(
      message('MOVE /uploads/other', [`Destination: ${server.url}/uploads/deep/target`]),
    );
    expect(over.status).toBe(204);
    expect(readdirSync(join(root, '.interim', 'state'))).toHaveLength(1);
    const got = await get('deep/target');
    expect([got.body, got.fields.get('content-type')]).toEqual(['newer', 'text/html']);
  });

  test('knows itself by the name in an absolute target, which takes the place of Host', async () => {
    const { ask, put, onDisk } = await serving();
    await put('a', 'A');
    const move = (destination: string): string =>
      message('MOVE http://user@Example.com:80/uploads/a', [`Destination: ${destination}`]);
    const refused = await ask(move('http://test/uploads/b'));
    expect([refused.status, refused.body]).toEqual([502, expect.stringMatching(/http:\/\/Example\.com:80/)]);
    expect((await ask(move('http://example.com:80/uploads/b'))).status).toBe(201);
    expect([onDisk('a'), onDisk('b')]).toEqual([null, 'A']);
    // One that is no name is none.
    const odd = message('MOVE http://a%b/uploads/b', ['Destination: http://test/uploads/a']);
    expect((await ask(odd)).status).toBe(201);
  });

  test('takes an upload along that is not complete', async () => {
    const { ask, patch, head, get } = await serving();
    await patch('a', 'bytes 0-4/10', 'hello');
    expect((await ask(message('MOVE /uploads/a', ['Destination: /uploads/b']))).status).toBe(201);
    const told = await head('b');
    expect([told.status, told.fields.get('content-range')]).toEqual([299, 'bytes 0-4/10']);
    expect((await patch('b', 'bytes 5-9/10', 'world')).status).toBe(201);
    expect((await get('b')).body).toBe('helloworld');
  });

  test.each<[string, string, string[], number, RegExp]>([
    ['nowhere', 'a', [], 400, /needs a Destination/],
    ['to a relative path', 'a', ['Destination: b'], 400, /begin with a slash/],
    ['to another server', 'a', ['Destination: http://example.com/uploads/b'], 502, /another server/],
    ['to what is no file', 'a', ['Destination: /print'], 403, /below \/uploads/],
    ['out of the folder', 'a', ['Destination: /uploads/..%2fb'], 400, /No file can have that/],
    ['to itself', 'a', ['Destination: /uploads/a'], 403, /to itself/],
    ['below itself', 'a', ['Destination: /uploads/a/b'], 409, /in the way/],
    ['over a file that is to stay', 'a', ['Destination: /uploads/b', 'Overwrite: F'], 412, /Overwrite is F/],
    ['with a nonsense Overwrite', 'a', ['Destination: /uploads/b', 'Overwrite: maybe'], 400, /T or F/],
    ['of what there is not', 'c', ['Destination: /uploads/b'], 404, /no such file/],
    ['of another version', 'a', ['Destination: /uploads/b', 'If-Match: "x"'], 412, /If-Match/],
  ])('%s is refused, and changes nothing', async (_name, from, fields, status, sentence) => {
    const { ask, put, onDisk } = await serving();
    await put('a', 'A');
    await put('b', 'B');
    const refused = await ask(message(`MOVE /uploads/${from}`, fields));
    expect([refused.status, refused.body]).toEqual([status, expect.stringMatching(sentence)]);
    expect([onDisk('a'), onDisk('b')]).toEqual(['A', 'B']);
  });
});

describe('OPTIONS and other methods', () => {
  test('tell what a file takes', async () => {
    const { ask } = await serving();
    const options = await ask(message('OPTIONS /uploads/a'));
    expect([options.status, options.fields.get('allow'), options.fields.get('accept-patch')]).toEqual([
      204,
      'GET, HEAD, PUT, PATCH, DELETE, MOVE, OPTIONS',
      'message/byterange, multipart/byteranges, application/byteranges',
    ]);
    const whole = await ask(message('OPTIONS /put-only/a'));
    expect([whole.fields.get('allow'), whole.fields.has('accept-patch')]).toEqual([
      'GET, HEAD, PUT, DELETE, MOVE, OPTIONS',
      false,
    ]);
  });

  test('tell what the server as a whole knows', async () => {
    const { ask } = await serving();
    const options = await ask(message('OPTIONS *'));
    expect([options.status, options.fields.get('allow')]).toEqual([
      204,
      'GET, HEAD, POST, PUT, PATCH, DELETE, MOVE, OPTIONS',
    ]);
    expect((await ask(message('OPTIONS /print'))).status).toBe(405);
  });

  test('a server without PATCH says so, and has the same files', async () => {
    const { ask, onDisk } = await serving();
    expect((await ask(message('PUT /put-only/a', ['Content-Length: 1'], 'x'))).status).toBe(201);
    const refused = await ask(message('PATCH /put-only/a', ['Content-Length: 0']));
    expect([refused.status, refused.fields.get('allow')]).toEqual([
      405,
      'GET, HEAD, PUT, DELETE, MOVE, OPTIONS',
    ]);
    expect([onDisk('a'), (await ask(message('GET /uploads/a'))).body]).toEqual(['x', 'x']);
    expect((await ask(message('POST /uploads/a', ['Content-Length: 0']))).status).toBe(405);
  });
});

describe('the list', () => {
  test('names what there is, complete or not', async () => {
    const { ask, put, patch, root } = await serving();
    await put('b/whole', 'abc');
    await patch('a', 'bytes 0-4/10', 'hello');
    await patch('c', 'bytes 5-9/10', 'world');
    await patch('d', 'bytes 0-0/*', 'x');
    writeFileSync(join(root, 'by hand'), 'not a name here');
    symlinkSync('/etc', join(root, 'etc'));
    const list = await ask(message('GET /uploads/'));
    expect(list.fields.get('content-type')).toBe('application/json');
    expect(JSON.parse(list.body)).toEqual([
      { path: '/uploads/a', length: 10, complete: false, have: 5 },
      { path: '/uploads/c', length: 10, complete: false, have: 0 },
      { path: '/uploads/d', length: null, complete: false, have: 1 },
      { path: '/uploads/b/whole', length: 3, complete: true, have: 3 },
    ]);
    const refused = await ask(message('DELETE /uploads/'));
    expect([refused.status, refused.fields.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  test('is empty at first, and costs a server of its own no folder', async () => {
    const { ask } = await serving();
    expect((await ask(message('GET /uploads/'))).body).toBe('[]\n');
  });
});
