import { describe, expect, it } from 'vitest';
import { readNumber } from '../../../renderer/ui/numbers.ts';

describe('a number as it is typed', () => {
  it.each([
    ['0', 0],
    ['1000000', 1_000_000],
    ['1,000,000', 1_000_000],
    [' 1 000 000 ', 1_000_000],
    ['1 MB', 1_000_000],
    ['64KiB', 65_536],
    ['2 gib', 2_147_483_648],
    ['12 B', 12],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('%j is %d', (typed, value) => {
    expect(readNumber(typed)).toBe(value);
  });

  it.each([
    '',
    ' ',
    '-1',
    '1,5',
    '1,5 MB',
    '1,0000',
    ',100',
    '1,,000',
    '1.5',
    '1e6',
    '0x10',
    '10 XB',
    'MB',
    '9007199254740993',
    '9999999 GiB',
  ])('%j is none', (typed) => {
    expect(readNumber(typed)).toBeNull();
  });
});
