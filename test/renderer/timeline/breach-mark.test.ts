import { expect, it } from 'vitest';
import { breachAt, type BreachMark, joined } from '../../../renderer/timeline/breach-mark.ts';

const mark = (row: number, x: number, y: number, level = 2): BreachMark => ({ row, x, y, level, times: 1 });

it('joins marks that would touch into the severest of them, and leaves those of another line', () => {
  expect(joined([mark(1, 50, 10), mark(2, 44, 10, 3), mark(3, 46, 30), mark(4, 80, 10, 1)])).toEqual([
    { row: 2, x: 44, y: 10, level: 3, times: 2 },
    { row: 4, x: 80, y: 10, level: 1, times: 1 },
    { row: 3, x: 46, y: 30, level: 2, times: 1 },
  ]);
  expect(joined([])).toEqual([]);
});

it('finds the mark under a point', () => {
  const marks = [mark(1, 50, 10), mark(2, 90, 10)];
  expect(breachAt(marks, 52, 12)?.row).toBe(1);
  expect(breachAt(marks, 70, 10)).toBeUndefined();
});
