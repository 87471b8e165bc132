// Several requests for one resource at a time: which go on, which are ended, which are refused, and that nothing of two is
// ever mixed.

import { describe, expect, test } from 'vitest';
import { message, patch, type RawClient } from '../harness.ts';
import { lines, serving, type Serving } from './fixture.ts';

const CONTENT = lines(400);
const ATOMIC = ['Prefer: transaction=atomic'];

/** Sends a request but for its last bytes, and waits until so many of the file are stored. */
async function held(server: Serving, request: string, missing: number, stored: number): Promise<RawClient> {
  const raw = await server.client();
  raw.send(request.slice(0, request.length - missing));
  const have = (): number =>
    server.server.state().resources.find(({ path }) => path === '/uploads/a')?.have ?? -1;
  await server.until(() => have() >= stored);
  return raw;
}

/** Sends a request but for its last bytes, and waits until the server has read what was sent. */
async function begun(server: Serving, request: string, missing: number): Promise<RawClient> {
  const raw = await server.client();
  let left = request.length - missing;
  const read = new Promise<void>((resolve) => {
    server.notes.received = (_connection, _end, bytes) => {
      left -= bytes.length;
      if (left <= 0) setImmediate(resolve);
      return false;
    };
  });
  raw.send(request.slice(0, left));
  await read;
  return raw;
}

const segment = (first: number, end: number, fields: readonly string[] = []): string =>
  patch('/uploads/a', `bytes ${first}-${end - 1}/400`, CONTENT.slice(first, end), fields);

describe('segments in parallel', () => {
  test.each([[[] as string[]], [ATOMIC]])(
    'of different bytes do not disturb each other (%s)',
    async (fields) => {
      const server = await serving();
      await server.ask(segment(0, 100, fields));
      const raws = [
        await begun(server, segment(200, 300, fields), 10),
        await begun(server, segment(100, 200, fields), 10),
        await begun(server, segment(300, 400, fields), 10),
      ];
      // Nobody of several is ended by a question.
      const told = await server.head('a');
      expect(told.status).toBe(299);
      const ends = [300, 200, 400];
      const answers: number[] = [];
      for (const [index, raw] of raws.entries()) {
        raw.send(CONTENT.slice(ends[index]! - 10, ends[index]));
        answers.push((await raw.final()).status);
      }
      expect(answers).toEqual([299, 299, 201]);
      expect((await server.get('a')).body).toBe(CONTENT);
    },
  );

  test.each([[[] as string[]], [ATOMIC]])(
    'a newer one for the same bytes ends the older one (%s)',
    async (fields) => {
      const server = await serving();
      await server.ask(segment(0, 100));
      const older = await begun(server, segment(100, 300, fields), 10);
      await server.ask(segment(200, 400, fields));
      expect(await older.ended).toBe('rst');
      expect(older.unread).not.toMatch(/HTTP\/1\.1 [2-5]/);
      // Of one that persists, what came before stays.
      expect((await server.head('a')).status).toBe(fields === ATOMIC ? 299 : 200);
      await server.ask(segment(100, 200, fields));
      expect([(await server.get('a')).body, server.underWay()]).toEqual([CONTENT, []]);
    },
  );

  test('the first one, that is to create the resource, creates it once', async () => {
    const server = await serving();
    const create = [...ATOMIC, 'If-None-Match: *'];
    const slow = await begun(server, segment(200, 400, create), 10);
    expect((await server.ask(segment(0, 200, create))).status).toBe(299);
    slow.send(CONTENT.slice(390));
    const refused = await slow.final();
    expect([refused.status, refused.body]).toEqual([412, expect.stringMatching(/If-None-Match/)]);
    expect((await server.head('a')).fields.get('content-range')).toBe('bytes 0-199/400');
  });

  test('begun before there is a resource join in the one that another has made', async () => {
    const server = await serving();
    const slow = await begun(server, segment(200, 400, ATOMIC), 10);
    expect((await server.ask(segment(0, 200, ATOMIC))).status).toBe(299);
    slow.send(CONTENT.slice(390));
    expect((await slow.final()).status).toBe(201);
    expect([(await server.get('a')).body, server.underWay()]).toEqual([CONTENT, []]);
  });
});

