// What one client may ask of the server at the cost of others: time for a head, and answers that are under way. On a wire
// of the test's own, whose writes end when the test says so.

import { describe, expect, test } from 'vitest';
import { serveConnection } from '../../../electron/server/http/connection.ts';
import type { ContentSource } from '../../../electron/server/uploads/content-store.ts';
import type { Exchange } from '../../../electron/server/http/exchange.ts';
import { createManualClock, type ManualClock } from '../../../electron/wire/clock.ts';
import type { Wire, WireHandler } from '../../../electron/wire/types.ts';
import { message, resumable, running } from './harness.ts';

const MINUTE = 60_000;

interface Served {
  readonly clock: ManualClock;
  feed(text: string): void;
  /** All that was written. */
  readonly written: () => string;
  readonly closes: string[];
  /** Whether the server reads. */
  readonly flowing: () => boolean;
  /** Ends the oldest write that waits. */
  take(): void;
}

/** A connection whose kernel takes every write at once, or, `slow`, none until {@link Served.take}. */
function served(handle: (exchange: Exchange) => void, slow = false): Served {
  const clock = createManualClock();
  const closes: string[] = [];
  const waiting: (() => void)[] = [];
  let handler: WireHandler | null = null;
  let flowing = true;
  let written = '';
  const endpoint = { address: '127.0.0.1', port: 1 };
  const wire: Wire = {
    connection: 1,
    end: 'server',
    local: endpoint,
    remote: endpoint,
    sent: 0,
    received: 0,
    get open() {
      return closes.length === 0;
    },
    stalled: false,
    over: new Promise(() => {}),
    handle: (given) => void (handler = given),
    write: (bytes) => {
      written += Buffer.from(bytes).toString('latin1');
      if (!slow) return Promise.resolve(true);
      return new Promise((resolve) => void waiting.push(() => resolve(true)));
    },
    finish: () => {},
    close: (how) => void closes.push(how),
    cut: () => {},
    cutAt: () => {},
    disturbAt: () => {},
    stall: () => {},
    resume: () => {},
    flow: (on) => void (flowing = on),
  };
  serveConnection(wire, {
    clock,
    interimLimit: 10,
    headMilliseconds: 30_000,
    silentMilliseconds: MINUTE,
    idleMilliseconds: 10 * MINUTE,
    keepAliveMilliseconds: 5000,
    handle,
    closed: () => {},
  });
  return {
    clock,
    feed: (text) => handler?.data(Buffer.from(text, 'latin1')),
    written: () => written,
    closes,
    flowing: () => flowing,
    take: () => waiting.shift()?.(),
  };
}

const OK = { status: 200, fields: [], content: new Uint8Array(0) };

function answer(exchange: Exchange): void {
  void exchange.final(OK);
}

describe('a head', () => {
  test('that comes byte by byte is answered with 408 after 30 seconds, whatever comes meanwhile', async () => {
    const { client, clock, board } = await running();
    const raw = await client();
    const text = 'GET / HTTP/1.1\r\nHost: test\r\nA: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
    for (let sent = 0; sent < 60; sent++) {
      await raw.flushed(text.charAt(sent));
      while (board.wires()[0]?.received !== sent + 1) await turn();
      expect(raw.unread).toBe('');
      clock.advance(500);
    }
    const refusal = await raw.next();
    expect([refusal.status, refusal.reason]).toEqual([408, 'Request Timeout']);
    expect(refusal.fields.get('connection')).toBe('close');
    expect(refusal.body).toBe(
      'The head of the request was not complete after 30 seconds: send it faster.\r\n',
    );
    expect(await raw.ended).toBe('fin');
  });

  test.each([
    ['behind an answer', `${message('GET /')}GET`],
    ['that is nothing but empty lines', '\r\n'],
    ['between its fields', 'GET / HTTP/1.1\r\nHost: a\r\n'],
  ])('%s has its own 30 seconds', async (_name, text) => {
    const { clock, closes, feed, written } = served(answer);
    clock.advance(MINUTE - 1);
    feed(text);
    await turn();
    clock.advance(29_999);
    expect(written()).not.toContain('408');
    clock.advance(1);
    await turn();
    expect(written()).toContain('HTTP/1.1 408 Request Timeout\r\n');
    expect(closes).toEqual(['fin']);
  });

  test('that is complete in time is served, and the next one has all of the time again', async () => {
    const { clock, feed, written } = served(answer);
    for (let count = 1; count <= 3; count++) {
      feed('GET / HTTP/1.1\r\n');
      clock.advance(29_999);
      feed('Host: a\r\n\r\n');
      await turn();
      expect(written().match(/HTTP\/1\.1 200 /g)).toHaveLength(count);
    }
    expect(written()).not.toContain('408');
  });

  test('is not hurried while an older request is answered', async () => {
    const exchanges: Exchange[] = [];
    const { clock, feed, written } = served((exchange) => void exchanges.push(exchange));
    feed(`${message('GET /')}GET / HTTP/1.1\r\n`);
    clock.advance(5 * MINUTE);
    exchanges[0]?.final(OK).catch(() => {});
    await turn();
    clock.advance(29_999);
    feed('Host: a\r\n\r\n');
    expect(exchanges).toHaveLength(2);
    expect(written()).not.toContain('408');
  });

  test('that is complete leaves content its own, longer time', async () => {
    const { client, clock, stored } = await running({ stepMilliseconds: 0 });
    const raw = await client();
    raw.send(message('POST /print', resumable(5)));
    for (let have = 1; have <= 4; have++) {
      raw.send('x');
      await stored(have);
      clock.advance(9 * MINUTE);
    }
    raw.send('x');
    expect((await raw.final()).status).toBe(200);
  });
});

describe('a thousand pipelined requests', () => {
  const all = message('GET /').repeat(1000);

  test('have one answer under way, and no more are read, while the kernel takes none', async () => {
    let started = 0;
    const { feed, flowing, take, written } = served((exchange) => {
      started++;
      answer(exchange);
    }, true);
    feed(all);
    for (let taken = 1; taken <= 10; taken++) {
      await turn();
      expect(started).toBe(taken);
      expect(written().match(/HTTP\/1\.1 200 /g)).toHaveLength(taken);
      expect(flowing()).toBe(false);
      take();
    }
  });

  test('are all answered before more are read, but not in one turn, even if the kernel takes all', async () => {
    const { feed, flowing, written } = served(answer);
    const count = (): number => written().match(/HTTP\/1\.1 200 /g)?.length ?? 0;
    feed(all);
    for (let before = 0; before < 1000; before = count()) {
      await turn();
      expect(count() - before).toBeGreaterThan(0);
      expect(count() - before).toBeLessThanOrEqual(64);
      if (count() < 999) expect(flowing()).toBe(false);
    }
    await turn();
    expect(flowing()).toBe(true);
  });

  test('for much content have no more than a slice of it in one turn', async () => {
    let read = 0;
    const content: ContentSource = {
      length: 1_000_000,
      read: (from, to) => {
        read += to - from;
        return new Uint8Array(to - from);
      },
    };
    const { feed } = served((exchange) => void exchange.final({ ...OK, content }));
    feed(all);
    await turn();
    for (let turns = 0; turns < 50; turns++) {
      const before = read;
      await turn();
      expect(read - before).toBeGreaterThan(0);
      expect(read - before).toBeLessThanOrEqual(2 * 64 * 1024);
    }
  });
});

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
