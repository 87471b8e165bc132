// Where the bytes of uploads are kept: in memory first, in a temporary file once there are many, of one or of all. Memory
// grows with the bytes that arrived, never with a number that a client claims.

import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskError, ServerError } from '../errors.ts';

const MEBIBYTE = 1024 * 1024;
const SMALLEST_PAGE = 1024;
const LARGEST_PAGE = 256 * 1024;

/** What content can be read from: stored bytes, or bytes that are made up as they are read. */
export interface ContentSource {
  /** Bytes there are now. */
  readonly length: number;
  /** Bytes from … to (exclusive), both within `length`; null if they are gone. */
  read(from: number, to: number): Uint8Array | null;
}

interface StoreLimits {
  /** Bytes that one upload keeps in memory before all of it goes to a file. Default 8 MiB. */
  readonly memory: number;
  /** Bytes that all uploads of a server keep in memory together; what is beyond goes to files. Default 64 MiB. */
  readonly memoryInAll: number;
  /** Bytes of all uploads of a server together. Default 16 GiB. */
  readonly total: number;
}

/** The stored contents of one server: shares a budget, and goes when the server does. */
export class ContentStores {
  readonly limits: StoreLimits;
  #used = 0;
  /** Bytes of memory that contents have taken, filled or not. */
  #memory = 0;
  #open = new Set<StoredContent>();
  readonly #root: string;

  /** @param root folder in which temporary files are made, when they are needed at all. */
  constructor(limits: Partial<StoreLimits> = {}, root: string = tmpdir()) {
    this.limits = {
      memory: 8 * MEBIBYTE,
      memoryInAll: 64 * MEBIBYTE,
      total: 16 * 1024 * MEBIBYTE,
      ...limits,
    };
    this.#root = root;
  }

  create(): StoredContent {
    const content = new StoredContent(this);
    this.#open.add(content);
    return content;
  }

  /** @throws ServerError `store-full` */
  claim(bytes: number): void {
    if (this.#used + bytes > this.limits.total) {
      throw new ServerError(
        'store-full',
        `The test server keeps ${this.limits.total} bytes of uploads in all: DELETE finished ones first.`,
      );
    }
    this.#used += bytes;
  }

