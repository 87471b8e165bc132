// Variable-length integers of QUIC (RFC 9000 §16): the first two bits tell how many bytes there are, big-endian. Longer
// encodings than a number needs are read as well (RFC 9292 §3). Never gives a number that is not exact.

/** Reads one number, byte by byte. */
export class VarintReader {
  /** The number, once it is whole. More than 2^53 − 1 is not exact, and too large. */
  value = 0;
  /** Position of the first byte. */
  at = 0;
  #left = -1;

  /** Some of its bytes are there, and not all. */
  get begun(): boolean {
    return this.#left > 0;
  }

  /** @returns whether the number is whole; the next byte begins another */
  take(byte: number, at: number): boolean {
    if (this.#left <= 0) {
      this.#left = (1 << (byte >>> 6)) - 1;
      this.value = byte & 0x3f;
      this.at = at;
    } else {
      this.#left--;
      this.value = this.value * 256 + byte;
    }
    return this.#left === 0;
  }
}

/** The shortest encoding. @param value 0 … 2^53 − 1 */
export function varintBytes(value: number): number[] {
  const length = value < 0x40 ? 1 : value < 0x4000 ? 2 : value < 0x4000_0000 ? 4 : 8;
  const bytes: number[] = [];
  let rest = value;
  for (let i = 0; i < length; i++) {
    bytes.unshift(rest % 256);
    rest = Math.floor(rest / 256);
  }
  bytes[0]! |= Math.log2(length) << 6;
  return bytes;
}
