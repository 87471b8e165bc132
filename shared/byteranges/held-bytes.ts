// Bytes that wait for what follows them, and where in the stream each of them was. Bounded by whoever holds them.

export class HeldBytes {
  /** The bytes are the first `length` of these. */
  bytes = new Uint8Array(0);
  length = 0;
  /** Stretches without a gap between them: index of the first byte, and its position. */
  readonly #starts: number[] = [];
  readonly #positions: number[] = [];

  push(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (to === from) return;
    const length = this.length + (to - from);
    if (length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(length, this.bytes.length * 2, 128));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    this.bytes.set(bytes.subarray(from, to), this.length);
    if (this.length === 0 || at !== this.positionOf(this.length)) {
      this.#starts.push(this.length);
      this.#positions.push(at);
    }
    this.length = length;
  }

  /** Position of a byte; of the one behind the last, as if there were no gap. 0 while nothing is held. */
  positionOf(index: number): number {
    let stretch = this.#starts.length - 1;
    while (stretch > 0 && this.#starts[stretch]! > index) stretch--;
    return stretch < 0 ? 0 : this.#positions[stretch]! + (index - this.#starts[stretch]!);
  }

  /** Hands out what is held, stretch by stretch, and holds nothing any more. */
  release(take: (bytes: Uint8Array, from: number, to: number, at: number) => void): void {
    const { bytes, length } = this;
    const ends = [...this.#starts.slice(1), length];
    const stretches = this.#starts.map((from, i) => [from, ends[i]!, this.#positions[i]!] as const);
    this.clear();
    for (const [from, to, at] of stretches) take(bytes, from, to, at);
  }

  clear(): void {
    this.length = 0;
    this.#starts.length = 0;
    this.#positions.length = 0;
  }
}
