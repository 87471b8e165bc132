// The requests of a plan as rows to look at: heads and part heads as lines, bytes in hex beside text, binary framing with
// what each byte is. Rows are made when they are asked for, so a plan of any size costs little. Pure.

import { annotate } from './annotate.ts';
import { bytesOf, type Cells } from './cells.ts';
import {
  type Base,
  type Condition,
  conditionOf,
  contentBytes,
  headBytes,
  type Plan,
  type PlannedRequest,
  type Settings,
} from './forms.ts';

export type PreviewRow =
  | { readonly kind: 'request'; readonly index: number; readonly of: number }
  /** A line of a head. `ends`: with CRLF. */
  | { readonly kind: 'line'; readonly text: string; readonly ends: boolean }
  /** A line that is made when the request goes out, in words. */
  | { readonly kind: 'later'; readonly name: string; readonly says: string }
  /** Bytes of the resource, from `at` on; `columns`: of the longest row beside it. */
  | { readonly kind: 'bytes'; readonly at: number; readonly bytes: Uint8Array; readonly columns: number }
  /** Bytes of the content from `at` on, and what they are; '' in the second and later rows of one thing. */
  | {
      readonly kind: 'annotated';
      readonly at: number;
      readonly bytes: Uint8Array;
      readonly says: string;
      readonly tone: string;
    };

interface Block {
  readonly first: number;
  readonly count: number;
  readonly row: (index: number) => PreviewRow;
}

export interface Preview {
  readonly length: number;
  row(index: number): PreviewRow;
}

/** @param perRow bytes in a row of hex */
export function makePreview(
  plan: Plan,
  base: Base,
  cells: Cells,
  settings: Settings,
  perRow: number,
): Preview {
  const blocks: Block[] = [];
  let length = 0;
  const add = (count: number, row: (index: number) => PreviewRow): void => {
    if (count === 0) return;
    blocks.push({ first: length, count, row });
    length += count;
  };
  const lines = (rows: readonly PreviewRow[]): void => add(rows.length, (index) => rows[index]!);

  plan.requests.forEach((request, index) => {
    if (plan.requests.length > 1) add(1, () => ({ kind: 'request', index, of: plan.requests.length }));
    lines(headRows(request, index, base, settings));
    if (plan.form === 'application') {
      const bytes = contentBytes(request, cells);
      for (const { from, to, kind, says } of annotate(bytes))
        add(Math.ceil((to - from) / perRow), (row) => {
          const at = from + row * perRow;
          return {
            kind: 'annotated',
            at,
            bytes: bytes.subarray(at, Math.min(at + perRow, to)),
            says: row === 0 ? says : '',
            tone: kind,
          };
        });
      return;
    }
    for (const piece of request.pieces) {
      if ('bytes' in piece) lines(textRows(piece.bytes));
      else
        add(Math.ceil((piece.to - piece.from) / perRow), (row) => {
          const at = piece.from + row * perRow;
          return {
            kind: 'bytes',
            at,
            bytes: bytesOf(cells, at, Math.min(at + perRow, piece.to)),
            columns: Math.min(perRow, piece.to - piece.from),
          };
        });
    }
  });

  return {
    length,
    row(index) {
      let low = 0;
      let high = blocks.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if (blocks[middle]!.first <= index) low = middle;
        else high = middle - 1;
      }
      const block = blocks[low]!;
      return block.row(index - block.first);
    },
  };
}

function headRows(
  request: PlannedRequest,
  index: number,
  base: Base,
  settings: Settings,
): readonly PreviewRow[] {
  const isLater = index > 0 && settings.conditional;
  const condition: Condition = isLater ? { on: 'nothing' } : conditionOf(base, settings, index, base.etag);
  const rows = [...textRows(headBytes(base, request, condition, settings))];
  const { username } = new URL(base.url);
  if (username !== '')
    rows.splice(1, 0, { kind: 'later', name: 'Authorization', says: 'Basic, from the address' });
  if (isLater)
    rows.splice(rows.length - 1, 0, {
      kind: 'later',
      name: 'If-Match',
      says: `the ETag that answer ${index} brings`,
    });
  return rows;
}

/** Lines of ISO-8859-1 text; what follows the last CRLF is a line without one. */
function textRows(bytes: Uint8Array): readonly PreviewRow[] {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const parts = text.split('\r\n');
  return parts.flatMap((part, i): PreviewRow[] => {
    const ends = i < parts.length - 1;
    return ends || part !== '' ? [{ kind: 'line', text: part, ends }] : [];
  });
}

/** What all rows say, as text: for whoever copies the request. Bytes are written as characters of ISO-8859-1. */
export function rowText(row: PreviewRow): string {
  switch (row.kind) {
    case 'request':
      return '';
    case 'line':
      return row.ends ? `${row.text}\r\n` : row.text;
    case 'later':
      return `${row.name}: (${row.says})\r\n`;
    case 'bytes':
    case 'annotated':
      return Array.from(row.bytes, (byte) => String.fromCharCode(byte)).join('');
  }
}
