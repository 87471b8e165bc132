// Waiting on a clock: as long as it was to be, no longer than whoever waits, and with nothing left behind.

import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../electron/wire/clock.ts';
import { pause, pauseUntil } from '../../../electron/wire/pause.ts';

describe('a pause', () => {
  it('lasts as long as it was to', async () => {
    const clock = createManualClock();
    let over = false;
    const waited = pause({ clock, signal: new AbortController().signal }, 100).then(() => (over = true));
    clock.advance(99);
    await Promise.resolve();
    expect(over).toBe(false);
    clock.advance(1);
    await waited;
    expect(clock.pending).toBe(0);
  });

  it('ends when whoever waits is stopped, and takes its timer back', async () => {
    const clock = createManualClock();
    const stop = new AbortController();
    const waited = pause({ clock, signal: stop.signal }, 100);
    expect(clock.pending).toBe(1);
    stop.abort();
    await waited;
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['nothing is left to wait for', 0, false],
    ['it was stopped before', 100, true],
  ])('does not begin where %s', async (_, milliseconds, stopped) => {
    const clock = createManualClock();
    const stop = new AbortController();
    if (stopped) stop.abort();
    await pauseUntil({ clock, signal: stop.signal }, milliseconds);
    expect(clock.pending).toBe(0);
  });
});