describe('a lone writer that persists', () => {
  test('is ended by the HEAD of a client that has given it up: what HEAD tells stays true', async () => {
    const server = await serving();
    const silent = await held(server, segment(0, 300), 100, 200);
    server.clock.advance(1000);
    const told = await server.head('a');
    expect(told.fields.get('content-length')).toBe('200');
    silent.send('!'.repeat(100));
    expect(await silent.ended).toBe('rst');
    expect((await server.get('a')).body).toBe(CONTENT.slice(0, 200));
    expect((await server.ask(segment(200, 400))).status).toBe(201);
    expect((await server.get('a')).body).toBe(CONTENT);
  });

  test('that goes on is not ended by a HEAD, which anybody may send: it tells what is there', async () => {
    const server = await serving();
    const writer = await held(server, segment(0, 400), 100, 300);
    server.clock.advance(999);
    const told = await server.head('a');
    expect([told.status, told.fields.get('content-length')]).toEqual([299, '300']);
    writer.send(CONTENT.slice(300));
    expect((await writer.final()).status).toBe(201);
    expect((await server.get('a')).body).toBe(CONTENT);
  });

  test('that goes on is ended by whoever goes on from what a HEAD has told, however far it has come since', async () => {
    const server = await serving();
    const older = await held(server, segment(0, 400), 200, 200);
    const told = Number((await server.head('a')).fields.get('content-length'));
    older.send(CONTENT.slice(200, 300));
    await server.until(() => server.server.state().resources[0]?.have === 300);
    expect((await server.ask(segment(told, 400))).status).toBe(201);
    expect(await older.ended).toBe('rst');
    expect((await server.get('a')).body).toBe(CONTENT);
  });

  test('is not ended by a GET', async () => {
    const server = await serving();
    const writer = await held(server, segment(0, 400), 100, 300);
    expect((await server.get('a')).body).toBe(CONTENT.slice(0, 300));
    writer.send(CONTENT.slice(300));
    expect((await writer.final()).status).toBe(201);
  });

  test('keeps a PUT and a MOVE away, which are told to wait', async () => {
    const server = await serving();
    await server.put('b', 'b');
    const writer = await held(server, segment(0, 400), 100, 300);
    for (const refused of [
      await server.put('a', 'other'),
      await server.put('a', 'other', ['Prefer: transaction=persist']),
      await server.ask(message('MOVE /uploads/a', ['Destination: /uploads/c'])),
      await server.ask(message('MOVE /uploads/b', ['Destination: /uploads/a'])),
    ]) {
      expect([refused.status, refused.fields.get('retry-after')]).toEqual([409, '1']);
      expect(refused.body).toMatch(/Another request is writing/);
    }
    writer.send(CONTENT.slice(300));
    expect((await writer.final()).status).toBe(201);
    expect((await server.put('a', 'other')).status).toBe(204);
  });

  test('that came while a PUT was under way keeps that one from replacing it', async () => {
    const server = await serving();
    const put = message('PUT /uploads/a', ['Content-Length: 10'], 'other text');
    const slow = await begun(server, put, 5);
    const writer = await held(server, segment(0, 400), 100, 300);
    slow.send(' text');
    expect((await slow.final()).status).toBe(409);
    writer.send(CONTENT.slice(300));
    expect((await writer.final()).status).toBe(201);
    expect([(await server.get('a')).body, server.underWay()]).toEqual([CONTENT, []]);
  });

  test('is ended when the resource is deleted', async () => {
    const server = await serving();
    const writer = await held(server, segment(0, 400), 100, 300);
    expect((await server.ask(message('DELETE /uploads/a'))).status).toBe(204);
    expect(await writer.ended).toBe('rst');
    expect([(await server.get('a')).status, server.onDisk('a')]).toEqual([404, null]);
  });
});

describe('a GET', () => {
  /** What it was told, and whether all of it came. */
  async function rest(reader: RawClient): Promise<string> {
    const got = reader.final();
    return got.then(
      ({ body }) => `whole, of ${[...new Set(body)].join(' and ')}`,
      () => 'broken off',
    );
  }
  const size = 24 * 1024 * 1024;

  test.each([
    ['moved and patched', 'b', 'broken off'],
    ['moved twice and patched', 'c', 'broken off'],
    ['moved, and another is patched', 'a', 'whole, of a'],
  ])('of a file that is %s gets no mixture', async (_name, name, outcome) => {
    const server = await serving();
    await server.put('a', 'a'.repeat(size));
    const reader = await server.client();
    reader.socket.pause();
    const begun = new Promise<void>((resolve) => {
      server.notes.sent = () => void setImmediate(resolve);
    });
    reader.send(message('GET /uploads/a'));
    await begun;
    await server.ask(message('MOVE /uploads/a', ['Destination: /uploads/b']));
    if (name === 'c') await server.ask(message('MOVE /uploads/b', ['Destination: /uploads/c']));
    if (name === 'a') await server.put('a', '-'.repeat(size));
    expect((await server.patch(name, `bytes 0-${size - 1}/*`, 'b'.repeat(size))).status).toBe(200);
    reader.socket.resume();
    expect(await rest(reader)).toBe(outcome);
    expect((await server.get(name)).body).toBe('b'.repeat(size));
  });
});

