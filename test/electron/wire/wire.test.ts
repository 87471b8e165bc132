// The wire on real loopback sockets, where no cut is armed: carrying, ending, holding, pausing, pacing.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createRig, hear, numbered, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(async () => {
  await rig.close();
  expect(rig.clock.pending, 'timers that were not taken back').toBe(0);
  expect(rig.board.wires()).toEqual([]);
});

describe('a connection that nobody breaks', () => {
  it('carries bytes both ways, recorded once at each end, and ends by FIN', async () => {
    const { client, server } = await rig.pair();
    expect(client.connection).toBe(server.connection);
    expect(client.local).toEqual(server.remote);
    expect(client.remote).toEqual(server.local);
    const question = numbered(300_000);
    const answer = numbered(2_000_000);
    const asked = hear(server, ({ length: had }) => {
      if (had === question.length) void server.write(answer).then(() => server.finish());
    });
    const answered = hear(client);
    expect(await client.write(question)).toBe(true);
    expect(await asked.closed).toEqual({ how: 'fin', by: 'server', sent: 2_000_000, received: 300_000 });
    expect(await answered.closed).toEqual({ how: 'fin', by: 'server', sent: 300_000, received: 2_000_000 });
    expect(asked.bytes.equals(question)).toBe(true);
    expect(answered.bytes.equals(answer)).toBe(true);
    for (const [kind, end, bytes] of [
      ['sent', 'client', question],
      ['received', 'server', question],
      ['sent', 'server', answer],
      ['received', 'client', answer],
    ] as const) {
      expect(rig.recorder.bytes(kind, end).equals(bytes), `${kind} at the ${end}`).toBe(true);
    }
    const ends = rig.recorder.lines.filter(({ kind }) => kind === 'ended');
    expect(ends).toEqual([
      { kind: 'ended', connection: 1, end: 'server', direction: 'out' },
      { kind: 'ended', connection: 1, end: 'client', direction: 'in' },
      { kind: 'ended', connection: 1, end: 'client', direction: 'out' },
      { kind: 'ended', connection: 1, end: 'server', direction: 'in' },
    ]);
  });

  it('records before it writes, in slices of 64 KiB at most', async () => {
    const { client, server } = await rig.pair();
    hear(server);
    hear(client);
    const writing = client.write(numbered(200_000));
    const slices = rig.recorder.lines.flatMap((line) => (line.kind === 'sent' ? [line.bytes.length] : []));
    expect(slices).toEqual([65_536, 65_536, 65_536, 3392]);
    expect(await writing).toBe(true);
    expect(client.sent).toBe(200_000);
  });

  it('keeps what a recorder keeps: later reads do not overwrite it', async () => {
    const { client, server } = await rig.pair();
    const heard = hear(client);
    hear(server);
    // More than one region of a slab, in pieces that do not divide it.
    const all = numbered(5_000_000);
    for (let at = 0; at < all.length; at += 12_345) await server.write(all.subarray(at, at + 12_345));
    server.finish();
    await heard.closed;
    expect(rig.recorder.bytes('received', 'client').equals(all)).toBe(true);
  });

  it('reads over what a recorder does not keep', async () => {
    const regions = new Set<ArrayBufferLike>();
    rig.recorder.received = (_connection, end, bytes) => {
      if (end === 'client') regions.add(bytes.buffer);
      return false;
    };
    const { client, server } = await rig.pair();
    const heard = hear(client);
    hear(server);
    void server.write(numbered(5_000_000)).then(() => server.finish());
    expect(await heard.closed).toMatchObject({ received: 5_000_000 });
    expect(heard.bytes.equals(numbered(5_000_000))).toBe(true);
    expect(regions.size).toBe(1);
  });

  it('hands out bytes of which a slice is a copy, at both ends', async () => {
    rig.recorder.received = () => false;
    const { client, server } = await rig.pair();
    const pieces = new Map<string, Uint8Array[]>();
    const over = [client, server].map(
      (wire) =>
        new Promise<void>((resolve) => {
          const kept: Uint8Array[] = [];
          pieces.set(wire.end, kept);
          wire.handle({
            data: (bytes) => kept.push(bytes.slice(0, bytes.length)),
            end: () => wire.finish(),
            closed: () => resolve(),
          });
        }),
    );
    const all = numbered(1_000_000);
    await Promise.all([client.write(all), server.write(all)]);
    server.finish();
    await Promise.all(over);
    for (const kept of pieces.values()) expect(Buffer.concat(kept).equals(all)).toBe(true);
  });

  it('delivers what was read before anybody listened', async () => {
    const { client, server } = await rig.pair();
    hear(client);
    await client.write(numbered(1000));
    client.finish();
    const heard = hear(server);
    expect(await heard.closed).toMatchObject({ how: 'fin', by: 'client', received: 1000 });
    expect(heard.ended).toBe(true);
  });

  it('finishes by itself when the peer has, and nobody asked to know', async () => {
    const { client, server } = await rig.pair();
    const heard = hear(client);
    server.handle({ data: () => void server.write(numbered(500_000)), closed: () => undefined });
    await client.write(numbered(1));
    client.finish();
    expect(await heard.closed).toMatchObject({ how: 'fin', by: 'client', received: 500_000 });
    expect(await rig.recorder.closing('server')).toMatchObject({ how: 'fin', by: 'client', sent: 500_000 });
  });

  it('writes in order, tells of each write, and of an empty one in its turn', async () => {
    const { client, server } = await rig.pair();
    const heard = hear(server);
    hear(client);
    const order: string[] = [];
    const writes = [numbered(70_000), new Uint8Array(0), numbered(5)].map((bytes, index) =>
      client.write(bytes).then((all) => order.push(`${index} ${all}`)),
    );
    await Promise.all(writes);
    client.finish();
    await heard.closed;
    expect(order).toEqual(['0 true', '1 true', '2 true']);
    expect(heard.bytes.equals(Buffer.concat([numbered(70_000), numbered(5)]))).toBe(true);
  });

  it('takes thousands of small writes that nobody awaits', async () => {
    const { client, server } = await rig.pair();
    const heard = hear(server);
    hear(client);
    rig.board.rate = 1;
    const writes = Array.from({ length: 5000 }, (_, at) => client.write(Buffer.from(`${at}\n`)));
    rig.board.rate = 0;
    client.finish();
    expect(new Set(await Promise.all(writes))).toEqual(new Set([true]));
    await heard.closed;
    expect(heard.bytes.toString()).toBe(Array.from({ length: 5000 }, (_, at) => `${at}\n`).join(''));
  });

  it('refuses writes after finish and after close', async () => {
    const { client, server } = await rig.pair();
    const heard = hear(client);
    hear(server);
    client.finish();
    expect(await client.write(numbered(1))).toBe(false);
    await heard.closed;
    expect(client.open).toBe(false);
    expect(await client.write(numbered(1))).toBe(false);
    expect(rig.recorder.length('sent', 'client')).toBe(0);
  });
});

