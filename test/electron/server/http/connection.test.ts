// One connection: order, persistence, HTTP/1.0, half a close, and clients that are slow, silent or many.

import { describe, expect, test } from 'vitest';
import { serveConnection } from '../../../../electron/server/http/connection.ts';
import type { Exchange } from '../../../../electron/server/http/exchange.ts';
import { createManualClock } from '../../../../electron/wire/clock.ts';
import { createFaultBoard } from '../../../../electron/wire/faults.ts';
import { listen } from '../../../../electron/wire/listen.ts';
import { message, Notes, RawClient, resumable, running } from '../harness.ts';

const IDLE = 10 * 60 * 1000;

describe('requests on one connection', () => {
  test('are answered in their order, however they are cut into writes', async () => {
    const { client } = await running();
    const all = ['/test/', '/print', '/nothing', '/test/reset']
      .map((path) => message(`GET ${path}`))
      .join('');
    for (const size of [1, 7, all.length]) {
      const raw = await client();
      for (let at = 0; at < all.length; at += size) await raw.flushed(all.slice(at, at + size));
      const seen: string[] = [];
      for (let index = 0; index < 4; index++) seen.push((await raw.next()).body.slice(0, 8));
      expect(seen).toEqual(['[\n "/tes', 'POST a p', 'There is', 'Call POS']);
    }
  });

  test('begin only when the one before is answered: an upload and a look at it', async () => {
    const { client } = await running({ stepMilliseconds: 0 });
    const raw = await client();
    raw.send(
      message('POST /print', resumable(5), 'abcde') + message('HEAD /job/0.req') + message('GET /job/0.res'),
    );
    expect((await raw.final()).body).toBe('Printed 5 bytes: 0 lines on 1 page.\r\n');
    expect((await raw.final('HEAD')).fields.get('content-length')).toBe('5');
    expect((await raw.final()).fields.get('content-type')).toBe('message/http');
  });

  test('wait while a job is done, with the content that came along', async () => {
    const { client, clock } = await running();
    const raw = await client();
    raw.send(message('POST /print', resumable(3, 'processing'), 'abc'));
    raw.send(message('POST /print', resumable(4, 'processing'), 'defg') + message('GET /test/'));
    await raw.next();
    await raw.next();
    clock.advance(400 * 3);
    expect((await raw.final()).body).toMatch(/^Printed 3 bytes/);
    await raw.next();
    await raw.next();
    clock.advance(400 * 3);
    expect((await raw.final()).body).toMatch(/^Printed 4 bytes/);
    expect((await raw.final()).body).toMatch(/^\[/);
  });

  test('a thousand at once are all answered, and never held all at once', async () => {
    const { client } = await running();
    const raw = await client();
    raw.socket.pause();
    for (let index = 0; index < 1000; index++) raw.send(message('GET /test/data', ['Range: bytes=0-9999']));
    const before = process.memoryUsage().arrayBuffers;
    raw.socket.resume();
    for (let index = 0; index < 1000; index++) {
      const { status, body } = await raw.next();
      expect(status).toBe(206);
      expect(body).toHaveLength(10_000);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 ** 2);
  });

  test('that are malformed behind good ones are refused in their turn', async () => {
    const { client, clock } = await running();
    const raw = await client();
    raw.send(message('POST /print', resumable(3, 'processing'), 'abc') + 'nonsense\r\n\r\n');
    await raw.next();
    await raw.next();
    clock.advance(400 * 3);
    expect((await raw.final()).status).toBe(200);
    const refusal = await raw.next();
    expect(refusal.status).toBe(400);
    expect(refusal.fields.get('connection')).toBe('close');
    expect(await raw.ended).toBe('fin');
  });

  test('whose content is malformed behind others are refused in their turn', async () => {
    const { client, clock } = await running();
    const raw = await client();
    const broken = message('POST /print', ['Expect: 100-continue', 'Transfer-Encoding: chunked'], 'x\r\n');
    raw.send(message('POST /print', resumable(3, 'processing'), 'abc') + broken);
    await raw.next();
    await raw.next();
    clock.advance(400 * 3);
    expect((await raw.final()).status).toBe(200);
    expect((await raw.next()).body).toMatch(/invalid chunk size/);
    expect(await raw.ended).toBe('fin');
  });

  test('may be of an absolute form', async () => {
    const { ask } = await running();
    expect((await ask(message('GET http://elsewhere/test/reset?x=1'))).body).toMatch(/^Call POST/);
    expect((await ask(message('GET http://elsewhere'))).body).toMatch(/^The test server/);
  });

  test.each(['', ':80'])('may name no host ("%s"): links go to where it was reached', async (host) => {
    const { ask, server } = await running({ stepMilliseconds: 0 });
    const post = message('POST /collection', resumable(2), '{}').replace('Host: test', `Host: ${host}`);
    expect((await ask(post)).status).toBe(201);
    expect((await ask(message('GET /job/0.job'))).body).toContain(`<${server.url}/items/1>`);
  });
});

describe('a connection', () => {
  test('persists after a request of HTTP/1.1, unless that says close', async () => {
    const { client } = await running();
    const raw = await client();
    raw.send(message('GET /test/'));
    expect((await raw.next()).fields.has('connection')).toBe(false);
    raw.send(message('GET /test/', ['Connection: close']));
    expect((await raw.next()).fields.get('connection')).toBe('close');
    expect(await raw.ended).toBe('fin');
  });

  test('ends after a request of HTTP/1.0, unless that says keep-alive', async () => {
    const { client } = await running();
    const raw = await client();
    raw.send('GET /test/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    expect((await raw.next()).fields.get('connection')).toBe('keep-alive');
    raw.send('GET /test/ HTTP/1.0\r\n\r\n');
    expect((await raw.next()).fields.get('connection')).toBe('close');
    expect(await raw.ended).toBe('fin');
  });

  test('ends after an early refusal, and its reset does not destroy the answer', async () => {
    const { client } = await running();
    const raw = await client();
    raw.send(message('POST /print', ['Content-Length: 1000000', 'Expect: tea']));
    for (let index = 0; index < 100; index++) raw.send('x'.repeat(10_000));
    const refusal = await raw.next();
    expect(refusal.status).toBe(417);
    expect(refusal.fields.get('connection')).toBe('close');
    expect(await raw.ended).toBe('fin');
  });

  test('of HTTP/1.0 gets no interim response, whatever it prefers', async () => {
    const { ask } = await running({ stepMilliseconds: 0 });
    const fields =
      'Content-Length: 3\r\nExpect: 100-continue\r\nPrefer: resume, processing, acknowledge\r\n\r\nabc';
    const response = await ask(`POST /print HTTP/1.0\r\n${fields}`);
    expect(response.status).toBe(200);
    expect(response.interim).toEqual([]);
  });

  test('of HTTP/1.0 needs no expectation, which it cannot have', async () => {
    const { ask } = await running({ stepMilliseconds: 0 });
    expect((await ask('POST /print HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc')).status).toBe(200);
  });

  test('whose client has ended its half still gets what it asked for', async () => {
    const { client, clock } = await running();
    const raw = await client();
    raw.send(message('GET /test/') + message('POST /capture', ['Content-Length: 0', 'Prefer: processing']));
    raw.socket.end();
    expect((await raw.next()).status).toBe(200);
    await raw.next();
    clock.advance(400 * 3);
    expect((await raw.final()).status).toBe(201);
    expect(await raw.ended).toBe('fin');
  });

  test('whose client ends in the middle of a request gets no answer to it', async () => {
    for (const part of ['GET / HT', message('POST /print', resumable(10), '01234')]) {
      const { client } = await running();
      const raw = await client();
      raw.send(part);
      raw.socket.end();
      expect(await raw.ended).toBe('fin');
      expect(raw.unread).toEqual(
        part.startsWith('GET') ? '' : expect.stringMatching(/^HTTP\/1\.1 100 [^]*\r\n\r\n$/),
      );
    }
  });
});

describe('a client that does nothing', () => {
  test('is let go after five seconds between two requests', async () => {
    const { board, client, clock } = await running();
    const raw = await client();
    for (let index = 0; index < 3; index++) {
      raw.send(message('GET /test/'));
      await raw.next();
      clock.advance(4999);
      expect(board.wires()).toHaveLength(1);
    }
    clock.advance(1);
    expect(await raw.ended).toBe('fin');
  });

  test('is let go after a minute without a first byte', async () => {
    const { board, client, clock } = await running();
    const silent = await client();
    while (board.wires().length === 0) await turn();
    clock.advance(59_999);
    expect(board.wires()).toHaveLength(1);
    clock.advance(1);
    expect(await silent.ended).toBe('fin');
    expect(silent.unread).toBe('');
  });

  test('is let go after ten minutes in the middle of its content, which is kept', async () => {
    const { ask, client, clock, stored } = await running();
    const raw = await client();
    raw.send(message('POST /print', resumable(10), '01234'));
    await stored(5);
    clock.advance(IDLE);
    expect(await raw.ended).toBe('fin');
    expect((await ask(message('HEAD /job/0.req'))).fields.get('content-length')).toBe('5');
  });

  test('is not let go while it waits for us', async () => {
    const { client, clock } = await running({ stepMilliseconds: IDLE, silenceMilliseconds: 2 * IDLE });
    const raw = await client();
    raw.send(message('POST /capture', ['Content-Length: 0', 'Prefer: processing']));
    for (const progress of ['0/3', '1/3', '2/3']) {
      expect((await raw.next()).fields.get('progress')).toMatch(progress);
      clock.advance(IDLE);
    }
    expect((await raw.final()).status).toBe(201);
  });

  test('that takes no byte of its answer is let go, too', async () => {
    const { board, client, clock, notes } = await running();
    const raw = await client();
    raw.socket.pause();
    for (let index = 0; index < 40; index++) raw.send(message('GET /test/data'));
    while ((board.wires()[0]?.sent ?? 0) === 0) await turn();
    while (notes.closings.length === 0) {
      clock.advance(IDLE / 2);
      await turn();
    }
    expect(notes.closings[0]).toMatchObject({ how: 'rst', by: 'server' });
  });
});

describe('connections over the limit', () => {
  test('are answered with 503, and room is made when others end', async () => {
    const { client, until, notes, ask } = await running({ connectionLimit: 2 });
    const first = await client();
    const second = await client();
    for (const raw of [first, second]) {
      raw.send(message('GET /test/'));
      expect((await raw.next()).status).toBe(200);
    }
    const third = await client();
    third.send(message('GET /test/'));
    const busy = await third.next();
    expect(busy.status).toBe(503);
    expect(busy.fields.get('retry-after')).toBe('1');
    expect(busy.fields.get('connection')).toBe('close');
    expect(await third.ended).toBe('fin');
    first.destroy();
    third.destroy();
    await until(() => notes.closings.length === 2);
    expect((await ask(message('GET /test/'))).status).toBe(200);
  });

  test('are reset when there are twice as many', async () => {
    const { board, client } = await running({ connectionLimit: 2 });
    const silent = await Promise.all(Array.from({ length: 4 }, client));
    while (board.wires().length < silent.length) await turn();
    // The reset may come even before its client knows that it is connected.
    const fifth = client().then(
      (raw) => raw.ended,
      (error: NodeJS.ErrnoException) => error.code,
    );
    expect(['rst', 'ECONNRESET']).toContain(await fifth);
  });
});

describe('a failure of the server', () => {
  test.each([
    ['when a request begins', (): void => fail()],
    ['in its content', (exchange: Exchange): void => exchange.receive({ content: fail, end: () => {} })],
    ['at its end', (exchange: Exchange): void => exchange.receive({ content: () => {}, end: fail })],
  ])('%s is the answer to that request alone', async (_name, handle) => {
    const { client, close } = await serving(handle);
    const raw = await client();
    raw.send(message('POST /', ['Content-Length: 3'], 'abc'));
    const failure = await raw.next();
    expect(failure.status).toBe(500);
    expect(failure.body).toBe('The test server failed: out of paper\r\n');
    raw.destroy();
    await close();
  });

  test.each<[string, (exchange: Exchange) => void]>([
    [
      'a field that is no HTTP',
      (exchange): void => void exchange.final({ status: 200, fields: [['X', 'a\x01']], content: NOTHING }),
    ],
    [
      'content that cannot be read',
      (exchange): void =>
        void exchange.final({ status: 200, fields: [], content: { length: 3, read: fail } }),
    ],
    [
      'an interim response that is none',
      (exchange): void => void setImmediate(() => void exchange.interim(102, [['X', 'a\x01']])),
    ],
  ])('in an answer, %s, is a 500, and the connection goes on', async (_name, handle) => {
    const { client, close } = await serving((exchange) => {
      if (exchange.path === '/good') void exchange.final({ status: 204, fields: [], content: NOTHING });
      else handle(exchange);
    });
    const raw = await client();
    raw.send(message('GET /bad') + message('GET /good'));
    const failure = await raw.next();
    expect(failure.status).toBe(500);
    expect(failure.body).toMatch(/^The test server failed: ("a|out of paper)/);
    expect((await raw.next()).status).toBe(204);
    raw.destroy();
    await close();
  });

  test('behind the first bytes of an answer breaks the connection, and no other', async () => {
    let sent: Promise<boolean> | null = null;
    const { client, close } = await serving((exchange) => {
      const read = (from: number, to: number): Uint8Array => (from === 0 ? new Uint8Array(to) : fail());
      sent = exchange.final({ status: 200, fields: [], content: { length: 200_000, read } });
    });
    const raw = await client();
    raw.send(message('GET /'));
    expect(await raw.ended).toBe('rst');
    expect(await sent).toBe(false);
    await (await client()).flushed('GET');
    await close();
  });
});

const NOTHING = new Uint8Array(0);

/** A server of one resource. */
async function serving(handle: (exchange: Exchange) => void): Promise<{
  client: () => Promise<RawClient>;
  close: () => Promise<void>;
}> {
  const clock = createManualClock();
  const context = { clock, board: createFaultBoard(), recorder: new Notes() };
  const listener = await listen('127.0.0.1', 0, context, (wire) =>
    serveConnection(wire, {
      clock,
      interimLimit: 10,
      headMilliseconds: IDLE,
      silentMilliseconds: IDLE,
      idleMilliseconds: IDLE,
      keepAliveMilliseconds: IDLE,
      handle,
      closed: () => {},
    }),
  );
  return { client: () => RawClient.open(listener.port), close: () => listener.close() };
}

function fail(): never {
  throw new Error('out of paper');
}

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
