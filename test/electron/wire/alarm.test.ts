import { describe, expect, it } from 'vitest';
import { alarm } from '../../../electron/wire/alarm.ts';
import { createManualClock } from '../../../electron/wire/clock.ts';
import type { Clock } from '../../../electron/wire/types.ts';

describe('an alarm', () => {
  it('rings when its moment has come, once', () => {
    const clock = createManualClock();
    const rung: number[] = [];
    alarm(clock, 100, () => rung.push(clock.now()));
    clock.advance(99);
    expect(rung).toEqual([]);
    clock.advance(500);
    expect(rung).toEqual([100]);
    expect(clock.pending).toBe(0);
  });

  it('waits for the rest where a timer rings early', () => {
    const clock = createManualClock();
    // As timers do that count whole milliseconds.
    const early: Clock = {
      now: clock.now,
      after: (milliseconds, call) => clock.after(Math.max(1, Math.floor(milliseconds * 0.9)), call),
    };
    const rung: number[] = [];
    alarm(early, 100, () => rung.push(clock.now()));
    for (let time = 0; time < 99; time++) clock.advance(1);
    expect(rung).toEqual([]);
    clock.advance(1);
    expect(rung).toEqual([100]);
  });

  it('is taken back, also while it waits for the rest, and never rings inside the call', () => {
    const clock = createManualClock();
    let rung = 0;
    const cancel = alarm(clock, -5, () => rung++);
    expect(rung).toBe(0);
    cancel();
    clock.advance(10);
    expect(rung).toBe(0);
    expect(clock.pending).toBe(0);
  });
});
