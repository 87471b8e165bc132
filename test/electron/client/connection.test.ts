// One connection, exchange by exchange: how each ends, what stays usable, and how long it waits.

import { type AddressInfo, type Socket, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  ClientConnection,
  type ExchangeListener,
  type ExchangeRequest,
} from '../../../electron/client/connection.ts';
import { bytesContent } from '../../../electron/client/content.ts';
import { memorySink } from '../../../electron/session/memory-sink.ts';
import { createRecorder } from '../../../electron/session/recorder.ts';
import { type ManualClock, createManualClock } from '../../../electron/wire/clock.ts';
import { connect } from '../../../electron/wire/connect.ts';
import { createFaultBoard } from '../../../electron/wire/faults.ts';
import type { Clock } from '../../../electron/wire/types.ts';
import { type ScriptedServer, type Turn, response, scriptedServer } from './scripted-server.ts';

let server: ScriptedServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const PATIENCE = 1_000;

async function connection(
  script: readonly Turn[],
): Promise<{ readonly connection: ClientConnection; readonly clock: ManualClock }> {
  server = await scriptedServer([script]);
  const clock = createManualClock();
  const url = new URL(server.url);
  const recorder = createRecorder({ sink: memorySink() });
  const wire = await connect(url.hostname, Number(url.port), { recorder, board: createFaultBoard(), clock });
  return { connection: new ClientConnection(wire, clock), clock };
}

const get: ExchangeRequest = {
  method: 'GET',
  target: '/',
  fields: [['Host', 'h']],
  content: null,
  holdContent: null,
  patience: PATIENCE,
  allowance: 0,
  longest: 1_000_000,
  most: null,
};

function post(length: number, more: Partial<ExchangeRequest> = {}): ExchangeRequest {
  const source = bytesContent(new Uint8Array(length).fill(0x61));
  return {
    ...get,
    method: 'POST',
    fields: [...get.fields, ['Content-Length', String(length)]],
    content: { prefix: new Uint8Array(0), source, from: 0, to: length },
    ...more,
  };
}

const OK = response('200 OK', ['Content-Length: 2'], 'ok');

/** A listener that resolves when a response of that status was heard. */
function heard(status: number): { readonly listener: ExchangeListener; readonly when: Promise<void> } {
  let tell = (): void => {};
  const when = new Promise<void>((resolve) => (tell = resolve));
  const listen = (head: { readonly status: number }): boolean => {
    if (head.status === status) tell();
    return true;
  };
  return { listener: { interim: listen, final: listen }, when };
}

/** A client, and the other end of its connection for the test to talk with. */
async function talking() {
  const talker = createServer();
  const met = new Promise<Socket>((resolve) => talker.once('connection', resolve));
  await new Promise<void>((resolve) => talker.listen(0, '127.0.0.1', resolve));
  const { port } = talker.address() as AddressInfo;
  const clock = createManualClock();
  const recorder = createRecorder({ sink: memorySink() });
  const wire = await connect('127.0.0.1', port, { recorder, board: createFaultBoard(), clock });
  const client = new ClientConnection(wire, clock);
  const socket = await met;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      talker.close(() => resolve());
      socket.destroy();
    });
  return { client, socket, clock, close };
}

