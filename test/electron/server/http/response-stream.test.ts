// Responses that are written as they come to be, and connections that are taken out of HTTP, over real sockets.

import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { serveConnection } from '../../../../electron/server/http/connection.ts';
import type { Exchange } from '../../../../electron/server/http/exchange.ts';
import { systemClock } from '../../../../electron/wire/clock.ts';
import { connectDuplex } from '../../../../electron/wire/duplex.ts';
import { createFaultBoard } from '../../../../electron/wire/faults.ts';
import { listen } from '../../../../electron/wire/listen.ts';
import { message, Notes, RawClient } from '../harness.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

function resolvable<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function serving(handle: (exchange: Exchange) => void) {
  const context = { clock: systemClock, board: createFaultBoard(), recorder: new Notes() };
  let closed = 0;
  const listener = await listen('127.0.0.1', 0, context, (wire) =>
    serveConnection(wire, {
      clock: systemClock,
      interimLimit: 10,
      headMilliseconds: 10_000,
      silentMilliseconds: 10_000,
      idleMilliseconds: 10_000,
      keepAliveMilliseconds: 10_000,
      handle,
      closed: () => void closed++,
    }),
  );
  cleanUps.push(() => listener.close());
  return {
    port: listener.port,
    context,
    closed: () => closed,
    client: async () => {
      const raw = await RawClient.open(listener.port);
      cleanUps.push(() => raw.destroy());
      return raw;
    },
  };
}

describe('a response that comes to be', () => {
  const answer = (exchange: Exchange): void => {
    const stream = exchange.stream({ status: 200, fields: [['X-Stream', 'yes']], trailers: ['X-End'] });
    void stream.flush().then(async () => {
      await stream.write(bytes('one '));
      await stream.write(bytes(''));
      await stream.write(bytes('two'));
      await stream.end([['X-End', 'well']]);
    });
  };

  test('is chunked, has its trailers, and leaves the connection to the next request', async () => {
    const { client } = await serving(answer);
    const raw = await client();
    raw.send(message('GET /'));
    const { fields, body } = await raw.next();
    expect(fields.get('transfer-encoding')).toBe('chunked');
    expect(fields.get('trailer')).toBe('X-End');
    expect(fields.has('content-length')).toBe(false);
    expect(body).toBe('one two');
    raw.send(message('GET /'));
    expect((await raw.next()).body).toBe('one two');
  });

  test('has no content for HEAD', async () => {
    const { client } = await serving(answer);
    const raw = await client();
    raw.send(message('HEAD /') + message('HEAD /'));
    expect((await raw.next('HEAD')).fields.get('x-stream')).toBe('yes');
    expect((await raw.next('HEAD')).status).toBe(200);
    expect(raw.unread).toBe('');
  });

  test('ends with the connection for a client of HTTP/1.0', async () => {
    const { client } = await serving(answer);
    const raw = await client();
    raw.send('GET / HTTP/1.0\r\n\r\n');
    expect(await raw.ended).toBe('fin');
    expect(raw.unread).toMatch(/\r\nConnection: close\r\n\r\none two$/);
    expect(raw.unread).not.toContain('Transfer-Encoding');
  });

  test('of an announced length is not chunked', async () => {
    const { client } = await serving((exchange) => {
      const stream = exchange.stream({ status: 200, fields: [], length: 3 });
      void stream.write(bytes('abc')).then(() => stream.end());
    });
    const raw = await client();
    raw.send(message('GET /'));
    expect((await raw.next()).body).toBe('abc');
  });

  test.each([
    ['fin', 'fin'],
    ['rst', 'rst'],
  ] as const)('is broken by %s in the middle when it is aborted', async (how, seen) => {
    let after: boolean | null = null;
    const { client } = await serving((exchange) => {
      const stream = exchange.stream({ status: 200, fields: [] });
      void stream.write(bytes('abc')).then(async () => {
        stream.abort(how);
        after = await stream.write(bytes('def'));
      });
    });
    const raw = await client();
    raw.send(message('GET /'));
    expect(await raw.ended).toBe(seen);
    expect(raw.unread).not.toContain('def');
    expect(raw.unread).not.toContain('0\r\n\r\n');
    expect(after).toBe(false);
  });

  test('sends what is broken as it is', async () => {
    const { client } = await serving((exchange) => {
      const stream = exchange.stream({ status: 200, fields: [] });
      void stream.raw(bytes('xyz\r\n')).then(() => stream.abort('fin'));
    });
    const raw = await client();
    raw.send(message('GET /'));
    await raw.ended;
    expect(raw.unread).toMatch(/\r\n\r\nxyz\r\n$/);
  });

  test('is over when the client is gone, and once there is another answer', async () => {
    const gone = resolvable<boolean>();
    const { client } = await serving((exchange) => {
      const stream = exchange.stream({ status: 200, fields: [] });
      const second = exchange.stream({ status: 200, fields: [] });
      void stream.flush();
      exchange.whenOver(() => gone.resolve(stream.over && second.over));
    });
    const raw = await client();
    raw.send(message('GET /'));
    while (!raw.unread.includes('\r\n\r\n'))
      await new Promise<void>((resolve) => void raw.socket.once('data', () => resolve()));
    raw.reset();
    expect(await gone.promise).toBe(true);
  });

  test('is told when the client has ended its side', async () => {
    const ended = resolvable<void>();
    const { client } = await serving((exchange) => {
      const stream = exchange.stream({ status: 200, fields: [] });
      exchange.whenPeerEnded(() => {
        ended.resolve();
        void stream.end();
      });
    });
    const raw = await client();
    raw.send(message('GET /'));
    raw.socket.end();
    await ended.promise;
    expect((await raw.next()).body).toBe('');
  });
});

describe('a connection that is taken out of HTTP', () => {
  function echo(exchange: Exchange): void {
    const server = new WebSocketServer({ noServer: true });
    const request = exchange.upgradeRequest();
    const duplex = exchange.upgrade();
    server.handleUpgrade(request as never, duplex as never, Buffer.alloc(0), (socket) => {
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
  }

  test('carries WebSocket messages by ws at both ends, all of them captured', async () => {
    const { port, context, closed } = await serving(echo);
    const duplex = await connectDuplex('127.0.0.1', port, context);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/echo`, { createConnection: () => duplex as never });
    const got: string[] = [];
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('open', () => {
        socket.send('hello');
        socket.send('x'.repeat(100_000));
      });
      socket.on('message', (data) => {
        got.push(String(data as Buffer));
        if (got.length === 2) socket.close(1000, 'done');
      });
      socket.on('close', (code) => (code === 1000 ? resolve() : reject(new Error(`closed with ${code}`))));
    });
    expect(got).toEqual(['hello', 'x'.repeat(100_000)]);
    const notes = context.recorder;
    while (closed() === 0) await new Promise<void>((resolve) => (notes.grown = resolve));
    expect(closed()).toBe(1);
  });

  test('hands on what came behind the request in the same read', async () => {
    const { client } = await serving((exchange) => {
      const duplex = exchange.upgrade();
      duplex.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n');
      duplex.pipe(duplex);
    });
    const raw = await client();
    raw.send(message('GET /', ['Upgrade: echo', 'Connection: Upgrade']) + 'early words');
    while (!raw.unread.endsWith('early words'))
      await new Promise<void>((resolve) => void raw.socket.once('data', () => resolve()));
    raw.socket.end();
    expect(await raw.ended).toBe('fin');
  });
});
