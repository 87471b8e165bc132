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

test('a long cell goes over several lines, broken between words, and a long word within itself', () => {
  expect(
    tableText({
      title: 'T',
      columns: ['A', 'B'],
      rows: [
        ['x', `one two ${'three '.repeat(6)}`.trim()],
        ['y', 'z'.repeat(40)],
        ['', ''],
      ],
    }).slice(3),
  ).toEqual(['x  one two three three three three', '   three three', `y  ${'z'.repeat(36)}`, '   zzzz', '']);
});

test('a row with too few cells is filled up', () => {
  expect(tableText({ title: 'T', columns: ['A', 'B'], rows: [['1']] }).at(-1)).toBe('1');
});