describe('a client connection', () => {
  it('is used again after a whole exchange, however its answers are cut into reads', async () => {
    const { connection: client } = await connection([{ send: OK }, { send: OK }, { send: OK }]);
    for (let i = 0; i < 3; i++) {
      const result = await client.exchange(get, {});
      expect(result).toMatchObject({ broke: null, whole: true, final: { status: 200 } });
      expect(client.reusable).toBe(true);
    }
    client.close('fin');
    expect(client.reusable).toBe(false);
  });

  it.each([
    ['the server says that it closes', get, response('200 OK', ['Connection: close', 'Content-Length: 0'])],
    ['HTTP/1.0 was spoken', get, 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['there is more than the answer', get, `${OK}HTTP/1.1 200 OK\r\n`],
    [
      'the content was not sent to its end',
      post(50_000_000),
      response('413 Too Large', ['Content-Length: 0']),
    ],
  ])('is not used again when %s', async (_name, request, answer) => {
    const { connection: client } = await connection([{ send: answer }]);
    const result = await client.exchange(request, {});
    expect(result.whole).toBe(true);
    expect(client.reusable).toBe(false);
  });

  it('leaves in good order, and resolves when the server has ended it, too', async () => {
    const { connection: client, clock } = await connection([{ send: OK }]);
    await client.exchange(get, {});
    await client.leave();
    expect(client.reusable).toBe(false);
    expect(clock.pending).toBe(0);
    await client.leave();
  });

  it('leaves without a server that does not end it, after a second', async () => {
    // Half open: it answers the client's FIN with nothing.
    const stubborn = createServer({ allowHalfOpen: true });
    const met = new Promise<Socket>((resolve) => stubborn.once('connection', resolve));
    await new Promise<void>((resolve) => stubborn.listen(0, '127.0.0.1', resolve));
    const { port } = stubborn.address() as AddressInfo;
    const clock = createManualClock();
    const recorder = createRecorder({ sink: memorySink() });
    const wire = await connect('127.0.0.1', port, { recorder, board: createFaultBoard(), clock });
    const client = new ClientConnection(wire, clock);
    const socket = await met;
    let left = false;
    const leaving = client.leave().then(() => (left = true));
    await new Promise((resolve) => socket.resume().once('end', resolve));
    clock.advance(999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(left).toBe(false);
    clock.advance(1);
    await leaving;
    socket.destroy();
    await new Promise((resolve) => stubborn.close(resolve));
  });

  it('leaves a connection that is ending already when its end is on record', async () => {
    const { connection: client, clock } = await connection([
      { send: 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n' },
    ]);
    let over = false;
    void client.over.then(() => (over = true));
    await client.exchange(get, {});
    await client.leave();
    expect(over).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('never has two exchanges at once', async () => {
    const { connection: client } = await connection([{ on: /never/ }]);
    const first = client.exchange(get, {});
    await expect(client.exchange(get, {})).rejects.toMatchObject({ code: 'busy' });
    client.close('rst');
    await expect(first).resolves.toMatchObject({ whole: false });
  });

  it('tells a FIN from a reset, and a head that was cut from none', async () => {
    for (const close of ['fin', 'rst'] as const) {
      const { connection: client } = await connection([{ close }]);
      await expect(client.exchange(get, {})).resolves.toMatchObject({
        broke: close,
        final: null,
        nonsense: null,
      });
      await server!.close();
    }
  });

  it('completes what is delimited by the close at a FIN only', async () => {
    const ended = await connection([{ send: response('200 OK', [], 'text'), close: 'fin' }]);
    await expect(ended.connection.exchange(get, {})).resolves.toMatchObject({ broke: null, whole: true });
    await server!.close();
    const reset = await connection([{ send: response('200 OK', [], 'text') }]);
    const { listener, when } = heard(200);
    const running = reset.connection.exchange(get, listener);
    await when;
    reset.connection.close('rst');
    await expect(running).resolves.toMatchObject({ whole: false, final: { status: 200 } });
  });

  it('hands over interim responses in order, before the final one', async () => {
    const seen: number[] = [];
    const { connection: client } = await connection([
      { send: response('102 Processing') + response('103 Early Hints') + response('199 Odd') + OK },
    ]);
    const note = (head: { readonly status: number }): boolean => seen.push(head.status) > 0;
    await client.exchange(get, { interim: note, final: note });
    expect(seen).toEqual([102, 103, 199, 200]);
  });

  it('holds the content until the 100, and sends it then', async () => {
    const { connection: client } = await connection([
      { send: response('100 Continue') },
      { on: /a{10}$/, send: OK },
    ]);
    const result = await client.exchange(post(10, { holdContent: 'patience' }), {});
    expect(result).toMatchObject({ continued: true, sentTo: 10, whole: true });
    expect(server!.reads[0]).toHaveLength(2);
  });

  it('sends no content after a final response instead of the 100', async () => {
    const { connection: client } = await connection([
      { send: response('403 Forbidden', ['Content-Length: 0']) },
    ]);
    const result = await client.exchange(post(10, { holdContent: 'patience' }), {});
    expect(result).toMatchObject({ continued: false, sentTo: 0, final: { status: 403 } });
    expect(server!.received[0]).not.toMatch(/a$/);
  });

  it('waits as long as it was told for the 100', async () => {
    const { connection: client, clock } = await connection([{}, { on: /a{10}$/, send: OK }]);
    const running = client.exchange(post(10, { holdContent: 500 }), {});
    await server!.turned(0, 1);
    clock.advance(499);
    expect(server!.received[0]).not.toMatch(/a$/);
    clock.advance(1);
    await expect(running).resolves.toMatchObject({ continued: false, sentTo: 10, whole: true });
  });

  it('sends bytes from the middle, behind a head of their own and in one write with it', async () => {
    const { connection: client } = await connection([{ on: /part: cde$/, send: OK }]);
    const source = bytesContent(new TextEncoder().encode('abcdefgh'));
    const result = await client.exchange(
      { ...post(9), content: { prefix: new TextEncoder().encode('part: '), source, from: 2, to: 5 } },
      {},
    );
    expect(result.sentTo).toBe(5);
    expect(server!.reads[0]).toHaveLength(1);
  });

  it('says how many bytes of the content were handed over before the break', async () => {
    const { connection: client } = await connection([{ on: /a{1000}/, close: 'rst' }]);
    const result = await client.exchange(post(30_000_000), {});
    expect(result.broke).toBe('rst');
    expect(result.sentTo).toBeGreaterThan(0);
    expect(result.sentTo).toBeLessThan(30_000_000);
  });
});

describe('patience', () => {
  it('runs out when nothing is heard, and begins again with every interim response', async () => {
    const { connection: client, clock } = await connection([{ send: response('102 Processing') }]);
    const { listener, when } = heard(102);
    let over = false;
    const running = client.exchange(get, listener).finally(() => (over = true));
    clock.advance(PATIENCE - 1);
    await when;
    clock.advance(PATIENCE - 1);
    await Promise.resolve();
    expect(over).toBe(false);
    clock.advance(1);
    await expect(running).resolves.toMatchObject({ broke: 'silence', final: null });
    expect(clock.pending).toBe(0);
  });

  it('does not run out over bytes that came while this process was held up', async () => {
    server = await scriptedServer([[{ send: OK }]]);
    let now = 0;
    const timers = new Set<() => void>();
    const clock: Clock = {
      now: () => now,
      after: (_milliseconds, call) => {
        timers.add(call);
        return () => void timers.delete(call);
      },
    };
    const recorder = createRecorder({ sink: memorySink() });
    const port = Number(new URL(server.url).port);
    const wire = await connect('127.0.0.1', port, { recorder, board: createFaultBoard(), clock });
    const client = new ClientConnection(wire, clock);
    wire.flow(false);
    const running = client.exchange(get, {});
    await server.turned(0, 1);
    // As after a sleep of the machine: the timer rings before what has come is read.
    now = PATIENCE;
    const [ring] = timers;
    timers.clear();
    ring!();
    wire.flow(true);
    await expect(running).resolves.toMatchObject({ broke: null, whole: true });
  });

  it('is longer by what the server was allowed, once all is sent', async () => {
    const { connection: client, clock } = await connection([
      { on: /a{10}$/, send: response('102 Processing') },
    ]);
    const { listener, when } = heard(102);
    let over = false;
    const running = client.exchange(post(10, { allowance: 5_000 }), listener).finally(() => (over = true));
    // The server has everything and said so: the write is over at this end, too.
    await when;
    clock.advance(PATIENCE + 4_999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    clock.advance(1);
    await expect(running).resolves.toMatchObject({ broke: 'silence', sentTo: 10 });
  });

  it('leaves no timer behind after an exchange', async () => {
    const { connection: client, clock } = await connection([{ send: OK }]);
    await client.exchange(get, {});
    expect(clock.pending).toBe(0);
  });

  it('does not take a slow source for a silent server', async () => {
    const { connection: client, clock } = await connection([{ on: /late$/, send: OK }]);
    let give = (_bytes: Uint8Array): void => {};
    const asked = new Promise<void>((resolve) => {
      const source = {
        length: 4,
        read: () => {
          resolve();
          return new Promise<Uint8Array>((tell) => (give = tell));
        },
        close: () => Promise.resolve(),
      };
      const request = post(4, { content: { prefix: new Uint8Array(0), source, from: 0, to: 4 } });
      void client.exchange(request, {}).then((result) => (ended = result));
    });
    let ended: unknown = null;
    await asked;
    for (let i = 0; i < 20; i++) clock.advance(PATIENCE);
    expect(ended).toBeNull();
    give(new TextEncoder().encode('late'));
    await server!.turned(0, 1);
    await expect.poll(() => ended).toMatchObject({ broke: null, whole: true });
  });

  it('sends content that comes in pieces shorter than it asked for', async () => {
    const { connection: client } = await connection([{ on: /abcdef$/, send: OK }]);
    const bytes = new TextEncoder().encode('abcdef');
    const source = {
      length: 6,
      read: (from: number) => Promise.resolve(bytes.subarray(from, from + 1)),
      close: () => Promise.resolve(),
    };
    const request = post(6, { content: { prefix: new Uint8Array(0), source, from: 0, to: 6 } });
    expect(await client.exchange(request, {})).toMatchObject({ whole: true, sentTo: 6, issuedTo: 6 });
  });

  it('reads on only when its listener is ready, and does not take that for silence', async () => {
    const { connection: client, clock } = await connection([
      { send: response('200 OK', ['Content-Length: 4'], 'ab') },
    ]);
    let ready = (): void => {};
    const pieces: string[] = [];
    const state: { ended: unknown } = { ended: null };
    const first = new Promise<void>((resolve) => {
      void client
        .exchange(get, {
          content: (bytes, from, to) => {
            pieces.push(Buffer.from(bytes.subarray(from, to)).toString());
            resolve();
            return new Promise((tell) => (ready = tell));
          },
        })
        .then((result) => (state.ended = result));
    });
    await first;
    for (let i = 0; i < 20; i++) clock.advance(PATIENCE);
    expect([pieces, state.ended]).toEqual([['ab'], null]);
    ready();
    await new Promise((resolve) => setImmediate(resolve));
    for (let i = 0; i < 20 && state.ended === null; i++) {
      clock.advance(PATIENCE);
      await new Promise((resolve) => setImmediate(resolve));
    }
    // The rest never came: that is silence.
    expect(state.ended).toMatchObject({ broke: 'silence', whole: false });
  });

  it('gives up on a server that only ever says the same', async () => {
    const { client, socket, clock, close } = await talking();
    let came = (): void => {};
    const state = { over: false };
    const running = client
      .exchange({ ...get, longest: 10 * PATIENCE }, { interim: () => (came(), false) })
      .finally(() => {
        state.over = true;
        came();
      });
    let times = 0;
    for (; !state.over; times++) {
      const next = new Promise<void>((resolve) => (came = resolve));
      socket.write(response('102 Processing', ['Progress: 1/3']));
      await next;
      clock.advance(PATIENCE / 2);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await running).toMatchObject({ broke: 'endless' });
    expect(times).toBeGreaterThanOrEqual(20);
    await close();
  });

  it('gives up after 10,000 interim responses to one request', async () => {
    const { connection: client } = await connection([{ send: response('102 Processing').repeat(10_001) }]);
    const result = await client.exchange(get, { interim: () => true });
    expect(result).toMatchObject({ broke: 'flood', final: null });
  });

  it('gives up a document that comes in drops', async () => {
    const { client, socket, clock, close } = await talking();
    let came = (): void => {};
    const state = { over: false };
    const running = client
      .exchange({ ...get, longest: 10 * PATIENCE, most: 1_000_000 }, { content: () => (came(), null) })
      .finally(() => {
        state.over = true;
        came();
      });
    socket.write(response('200 OK', ['Content-Length: 1000000']));
    let times = 0;
    for (; !state.over && times < 100; times++) {
      const next = new Promise<void>((resolve) => (came = resolve));
      socket.write('x');
      await next;
      clock.advance(PATIENCE / 2);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await running).toMatchObject({ broke: 'endless', whole: false });
    expect(times).toBeGreaterThanOrEqual(20);
    await close();
  });

  it.each([
    ['gives up a document without a length', 'Transfer-Encoding: chunked', 100, 'overlong'],
    ['reads a document to the end that it announces', 'Content-Length: 128', 100, null],
    ['reads what its user wants, of any length', 'Transfer-Encoding: chunked', null, null],
  ])('%s', async (_name, field, most, broke) => {
    const text = 'x'.repeat(128);
    const content = field.startsWith('Content')
      ? text
      : `80\r\n${text}\r\n${broke === null ? '0\r\n\r\n' : ''}`;
    const { connection: client } = await connection([{ send: response('200 OK', [field], content) }]);
    expect(await client.exchange({ ...get, most }, {})).toMatchObject({ broke });
  });
});
