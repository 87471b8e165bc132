// Cuts at a byte, on real loopback sockets: exactly that many bytes, at either end, in either direction, of each kind.

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { CutKind, Direction, End } from '../../../shared/capture/records.ts';
import type { Wire } from '../../../electron/wire/types.ts';
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

const ENDS: End[] = ['client', 'server'];
const DIRECTIONS: Direction[] = ['in', 'out'];
const KINDS: CutKind[] = ['rst', 'fin', 'stall'];
const POINTS = [0, 1, 3, 65_535, 65_536, 65_537, 100_000, 149_999, 150_000];
const LENGTH = 150_000;
const PAYLOAD = numbered(LENGTH);

const other = (end: End): End => (end === 'client' ? 'server' : 'client');

/** One connection with one cut; checks that both ends tell the same of it. */
async function cutOnce(end: End, direction: Direction, at: number, cut: CutKind, arm: (wire: Wire) => void) {
  const { client, server } = await rig.pair();
  const { connection } = client;
  const wires = { client, server };
  arm(wires[end]);
  const ends = { client: hear(client), server: hear(server) };
  const writer = (end === 'client') === (direction === 'out') ? client : server;
  void writer.write(PAYLOAD);
  await rig.recorder.until(() => rig.recorder.faults(connection).length > 0);
  expect(rig.recorder.faults(connection)).toMatchObject([{ end, direction, action: 'cut', cut, at }]);
  if (cut === 'stall') {
    expect(wires[end]).toMatchObject({ stalled: true, open: true });
    wires[other(end)].close('silence');
    expect(await ends[other(end)].closed).toMatchObject({ how: 'silence', by: other(end) });
  } else {
    expect(wires[end].open).toBe(false);
    expect(await ends[other(end)].closed).toMatchObject({ how: cut, by: end });
  }
  const note = await ends[end].closed;
  expect(note).toMatchObject({ how: cut === 'stall' ? 'silence' : cut, by: 'fault' });
  expect(await rig.recorder.closing(end, connection)).toEqual(note);
  if (direction === 'in') {
    expect(note.received).toBe(at);
    expect(ends[end].bytes.equals(PAYLOAD.subarray(0, at))).toBe(true);
    expect(rig.recorder.bytes('received', end, connection).equals(PAYLOAD.subarray(0, at))).toBe(true);
  } else {
    expect(note.sent).toBe(at);
    expect(rig.recorder.bytes('sent', end, connection).equals(PAYLOAD.subarray(0, at))).toBe(true);
    const arrived = ends[other(end)].bytes;
    expect(arrived.equals(PAYLOAD.subarray(0, arrived.length))).toBe(true);
    if (cut === 'fin') expect(arrived.length).toBe(at);
  }
  // The faulted end counts no byte that the other end has not handed over, and the other way round.
  const peer = await rig.recorder.closing(other(end), connection);
  expect(peer.received).toBeLessThanOrEqual(note.sent);
  expect(note.received).toBeLessThanOrEqual(peer.sent);
}

describe.each(ENDS)('a cut that was armed for the %s', (end) => {
  describe.each(DIRECTIONS)('%s', (direction) => {
    describe.each(KINDS)('by %s', (cut) => {
      it.each(POINTS)('lets exactly %i bytes through', async (at) => {
        const id = rig.board.arm({ end, direction, at, content: false, cut }, 'plan');
        await cutOnce(end, direction, at, cut, () => undefined);
        expect(rig.board.list()).toMatchObject([{ id, fired: true }]);
      });
    });
  });
});

describe('cutAt', () => {
  it('lets exactly a random number of bytes through, anywhere, by any kind', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ENDS),
        fc.constantFrom(...DIRECTIONS),
        fc.nat(LENGTH),
        fc.constantFrom(...KINDS),
        (end, direction, at, cut) =>
          cutOnce(end, direction, at, cut, (wire) => wire.cutAt(at, cut, direction, 'plan')),
      ),
      { numRuns: 60 },
    );
  });

  it('cuts at once where the byte has passed, and says at which it did', async () => {
    const { client, server } = await rig.pair();
    const heard = hear(server, ({ length: had }) => {
      if (had === 10) server.cutAt(3, 'rst', 'in', 'user');
    });
    hear(client);
    await client.write(numbered(10));
    expect(await heard.closed).toMatchObject({ how: 'rst', by: 'fault', received: 10 });
    expect(rig.recorder.faults()).toEqual([
      { end: 'server', direction: 'in', action: 'cut', cut: 'rst', origin: 'user', at: 10 },
    ]);
  });

  it('takes the nearest of several, and after a silence that was resumed the next', async () => {
    const { client, server } = await rig.pair();
    server.cutAt(200, 'rst', 'in', 'plan');
    server.cutAt(100, 'stall', 'in', 'plan');
    server.cutAt(50, 'stall', 'in', 'plan');
    const heard = hear(server);
    hear(client);
    void client.write(numbered(300));
    await rig.recorder.until(() => rig.recorder.faults().length === 1);
    expect(server.received).toBe(50);
    server.resume('plan');
    expect(server.received).toBe(100);
    expect(server.stalled).toBe(true);
    server.resume('plan');
    expect(await heard.closed).toMatchObject({ how: 'rst', by: 'fault', received: 200 });
    expect(rig.recorder.faults().map(({ action, at }) => [action, at])).toEqual([
      ['cut', 50],
      ['resume', 50],
      ['cut', 100],
      ['resume', 100],
      ['cut', 200],
    ]);
    expect(heard.bytes.equals(numbered(300).subarray(0, 200))).toBe(true);
  });

  it('has no effect on a wire that is closed', async () => {
    const { client, server } = await rig.pair();
    const heard = hear(client);
    hear(server);
    client.close('rst');
    client.cutAt(0, 'rst', 'out', 'user');
    client.cut('rst', 'out', 'user');
    client.stall('user');
    client.resume('user');
    await heard.closed;
    expect(rig.recorder.faults()).toEqual([]);
  });
});