describe('giving up', () => {
  it.each([
    ['fin', 'fin', 'fin'],
    ['rst', 'rst', 'rst'],
    ['silence', 'silence', 'rst'],
  ] as const)('by %s is closed by %s here and seen as %s there', async (how, here, there) => {
    const { client, server } = await rig.pair();
    const mine = hear(client);
    const theirs = hear(server);
    client.close(how);
    client.close(how);
    expect(client.open).toBe(false);
    expect(await mine.closed).toMatchObject({ how: here, by: 'client' });
    expect(await theirs.closed).toMatchObject({ how: there, by: 'client' });
    expect(await rig.recorder.closing('client')).toMatchObject({ how: here, by: 'client' });
    expect(rig.recorder.faults()).toEqual([]);
  });

  it('is told after the method has returned, also to who comes later', async () => {
    const { client, server } = await rig.pair();
    hear(server);
    let returned = false;
    const told = new Promise<boolean>((resolve) => {
      client.handle({ data: () => undefined, closed: () => resolve(returned) });
      client.close('rst');
      returned = true;
    });
    expect(await told).toBe(true);
    expect(await hear(client).closed).toMatchObject({ how: 'rst', by: 'client' });
  });

  it('by FIN first and then by reset lets go of the draining connection', async () => {
    const { socket, server } = await rig.plainClient();
    hear(server);
    server.close('fin');
    server.close('rst');
    expect(await rig.recorder.closing('server')).toMatchObject({ how: 'fin', by: 'server' });
    socket.destroy();
  });
});

