// How long to wait before another try. Pure: the clock and the dice are the caller's.

const FIRST = 250;
const LONGEST = 4_000;

/** Tries without any progress after which an operation gives up. */
export const MAX_TRIES = 10;

/**
 * Milliseconds before try number `attempt` (1, 2, 3 …): doubling from 250 ms up to 4 s, of which the upper half is
 * left to chance so that clients which were cut together do not come back together; never below 250 ms.
 * @param random 0 ≤ x < 1
 */
export function backoff(attempt: number, random: number): number {
  const full = Math.min(LONGEST, FIRST * 2 ** Math.min(Math.max(attempt, 1) - 1, 10));
  return Math.max(FIRST, Math.round(full / 2 + (full / 2) * random));
}
