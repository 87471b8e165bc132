// Range decisions as a table (RFC 9110 §14.1.2, §14.2). No content is read.

import { describe, expect, test } from 'vitest';
import { decideRange, type RangeDecision } from '../../../../electron/server/http/range.ts';

const all: RangeDecision = { kind: 'all' };
const part = (first: number, last: number): RangeDecision => ({ kind: 'part', first, last });
const parts = (...ranges: [number, number][]): RangeDecision => ({
  kind: 'parts',
  parts: ranges.map(([first, last]) => ({ first, last })),
});
const unsatisfiable: RangeDecision = { kind: 'unsatisfiable' };

describe('a Range field of a representation of 100 bytes', () => {
  test.each<[string | null, RangeDecision]>([
    [null, all],
    ['bytes=0-0', part(0, 0)],
    ['bytes=0-99', part(0, 99)],
    ['bytes=10-', part(10, 99)],
    ['bytes=99-1000', part(99, 99)],
    ['bytes=-1', part(99, 99)],
    ['bytes=-1000', part(0, 99)],
    ['Bytes= 5-6 ', part(5, 6)],
    ['bytes=100-', unsatisfiable],
    ['bytes=100-200', unsatisfiable],
    ['bytes=-0', unsatisfiable],
    ['bytes=6-5', all],
    ['bytes=-', all],
    ['bytes=0-1,3-4', parts([0, 1], [3, 4])],
    ['bytes=50-59, -1, 0-9', parts([50, 59], [99, 99], [0, 9])],
    ['bytes=0-4,5-9', part(0, 9)],
    ['bytes=50-59,0-9,55-70', parts([0, 9], [50, 70])],
    ['bytes=0-,-100,1-2', part(0, 99)],
    ['bytes=200-,3-4', part(3, 4)],
    ['bytes=200-,300-400', unsatisfiable],
    [`bytes=${Array.from({ length: 100 }, () => '0-').join(',')}`, part(0, 99)],
    [`bytes=${Array.from({ length: 101 }, (_value, index) => `${2 * index}-${2 * index}`).join(',')}`, all],
    ['lines=0-1', all],
    ['bytes=a-b', all],
    ['bytes=0-99999999999999999999', part(0, 99)],
    ['bytes=-99999999999999999999', part(0, 99)],
    [`bytes=7-${'9'.repeat(400)}`, part(7, 99)],
    ['bytes=00000000000000000000007-0000000000000000000008', part(7, 8)],
    ['bytes=99999999999999999999-', unsatisfiable],
    ['bytes=99999999999999999998-99999999999999999999', unsatisfiable],
    ['bytes=99999999999999999999-99999999999999999998', all],
  ])('%s is %o', (value, decision) => {
    expect(decideRange(value, 100)).toEqual(decision);
  });

  test('cannot be satisfied when there is nothing', () => {
    expect(decideRange('bytes=0-', 0)).toEqual(unsatisfiable);
    expect(decideRange('bytes=-5', 0)).toEqual(unsatisfiable);
  });
});
