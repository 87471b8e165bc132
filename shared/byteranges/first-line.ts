// The boundary of a multipart whose media type names none: two hyphens and what follows them on the first line of the
// content. Holds that line only, and no more of it than a boundary can have.

import { CR, HTAB, LF, SP, latin1 } from '../http1/grammar.ts';
import { isBoundary } from './delimiter.ts';
import { HeldBytes } from './held-bytes.ts';

/** Two hyphens, 70 characters, some blanks and the line's end. */
const MOST_BYTES = 128;

export class FirstLine {
  readonly #held = new HeldBytes();
  /** The boundary, null for a line that is none; and where the line begins. */
  read: { readonly boundary: string | null; readonly at: number } | null = null;

  /** @returns index behind what belongs to the line */
  feed(bytes: Uint8Array, from: number, to: number, at: number): number {
    let i = from;
    while (i < to && this.read === null) {
      const byte = bytes[i]!;
      const isEmptyLine = this.#held.length === 0 && (byte === CR || byte === LF);
      if (!isEmptyLine) this.#held.push(bytes, i, i + 1, at + (i - from));
      i++;
      if ((byte === LF && !isEmptyLine) || this.#held.length === MOST_BYTES) this.#lineRead();
    }
    return i;
  }

  #lineRead(): void {
    const { bytes, length } = this.#held;
    let end = length;
    while (end > 0 && isWhite(bytes[end - 1]!)) end--;
    const line = latin1(bytes, 0, end);
    const boundary = line.slice(2);
    const isOne = bytes[length - 1] === LF && line.startsWith('--') && isBoundary(boundary);
    this.read = { boundary: isOne ? boundary : null, at: this.#held.positionOf(0) };
  }
}

function isWhite(byte: number): boolean {
  return byte === LF || byte === CR || byte === SP || byte === HTAB;
}
