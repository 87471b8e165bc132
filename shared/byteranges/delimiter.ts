// The line that stands between the parts of a multipart: CRLF, two hyphens, the boundary (RFC 2046 §5.1.1). Finds it
// across any splitting, by counting how much of it has been matched; never keeps a byte.

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
  /** Of each byte, how far it is from its last place, but the very last, to the end: there the next match may be. */
  readonly #skip: Uint8Array;

  constructor(boundary: string) {
    this.bytes = Uint8Array.of(CR, LF, HYPHEN, HYPHEN, ...Array.from(boundary, (c) => c.charCodeAt(0)));
    this.#skip = new Uint8Array(256).fill(this.length);
    for (let i = 0; i < this.length - 1; i++) this.#skip[this.bytes[i]!] = this.length - 1 - i;
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
    const { length } = this;
    let i = from;
    if (this.matched > 0) {
      i = this.#match(bytes, from, to);
      if (this.matched === length) return this.#found(i);
      if (i === to) return -1;
      this.matched = 0;
    }
    // Far fewer bytes are looked at than there are (Horspool), and a CR, of which text may be full, costs nothing.
    for (; i + length <= to; i += this.#skip[bytes[i + length - 1]!]!) {
      if (bytes[i] !== CR) continue;
      const end = this.#match(bytes, i, to);
      if (this.matched === length) return this.#found(end);
      this.matched = 0;
    }
    for (; i < to; i++) {
      if (bytes[i] !== CR) continue;
      if (this.#match(bytes, i, to) === to) return -1;
      this.matched = 0;
    }
    return -1;
  }

  /** Goes on matching from bytes[from]; index of the first byte that does not match, or of what comes behind. */
  #match(bytes: Uint8Array, from: number, to: number): number {
    let i = from;
    while (i < to && this.matched < this.length && bytes[i] === this.bytes[this.matched]) {
      i++;
      this.matched++;
    }
    return i;
  }

  #found(end: number): number {
    this.matched = 0;
    return end;
  }
}
