// A table of results as text: columns as wide as their widest line, long cells on several lines. Nothing else.

import type { ResultTable } from '../../shared/contract.ts';

/** Characters of a line of a cell. */
const WIDEST = 36;

/** Its lines: title, columns, a rule, rows, and what to bear in mind. */
export function tableText({ title, columns, rows, note }: ResultTable): string[] {
  const shown = [columns, ...rows].map((row) => columns.map((_, column) => wrapped(row[column] ?? '')));
  const widths = columns.map((_, column) =>
    Math.max(...shown.flatMap((row) => (row[column] ?? []).map(lengthOf))),
  );
  const [head = [], ...body] = shown;
  return [
    title,
    ...rowLines(head, widths),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...body.flatMap((row) => rowLines(row, widths)),
    ...(note === undefined ? [] : [note]),
  ];
}

function rowLines(row: readonly (readonly string[])[], widths: readonly number[]): string[] {
  const height = Math.max(1, ...row.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    row
      .map((cell, column) => {
        const text = cell[line] ?? '';
        return text + ' '.repeat((widths[column] ?? 0) - lengthOf(text));
      })
      .join('  ')
      .trimEnd(),
  );
}

/** The lines of a cell, broken between words; a word that is too long within itself. */
function wrapped(cell: string): string[] {
  const lines: string[] = [''];
  for (let word of cell.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) <= WIDEST) {
      lines[lines.length - 1] = `${line} ${word}`;
      continue;
    }
    if (line !== '') lines.push('');
    for (; lengthOf(word) > WIDEST; word = Array.from(word).slice(WIDEST).join('')) {
      lines[lines.length - 1] = Array.from(word).slice(0, WIDEST).join('');
      lines.push('');
    }
    lines[lines.length - 1] = word;
  }
  return lines;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