describe('a stall', () => {
  it('holds both directions until resumed, and then loses nothing', async () => {
    const { client, server } = await rig.pair();
    const there = hear(server);
    const here = hear(client);
    await client.write(numbered(10));
    await rig.recorder.until(() => rig.recorder.length('received', 'server') === 10);
    server.stall('user');
    server.stall('user');
    expect(server).toMatchObject({ stalled: true, open: true });
    const question = client.write(numbered(300_000));
    const answer = server.write(numbered(5000));
    expect(await question).toBe(true);
    expect(there.length).toBe(10);
    expect(rig.recorder.length('sent', 'server')).toBe(0);
    server.resume('user');
    server.resume('user');
    expect(await answer).toBe(true);
    client.finish();
    await there.closed;
    await here.closed;
    expect(there.bytes.equals(Buffer.concat([numbered(10), numbered(300_000)]))).toBe(true);
    expect(here.bytes.equals(numbered(5000))).toBe(true);
    expect(rig.recorder.faults()).toEqual([
      { end: 'server', direction: 'in', action: 'stall', origin: 'user', at: 10 },
      { end: 'server', direction: 'in', action: 'resume', origin: 'user', at: 10 },
    ]);
  });

  it.each(['rst', 'silence'] as const)(
    'ends when the client gives up by %s; what was held is not delivered',
    async (how) => {
      const { client, server } = await rig.pair();
      const there = hear(server);
      hear(client);
      server.stall('user');
      await client.write(numbered(100_000));
      client.close(how);
      expect(await there.closed).toMatchObject({ how: 'silence', by: 'fault', received: 0, sent: 0 });
      server.resume('user');
      expect(there.length).toBe(0);
    },
  );

  it('ends when the client gives up by FIN', async () => {
    const { client, server } = await rig.pair();
    const there = hear(server);
    hear(client);
    server.stall('user');
    await client.write(numbered(1000));
    client.close('fin');
    expect(await there.closed).toMatchObject({ how: 'silence', by: 'fault', received: 0 });
    expect(there.length).toBe(0);
  });

  it('of the client does not end when the server has finished: its bytes come when resumed', async () => {
    const { client, server } = await rig.pair();
    hear(server);
    const here = hear(client);
    client.stall('user');
    await server.write(numbered(1000));
    server.finish();
    await rig.recorder.until(() =>
      rig.recorder.lines.some(
        (line) => line.kind === 'ended' && line.end === 'client' && line.direction === 'in',
      ),
    );
    expect(here).toMatchObject({ ended: false });
    expect(here.length).toBe(0);
    client.resume('user');
    expect(await here.closed).toMatchObject({ how: 'fin', by: 'server', received: 1000 });
  });

  it('ends when the client gives up behind more than is read ahead', async () => {
    const { client, server } = await rig.pair();
    const there = hear(server);
    hear(client);
    server.stall('user');
    void client.write(Buffer.alloc(64 * 1024 * 1024));
    // The server has stopped to read, and looks at the connection from time to time.
    await rig.timer();
    client.close('silence');
    rig.clock.advance(500);
    expect(await there.closed).toMatchObject({ how: 'silence', by: 'fault', received: 0 });
  });

  it('goes on after more than is read ahead', async () => {
    const { client, server } = await rig.pair();
    const there = hear(server);
    hear(client);
    server.stall('user');
    const all = Buffer.alloc(12 * 1024 * 1024, numbered(65_536));
    void client.write(all).then(() => client.finish());
    await rig.timer();
    rig.clock.advance(1600);
    server.resume('user');
    await there.closed;
    expect(there.bytes.equals(all)).toBe(true);
  });

  it.each(['fin', 'rst', 'silence'] as const)('ends when its own end closes it by %s', async (how) => {
    const { client, server } = await rig.pair();
    const there = hear(server);
    const here = hear(client);
    server.stall('user');
    await client.write(numbered(1000));
    const unsent = server.write(numbered(1000));
    server.close(how);
    expect(await unsent).toBe(false);
    expect(await there.closed).toMatchObject({ how: 'silence', by: 'fault', received: 0, sent: 0 });
    expect(await here.closed).toMatchObject({ how: how === 'fin' ? 'fin' : 'rst', by: 'server' });
    expect(await rig.recorder.closing('server')).toMatchObject({ how: 'silence', by: 'fault', received: 0 });
    expect(there.length).toBe(0);
  });
});