describe('a cut now', () => {
  it.each(KINDS)('by %s inside a delivery ends it there, and no byte follows', async (cut) => {
    const { client, server } = await rig.pair();
    const heard = hear(server, ({ wire }) => wire.cut(cut, 'in', 'user'));
    const client1 = hear(client);
    void client.write(PAYLOAD);
    await rig.recorder.until(() => rig.recorder.faults().length === 1);
    const { length } = heard.bytes;
    expect(rig.recorder.faults()).toMatchObject([{ cut, origin: 'user', at: length }]);
    if (cut === 'stall') client.close('silence');
    await heard.closed;
    await client1.closed;
    expect(heard.length).toBe(length);
    expect(await rig.recorder.closing('server')).toMatchObject({ received: length, by: 'fault' });
  });

  it('takes back what was recorded and not handed to the kernel', async () => {
    const { client, socket } = await rig.plainServer();
    // The peer does not read: the kernel takes some of it, and the rest waits in the process.
    const done = client.write(Buffer.alloc(64 * 1024 * 1024, 1));
    const heard = hear(client);
    for (let before = -1; before < rig.recorder.lines.length;) {
      before = rig.recorder.lines.length;
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    client.cut('rst', 'out', 'user');
    expect(await done).toBe(false);
    const note = await heard.closed;
    const recorded = rig.recorder.length('sent', 'client');
    expect(note.sent).toBeGreaterThan(0);
    expect(note.sent).toBeLessThan(recorded);
    expect(rig.recorder.faults()).toMatchObject([{ at: note.sent }]);
    expect(note.sent).toBeGreaterThanOrEqual(socket.bytesRead);
  });

  it('breaks a connection that is silent already', async () => {
    const { client, server } = await rig.pair();
    const heard = hear(server);
    const peer = hear(client);
    server.stall('user');
    server.cut('rst', 'in', 'user');
    expect(await heard.closed).toMatchObject({ how: 'rst', by: 'fault' });
    expect(await peer.closed).toMatchObject({ how: 'rst', by: 'server' });
    expect(rig.recorder.faults().map(({ action }) => action)).toEqual(['stall', 'cut']);
  });
});

describe('a FIN cut', () => {
  it('reads on, and records as discarded what it throws away', async () => {
    const { client, server } = await rig.pair();
    server.cutAt(1000, 'fin', 'in', 'plan');
    const heard = hear(server);
    // The client goes on writing whatever comes back.
    const writing = client.write(PAYLOAD);
    await new Promise<void>((end) => client.handle({ data: () => undefined, end, closed: () => undefined }));
    expect(await writing).toBe(true);
    expect(await heard.closed).toMatchObject({ how: 'fin', by: 'fault', received: 1000 });
    client.finish();
    const note = await rig.recorder.closing('server');
    expect(note).toMatchObject({ how: 'fin', by: 'fault', received: 1000 });
    expect(rig.recorder.bytes('discarded', 'server').equals(PAYLOAD.subarray(1000))).toBe(true);
    expect(rig.recorder.length('received', 'server')).toBe(1000);
    expect(await rig.recorder.closing('client')).toMatchObject({ how: 'fin', by: 'server', sent: LENGTH });
  });

  it('lets go after 5 s of a peer that does not close', async () => {
    const { socket, server } = await rig.plainClient();
    const heard = hear(server);
    server.cut('fin', 'out', 'user');
    await heard.closed;
    const closed = (): boolean => rig.recorder.lines.some(({ kind }) => kind === 'closed');
    rig.clock.advance(4999);
    expect(closed()).toBe(false);
    rig.clock.advance(1);
    expect(await rig.recorder.closing('server')).toMatchObject({ how: 'fin', by: 'fault' });
    expect(socket.destroyed).toBe(false);
  });

  it('lets go after 64 MiB of a peer that goes on', async () => {
    const { client, server } = await rig.pair();
    hear(server);
    client.handle({ data: () => undefined, end: () => undefined, closed: () => undefined });
    server.cut('fin', 'in', 'user');
    void client.write(Buffer.alloc(80 * 1024 * 1024));
    expect(await rig.recorder.closing('server')).toMatchObject({ how: 'fin', by: 'fault', received: 0 });
    const discarded = rig.recorder.length('discarded', 'server');
    expect(discarded).toBeGreaterThan(64 * 1024 * 1024);
    expect(discarded).toBeLessThan(66 * 1024 * 1024);
    expect(await rig.recorder.closing('client')).toMatchObject({ how: 'rst', by: 'server' });
  });

  it('sends what was in flight, and nothing that waited', async () => {
    const { client, server } = await rig.pair();
    const heard = hear(server);
    rig.board.rate = 100;
    // Slices of 4 bytes: two are free, the third waits for the clock.
    const first = client.write(numbered(8));
    const second = client.write(numbered(40));
    hear(client);
    client.cut('fin', 'out', 'user');
    expect(await Promise.all([first, second])).toEqual([true, false]);
    expect(await heard.closed).toMatchObject({ how: 'fin', by: 'client', received: 8 });
    expect(await rig.recorder.closing('client')).toMatchObject({ how: 'fin', by: 'fault', sent: 8 });
  });
});