describe('a commit', () => {
  test('is refused when the resource is not the one any more that If-Match saw', async () => {
    const server = await serving();
    const etag = (await server.put('a', CONTENT)).fields.get('etag');
    const requests = [
      patch('/uploads/a', 'bytes 0-99/*', 'X'.repeat(100), [`If-Match: ${etag}`]),
      message('PUT /uploads/a', ['Content-Length: 100', `If-Match: ${etag}`], 'X'.repeat(100)),
    ];
    const raws: RawClient[] = [];
    for (const request of requests) raws.push(await begun(server, request, 10));
    await server.put('a', 'another');
    for (const raw of raws) {
      raw.send('X'.repeat(10));
      const refused = await raw.final();
      expect([refused.status, refused.body]).toEqual([412, expect.stringMatching(/If-Match/)]);
    }
    expect([server.onDisk('a'), server.underWay()]).toEqual(['another', []]);
  });

  test('is refused when it does not fit any more, or there is nothing left to change', async () => {
    const server = await serving();
    await server.put('a', CONTENT);
    const append = await begun(server, patch('/uploads/a', 'bytes 400-499/*', 'X'.repeat(100)), 10);
    await server.put('a', 'short');
    append.send('X'.repeat(10));
    const refused = await append.final();
    expect([refused.status, refused.body]).toEqual([400, expect.stringMatching(/begins at byte 400/)]);
    const overwrite = await begun(server, patch('/uploads/a', 'bytes 0-4/*', 'XXXXX'), 1);
    await server.ask(message('DELETE /uploads/a'));
    overwrite.send('X');
    expect((await overwrite.final()).status).toBe(409);
    expect([(await server.get('a')).status, server.underWay()]).toEqual([404, []]);
  });

  test('waits for the one before it: each of several shows all of it or nothing', async () => {
    const server = await serving();
    const quarter = 2000;
    await server.put('a', 'a'.repeat(4 * quarter));
    // Byte by byte: that takes many turns.
    const patched = (letter: string, first: number): string => {
      const parts = Array.from(
        { length: 4 * quarter - first },
        (_value, index) =>
          `--B\r\nContent-Range: bytes ${first + index}-${first + index}/*\r\n\r\n${letter}\r\n`,
      );
      const content = `${parts.join('')}--B--`;
      const type = 'Content-Type: multipart/byteranges; boundary=B';
      return message('PATCH /uploads/a', [type, `Content-Length: ${content.length}`], content);
    };
    // Each reaches to the end of the file: the last byte tells whose turn was last.
    const requests: readonly (readonly [letter: string, first: number, request: string])[] = [
      ['b', 0, patched('b', 0)],
      ['c', 1, patched('c', quarter)],
      ['d', 2, patched('d', 2 * quarter)],
      ['e', 0, message('PUT /uploads/a', [`Content-Length: ${4 * quarter}`], 'e'.repeat(4 * quarter))],
    ];
    const raws: RawClient[] = [];
    for (const [, , request] of requests) raws.push(await begun(server, request, 1));
    const reader = await server.client();
    const letters = new Map<string | undefined, string>();
    let left = raws.length;
    for (const [index, raw] of raws.entries()) {
      const [letter, , request] = requests[index]!;
      raw.send(request.slice(-1));
      void raw.final().then(({ fields }) => {
        letters.set(fields.get('etag'), letter);
        left--;
      });
    }
    /** By the last byte of each quarter. */
    const seen: { readonly tag: string | undefined; readonly quarters: string }[] = [];
    const range = [1, 2, 3, 4].map((end) => `${end * quarter - 1}-${end * quarter - 1}`).join(', ');
    for (let over = false; !over;) {
      over = left === 0;
      reader.send(message('GET /uploads/a', [`Range: bytes=${range}`]));
      const got = await reader.final();
      const bytes = got.body.match(/^[a-e](?=\r$)/gm) ?? [];
      seen.push({ tag: got.fields.get('etag'), quarters: bytes.join('') });
    }
    const possible = new Set(['aaaa']);
    for (const before of possible) {
      for (const [letter, first] of requests) possible.add(before.slice(0, first) + letter.repeat(4 - first));
    }
    for (const { tag, quarters } of seen) {
      expect(possible).toContain(quarters);
      // Nobody is told of a state that is another's.
      expect([tag, quarters.at(-1)]).toEqual([tag, letters.get(tag) ?? 'a']);
    }
    expect(server.underWay()).toEqual([]);
  });

  test('of much shows all of it or nothing, whoever reads while it goes on', async () => {
    const server = await serving();
    const size = 24 * 1024 * 1024;
    const [old, fresh] = ['a'.repeat(size), 'b'.repeat(size)];
    await server.put('a', old);
    const writer = await server.client();
    writer.send(patch('/uploads/a', `bytes 0-${size - 1}/*`, fresh));
    const reading = (async (): Promise<string[]> => {
      const seen: string[] = [];
      while (seen.at(-1) !== 'b') {
        const { body } = await server.get('a', [`Range: bytes=0-0,${size - 1}-${size - 1}`]);
        seen.push([...new Set(body.match(/^[ab](?=\r$)/gm))].join(''));
      }
      return seen;
    })();
    expect((await writer.final()).status).toBe(200);
    expect(new Set(await reading)).toEqual(new Set(['a', 'b']));
    expect(await server.server.digest('/uploads/a')).not.toBeNull();
    expect(server.underWay()).toEqual([]);
  });
});
