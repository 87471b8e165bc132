// A table of results as lines of text.

import { expect, test } from 'vitest';
import { tableText } from '../../../electron/cli/table-text.ts';

test('columns are as wide as their widest cell, counted in characters, and nothing trails', () => {
  expect(
    tableText({
      title: 'Who noticed',
      columns: ['Way', 'raw', 'fetch'],
      rows: [
        ['fin', 'incomplete', 'TypeError'],
        ['ü²', 'ok', ''],
      ],
      note: 'Each ran once.',
    }),
  ).toEqual([
    'Who noticed',
    'Way  raw         fetch',
    '───  ──────────  ─────────',
    'fin  incomplete  TypeError',
    'ü²   ok',
    'Each ran once.',
  ]);
});

test('a cell that would make the table wrap is broken off', () => {
  const [, , , row] = tableText({ title: 'T', columns: ['A'], rows: [['x'.repeat(100)]] });
  expect(row).toBe(`${'x'.repeat(39)}…`);
});

test('a row with too few cells is filled up', () => {
  expect(tableText({ title: 'T', columns: ['A', 'B'], rows: [['1']] }).at(-1)).toBe('1');
});
