import { expect, it } from 'vitest';
import { readPosition } from '../../../renderer/ui/position.ts';

it.each([
  ['1,000', 1000],
  ['0x1F0', 496],
  [' 42 ', 42],
  ['-1', null],
  ['1e3', null],
  ['', null],
  ['99999999999999999', null],
])('reads the position %j as %o', (typed, position) => {
  expect(readPosition(typed)).toBe(position);
});
