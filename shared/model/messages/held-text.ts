// Bytes of a text that is not whole yet, up to a bound: what goes beyond it is counted, and not held.

export class HeldText {
  readonly #most: number;
  #bytes = new Uint8Array(0);
  /** How many there are of it in all. */
  length = 0;

  /** @param most bytes that are held */
  constructor(most: number) {
    this.#most = most;
  }

  /** All of it is held. */
  get whole(): boolean {
    return this.length <= this.#most;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, Math.min(this.length, this.#most));
  }

  add(bytes: Uint8Array, from: number, to: number): void {
    const at = this.length;
    this.length += to - from;
    const end = Math.min(this.length, this.#most);
    if (end <= at) return;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.min(this.#most, Math.max(end, this.#bytes.length * 2, 256)));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(bytes.subarray(from, from + (end - at)), at);
  }

  clear(): void {
    this.length = 0;
  }
}
