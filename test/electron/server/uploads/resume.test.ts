// Uploads that break and go on: what is kept, who may add to it, and where the response is found afterwards.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { message, patch, resumable, running } from '../harness.ts';

const CONTENT = Array.from({ length: 20_000 }, (_value, index) =>
  String.fromCharCode((index * 7) & 0xff),
).join('');
const DIGEST = createHash('sha256').update(CONTENT, 'latin1').digest('hex');
const TOTAL = CONTENT.length;

function rest(have: number, to = TOTAL): string {
  return patch('/job/0.req', `bytes ${have}-${to - 1}/${TOTAL}`, CONTENT.slice(have, to));
}

describe('an upload that was broken', () => {
  test('goes on from where it was, wherever it breaks and however often', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ bytes: fc.nat(TOTAL - 1), reset: fc.boolean() }), { maxLength: 4 }),
        async (breaks) => {
          const { ask, client, until, notes, server } = await running({ stepMilliseconds: 0 });
          const cuts = breaks.map(({ bytes }) => bytes).sort((a, b) => a - b);
          let have = 0;
          for (const [index, cut] of [...cuts, TOTAL].entries()) {
            const raw = await client();
            if (index === 0) {
              raw.send(message('POST /print', resumable(TOTAL)));
              await raw.next();
              raw.send(CONTENT.slice(0, cut));
            } else {
              const whole = rest(have);
              raw.send(whole.slice(0, whole.length - (TOTAL - cut)));
            }
            if (cut === TOTAL) {
              expect((await raw.final()).status).toBe(200);
              break;
            }
            const uploads = (): number =>
              server.state().resources.find(({ kind }) => kind === 'upload')?.have ?? -1;
            await until(() => uploads() === cut);
            if (breaks[index]?.reset === true) raw.reset();
            else raw.socket.end();
            await until(() => notes.closings.length === 2 * index + 1);
            const head = await ask(message('HEAD /job/0.req'));
            await until(() => notes.closings.length === 2 * index + 2);
            expect(head.line).toBe('HTTP/1.1 299 Incomplete Content');
            expect(head.fields.get('content-length')).toBe(String(cut));
            have = cut;
          }
          expect(await server.digest('/job/0.req')).toBe(DIGEST);
          const document = await ask(message('GET /job/0.res'));
          expect(document.body).toMatch(/^HTTP\/1\.1 200 OK\r\n.*Printed 20000 bytes/s);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('keeps what came of a PATCH that broke in the middle', async () => {
    const { ask, client, stored } = await running({ stepMilliseconds: 0 });
    const first = await client();
    first.send(message('POST /print', resumable(TOTAL), CONTENT.slice(0, 100)));
    await stored(100);
    first.reset();
    const second = await client();
    second.send(rest(100).slice(0, 2000));
    await stored(101);
    second.reset();
    const head = await ask(message('HEAD /job/0.req'));
    const have = Number(head.fields.get('content-length'));
    expect(have).toBeGreaterThan(100);
    expect((await ask(rest(have))).status).toBe(200);
  });

  test.each<[string, string, number]>([
    ['with a unit', 'bytes 5-9/10', 200],
    ['without a unit, as the proof of concept writes it', '5-9/10', 200],
    ['without its total', 'bytes 5-9/*', 200],
    ['with an open end', 'bytes 5-/10', 200],
    ['of which more is missing', 'bytes 5-7/10', 299],
  ])('takes a part %s', async (_name, range, status) => {
    const { ask, client, stored } = await running({ stepMilliseconds: 0 });
    (await client()).send(message('POST /print', resumable(10), '01234'));
    await stored(5);
    const response = await ask(patch('/job/0.req', range, status === 200 ? '56789' : '567'));
    expect(response.status).toBe(status);
    if (status === 299) expect(response.body).toBe('8/10 bytes\r\n');
  });

  test('keeps a part that is shorter than its range, and says that it was', async () => {
    const { ask, client, stored } = await running({ stepMilliseconds: 0 });
    (await client()).send(message('POST /print', resumable(10), '01234'));
    await stored(5);
    const response = await ask(patch('/job/0.req', 'bytes 5-9/10', '56'));
    expect(response.status).toBe(400);
    expect(response.fields.get('content-type')).toBe('application/problem+json');
    expect(JSON.parse(response.body)).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'The body of the part ends after 2 of 5 bytes. What came before is kept.',
      at: 33,
    });
    expect((await ask(message('HEAD /job/0.req'))).fields.get('content-length')).toBe('7');
    expect((await ask(patch('/job/0.req', 'bytes 7-9/10', '789'))).status).toBe(200);
  });

  test('of unknown length learns it from a part, or from a part that says nothing else', async () => {
    for (const [range, content] of [
      ['bytes 2-3/4', '23'],
      ['bytes */2', ''],
    ] as const) {
      const { ask, client, stored, server } = await running({ stepMilliseconds: 0 });
      const fields = ['Expect: 100-continue', 'Prefer: resume', 'Transfer-Encoding: chunked'];
      const raw = await client();
      raw.send(message('POST /print', fields, '2\r\n01\r\n'));
      await stored(2);
      raw.reset();
      expect(server.state().resources[0]?.length).toBeNull();
      const response = await ask(patch('/job/0.req', range, content));
      expect(response.status).toBe(200);
    }
  });

  test('that came in chunks is complete with the last one', async () => {
    const { ask } = await running({ stepMilliseconds: 0 });
    const fields = ['Expect: 100-continue', 'Prefer: resume', 'Transfer-Encoding: chunked'];
    const response = await ask(message('POST /print', fields, '5\r\nab\ncd\r\n1\r\n\n\r\n0\r\n\r\n'));
    expect(response.status).toBe(200);
    expect(response.body).toBe('Printed 6 bytes: 2 lines on 1 page.\r\n');
  });

  test.each(['resume=ignore-incomplete', 'processing'])('is thrown away after Prefer: %s', async (prefer) => {
    const { ask, client, stored, until, notes, server } = await running();
    const raw = await client();
    raw.send(message('POST /print', resumable(10, prefer), '01234'));
    const proceed = await raw.next();
    expect(proceed.fields.has('request-content-location')).toBe(prefer.startsWith('resume'));
    await stored(5);
    raw.reset();
    await until(() => notes.closings.length === 1);
    expect((await ask(message('HEAD /job/0.req'))).status).toBe(404);
    expect(server.state().resources).toEqual([]);
  });

  test('is answered by another status where the server is told so', async () => {
    const { ask, client, stored } = await running({ incompleteStatus: 200 });
    (await client()).send(message('POST /print', resumable(10), '01234'));
    await stored(5);
    expect((await ask(message('GET /job/0.req'))).line).toBe('HTTP/1.1 200 Incomplete Content');
  });
});