  /** False: that is more than all may have together, and nothing has changed. */
  claimMemory(bytes: number): boolean {
    if (this.#memory + bytes > this.limits.memoryInAll) return false;
    this.#memory += bytes;
    return true;
  }

  releaseMemory(bytes: number): void {
    this.#memory -= bytes;
  }

  released(content: StoredContent): void {
    if (this.#open.delete(content)) this.#used -= content.length;
  }

  /** A new file that nobody else can read, and that is gone when it is closed, or when the process is. */
  openFile(): TemporaryFile {
    const path = join(this.#root, `interim-upload-${randomBytes(12).toString('hex')}`);
    const descriptor = openSync(path, 'wx+', 0o600);
    // Windows takes away no file that is open: there it goes when it is closed.
    if (process.platform === 'win32') return { descriptor, path };
    rmSync(path);
    return { descriptor, path: null };
  }

  /** Throws all of it away. */
  close(): void {
    for (const content of this.#open) content.dispose();
  }
}

/** Bytes that only grow at their end. */
export class StoredContent implements ContentSource {
  readonly #stores: ContentStores;
  #pages: Uint8Array[] = [];
  /** Position of the first byte of each page. */
  #starts: number[] = [];
  /** Bytes of all pages. */
  #room = 0;
  #length = 0;
  #file: TemporaryFile | null = null;
  #disposed = false;

  constructor(stores: ContentStores) {
    this.#stores = stores;
  }

  get length(): number {
    return this.#length;
  }

  /** Whether the bytes lie in a file rather than in memory. */
  get spilled(): boolean {
    return this.#file !== null;
  }

  /**
   * Stores a copy of bytes[from … to). Written before it returns, so that whatever is told afterwards (an
   * Acknowledge, a HEAD) is never ahead of what is stored.
   * @throws ServerError `store-full`, `store-blocked`, `store-failed`, `store-closed`
   */
  append(bytes: Uint8Array, from: number, to: number): void {
    if (this.#disposed) throw new ServerError('store-closed', 'This upload was deleted.');
    if (to <= from) return;
    this.#stores.claim(to - from);
    const before = this.#length;
    this.#length += to - from;
    try {
      if (this.#file === null && !this.#fitsInMemory(this.#length)) this.#spill(before);
      if (this.#file === null) this.#toPages(bytes, from, to, before);
      else writeAll(this.#file.descriptor, bytes, from, to, before);
    } catch (error) {
      this.#length = before;
      this.#stores.claim(from - to);
      throw diskError(error, 'store the upload');
    }
  }

  read(from: number, to: number): Uint8Array | null {
    if (this.#disposed || from < 0 || to > this.#length || from > to) return null;
    const out = new Uint8Array(to - from);
    if (this.#file !== null) {
      let done = 0;
      while (done < out.length) {
        const read = readSync(this.#file.descriptor, out, done, out.length - done, from + done);
        if (read === 0) return null;
        done += read;
      }
      return out;
    }
    let at = from;
    for (let index = this.#pageOf(from); at < to; index++) {
      const start = this.#starts[index]!;
      const page = this.#pages[index]!;
      const upTo = Math.min(to, start + page.length);
      out.set(page.subarray(at - start, upTo - start), at - from);
      at = upTo;
    }
    return out;
  }

  /** SHA-256 (hex) of all bytes; null if they were thrown away before it was done. */
  async digest(): Promise<string | null> {
    const hash = createHash('sha256');
    const length = this.#length;
    for (let at = 0; at < length; at += MEBIBYTE) {
      const piece = this.read(at, Math.min(length, at + MEBIBYTE));
      if (piece === null) return null;
      hash.update(piece);
      // A gigabyte takes seconds: others get their turn in between.
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    return this.#disposed ? null : hash.digest('hex');
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#stores.released(this);
    this.#leaveMemory();
    if (this.#file !== null) closeFile(this.#file);
  }

  /** Takes pages for so many bytes in all. False: one upload, or all together, may not have so many in memory. */
  #fitsInMemory(length: number): boolean {
    if (length > this.#stores.limits.memory) return false;
    while (this.#room < length) {
      // Pages double from small, so that a thousand uploads of three bytes cost little.
      const size = Math.min(LARGEST_PAGE, Math.max(SMALLEST_PAGE, (this.#pages.at(-1)?.length ?? 0) * 2));
      if (!this.#stores.claimMemory(size)) return false;
      this.#pages.push(new Uint8Array(size));
      this.#starts.push(this.#room);
      this.#room += size;
    }
    return true;
  }

  #leaveMemory(): void {
    this.#stores.releaseMemory(this.#room);
    this.#room = 0;
    this.#pages = [];
    this.#starts = [];
  }

  #toPages(bytes: Uint8Array, from: number, to: number, at: number): void {
    let next = from;
    for (let index = this.#pageOf(at); next < to; index++) {
      const page = this.#pages[index]!;
      const offset = at + (next - from) - this.#starts[index]!;
      const count = Math.min(page.length - offset, to - next);
      page.set(bytes.subarray(next, next + count), offset);
      next += count;
    }
  }

  #spill(length: number): void {
    const file = this.#stores.openFile();
    try {
      for (const [index, page] of this.#pages.entries()) {
        const start = this.#starts[index]!;
        // Less than none: a page that was taken for the bytes that do not fit.
        writeAll(file.descriptor, page, 0, Math.min(page.length, length - start), start);
      }
    } catch (error) {
      closeFile(file);
      throw error;
    }
    this.#file = file;
    this.#leaveMemory();
  }

  /** Index of the page that holds byte `at`: the last one that starts at or before it. */
  #pageOf(at: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! <= at) low = middle;
      else high = middle;
    }
    return low;
  }
}

interface TemporaryFile {
  readonly descriptor: number;
  /** Null: it has no name any more. */
  readonly path: string | null;
}

function closeFile({ descriptor, path }: TemporaryFile): void {
  closeSync(descriptor);
  if (path !== null) rmSync(path, { force: true });
}

function writeAll(descriptor: number, bytes: Uint8Array, from: number, to: number, at: number): void {
  let next = from;
  while (next < to) next += writeSync(descriptor, bytes, next, to - next, at + next - from);
}
