// Rows of the event table on their way from the engine to an interface: one flat piece of bytes, columns behind each
// other, strings at the end. Copied once by whatever carries it, never parsed row by row.

import { type EventTable, NEXT, ROW_BYTES, STRING } from './events.ts';

/** Aim of one batch: 256 KiB at most (strings over the aim travel all the same, alone). */
export const BATCH_BYTES = 256 * 1024;

const HEADER = 8 * 4;
const VERSION = 2;
/** Rows that fill a batch in any case: at most twice as many fit. */
const ROWS = Math.floor(BATCH_BYTES / 2 / ROW_BYTES);
const NAMES = ['time', 'a', 'b', 'connection', 'exchange', 'text', 'code', 'kind'] as const;

export interface BatchHeader {
  readonly epoch: number;
  /** 1, 2, 3 … within an epoch. */
  readonly number: number;
  readonly firstRow: number;
  readonly rows: number;
  readonly firstString: number;
  readonly strings: number;
  /** Rows that the table had when the batch was made, or was about to have: those behind it are still to come. */
  readonly of: number;
}

/** How far an interface has been told of a table. */
export interface Cursor {
  readonly row: number;
  readonly string: number;
}

/** So much is waiting behind `cursor` that a batch is half full at least. */
export function fillsBatch(table: EventTable, cursor: Cursor): boolean {
  return table.length - cursor.row > ROWS;
}

/** Takes rows from `cursor` on, as many as fit. Null: nothing is new. */
export function encodeBatch(
  table: EventTable,
  cursor: Cursor,
  epoch: number,
  number: number,
): { bytes: Uint8Array; cursor: Cursor } | null {
  // Of a table that is still being filled the last row goes when it is known to be the last.
  const waiting = table.length - cursor.row - (table.foreseen === 0 ? 0 : 1);
  if (waiting <= 0) return null;
  const { rows, top } = fitting(table, cursor, waiting);
  const firstRow = cursor.row;
  const firstString = cursor.string;
  const strings = top + 1 - firstString;
  const text = new TextEncoder().encode(JSON.stringify(table.strings.slice(firstString, top + 1)));
  const columnsAt = align(HEADER);
  const bytes = new Uint8Array(columnsAt + align(rows * ROW_BYTES) + text.length);
  const header = new Uint32Array(bytes.buffer, 0, 8);
  const of = table.foreseen === 0 ? table.length : Math.max(table.foreseen, table.length + 1);
  header.set([VERSION, epoch, number, firstRow, rows, firstString, strings, of]);
  let at = columnsAt;
  for (const name of NAMES) {
    const source = table.columns[name].subarray(firstRow, firstRow + rows);
    bytes.set(new Uint8Array(source.buffer, source.byteOffset, source.byteLength), at);
    at += source.byteLength;
  }
  bytes.set(text, columnsAt + align(rows * ROW_BYTES));
  return { bytes, cursor: { row: firstRow + rows, string: firstString + strings } };
}

/** How many of the rows from `cursor` on fit into a batch with their strings, one at least, and their last string. */
function fitting(
  { columns: { text }, strings }: EventTable,
  { row, string }: Cursor,
  waiting: number,
): { readonly rows: number; readonly top: number } {
  let room = BATCH_BYTES - align(HEADER) - 16;
  let top = string - 1;
  let rows = 0;
  for (; rows < waiting; rows++) {
    const last = text[row + rows]! & STRING;
    let cost = ROW_BYTES;
    // Quotes and a comma; what takes more than a byte a character takes more than what is aimed at.
    for (let index = top + 1; index <= last; index++) cost += strings[index]!.length + 3;
    if (cost > room && rows > 0) break;
    room -= cost;
    top = Math.max(top, last);
  }
  // A row that has its text from the next one travels with it.
  if (rows > 1 && (text[row + rows - 1]! & NEXT) !== 0) rows--;
  return { rows, top };
}

/** The header of a batch. Throws RangeError for bytes that are none. */
export function readBatchHeader(bytes: Uint8Array): BatchHeader {
  if (bytes.length < HEADER) throw new RangeError(`a batch of ${bytes.length} bytes has no header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== VERSION) throw new RangeError('a batch of another version');
  const at = (index: number): number => view.getUint32(index * 4, true);
  return {
    epoch: at(1),
    number: at(2),
    firstRow: at(3),
    rows: at(4),
    firstString: at(5),
    strings: at(6),
    of: at(7),
  };
}

/** Appends the rows of a batch to a table that has exactly what came before. Throws RangeError if it has not. */
export function applyBatch(table: EventTable, bytes: Uint8Array): BatchHeader {
  const header = readBatchHeader(bytes);
  const { firstRow, rows, firstString } = header;
  if (table.length !== firstRow || table.strings.length !== firstString)
    throw new RangeError(`batch begins at row ${firstRow}, the table has ${table.length}`);
  table.reserve(firstRow + rows, header.of);
  let at = align(HEADER);
  for (const name of NAMES) {
    const column = table.columns[name];
    const size = rows * column.BYTES_PER_ELEMENT;
    new Uint8Array(column.buffer, firstRow * column.BYTES_PER_ELEMENT, size).set(
      bytes.subarray(at, at + size),
    );
    at += size;
  }
  const texts = JSON.parse(
    new TextDecoder().decode(bytes.subarray(align(HEADER) + align(rows * ROW_BYTES))),
  ) as string[];
  for (const text of texts) table.adopt(text);
  table.length = firstRow + rows;
  return header;
}

function align(at: number): number {
  return Math.ceil(at / 8) * 8;
}