describe('two clients on one upload', () => {
  test.each(['HEAD', 'GET', 'PATCH', 'DELETE'])(
    'a newer %s breaks the connection of the older one, even a silent one',
    async (method) => {
      const { ask, client, stored } = await running({ stepMilliseconds: 0 });
      const older = await client();
      older.send(message('POST /print', resumable(10), '01234'));
      await stored(5);
      const newer =
        method === 'PATCH' ? patch('/job/0.req', 'bytes 5-9/10', '56789') : message(`${method} /job/0.req`);
      const response = await ask(newer);
      expect(await older.ended).toBe('rst');
      expect(response.status).toBe({ HEAD: 299, GET: 299, PATCH: 200, DELETE: 204 }[method]);
    },
  );

  test('only the newer one may add, and both together lose nothing', async () => {
    const { ask, client, stored, server } = await running({ stepMilliseconds: 0 });
    const older = await client();
    older.send(message('POST /print', resumable(TOTAL), CONTENT.slice(0, 5000)));
    await stored(5000);
    const newer = await client();
    newer.send(rest(5000).slice(0, 3000));
    await stored(5001);
    older.send(CONTENT.slice(5000));
    expect(await older.ended).toBe('rst');
    const have = Number((await ask(message('HEAD /job/0.req'))).fields.get('content-length'));
    expect(await newer.ended).toBe('rst');
    await ask(rest(have));
    expect(await server.digest('/job/0.req')).toBe(DIGEST);
  });

  test('what a silenced connection holds back is never delivered once a newer request came', async () => {
    const { ask, board, client, stored, server } = await running({ stepMilliseconds: 0 });
    const older = await client();
    const head = message('POST /print', resumable(TOTAL));
    older.send(head);
    await older.next();
    board.wires()[0]?.cutAt(head.length + 7000, 'stall', 'in', 'user');
    older.send(CONTENT);
    await stored(7000);
    const silenced = board.wires()[0];
    const answer = await ask(message('HEAD /job/0.req'));
    expect(answer.fields.get('content-length')).toBe('7000');
    expect(await older.ended).toBe('rst');
    silenced?.resume('user');
    await ask(rest(7000));
    expect(await server.digest('/job/0.req')).toBe(DIGEST);
  });

  test('a request that waits for its job is left alone when somebody asks how much arrived', async () => {
    const { ask, client, clock } = await running();
    const raw = await client();
    raw.send(message('POST /print', resumable(3, 'resume, processing'), 'abc'));
    await raw.next();
    await raw.next();
    expect((await ask(message('HEAD /job/0.req'))).status).toBe(200);
    clock.advance(2000);
    expect((await raw.final()).status).toBe(200);
  });
});

