// Content on its way to whoever reads it, each byte once: what is told again after a break is compared with what was
// handed on, by its digest, and left out. Keeps no content.

import { createHash, type Hash } from 'node:crypto';

export class Delivery {
  /** Bytes that were handed on, and where the present telling is. */
  #handedOn = 0;
  #at = 0;
  readonly #hash = createHash('sha256');
  /** Of what is told again. */
  #again: Hash | null = null;

  get handedOn(): number {
    return this.#handedOn;
  }

  /** Is everything that was handed on told again, too? */
  get caughtUp(): boolean {
    return this.#at >= this.#handedOn;
  }

  /** The content begins at byte 0 again. */
  restart(): void {
    this.#at = 0;
    this.#again = this.#handedOn > 0 ? createHash('sha256') : null;
  }

  /**
   * The next bytes[from … to). @returns where those begin that are to be handed on (`to`: none of them), or `changed`:
   * it is not the same content
   */
  take(bytes: Uint8Array, from: number, to: number): number | 'changed' {
    const known = Math.min(to - from, this.#handedOn - this.#at);
    if (known > 0) {
      this.#again?.update(bytes.subarray(from, from + known));
      this.#at += known;
      if (this.#at === this.#handedOn) {
        const same = this.#again?.digest('hex') === this.#hash.copy().digest('hex');
        this.#again = null;
        if (!same) return 'changed';
      }
    }
    const begin = from + Math.max(known, 0);
    this.#hash.update(bytes.subarray(begin, to));
    this.#handedOn += to - begin;
    this.#at += to - begin;
    return begin;
  }
}
