// Content of which only the length and the SHA-256 are kept, whatever its size. Nobody can read it.

import { createHash } from 'node:crypto';
import type { UploadContent } from './uploads.ts';

export class DigestContent implements UploadContent {
  readonly #hash = createHash('sha256');
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array, from: number, to: number): void {
    if (to <= from) return;
    this.#hash.update(bytes.subarray(from, to));
    this.#length += to - from;
  }

  /** Nothing, of nothing. */
  read(from: number, to: number): Uint8Array | null {
    return from === to ? new Uint8Array(0) : null;
  }

  /** SHA-256 (hex) of the bytes so far. */
  current(): string {
    return this.#hash.copy().digest('hex');
  }

  digest(): Promise<string> {
    return Promise.resolve(this.current());
  }

  dispose(): void {
    // There is nothing to throw away.
  }
}
