// Whether bytes are UTF-8 (RFC 3629), as they come. Holds no text, only where in a character it stands.

export class Utf8Check {
  /** Bytes that the character still needs. */
  #needs = 0;
  /** Between which values the next of them must be. */
  #lowest = 0x80;
  #highest = 0xbf;

  /** In the middle of a character. */
  get within(): boolean {
    return this.#needs > 0;
  }

  reset(): void {
    this.#needs = 0;
  }

  /** @returns whether it can still be UTF-8 */
  take(byte: number): boolean {
    if (this.#needs > 0) {
      const fits = byte >= this.#lowest && byte <= this.#highest;
      this.#needs--;
      this.#lowest = 0x80;
      this.#highest = 0xbf;
      return fits;
    }
    if (byte < 0x80) return true;
    // No longer form than a character needs, no surrogates, nothing beyond U+10FFFF.
    if (byte < 0xc2 || byte > 0xf4) return false;
    this.#needs = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    this.#lowest = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80;
    this.#highest = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf;
    return true;
  }
}
