// The line that stands between the parts of a multipart: CRLF, two hyphens, the boundary (RFC 2046 §5.1.1). Finds it
// across any splitting, by counting how much of it has been matched; never looks at a byte twice but for its CR.

import { CR, LF } from '../http1/grammar.ts';

const HYPHEN = 0x2d;

/** bcharsnospace and SP, generously: what is visible; 1 … 70 of them, no SP at the end. */
export function isBoundary(text: string): boolean {
  return /^[\x20-\x7e]{0,69}[\x21-\x7e]$/.test(text);
}

export class Delimiter {
  /** CR LF, two hyphens, the boundary. There is no CR in it but the first, so a match that fails begins anew. */
  readonly bytes: Uint8Array;
  /** How many of its bytes have been matched by the last that were looked at. */
  matched = 0;

  constructor(boundary: string) {
    this.bytes = Uint8Array.of(CR, LF, HYPHEN, HYPHEN, ...Array.from(boundary, (c) => c.charCodeAt(0)));
  }

  get length(): number {
    return this.bytes.length;
  }

  /** A line has ended already: the boundary may come next. */
  atLineStart(): void {
    this.matched = 2;
  }

  /**
   * Goes through bytes[from … to) until the delimiter has been matched whole. Without it, the last `matched` bytes may
   * be its beginning, those of earlier calls included.
   * @returns index behind the delimiter, −1 without
   */
  find(bytes: Uint8Array, from: number, to: number): number {
    const { bytes: wanted } = this;
    // A search must not run on into what comes behind these bytes.
    const view = to === bytes.length ? bytes : bytes.subarray(0, to);
    let i = from;
    while (i < to) {
      if (this.matched === 0) {
        i = view.indexOf(CR, i);
        if (i === -1) return -1;
        this.matched = 1;
        i++;
      }
      while (i < to && this.matched < wanted.length && bytes[i] === wanted[this.matched]) {
        i++;
        this.matched++;
      }
      if (this.matched === wanted.length) {
        this.matched = 0;
        return i;
      }
      if (i < to) this.matched = 0;
    }
    return -1;
  }
}