describe('the response of an upload', () => {
  test('is not there before the request is complete, and says what is missing', async () => {
    const { ask, client, stored } = await running();
    (await client()).send(message('POST /print', resumable(10), '01234'));
    await stored(5);
    const response = await ask(message('GET /job/0.res', ['Prefer: processing']));
    expect(response.status).toBe(404);
    expect(response.fields.get('retry-after')).toBe('1');
    expect(response.body).toMatch(/5 of 10 bytes .* PATCH the rest to \/job\/0\.req/);
    const status = await ask(message('GET /job/0.job'));
    expect(status.body).toMatch(/not complete: 5 of 10 bytes/);
  });

  test('can be waited for with 102s when the connection was lost', async () => {
    const { client, clock, until, notes } = await running();
    const first = await client();
    first.send(message('POST /print', resumable(3), 'abc'));
    await first.next();
    first.reset();
    await until(() => notes.closings.length === 1);
    const second = await client();
    second.send(message('GET /job/0.res', ['Prefer: processing']));
    await second.next();
    clock.advance(400 * 3);
    const response = await second.final();
    expect(response.interim.map(({ fields }) => fields.get('progress'))).toEqual([
      '1/3 "Laying out the pages"',
      '2/3 "Printing"',
    ]);
    expect(response.fields.get('content-type')).toBe('message/http');
    expect(response.body).toBe(
      'HTTP/1.1 200 OK\r\nProgress: 3/3 "Available"\r\nContent-Type: text/plain\r\nContent-Length: 37\r\n\r\n' +
        'Printed 3 bytes: 0 lines on 1 page.\r\n',
    );
  });

  test('can be read in ranges, and deleted', async () => {
    const { ask } = await running({ stepMilliseconds: 0 });
    await ask(message('POST /print', resumable(3), 'abc'));
    const whole = await ask(message('GET /job/0.res'));
    const etag = whole.fields.get('etag') ?? '';
    const part = await ask(message('GET /job/0.res', ['Range: bytes=9-', `If-Range: ${etag}`]));
    expect(part.status).toBe(206);
    expect(part.fields.get('content-range')).toBe(`bytes 9-${whole.body.length - 1}/${whole.body.length}`);
    expect(part.body).toBe(whole.body.slice(9));
    expect((await ask(message('GET /job/0.res', ['Range: bytes=9-', 'If-Range: "other"']))).status).toBe(200);
    expect((await ask(message('HEAD /job/0.res', ['Range: bytes=9-']))).status).toBe(200);
    expect((await ask(message('GET /job/0.res', ['Range: bytes=999-']))).fields.get('content-range')).toBe(
      `bytes */${whole.body.length}`,
    );
    expect((await ask(message('DELETE /job/0.res'))).status).toBe(204);
    expect((await ask(message('GET /job/0.res'))).status).toBe(404);
  });
});

describe('deleting', () => {
  test('the content of an unfinished request ends all of it', async () => {
    const { ask, client, stored, server } = await running();
    (await client()).send(message('POST /print', resumable(10), '01234'));
    await stored(5);
    expect((await ask(message('DELETE /job/0.req'))).status).toBe(204);
    for (const part of ['req', 'job', 'res'])
      expect((await ask(message(`GET /job/0.${part}`))).status).toBe(404);
    expect(server.state().resources).toEqual([]);
    expect(await server.digest('/job/0.req')).toBeNull();
  });

  test('a status or a response that is not final is refused', async () => {
    const { ask, client } = await running();
    const raw = await client();
    raw.send(message('POST /print', resumable(3, 'resume, processing'), 'abc'));
    await raw.next();
    await raw.next();
    for (const part of ['job', 'res']) expect((await ask(message(`DELETE /job/0.${part}`))).status).toBe(409);
  });

  test('all three forgets the operation, one by one', async () => {
    const { ask, server } = await running({ stepMilliseconds: 0 });
    await ask(message('POST /print', resumable(3), 'abc'));
    expect(server.state().resources.map(({ path, label }) => [path, label])).toEqual([
      ['/job/0.req', 'done'],
      ['/job/0.job', 'done'],
      ['/job/0.res', '200'],
    ]);
    for (const part of ['req', 'job', 'res']) {
      expect((await ask(message(`DELETE /job/0.${part}`))).status).toBe(204);
      expect((await ask(message(`DELETE /job/0.${part}`))).status).toBe(404);
    }
    expect(server.state().resources).toEqual([]);
  });

  test('the content of an item leaves the item, until that is deleted, too', async () => {
    const { ask, server } = await running({ stepMilliseconds: 0 });
    await ask(message('POST /collection', resumable(3), 'abc'));
    await ask(message('DELETE /job/0.req'));
    expect((await ask(message('GET /items/1'))).body).toBe('abc');
    expect((await ask(message('GET /collection'))).body).toBe('["/items/1"]\n');
    expect((await ask(message('DELETE /items/1'))).status).toBe(204);
    expect((await ask(message('GET /items/1'))).status).toBe(404);
    expect((await ask(message('GET /collection'))).body).toBe('[]\n');
    expect(await server.digest('/items/1')).toBeNull();
  });
});
