// The arithmetic of the hex view: rows, windows of a stream too long for one scroll area, labels. Pure.

/** Pixels of a row. */
export const ROW_HEIGHT = 18;
/** Rows that one scroll area holds: browsers end at about 16 million pixels. */
const WINDOW_ROWS = 500_000;

/** Bytes in a row that fit a width in pixels. */
export function bytesPerRow(width: number, offsetDigits: number): 8 | 16 | 32 {
  // A character of the monospace face at 11 px; three a byte in hex, one as text; gaps and padding.
  const fits = (width - 44 - offsetDigits * 6.6) / (4 * 6.6);
  return fits >= 32 ? 32 : fits >= 16 ? 16 : 8;
}

/** Digits of the offset column, even: no more than the last byte needs, so that a narrow panel has room for the text. */
export function offsetDigits(length: number): number {
  return Math.max(4, 2 * Math.ceil(Math.max(0, length - 1).toString(16).length / 2));
}

/** `0001f0` */
export function offsetLabel(position: number, digits: number): string {
  return position.toString(16).padStart(digits, '0');
}

/** `.` for what has no glyph. */
export function glyph(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}

export interface HexWindow {
  /** Position of its first byte. */
  readonly start: number;
  /** Position after its last. */
  readonly end: number;
  /** Bytes of every window but the last. */
  readonly size: number;
  readonly index: number;
  readonly count: number;
}

/** The window of a stream that holds a position; windows begin at multiples of their size. */
export function windowAt(position: number, length: number, perRow: number): HexWindow {
  const size = WINDOW_ROWS * perRow;
  const count = Math.max(1, Math.ceil(length / size));
  const index = Math.min(count - 1, Math.max(0, Math.floor(position / size)));
  return { start: index * size, end: Math.min(length, (index + 1) * size), size, index, count };
}

export interface Span {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly text?: string | undefined;
}

/** The index of the span that covers a position, of spans in ascending order that do not overlap; −1: none. */
export function spanAt(spans: readonly Span[], position: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (spans[middle]!.end <= position) low = middle + 1;
    else high = middle;
  }
  const found = spans[low];
  return found !== undefined && found.start <= position ? low : -1;
}
