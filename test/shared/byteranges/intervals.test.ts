// The interval set, against a plain list of which bytes are covered.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Intervals } from '../../../shared/byteranges/intervals.ts';

const SIZE = 64;
const at = fc.nat({ max: SIZE });
const change = fc.record({ adds: fc.boolean(), first: at, end: at });
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** The set after some changes, beside the same in bits. */
function after(changes: readonly Change[]): { intervals: Intervals; bits: boolean[] } {
  const intervals = new Intervals();
  const bits = Array<boolean>(SIZE).fill(false);
  for (const { adds, first, end } of changes) {
    const size = Math.max(0, end - first);
    const before = count(bits, first, end);
    if (adds) expect(intervals.add(first, end)).toBe(size - before);
    else intervals.remove(first, end);
    if (size > 0) bits.fill(adds, first, end);
  }
  return { intervals, bits };
}

function count(bits: readonly boolean[], first: number, end: number): number {
  return bits.filter((covered, i) => covered && i >= first && i < end).length;
}

/** Runs of bytes that are covered, or are not. */
function runs(bits: readonly boolean[], covered: boolean): [number, number][] {
  const found: [number, number][] = [];
  bits.forEach((bit, i) => {
    if (bit !== covered) return;
    const last = found.at(-1);
    if (last !== undefined && last[1] === i) last[1]++;
    else found.push([i, i + 1]);
  });
  return found;
}

test('is the same as bits, whatever is added and removed', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), at, at, (changes, first, end) => {
      const { intervals, bits } = after(changes);
      expect(intervals.list()).toEqual(runs(bits, true));
      expect(intervals.gaps(SIZE)).toEqual(runs(bits, false));
      expect(intervals.gaps(end)).toEqual(runs(bits.slice(0, end), false));
      expect(intervals.total).toBe(count(bits, 0, SIZE));
      expect(intervals.covered(first, end)).toBe(count(bits, first, end));
      expect(intervals.has(first, end)).toBe(count(bits, first, end) === Math.max(0, end - first));
      const gap = [...bits, false].findIndex((covered, i) => i >= first && !covered);
      expect(intervals.firstGap(first)).toBe(gap);
      expect(intervals.endOf(first)).toBe(gap);
      expect(Intervals.from(intervals.list()).list()).toEqual(intervals.list());
    }),
    { numRuns: 1000 },
  );
});

test('begins empty', () => {
  const intervals = new Intervals();
  expect(intervals.total).toBe(0);
  expect(intervals.firstGap()).toBe(0);
  expect(intervals.gaps(0)).toEqual([]);
  expect(intervals.gaps(3)).toEqual([[0, 3]]);
});

test('joins what touches', () => {
  const intervals = Intervals.from([
    [6, 8],
    [0, 2],
    [4, 6],
  ]);
  expect(intervals.list()).toEqual([
    [0, 2],
    [4, 8],
  ]);
  expect(intervals.add(2, 4)).toBe(2);
  expect(intervals.list()).toEqual([[0, 8]]);
});

test('is exact up to 2^53 − 1', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const intervals = new Intervals();
  expect(intervals.add(0, most)).toBe(most);
  intervals.remove(1, most - 1);
  expect(intervals.list()).toEqual([
    [0, 1],
    [most - 1, most],
  ]);
  expect(intervals.total).toBe(2);
  expect(intervals.covered(0, most)).toBe(2);
  expect(intervals.firstGap(most - 1)).toBe(most);
  intervals.remove(0, most);
  expect(intervals.list()).toEqual([]);
});

test('ten thousand pieces in any order are one range in the end', () => {
  const intervals = new Intervals();
  for (let i = 0; i < 10_000; i++) {
    // 7919 and 10,000 have no common divisor, so every place comes once.
    const place = (i * 7919) % 10_000;
    expect(intervals.add(place * 10, place * 10 + 10)).toBe(10);
  }
  expect(intervals.list()).toEqual([[0, 100_000]]);
});
