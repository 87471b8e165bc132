// Reads the line that begins a chunk: its size and its extensions, judged once it is whole (RFC 9112 §7.1).
// Never reads past the bytes given, never copies them, and reports through the Report it is handed.

import { CR, HEX, LF, TEXT, TOKEN, isBlank } from './grammar.ts';
import { FAILED, MORE } from './lines.ts';
import type { Report } from './lines.ts';

/** Hex digits of a chunk size, leading zeros included. */
const SIZE_DIGITS = 32;

/** Reads chunk lines one at a time; reused, so that the good path allocates nothing. Results are indexes. */
export class ChunkLineReader {
  size = 0;
  /** Behind the last digit of the size. */
  sizeEnd = 0;
  /** The extensions from their first `;`, without surrounding blanks; both 0 without. */
  extensionStart = 0;
  extensionEnd = 0;
  readonly #limit: number;
  readonly #report: Report;

  /** @param limit bytes of the extensions */
  constructor(limit: number, report: Report) {
    this.#limit = limit;
    this.#report = report;
  }

  /** Reads the line that begins at bytes[from]. Returns the index behind it, MORE or FAILED. */
  read(bytes: Uint8Array, from: number, to: number): number {
    let size = 0;
    let i = from;
    for (; i < to; i++) {
      const digit = HEX[bytes[i]!]!;
      if (digit < 0) break;
      size = size * 16 + digit;
      // Split or not, the digit that is too much is the same one.
      if (size > Number.MAX_SAFE_INTEGER || i - from === SIZE_DIGITS)
        return this.#fail('chunk-size-overflow', i);
    }
    if (i >= to) return MORE;
    if (i === from) return this.#fail('invalid-chunk-size', i);
    this.size = size;
    this.sizeEnd = i;
    this.extensionStart = this.extensionEnd = 0;
    if (bytes[i] === CR) {
      if (i + 1 >= to) return MORE;
      if (bytes[i + 1] === LF) return i + 2;
      return this.#fail('bare-cr', i);
    }
    if (bytes[i] === LF) {
      this.#report.note('bare-lf', i);
      return i + 1;
    }
    return this.#extensions(bytes, i, to);
  }

  #extensions(bytes: Uint8Array, from: number, to: number): number {
    let first = from;
    while (first < to && isBlank(bytes[first]!) && bytes[first] !== CR && bytes[first] !== LF) first++;
    if (first - from > this.#limit) return this.#fail('chunk-extension-too-long', from + this.#limit);
    if (first >= to) return MORE;
    // Blanks without an extension are no part of the grammar: RFC 9112 §7.1.1 has them around its `;` only.
    if (bytes[first] !== 0x3b) return this.#fail('invalid-chunk-size', from);
    let i = first;
    let high = -1;
    for (; i < to; i++) {
      if (i - from === this.#limit && bytes[i] !== CR && bytes[i] !== LF) {
        return this.#fail('chunk-extension-too-long', i);
      }
      const byte = bytes[i]!;
      if (TEXT[byte] === 1) continue;
      if (byte < 0x80) break;
      if (high < 0) high = i;
    }
    if (i >= to) return MORE;
    let next = i + 1;
    if (bytes[i] === CR) {
      if (i + 1 >= to) return MORE;
      if (bytes[i + 1] !== LF) return this.#fail('bare-cr', i);
      next = i + 2;
    } else if (bytes[i] !== LF) return this.#fail('invalid-chunk-extension', i);
    const wrong = extensionFault(bytes, first, i);
    if (wrong >= 0) return this.#fail('invalid-chunk-extension', wrong);
    let end = i;
    while (isBlank(bytes[end - 1]!)) end--;
    this.extensionStart = first;
    this.extensionEnd = end;
    if (high >= 0) this.#report.note('obs-text', high);
    if (next === i + 1) this.#report.note('bare-lf', i);
    return next;
  }

  #fail(code: Parameters<Report['fail']>[0], index: number): number {
    this.#report.fail(code, index);
    return FAILED;
  }
}

/** chunk-ext = *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] ). Index of what is wrong, or −1. */
function extensionFault(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  const skipBlanks = (): void => {
    while (i < to && isBlank(bytes[i]!)) i++;
  };
  const token = (): boolean => {
    const first = i;
    while (i < to && TOKEN[bytes[i]!] === 1) i++;
    return i > first;
  };
  for (;;) {
    skipBlanks();
    if (i === to) return -1;
    if (bytes[i] !== 0x3b) return i;
    i++;
    skipBlanks();
    if (!token()) return i;
    skipBlanks();
    if (i < to && bytes[i] === 0x3d) {
      i++;
      skipBlanks();
      if (bytes[i] === 0x22 && i < to) {
        for (i++; i < to && bytes[i] !== 0x22; i++) if (bytes[i] === 0x5c) i++;
        if (i >= to) return to;
        i++;
      } else if (!token()) return i;
    }
  }
}
