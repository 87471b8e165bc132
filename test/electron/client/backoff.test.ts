import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff } from '../../../electron/client/backoff.ts';

describe('the delay before another try', () => {
  it('doubles from 250 ms to 4 s', () => {
    expect([1, 2, 3, 4, 5, 6, 100].map((attempt) => backoff(attempt, 1))).toEqual([
      250, 500, 1000, 2000, 4000, 4000, 4000,
    ]);
  });

  it('leaves its upper half to chance and stays within 250 ms and 4 s', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const delay = backoff(attempt, random);
          expect(delay).toBeGreaterThanOrEqual(Math.max(250, backoff(attempt, 1) / 2));
          expect(delay).toBeLessThanOrEqual(backoff(attempt, 1));
        },
      ),
    );
  });
});
