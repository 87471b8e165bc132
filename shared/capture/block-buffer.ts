// The bytes of a file under construction: blocks are written into one buffer, and full buffers are handed on.
// It must never split a block over two buffers.

/** Takes over filled bytes, and gives the buffer to go on with: at least `size` bytes, a multiple of 4. */
export type NextBuffer = (filled: Uint8Array<ArrayBuffer> | null, size: number) => ArrayBuffer;

export class BlockBuffer {
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView;
  /** The same bytes as 32-bit words of this machine. */
  words: Int32Array;
  /** Where the next byte goes; blocks begin at multiples of 4. */
  at = 0;
  /** Position in the file of the buffer's first byte. */
  base = 0;
  readonly #next: NextBuffer;

  constructor(next: NextBuffer) {
    this.#next = next;
    const buffer = next(null, 0);
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.words = new Int32Array(buffer);
  }

  /** Makes room for a block of that many bytes. */
  reserve(size: number): void {
    if (this.at + size > this.bytes.length) this.handOn(size);
  }

  /** Hands on what is there, and goes on in another buffer. */
  handOn(size = 0): void {
    const filled = this.bytes.subarray(0, this.at);
    this.base += this.at;
    this.at = 0;
    const buffer = this.#next(filled, size);
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.words = new Int32Array(buffer);
  }
}
