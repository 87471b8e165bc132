// The first bytes of a WebSocket frame (RFC 6455 §5.2), read one by one: flags, opcode, length, masking key.
// Never holds more than the fourteen that there can be.

import { Opcode } from './frame-types.ts';

export class FrameHead {
  fin = false;
  /** The reserved bits as they stand in the first byte: 0x40, 0x20, 0x10. */
  reserved = 0;
  opcode = 0;
  masked = false;
  /** Bytes of the payload; beyond 2^53 − 1 not exact, and {@link overflows}. */
  length = 0;
  /** The length is one that no frame can have, or that is not exact. */
  overflows = false;
  /** The length was written in more bytes than it needs. */
  padded = false;
  readonly mask = new Uint8Array(4);
  /** How many bytes of the head have been read, and how many there will be, as far as is known. */
  #read = 0;
  #size = 2;
  #lengthBytes = 0;

  /** Some of its bytes are there. */
  get begun(): boolean {
    return this.#read > 0;
  }

  get isControl(): boolean {
    return this.opcode >= Opcode.close;
  }

  /** The next one begins. */
  reset(): void {
    this.#read = 0;
    this.#size = 2;
  }

  /** How many bytes of it have been read. */
  get size(): number {
    return this.#read;
  }

  /** @returns whether the head is whole */
  take(byte: number): boolean {
    const at = this.#read++;
    if (at === 0) {
      this.fin = (byte & 0x80) !== 0;
      this.reserved = byte & 0x70;
      this.opcode = byte & 0x0f;
    } else if (at === 1) this.#second(byte);
    else if (at < 2 + this.#lengthBytes) {
      // RFC 6455 §5.2: the most significant bit of 64 is 0.
      if (at === 2 && this.#lengthBytes === 8 && byte >= 0x80) this.overflows = true;
      this.length = this.length * 256 + byte;
    } else this.mask[at - 2 - this.#lengthBytes] = byte;
    if (this.#read < this.#size) return false;
    if (!Number.isSafeInteger(this.length)) this.overflows = true;
    this.padded =
      (this.#lengthBytes === 2 && this.length < 126) || (this.#lengthBytes === 8 && this.length < 0x1_0000);
    return true;
  }

  #second(byte: number): void {
    this.masked = (byte & 0x80) !== 0;
    const length = byte & 0x7f;
    this.#lengthBytes = length === 127 ? 8 : length === 126 ? 2 : 0;
    this.length = this.#lengthBytes === 0 ? length : 0;
    this.overflows = false;
    this.#size = 2 + this.#lengthBytes + (this.masked ? 4 : 0);
  }
}
