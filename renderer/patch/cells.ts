// A resource as the patch editor holds it: one number a byte, and a mark where a byte is not there. Pure; nothing here
// changes what it was given.

/** 0 … 255, or {@link MISSING}. */
export type Cells = Int16Array<ArrayBuffer>;

/** A byte that the server has not got: its place is known, its value is not. */
export const MISSING = -1;

/** Bytes that can be edited at once: what a `send` brings back of an answer. */
export const MOST = 1024 * 1024;

export const NO_CELLS: Cells = new Int16Array(0);

/** The bytes, and behind them missing ones up to `complete`. */
export function cellsOf(bytes: Uint8Array, complete = bytes.length): Cells {
  const cells = new Int16Array(Math.max(bytes.length, complete)).fill(MISSING);
  cells.set(bytes);
  return cells;
}

/** Bytes from … to (exclusive). Only of cells that are there: a missing one has no byte. */
export function bytesOf(cells: Cells, from = 0, to = cells.length): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(cells.subarray(from, to));
}

/** How many of the bytes from … to (exclusive) are missing. */
export function missingIn(cells: Cells, from = 0, to = cells.length): number {
  let missing = 0;
  for (let i = from; i < to; i++) if (cells[i] === MISSING) missing++;
  return missing;
}

/** A copy in which `inserted` stands where `removed` cells stood, from `at` on. */
export function spliced(cells: Cells, at: number, removed: number, inserted: Cells): Cells {
  const made = new Int16Array(cells.length - removed + inserted.length);
  made.set(cells.subarray(0, at));
  made.set(inserted, at);
  made.set(cells.subarray(at + removed), at + inserted.length);
  return made;
}

export function sameCells(one: Cells, other: Cells): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

/** `496 (0x1f0)`: an offset as it is told. */
export function offsetName(offset: number): string {
  return offset < 10 ? String(offset) : `${offset.toLocaleString('en-US')} (0x${offset.toString(16)})`;
}
