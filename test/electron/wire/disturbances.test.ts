// Throttle, delay, fragments, a changed byte, cuts after a time and when idle, on real connections: what each end gets,
// and what the record tells of it.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { MOST_DISTURBANCES } from '../../../electron/wire/faults.ts';
import type { Disturbance } from '../../../shared/contract.ts';
import { createRig, type Heard, hear, numbered, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(async () => {
  await rig.close();
  expect(rig.clock.pending).toBe(0);
});

const arm = (disturbance: Disturbance): number => rig.board.disturb(disturbance, 'user');

/** Resolves when that much was delivered. */
function hearing(wire: Parameters<typeof hear>[0]): { heard: Heard; until(length: number): Promise<void> } {
  let wake = (): void => undefined;
  const heard = hear(wire, () => wake());
  return {
    heard,
    async until(length) {
      while (heard.length < length) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

describe.each(['out', 'in'] as const)('%s', (direction) => {
  const end = direction === 'out' ? 'client' : 'server';

  it('a delay lets each byte move that much later, and no sooner', async () => {
    arm({ fault: 'delay', end, direction, milliseconds: 200 });
    const { client, server } = await rig.pair();
    const { heard, until } = hearing(server);
    hear(client);
    void client.write(numbered(1000));
    await rig.timer();
    rig.clock.advance(199);
    expect(heard.length).toBe(0);
    rig.clock.advance(1);
    await until(1000);
    expect(heard.bytes.equals(numbered(1000))).toBe(true);
    expect(rig.recorder.faults()).toEqual([
      { end, direction, action: 'delay', origin: 'user', at: 0, amount: 200 },
    ]);
  });

  it('a delay that is taken back lets go of what it held, and the record says so', async () => {
    const { client, server } = await rig.pair();
    const { until } = hearing(server);
    hear(client);
    void client.write(numbered(10));
    await until(10);
    const id = arm({ fault: 'delay', end, direction, milliseconds: 60_000 });
    void client.write(numbered(10));
    await rig.timer();
    rig.clock.advance(60_000);
    await until(20);
    void client.write(numbered(10));
    await rig.timer();
    expect(rig.board.disarm(id)).toBe(true);
    await until(30);
    expect(rig.recorder.faults().map(({ at, amount }) => [at, amount])).toEqual([
      [10, 60_000],
      [20, 0],
    ]);
    expect(rig.board.disturbances()).toEqual([]);
  });

  it('a throttle lets so many bytes a second through', async () => {
    arm({ fault: 'throttle', end, direction, rate: 1000 });
    const { client, server } = await rig.pair();
    const { heard, until } = hearing(server);
    hear(client);
    void client.write(numbered(200));
    // Two slices of 40 ms each go at once: so much may always be made up for.
    await until(80);
    for (const [had, wait] of [
      [80, 30],
      [120, 40],
      [160, 40],
    ] as const) {
      await rig.timer();
      rig.clock.advance(wait - 1);
      expect(heard.length).toBe(had);
      rig.clock.advance(1);
      await until(had + 40);
    }
    expect(rig.recorder.faults()).toMatchObject([{ direction, action: 'throttle', amount: 1000 }]);
  });

  it('fragments are no longer than they may be, and all of them arrive in order', async () => {
    arm({ fault: 'fragment', end, direction, bytes: 7 });
    const { client, server } = await rig.pair();
    const { heard, until } = hearing(server);
    hear(client);
    void client.write(numbered(100));
    await until(100);
    expect(heard.bytes.equals(numbered(100))).toBe(true);
    const moved = rig.recorder.lines.filter(
      (line) => line.kind === (direction === 'out' ? 'sent' : 'received') && line.end === end,
    );
    expect(moved.map((line) => ('bytes' in line ? line.bytes.length : 0))).toEqual([
      ...Array.from({ length: 14 }, () => 7),
      2,
    ]);
    expect(rig.recorder.faults()).toMatchObject([{ direction, action: 'fragment', at: 0, amount: 7 }]);
  });

  it('a FIN comes behind what is delayed', async () => {
    arm({ fault: 'delay', end, direction, milliseconds: 50 });
    const { client, server } = await rig.pair();
    const { heard } = hearing(server);
    hear(client);
    void client.write(numbered(10));
    client.finish();
    await rig.timer();
    expect(heard.ended).toBe(false);
    rig.clock.advance(50);
    await heard.closed;
    expect(heard).toMatchObject({ length: 10, ended: true });
  });

  it('what is disturbed is still cut at its byte, exactly', async () => {
    arm({ fault: 'fragment', end, direction, bytes: 8 });
    rig.board.arm({ end, direction, at: 20, content: false, cut: 'rst' }, 'user');
    const { client, server } = await rig.pair();
    const { heard } = hearing(server);
    hear(client);
    void client.write(numbered(100));
    await heard.closed;
    expect(heard.length).toBeLessThanOrEqual(20);
    const [cut] = rig.recorder.faults().filter(({ action }) => action === 'cut');
    expect(cut?.at).toBe(20);
  });

  it('what stands for the other end, or the other direction, changes nothing', async () => {
    const other = end === 'client' ? 'server' : 'client';
    arm({ fault: 'delay', end: other, direction, milliseconds: 1000 });
    arm({ fault: 'delay', end, direction: direction === 'in' ? 'out' : 'in', milliseconds: 1000 });
    const { client, server } = await rig.pair();
    const { until } = hearing(server);
    hear(client);
    void client.write(numbered(1000));
    await until(1000);
    expect(rig.recorder.faults()).toEqual([]);
  });
});

describe('a changed byte', () => {
  it('goes out changed, is recorded as it went out, and is changed once only', async () => {
    const id = arm({ fault: 'corrupt', end: 'client', at: 500, mask: 0x20 });
    const { client, server } = await rig.pair();
    const { heard, until } = hearing(server);
    hear(client);
    const original = numbered(1000);
    void client.write(original);
    await until(1000);
    const changed = numbered(1000);
    changed[500]! ^= 0x20;
    expect(heard.bytes.equals(changed)).toBe(true);
    expect(rig.recorder.bytes('sent', 'client').equals(changed)).toBe(true);
    expect(original.equals(numbered(1000))).toBe(true);
    expect(rig.recorder.faults()).toEqual([
      { end: 'client', direction: 'out', action: 'corrupt', origin: 'user', at: 500, amount: 0x20 },
    ]);
    expect(rig.board.disarm(id)).toBe(false);

    const second = await rig.pair();
    const next = hearing(second.server);
    hear(second.client);
    void second.client.write(numbered(1000));
    await next.until(1000);
    expect(next.heard.bytes.equals(numbered(1000))).toBe(true);
  });

  it('meets a connection that is open, if its byte is still to come', async () => {
    const { client, server } = await rig.pair();
    const { heard, until } = hearing(server);
    hear(client);
    void client.write(numbered(10));
    await until(10);
    arm({ fault: 'corrupt', end: 'client', at: 9, mask: 1 });
    arm({ fault: 'corrupt', end: 'client', at: 10, mask: 1 });
    void client.write(Buffer.from([0, 0]));
    await until(12);
    expect([...heard.bytes.subarray(10)]).toEqual([1, 0]);
    expect(rig.board.disturbances().map(({ disturbance }) => disturbance)).toEqual([
      { fault: 'corrupt', end: 'client', at: 9, mask: 1 },
    ]);
  });
});

describe('a cut after a time', () => {
  const after = (milliseconds: number): Disturbance => ({
    fault: 'cut-after',
    end: 'server',
    direction: 'in',
    milliseconds,
    cut: 'rst',
  });

  it('strikes one connection, so long after it was opened', async () => {
    arm(after(300));
    const first = await rig.pair();
    const second = await rig.pair();
    const lost = hearing(first.server).heard;
    hear(first.client);
    hear(second.client);
    hear(second.server);
    rig.clock.advance(299);
    expect(first.server.open).toBe(true);
    rig.clock.advance(1);
    expect(await lost.closed).toMatchObject({ how: 'rst', by: 'fault' });
    expect(second.server.open).toBe(true);
    expect(rig.recorder.faults()).toMatchObject([{ action: 'cut', cut: 'rst', origin: 'user' }]);
    expect(rig.board.disturbances()).toEqual([]);
  });

  it('counts from when it is armed on a connection that is open, and not at all once it is taken back', async () => {
    const { client, server } = await rig.pair();
    hear(client);
    hear(server);
    rig.clock.advance(1000);
    const id = arm(after(100));
    rig.clock.advance(99);
    rig.board.disarm(id);
    rig.clock.advance(1000);
    expect(server.open).toBe(true);
    arm(after(100));
    rig.clock.advance(100);
    expect(server.open).toBe(false);
  });
});

describe.each(['out', 'in'] as const)('what is planned for a direction (%s)', (direction) => {
  const end = direction === 'out' ? 'client' : 'server';
  /** Two ends, and the one whose direction is planned. */
  const pair = async () => {
    const { client, server } = await rig.pair();
    const hears = hearing(server);
    hear(client);
    return { client, planned: end === 'client' ? client : server, ...hears };
  };

  it('begins at its byte and ends at its byte, however the bytes are written', async () => {
    const { client, planned, heard, until } = await pair();
    planned.disturbAt({ action: 'fragment', at: 100, amount: 10 }, direction);
    planned.disturbAt({ action: 'fragment', at: 150, amount: 0 }, direction);
    void client.write(numbered(300));
    await until(300);
    expect(heard.bytes.equals(numbered(300))).toBe(true);
    expect(rig.recorder.faults()).toEqual([
      { end, direction, action: 'fragment', origin: 'plan', at: 100, amount: 10 },
      { end, direction, action: 'fragment', origin: 'plan', at: 150, amount: 0 },
    ]);
  });

  it('holds up what comes from its byte on, and nothing before', async () => {
    const { client, planned, heard, until } = await pair();
    planned.disturbAt({ action: 'delay', at: 50, amount: 500 }, direction);
    void client.write(numbered(80));
    await until(50);
    await rig.timer();
    expect(heard.length).toBe(50);
    rig.clock.advance(500);
    await until(80);
    expect(rig.recorder.faults()).toMatchObject([{ action: 'delay', at: 50, amount: 500 }]);
  });

  it('changes its byte once', async () => {
    const { client, planned, heard, until } = await pair();
    planned.disturbAt({ action: 'corrupt', at: 7, amount: 3 }, direction);
    void client.write(numbered(20));
    await until(20);
    const changed = Buffer.from(numbered(20));
    changed[7]! ^= 3;
    expect(heard.bytes.equals(changed)).toBe(true);
    expect(rig.recorder.faults()).toMatchObject([{ action: 'corrupt', at: 7, amount: 3 }]);
  });

  it('stands beside what stands on the board', async () => {
    const id = arm({ fault: 'fragment', end, direction, bytes: 16 });
    const { client, planned, until } = await pair();
    planned.disturbAt({ action: 'fragment', at: 32, amount: 4 }, direction);
    void client.write(numbered(64));
    await until(64);
    rig.board.disarm(id);
    expect(rig.recorder.faults().map(({ origin, at, amount }) => [origin, at, amount])).toEqual([
      ['user', 0, 16],
      ['plan', 32, 4],
      ['user', 64, 0],
    ]);
  });
});

describe('the board', () => {
  it('cuts a server that is idle with an answer owed, on connections opened from then on', async () => {
    const early = await rig.pair();
    hear(early.client);
    hear(early.server);
    arm({ fault: 'cut-idle', firstByte: 100, between: 50, first: 'any-byte' });
    const { client, server } = await rig.pair();
    const { heard, until } = hearing(server);
    hear(client);
    const request = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    void client.write(request);
    await until(request.length);
    rig.clock.advance(100);
    expect(await heard.closed).toMatchObject({ how: 'rst', by: 'fault' });
    expect(rig.recorder.faults(client.connection)).toMatchObject([{ action: 'cut', origin: 'user' }]);
    expect(early.server.open).toBe(true);
  });

  it('names what disturbs, and has a bound', () => {
    const ids = Array.from({ length: MOST_DISTURBANCES }, () =>
      arm({ fault: 'delay', end: 'client', direction: 'out', milliseconds: 1 }),
    );
    expect(rig.board.disturbances().map(({ id }) => id)).toEqual(ids);
    expect(() => arm({ fault: 'delay', end: 'client', direction: 'out', milliseconds: 1 })).toThrow(
      /take some back/,
    );
  });
});