describe('flow', () => {
  it('pauses delivery without a record, and loses nothing', async () => {
    const { client, server } = await rig.pair();
    const pauses: number[] = [];
    const there = hear(server, ({ length: had, wire }) => {
      if (pauses.length < 3) {
        pauses.push(had);
        wire.flow(false);
        setImmediate(() => {
          expect(there.length).toBe(pauses.at(-1));
          wire.flow(true);
        });
      }
    });
    hear(client);
    const all = numbered(3_000_000);
    void client.write(all).then(() => client.finish());
    await there.closed;
    expect(pauses.length).toBe(3);
    expect(there.bytes.equals(all)).toBe(true);
    expect(rig.recorder.faults()).toEqual([]);
  });

  it('stays off while a stall is resumed', async () => {
    const { client, server } = await rig.pair();
    const here = hear(client);
    hear(server);
    client.flow(false);
    client.stall('user');
    await server.write(numbered(1000));
    client.resume('user');
    expect(here.length).toBe(0);
    client.flow(true);
    server.finish();
    await here.closed;
    expect(here.length).toBe(1000);
  });
});

describe('pace', () => {
  it('writes 25 slices a second', async () => {
    rig.board.rate = 250_000;
    const { client, server } = await rig.pair();
    const there = hear(server);
    hear(client);
    const writing = client.write(numbered(100_000));
    const slices: [number, number][] = [];
    const recorded = (): number => rig.recorder.length('sent', 'client');
    for (let sent = 0; sent < 100_000; sent = recorded()) {
      slices.push([rig.clock.now(), recorded()]);
      await rig.timer();
      rig.clock.advance(40);
    }
    expect(await writing).toBe(true);
    client.finish();
    await there.closed;
    expect(there.bytes.equals(numbered(100_000))).toBe(true);
    // A fresh wire has credit for a second slice; after it, 10,000 bytes every 40 ms.
    expect(slices).toEqual(Array.from({ length: 8 }, (_, turn) => [turn * 40, (turn + 2) * 10_000]));
  });

  it('is followed at once when it changes, by a write that waits, too', async () => {
    rig.board.rate = 1;
    const { client, server } = await rig.pair();
    const there = hear(server);
    hear(client);
    const writing = client.write(numbered(100_000));
    await rig.timer();
    expect(rig.recorder.length('sent', 'client')).toBe(1);
    rig.board.rate = 0;
    expect(await writing).toBe(true);
    client.finish();
    await there.closed;
    expect(there.length).toBe(100_000);
  });

  it('takes its timer back when the wire closes', async () => {
    rig.board.rate = 1;
    const { client, server } = await rig.pair();
    hear(server);
    const here = hear(client);
    const writing = client.write(numbered(100));
    await rig.timer();
    client.close('rst');
    expect(await writing).toBe(false);
    await here.closed;
    expect(rig.clock.pending).toBe(0);
  });
});
