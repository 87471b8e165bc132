// The delayed response, with the cases that http-delayed-response holds itself to, and what it leaves open: clients that
// leave or read nothing, errors behind the head, results that break off. Time is moved by hand.

import { Readable } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { serveConnection } from '../../../../electron/server/http/connection.ts';
import { DelayedResponse } from '../../../../electron/server/waiting/delayed-response.ts';
import type { Exchange } from '../../../../electron/server/http/exchange.ts';
import { createManualClock } from '../../../../electron/wire/clock.ts';
import { createFaultBoard } from '../../../../electron/wire/faults.ts';
import { listen } from '../../../../electron/wire/listen.ts';
import { message, Notes, RawClient } from '../harness.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** A server whose one resource is handed to the test, with a client that has asked for it. */
async function asked(request = message('GET /')) {
  const clock = createManualClock();
  const notes = new Notes();
  const board = createFaultBoard();
  let handle: (exchange: Exchange) => void = () => {};
  const exchange = new Promise<Exchange>((resolve) => (handle = resolve));
  const listener = await listen('127.0.0.1', 0, { clock, board, recorder: notes }, (wire) =>
    serveConnection(wire, {
      clock,
      interimLimit: 10,
      headMilliseconds: 1e9,
      silentMilliseconds: 1e9,
      idleMilliseconds: 1e9,
      keepAliveMilliseconds: 1e9,
      handle: (begun) => handle(begun),
      closed: () => {},
    }),
  );
  cleanUps.push(() => listener.close());
  const client = await RawClient.open(listener.port);
  cleanUps.push(() => client.destroy());
  client.send(request);
  return { clock, client, notes, board, exchange: await exchange };
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

const FAILURE = new Error('failure');

describe('wait(timeout)', () => {
  test('returns a callback', async () => {
    const { clock, exchange } = await asked();
    expect(new DelayedResponse(exchange, clock).wait()).toBeInstanceOf(Function);
  });

  test('is cancelled after the timeout, and says 202', async () => {
    const { clock, exchange, client } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    let cancelled = 0;
    delayed.on('cancel', () => {
      cancelled++;
      delayed.respond('later');
    });
    const end = delayed.wait(100);
    clock.advance(99);
    expect(cancelled).toBe(0);
    clock.advance(1);
    expect(cancelled).toBe(1);
    const { status, body } = await client.final();
    expect([status, body]).toEqual([202, 'later']);
    // What comes now comes too late.
    end(null, 'results');
    end(FAILURE);
    expect(client.unread).toBe('');
  });

  test('is an error after the timeout where nobody listens for the cancelling', async () => {
    const { clock, exchange, client } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    const errors: Error[] = [];
    delayed.on('error', (error) => {
      errors.push(error);
      delayed.status = 500;
      delayed.respond();
    });
    delayed.wait(100);
    clock.advance(100);
    expect(errors.map((error) => error.message)).toEqual(['timeout occurred']);
    expect((await client.final()).status).toBe(500);
  });

  test('does not poll', async () => {
    const { clock, exchange, client } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    let polls = 0;
    delayed.on('poll', () => void polls++).on('heartbeat', () => void polls++);
    delayed.json().wait(200);
    clock.advance(100);
    void delayed.end(null, { success: true });
    const { status, fields, body } = await client.final();
    expect([status, fields.get('content-type'), body]).toEqual([200, 'application/json', '{"success":true}']);
    expect(polls).toBe(0);
  });

  test.each([0, undefined])('waits for ever with the timeout %s', async (timeout) => {
    const { clock, exchange, client } = await asked();
    const end = new DelayedResponse(exchange, clock).wait(timeout);
    clock.advance(1e8);
    end(null, 'at last');
    expect(await client.final()).toMatchObject({ status: 200, body: 'at last' });
  });
});

describe('start(interval, initialDelay, timeout)', () => {
  test('returns a callback, and says 202', async () => {
    const { clock, exchange, client } = await asked();
    const end = new DelayedResponse(exchange, clock).start();
    expect(end).toBeInstanceOf(Function);
    end();
    expect(await client.final()).toMatchObject({ status: 202, body: '' });
  });

  test.each([
    ['at the interval', [10], 8],
    ['after the initial delay', [10, 50], 4],
    ['with intervals of 100 ms by default', [], 8, 1000],
    ['with intervals of 100 ms instead of none', [0], 8, 1000],
  ] as const)('polls %s', async (_name, times, expected, at: number = 100) => {
    const { clock, exchange, client } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    let polls = 0;
    delayed.on('poll', () => void polls++);
    // Before what starts: of two timers at the same moment, the older one is first.
    clock.after(at, () => end());
    const end = delayed.start(...times);
    clock.advance(at * 2);
    expect(polls).toBe(expected);
    expect((await client.final()).status).toBe(202);
    expect(clock.pending).toBeLessThanOrEqual(2);
  });

  test('is cancelled after the timeout', async () => {
    const { clock, exchange, client } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    delayed.on('cancel', () => delayed.respond());
    delayed.start(50, 0, 100);
    clock.advance(1000);
    expect(await client.final()).toMatchObject({ status: 202, body: ' ' });
  });

  test.each([
    ['start', 'start'],
    ['start', 'wait'],
    ['wait', 'start'],
    ['wait', 'wait'],
  ] as const)('throws when it was started before: %s, %s', async (first, second) => {
    const { clock, exchange, client } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    delayed[first]();
    expect(() => delayed[second]()).toThrow('instance already started');
    void delayed.end();
    await client.final();
  });

  test('sends the head with the first space, and no more than the client takes', async () => {
    const { clock, exchange, client } = await asked();
    const end = new DelayedResponse(exchange, clock).start(100, 300);
    clock.advance(399);
    await turn();
    expect(client.unread).toBe('');
    clock.advance(1);
    await until(() => client.unread.endsWith('1\r\n \r\n'));
    expect(client.unread).toMatch(/^HTTP\/1\.1 202 Accepted\r\n/);
    // Thousands at once, before the first was taken: one is enough to be alive.
    clock.advance(1_000_000);
    end(null, 'results');
    expect((await client.final()).body).toMatch(/^ {2,3}results$/);
  });

  test('leaves the keeping alive to who listens for heartbeats', async () => {
    const { clock, exchange, client } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    let polls = 0;
    delayed.on('poll', () => void polls++).on('heartbeat', () => void delayed.write('.'));
    delayed.start(10, 0);
    clock.advance(30);
    void delayed.end(null, 'results');
    expect((await client.final()).body).toBe('...results');
    expect(polls).toBe(3);
  });
});

describe('stop()', () => {
  test('ends the polling, and leaves the response alone', async () => {
    const { clock, exchange, client } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    let polls = 0;
    delayed.on('poll', () => void polls++);
    delayed.start(20, 0, 500);
    clock.advance(100);
    delayed.stop();
    clock.advance(1000);
    expect(polls).toBe(5);
    expect(exchange.over).toBe(false);
    delayed.respond('by hand');
    expect((await client.final()).body).toMatch(/^ +by hand$/);
  });

  test.each([
    ['a reset', (client: RawClient) => client.reset()],
    ['a FIN', (client: RawClient) => void client.socket.end()],
  ])('happens by itself when the client leaves, by %s', async (_name, leave) => {
    const { clock, exchange, client, board } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    let polls = 0;
    delayed.on('poll', () => void polls++);
    const aborted = new Promise<void>((resolve) => void delayed.on('abort', resolve));
    const end = delayed.start(100, 0, 5000);
    clock.advance(200);
    leave(client);
    await aborted;
    delayed.respond();
    clock.advance(10_000);
    expect(polls).toBe(2);
    end(null, 'for nobody');
    await until(() => board.wires().length === 0);
    expect(clock.pending).toBe(0);
  });

  test('ends the connection where nobody listens for the leaving', async () => {
    const { clock, exchange, client, board } = await asked();
    new DelayedResponse(exchange, clock).wait(5000);
    client.socket.end();
    await until(() => board.wires().length === 0);
    expect(clock.pending).toBe(0);
  });

  test('happens by itself when the response is ended', async () => {
    const { clock, exchange, client } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    let told = 0;
    delayed.on('poll', () => void told++).on('abort', () => void told++);
    delayed.start(50);
    clock.advance(60);
    delayed.respond();
    await client.final();
    clock.advance(1000);
    client.reset();
    await until(() => exchange.over);
    expect(told).toBe(0);
  });
});

describe('end(error, data)', () => {
  const README = Readable.from(['# http', '-delayed', '-response']);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode('one ');
    await turn();
    yield new TextEncoder().encode('two');
  }

  test.each([
    ['a string', 'results', 'results'],
    ['bytes', Buffer.from('cmVzdWx0cw==', 'base64'), 'results'],
    ['a Node stream', README, '# http-delayed-response'],
    ['an async iterable', pieces(), 'one two'],
    ['an object', { success: true }, '{"success":true}'],
    ['a number', 7, '7'],
    ['null', null, ''],
    ['undefined', undefined, ''],
  ])('writes %s behind the space', async (_name, data, content) => {
    const { clock, exchange, client } = await asked();
    const end = new DelayedResponse(exchange, clock).start(100, 0);
    clock.advance(150);
    end(null, data);
    expect(await client.final()).toMatchObject({ status: 202, body: ` ${content}` });
  });

  test('has a length where it was in time', async () => {
    const { clock, exchange, client } = await asked();
    new DelayedResponse(exchange, clock).start(100)(null, 'results');
    const { status, fields, body } = await client.final();
    expect([status, fields.get('content-length'), body]).toEqual([202, '7', 'results']);
  });

  test('throws an error that nobody takes, and answers 500', async () => {
    const { clock, exchange, client } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    delayed.start();
    expect(() => delayed.end(FAILURE)).toThrow('failure');
    expect(await client.final()).toMatchObject({ status: 500, body: 'failure\r\n' });
  });

  test('cannot change the status once the head is out: the content breaks off', async () => {
    const { clock, exchange, client } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    delayed.start(100, 0);
    clock.advance(100);
    await until(() => client.unread.endsWith(' \r\n'));
    expect(() => delayed.end(FAILURE)).toThrow('failure');
    expect(await client.ended).toBe('rst');
    expect(client.unread).toMatch(/^HTTP\/1\.1 202/);
    expect(client.unread).not.toContain('\r\n0\r\n');
  });

  test('breaks off where a stream fails in the middle, or an object cannot be written', async () => {
    async function* failing(): AsyncGenerator<string> {
      yield 'one';
      await turn();
      throw FAILURE;
    }
    const first = await asked();
    new DelayedResponse(first.exchange, first.clock).wait()(null, failing());
    await until(() => first.client.unread.includes('one'));
    expect(await first.client.ended).toBe('rst');
    const second = await asked();
    const circle: Record<string, unknown> = {};
    circle['circle'] = circle;
    new DelayedResponse(second.exchange, second.clock).wait()(null, circle);
    expect((await second.client.final()).status).toBe(500);
  });

  test.each([
    ['before the first space', 0],
    ['behind it', 100],
  ])('waits for a promise, %s', async (_name, time) => {
    const { clock, exchange, client } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    delayed.json().start(100, 0);
    clock.advance(time);
    await expect(delayed.end(Promise.resolve({ success: true }))).resolves.toEqual({ success: true });
    expect((await client.final()).body.trim()).toBe('{"success":true}');
  });

  test('rejects as the promise does', async () => {
    const { clock, exchange, client } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    delayed.start(100, 0);
    await expect(delayed.end(Promise.reject(FAILURE))).rejects.toThrow('failure');
    expect((await client.final()).status).toBe(500);
  });

  test('tells `done` instead of writing', async () => {
    const { clock, exchange, client } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    const done: unknown[] = [];
    delayed.on('done', (data) => {
      done.push(data);
      delayed.respond('mine');
    });
    delayed.start();
    void delayed.end(null, 'results');
    expect(done).toEqual(['results']);
    expect((await client.final()).body).toBe('mine');
  });

  test('tells `error` instead of throwing', async () => {
    const { clock, exchange, client } = await asked();
    const delayed = new DelayedResponse(exchange, clock);
    const errors: Error[] = [];
    delayed.on('error', (error) => {
      errors.push(error);
      delayed.respond();
    });
    delayed.start();
    expect(() => delayed.end(FAILURE)).not.toThrow();
    expect(errors).toEqual([FAILURE]);
    expect((await client.final()).status).toBe(202);
  });

  test('hands an error on, as middleware does', async () => {
    const { clock, exchange, client } = await asked();
    const errors: Error[] = [];
    const delayed: DelayedResponse = new DelayedResponse(exchange, clock, (error) => {
      errors.push(error);
      delayed.fail(error);
    });
    delayed.wait();
    expect(() => delayed.end(FAILURE)).not.toThrow();
    expect(errors).toEqual([FAILURE]);
    expect((await client.final()).status).toBe(500);
  });
});

test('a client that reads nothing costs one space', async () => {
  const { clock, exchange, client, board } = await asked();
  client.socket.pause();
  board.wires()[0]!.stall('user');
  new DelayedResponse(exchange, clock).start(1, 0);
  for (let i = 0; i < 50; i++) {
    clock.advance(1000);
    await turn();
  }
  board.wires()[0]!.resume('user');
  client.socket.resume();
  await until(() => client.unread.endsWith(' \r\n'));
  expect(client.unread.split('\r\n\r\n')[1]).toBe('1\r\n \r\n');
  expect(exchange.over).toBe(false);
});

test('a client of HTTP/1.0 gets its spaces up to the close', async () => {
  const { clock, exchange, client } = await asked('GET / HTTP/1.0\r\n\r\n');
  const end = new DelayedResponse(exchange, clock).start(100, 0);
  clock.advance(100);
  await until(() => client.unread.endsWith('\r\n\r\n '));
  end(null, 'results');
  await client.ended;
  expect(client.unread).toMatch(/\r\n\r\n results$/);
});
