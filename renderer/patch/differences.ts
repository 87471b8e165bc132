// Which bytes of one state differ from another, as the ranges that a patch carries. Pure.

import { type Cells, MISSING } from './cells.ts';

/** Bytes first … end (exclusive) of the new state. */
export interface Range {
  readonly first: number;
  readonly end: number;
}

export interface Differences {
  /** Ascending, apart from each other; bytes between differences that are close are in them too. */
  readonly ranges: readonly Range[];
  /** Bytes that really differ, those behind the old end included. */
  readonly changed: number;
  /** The new length, where it is the smaller one; else null. */
  readonly truncateTo: number | null;
}

/** Differences whose distance is smaller than this become one range: a part's head costs more than a few bytes. */
export const CLOSER = 10;

/**
 * Compares two states. A byte that is missing in the new state is no difference: there is nothing to send.
 * @param closer a difference that begins fewer bytes than this after the last byte of the one before joins its range
 */
export function findDifferences(before: Cells, after: Cells, closer: number): Differences {
  const ranges: { first: number; end: number }[] = [];
  let changed = 0;
  let last: { first: number; end: number } | undefined;
  /** The first byte from which on all are there, up to the one looked at: a range cannot span a missing one. */
  let wholeFrom = 0;
  for (let i = 0; i < after.length; i++) {
    if (after[i] === MISSING) {
      wholeFrom = i + 1;
      continue;
    }
    if (i < before.length && before[i] === after[i]) continue;
    changed++;
    if (last !== undefined && i - (last.end - 1) < Math.max(closer, 2) && wholeFrom <= last.end)
      last.end = i + 1;
    else {
      last = { first: i, end: i + 1 };
      ranges.push(last);
    }
  }
  return { ranges, changed, truncateTo: after.length < before.length ? after.length : null };
}

/** Whether nothing was changed at all. */
export function isSame({ ranges, truncateTo }: Differences): boolean {
  return ranges.length === 0 && truncateTo === null;
}
