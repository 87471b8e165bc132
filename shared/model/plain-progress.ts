// Progress values as they come by the hundred thousand: `N/M`, and perhaps a remark that repeats. Read from the bytes,
// without a string for each. What is written in any other way is left to the slow path.

import { FieldFault } from '../fields/fault.ts';
import { parseProgress } from '../fields/progress.ts';
import type { EventTable } from './events.ts';
import { FRACTION } from './events.ts';

/** Remarks beyond this many bytes are not remembered. */
const LONGEST = 256;

/** Remarks that are well-formed at a glance: one quoted string, or one comment. */
const SIMPLE = /^(?:"[ !#-[\]-~]*"|\([ !-'*-[\]-~]*\))$/;

export class PlainProgress {
  numerator = 0;
  denominator = NaN;
  /** For the column `text` of the event table. */
  text = 0;
  #at = 0;
  #remark = new Uint8Array(LONGEST);
  #length = 0;
  #index = 0;
  /** How often the table was emptied before that index was had. */
  #emptied = 0;

  /**
   * Reads bytes[from … to). False: not plain, nothing is said of it.
   * @param table where a remark is kept; null: it becomes no row, and `text` means nothing
   */
  read(bytes: Uint8Array, from: number, to: number, table: EventTable | null): boolean {
    this.#at = from;
    const numerator = this.#digits(bytes, to);
    if (Number.isNaN(numerator) || this.#at === to || bytes[this.#at] !== 0x2f) return false;
    this.#at++;
    // A denominator may be absent: not known.
    const next = this.#at === to ? 0x20 : bytes[this.#at]!;
    const denominator = next === 0x20 ? NaN : this.#digits(bytes, to);
    if (next !== 0x20 && Number.isNaN(denominator)) return false;
    this.numerator = numerator;
    this.denominator = denominator;
    if (this.#at === to) {
      this.text = FRACTION;
      return true;
    }
    if (bytes[this.#at] !== 0x20 || this.#at + 1 === to) return false;
    const index = this.#remarkIndex(bytes, this.#at + 1, to, table);
    if (index === -1) return false;
    this.text = (FRACTION | index) >>> 0;
    return true;
  }

  /** A number as it is written again: no leading zero, 15 digits at most; else NaN. */
  #digits(bytes: Uint8Array, to: number): number {
    const first = this.#at;
    let value = 0;
    let at = first;
    for (; at < to; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    this.#at = at;
    const length = at - first;
    return length === 0 || length > 15 || (length > 1 && bytes[first] === 0x30) ? NaN : value;
  }

  #remarkIndex(bytes: Uint8Array, from: number, to: number, table: EventTable | null): number {
    const length = to - from;
    if (length === this.#length && (table === null || table.emptied === this.#emptied)) {
      let i = 0;
      while (i < length && this.#remark[i] === bytes[from + i]) i++;
      if (i === length) return this.#index;
    }
    if (length > LONGEST) return -1;
    let text = '';
    for (let i = from; i < to; i++) {
      // Two spaces, or bytes beyond ASCII, would not be written again as they came.
      if (bytes[i]! >= 0x80 || (i === from && bytes[i] === 0x20)) return -1;
      text += String.fromCharCode(bytes[i]!);
    }
    // What is not well-formed is the slow path's to note. Read once: remarks repeat.
    if (!SIMPLE.test(text) && parseProgress(`0/ ${text}`) instanceof FieldFault) return -1;
    if (table === null) return 0;
    this.#remark.set(bytes.subarray(from, to));
    this.#length = length;
    this.#index = table.intern(text);
    this.#emptied = table.emptied;
    return this.#index;
  }
}
