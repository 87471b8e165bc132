// A table of results as text: columns as wide as their widest cell. Nothing else.

import type { ResultTable } from '../../shared/contract.ts';

/** Cells wider than this are broken off: a table that wraps is none. */
const WIDEST = 40;

/** Its lines: title, columns, a rule, rows, and what to bear in mind. */
export function tableText({ title, columns, rows, note }: ResultTable): string[] {
  const shown = [columns, ...rows].map((row) => row.map(shortened));
  const widths = columns.map((_, column) =>
    Math.max(...shown.map((row) => Array.from(row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - Array.from(cell).length))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = shown;
  return [
    title,
    line(head),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...body.map(line),
    ...(note === undefined ? [] : [note]),
  ];
}

function shortened(cell: string): string {
  const characters = Array.from(cell);
  return characters.length > WIDEST ? `${characters.slice(0, WIDEST - 1).join('')}…` : cell;
}
