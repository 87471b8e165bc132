// Content-Offset: a structured integer with two parameters that matter, and positions for what is wrong with it.

import { expect, test } from 'vitest';
import { parseContentOffset, writeContentOffset } from '../../../shared/fields/content-offset.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';

test.each([
  ['5', 5, null],
  ['5;unit=bytes;complete-length=600', 5, 600],
  ['0; unit=bytes', 0, null],
  ['  7;complete-length=7 ', 7, 7],
  ['5;unit="BYTES"', 5, null],
  ['5;complete-length=9;complete-length=600', 5, 600],
  ['5;x=";complete-length=5.5;";complete-length=600', 5, 600],
  [String.raw`5;x="\";unit=lines";y`, 5, null],
  [String.raw`5;x=%"\";complete-length=6;y="a"`, 5, 6],
  ['5;a;b=?0;c=1.5;d=:YQ==:;e=@1', 5, null],
  ['-0', 0, null],
  ['999999999999999;complete-length=999999999999999', 999_999_999_999_999, 999_999_999_999_999],
])('%j is read', (value, offset, complete) => {
  expect(parseContentOffset(value)).toEqual({ offset, unit: 'bytes', complete });
});

test.each([
  ['', 'syntax', 0],
  ['five', 'syntax', 0],
  [' "5"', 'syntax', 1],
  ['5.0', 'syntax', 0],
  ['-5', 'syntax', 0],
  ['5, 6', 'syntax', 1],
  ['5 ;unit=bytes', 'syntax', 2],
  ['5;Unit=bytes', 'syntax', 2],
  ['5;unit', 'syntax', 6],
  ['5;unit=1', 'syntax', 7],
  ['5;unit=lines', 'unknown-unit', 7],
  ['5;unit=bytes; unit=lines', 'unknown-unit', 19],
  ['5;complete-length', 'syntax', 17],
  ['5;complete-length=*', 'syntax', 18],
  ['5;complete-length=600.0', 'syntax', 18],
  ['5;complete-length=-6', 'syntax', 18],
  ['5;complete-length=4', 'impossible-range', 18],
  ['1000000000000000', 'number-too-large', 16],
])('%j is refused as %s at %i', (value, code, at) => {
  const fault = parseContentOffset(value);
  expect(fault).toBeInstanceOf(FieldFault);
  expect(fault).toMatchObject({ code, at });
});

test('is written as the draft has it', () => {
  expect(writeContentOffset({ offset: 5, complete: 600 })).toBe('5;unit=bytes;complete-length=600');
  expect(writeContentOffset({ offset: 0, complete: null })).toBe('0;unit=bytes');
  expect(() => writeContentOffset({ offset: 1e15, complete: null })).toThrow(/range/);
});
