// Range: what is asked for, clamped where it is enormous, told apart where it is in another unit.

import { expect, test } from 'vitest';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { RANGE_LIMIT, parseRange, writeRange } from '../../../shared/fields/range.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;

test.each([
  ['bytes=0-499', [{ first: 0, last: 499 }]],
  ['bytes=9500-', [{ first: 9500, last: null }]],
  ['bytes=-500', [{ suffix: 500 }]],
  ['bytes=-0', [{ suffix: 0 }]],
  ['BYTES=007-007', [{ first: 7, last: 7 }]],
  [
    'bytes= 0-999, 4500-5499,\t-1000',
    [{ first: 0, last: 999 }, { first: 4500, last: 5499 }, { suffix: 1000 }],
  ],
  ['bytes=,1-2,,', [{ first: 1, last: 2 }]],
  ['bytes=0-9007199254740992', [{ first: 0, last: LARGEST }]],
  [`bytes=-${'9'.repeat(40)}`, [{ suffix: LARGEST }]],
  [`bytes=9007199254740993-${'9'.repeat(400)}`, [{ first: LARGEST, last: LARGEST }]],
])('%j asks for that', (value, specs) => {
  expect(parseRange(value)).toEqual({ unit: 'bytes', specs });
});

test.each(['lines=1-2', 'Seconds=1.5-2,x', 'none=!'])('of %j only the unit is told', (value) => {
  expect(parseRange(value)).toEqual({ unit: value.split('=')[0]!.toLowerCase(), specs: [] });
});

test.each([
  ['', 'syntax', 0],
  ['bytes', 'syntax', 5],
  ['bytes=', 'syntax', 6],
  ['bytes=,', 'syntax', 7],
  ['bytes =0-1', 'syntax', 5],
  ['bytes=-', 'syntax', 7],
  ['bytes=5', 'syntax', 7],
  ['bytes=a-b', 'syntax', 6],
  ['bytes=0 -1', 'syntax', 7],
  ['bytes=0-1 2-3', 'syntax', 10],
  ['bytes=0-1;2-3', 'syntax', 9],
  ['bytes=+1-2', 'syntax', 6],
  ['bytes=0x1-2', 'syntax', 7],
  ['lines=', 'syntax', 6],
  ['lines=\u0000', 'syntax', 6],
  ['bytes=5-4', 'impossible-range', 8],
  ['bytes=0-1, 020-3', 'impossible-range', 15],
  ['bytes=9007199254740993-9007199254740992', 'impossible-range', 23],
])('%j is refused as %s at %i', (value, code, at) => {
  const fault = parseRange(value);
  expect(fault).toBeInstanceOf(FieldFault);
  expect(fault).toMatchObject({ code, at });
});

test('of more ranges than are looked at, the first too many is told', () => {
  const most = Array.from({ length: RANGE_LIMIT }, (_, i) => ({ first: 2 * i, last: 2 * i }));
  const value = writeRange(most);
  expect(parseRange(value)).toEqual({ unit: 'bytes', specs: most });
  expect(parseRange(`${value},-1`)).toMatchObject({ code: 'too-many', at: value.length + 1 });
});

test('is written as it is asked for', () => {
  expect(writeRange([{ first: 0, last: 0 }, { first: 5, last: null }, { suffix: 3 }])).toBe(
    'bytes=0-0,5-,-3',
  );
});
