// The bytes of a file resource as they are read: of the file that was opened, whatever lies at its name later. Never gives
// bytes that were written over since.

import { createHash } from 'node:crypto';
import { closeSync } from 'node:fs';
import type { ContentSource } from '../uploads/content-store.ts';
import { readAll } from './disk.ts';

const MEBIBYTE = 1024 * 1024;

export class FileContent implements ContentSource {
  readonly length: number;
  readonly contentType: string;
  /** With its quotes. */
  readonly etag: string;
  #descriptor: number | null;
  #spoilt = false;
  readonly #closed: (() => void)[];

  /** @param file an open file, which is closed by this */
  constructor(
    file: { readonly descriptor: number; readonly length: number },
    about: { readonly contentType: string; readonly etag: string },
    closed: () => void,
  ) {
    this.#descriptor = file.descriptor;
    this.length = file.length;
    this.contentType = about.contentType;
    this.etag = about.etag;
    this.#closed = [closed];
  }

  read(from: number, to: number): Uint8Array | null {
    if (this.#descriptor === null || this.#spoilt || from < 0 || to > this.length || from > to) return null;
    return readAll(this.#descriptor, from, to);
  }

  /** SHA-256 (hex) of all bytes; null if they were written over before it was done. */
  async digest(): Promise<string | null> {
    const hash = createHash('sha256');
    for (let at = 0; at < this.length; at += MEBIBYTE) {
      const piece = this.read(at, Math.min(this.length, at + MEBIBYTE));
      if (piece === null) return null;
      hash.update(piece);
      // A gigabyte takes seconds: others get their turn in between.
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    return hash.digest('hex');
  }

  /** Bytes from … (exclusive) to are being written over. */
  spoil(from: number, to: number): void {
    if (from < this.length && to > 0) this.#spoilt = true;
  }

  /** Calls when it is closed. */
  whenClosed(call: () => void): void {
    this.#closed.push(call);
  }

  close(): void {
    if (this.#descriptor === null) return;
    closeSync(this.#descriptor);
    this.#descriptor = null;
    for (const call of this.#closed.splice(0)) call();
  }
}
