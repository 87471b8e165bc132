// Pacing as arithmetic.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { LARGEST_SLICE, Pace, sliceAt } from '../../../electron/wire/pace.ts';

describe('slices', () => {
  it.each([
    [0, LARGEST_SLICE],
    [1, 1],
    [24, 1],
    [250_000, 10_000],
    [1e9, LARGEST_SLICE],
  ])('at %i bytes per second are of %i bytes', (rate, bytes) => {
    expect(sliceAt(rate)).toBe(bytes);
  });
});

describe('pace', () => {
  it('lets the first slice go at once, and the next when the first is paid for', () => {
    const pace = new Pace();
    expect(pace.wait(0, 1000)).toBe(0);
    pace.took(40, 0, 1000);
    expect(pace.wait(0, 1000)).toBe(0);
    pace.took(40, 0, 1000);
    expect(pace.wait(0, 1000)).toBe(30);
    expect(pace.wait(30, 1000)).toBe(0);
  });

  it('asks for no wait when unpaced', () => {
    const pace = new Pace();
    pace.took(1_000_000, 0, 1);
    expect(pace.wait(0, 0)).toBe(0);
  });

  it('forgives what an older rate left', () => {
    const pace = new Pace();
    pace.took(1_000_000, 0, 1);
    pace.forgive(5);
    expect(pace.wait(5, 1)).toBe(0);
  });

  it('keeps the average, however late its timers are, and never bursts by more than the credit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 5_000_000 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 20, maxLength: 60 }),
        (rate, lateness) => {
          const pace = new Pace();
          const slice = sliceAt(rate);
          let now = 0;
          let sent = 0;
          for (const late of lateness) {
            const wait = pace.wait(now, rate);
            if (wait > 0) now += wait + late;
            pace.took(slice, now, rate);
            sent += slice;
          }
          // One slice is free, and 50 ms of credit.
          const due = (now * rate) / 1000;
          expect(sent).toBeLessThanOrEqual(due + slice + rate * 0.051);
          expect(sent).toBeGreaterThanOrEqual(due - slice - rate * 0.041);
        },
      ),
    );
  });
});
