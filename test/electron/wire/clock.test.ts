// The two clocks.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';

import { createManualClock, systemClock } from '../../../electron/wire/clock.ts';

describe('the manual clock', () => {
  it('calls what falls due, in the order of times, at its time, and what those calls ask for', () => {
    const clock = createManualClock();
    const calls: string[] = [];
    clock.after(30, () => calls.push(`c ${clock.now()}`));
    clock.after(10, () => {
      calls.push(`a ${clock.now()}`);
      clock.after(10, () => calls.push(`b ${clock.now()}`));
    });
    clock.after(31, () => calls.push('too early'));
    clock.advance(30);
    expect(calls).toEqual(['a 10', 'b 20', 'c 30']);
    expect(clock.now()).toBe(30);
    expect(clock.pending).toBe(1);
  });

  it('does not call what was taken back', () => {
    const clock = createManualClock();
    const calls: string[] = [];
    const cancel = clock.after(5, () => calls.push('no'));
    clock.after(5, () => calls.push('yes'));
    cancel();
    clock.advance(5);
    expect(calls).toEqual(['yes']);
    expect(clock.pending).toBe(0);
  });
});

describe('the clock of the machine', () => {
  it('calls later, once, and not what was taken back', async () => {
    const calls: string[] = [];
    const before = systemClock.now();
    systemClock.after(0, () => calls.push('taken back'))();
    const called = new Promise<void>((resolve) => void systemClock.after(1, resolve));
    expect(calls).toEqual([]);
    await called;
    expect(calls).toEqual([]);
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  });

  it('does not fire at once what is further away than a timer can count', async () => {
    const calls: string[] = [];
    const cancel = systemClock.after(2 ** 40, () => calls.push('too early'));
    await new Promise<void>((resolve) => void systemClock.after(2, resolve));
    cancel();
    expect(calls).toEqual([]);
  });

  it('lets a process that was halted read what came meanwhile first', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [accepted] = (await once(server, 'connection')) as [Socket];
    try {
      const order: string[] = [];
      const rung = new Promise<void>((resolve) => {
        const cancel = systemClock.after(1, () => void (order.push('silence'), resolve()));
        client.once('data', () => {
          order.push('data');
          cancel();
          resolve();
        });
      });
      accepted.write('x');
      const halted = systemClock.now() + 5;
      while (systemClock.now() < halted);
      await rung;
      expect(order).toEqual(['data']);
    } finally {
      client.destroy();
      accepted.destroy();
      server.close();
    }
  });
});
