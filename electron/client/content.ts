// What a request carries, readable from any offset, because a resumed upload starts in the middle.
// Never holds more than the piece that is asked for: a file of any size takes constant memory.

import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { PatchLayout } from '../../shared/byteranges/patch-layout.ts';
import { ClientError } from './errors.ts';

/** Longest piece that {@link ContentSource.read} is asked for, in bytes. */
export const PIECE = 256 * 1024;

export interface ContentSource {
  /** Bytes in all. */
  readonly length: number;
  /**
   * Bytes from (inclusive) to (exclusive), within the length, at least one of them where there is any: a source that
   * is still being written may give fewer than it was asked for. The result is not changed afterwards.
   * Rejects with a {@link ClientError} `content` if the bytes are not there any more.
   */
  read(from: number, to: number): Promise<Uint8Array>;
  /** Bytes before that offset are safe at the server: they will not be read again, except where it goes back on its word. */
  release?(upTo: number): void;
  /** SHA-256 of the whole, in hex, where the source knows it without being read again; null where it does not. */
  digest?(signal?: AbortSignal): Promise<string | null>;
  close(): Promise<void>;
}

/** Content that is in memory. The bytes must not be changed while it is in use. */
export function bytesContent(bytes: Uint8Array): ContentSource {
  return {
    length: bytes.length,
    read: (from, to) => Promise.resolve(bytes.subarray(from, to)),
    close: () => Promise.resolve(),
  };
}

function generated(length: number, fill: (into: Uint8Array, from: number) => void): ContentSource {
  return {
    length,
    read: (from, to) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(to, length) - from));
      fill(bytes, from);
      return Promise.resolve(bytes);
    },
    close: () => Promise.resolve(),
  };
}

/** Bytes of one line of {@link linesContent}: eight digits, CR, LF. */
const LINE = 10;
const ZERO = 0x30;
const NINE = 0x39;

/** The numbered lines of `/test/data`: `00000000` CRLF `00000001` CRLF …, cut at `length` bytes. */
export function linesContent(length: number): ContentSource {
  return generated(length, (into, from) => {
    let at = LINE * Math.floor(from / LINE) - from;
    const line = lineNumber(Math.floor(from / LINE));
    for (; at < into.length; at += LINE) {
      if (at >= 0 && at + LINE <= into.length) for (let i = 0; i < LINE; i++) into[at + i] = line[i]!;
      else for (let i = 0; i < LINE; i++) if (at + i >= 0 && at + i < into.length) into[at + i] = line[i]!;
      count(line);
    }
  });
}

/** After 99999999 the numbers begin again. */
function lineNumber(number: number): Uint8Array {
  return new TextEncoder().encode(`${String(number % 100_000_000).padStart(8, '0')}\r\n`);
}

/** Adds one to the digits of a line in place: far cheaper than to write each number anew. */
function count(line: Uint8Array): void {
  for (let digit = 7; digit >= 0; digit--) {
    if (line[digit] !== NINE) {
      line[digit]!++;
      return;
    }
    line[digit] = ZERO;
  }
}

/** Bytes without a pattern, the same for the same seed: byte n depends on n and the seed alone. */
export function randomContent(length: number, seed: number): ContentSource {
  return generated(length, (into, from) => {
    let word = 0;
    let known = -1;
    for (let i = 0; i < into.length; i++) {
      const position = from + i;
      const index = Math.floor(position / 4);
      if (index !== known) {
        word = mixed(index, seed);
        known = index;
      }
      into[i] = word >>> ((position % 4) * 8);
    }
  });
}

/** A well mixed 32-bit word of an index and a seed (the finaliser of MurmurHash3 over both). */
function mixed(index: number, seed: number): number {
  let x = (index ^ Math.imul(seed + 0x9e3779b9, 0x85ebca6b) ^ Math.floor(index / 0x1_0000_0000)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/**
 * A file, read where it is needed.
 * @throws {ClientError} `content` if it cannot be opened or is no regular file
 */
export async function fileContent(path: string): Promise<ContentSource> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new ClientError(
      'content',
      code === 'ENOENT'
        ? `There is no file ${path}. Check the name.`
        : `The file ${path} cannot be read (${code}). Check its permissions.`,
    );
  }
  const stat = await file.stat();
  if (!stat.isFile()) {
    await file.close();
    throw new ClientError('content', `${path} is not a file. Name a regular file as the content.`);
  }
  return {
    length: stat.size,
    async read(from, to) {
      const bytes = new Uint8Array(to - from);
      let have = 0;
      while (have < bytes.length) {
        const { bytesRead } = await file.read(bytes, have, bytes.length - have, from + have);
        if (bytesRead === 0)
          throw new ClientError(
            'content',
            `${path} became shorter while it was sent. Run it again when nothing writes to the file.`,
          );
        have += bytesRead;
      }
      return bytes;
    },
    close: () => file.close(),
  };
}

/**
 * SHA-256 of the whole content, in hex; read piece by piece, and others get their turn after each. Null once the
 * signal is aborted, and where the source does not know and cannot be read again.
 */
export async function contentDigest(source: ContentSource, signal?: AbortSignal): Promise<string | null> {
  if (source.digest !== undefined) return source.digest(signal);
  const hash = createHash('sha256');
  for (let at = 0; at < source.length;) {
    if (signal?.aborted === true) return null;
    const piece = await source.read(at, Math.min(at + PIECE, source.length));
    hash.update(piece);
    at += piece.length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return hash.digest('hex');
}

/** The bytes of a patch, those of its parts read from the source where they are needed. */
export function layoutContent(layout: PatchLayout, source: ContentSource): ContentSource {
  const ends: number[] = [];
  let length = 0;
  for (const piece of layout.pieces)
    ends.push((length += 'bytes' in piece ? piece.bytes.length : piece.to - piece.from));

  /** Of one piece: as much as it has of the bytes asked for. */
  function ofPiece(from: number, to: number): Promise<Uint8Array> {
    const index = firstAbove(ends, from);
    const piece = layout.pieces[index]!;
    const begin = ends[index - 1] ?? 0;
    const end = Math.min(to, ends[index]!);
    return 'bytes' in piece
      ? Promise.resolve(piece.bytes.subarray(from - begin, end - begin))
      : source.read(piece.from + from - begin, piece.from + end - begin);
  }

  return {
    length,
    async read(from, to) {
      const first = to > from ? await ofPiece(from, to) : new Uint8Array(0);
      if (first.length === to - from) return first;
      const bytes = new Uint8Array(to - from);
      bytes.set(first);
      for (let at = first.length; at < bytes.length;) {
        const piece = await ofPiece(from + at, to);
        bytes.set(piece, at);
        at += piece.length;
      }
      return bytes;
    },
    close: () => source.close(),
  };
}

/** Index of the first of the ascending numbers that is more than `value`. */
function firstAbove(numbers: readonly number[], value: number): number {
  let low = 0;
  for (let high = numbers.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A source that knows how much of it had to be kept, and whose digest is taken while it is read. */
export interface WindowedContent extends ContentSource {
  /** Most bytes between what was released and what had been read. */
  readonly heldMost: number;
  /** Bytes that cannot be read any more: the first so many. */
  readonly released: number;
  release(upTo: number): void;
  /**
   * As {@link ContentSource.digest}; what was not read is read for it, unless the signal says otherwise.
   * @param most bytes that are read for it; null where it takes more
   */
  digest(signal?: AbortSignal, most?: number): Promise<string | null>;
}

/** What was sent in vain is not worth the reading of gigabytes: bytes that are read for the digest of such content. */
export const READ_IN_VAIN = 64 * 1024 * 1024;

/** Content that is let go of as it is released: what is before cannot be read any more. */
export function windowContent(source: ContentSource): WindowedContent {
  return new Window(source, true);
}

/** Content of which only the count is kept: all of it can be read again. */
export function countedContent(source: ContentSource): WindowedContent {
  return new Window(source, false);
}

/** The source itself if it counts, or with a count. */
export function windowed(source: ContentSource): WindowedContent {
  return 'heldMost' in source ? (source as WindowedContent) : countedContent(source);
}

class Window implements WindowedContent {
  readonly #source: ContentSource;
  readonly #frees: boolean;
  readonly #hash = createHash('sha256');
  #hashed = 0;
  #released = 0;
  #furthest = 0;
  #digest: string | null = null;
  heldMost = 0;

  constructor(source: ContentSource, frees: boolean) {
    this.#source = source;
    this.#frees = frees;
  }

  get length(): number {
    return this.#source.length;
  }

  get released(): number {
    return this.#frees ? this.#released : 0;
  }

  async read(from: number, to: number): Promise<Uint8Array> {
    if (from < this.released)
      throw new ClientError(
        'content',
        `The bytes from ${from} to ${this.#released - 1} were acknowledged and let go of: they cannot be sent again. ` +
          'Send the request again from the start.',
      );
    const bytes = await this.#source.read(from, to);
    this.#hashNext(from, bytes);
    this.#furthest = Math.max(this.#furthest, from + bytes.length);
    this.heldMost = Math.max(this.heldMost, this.#furthest - this.#released);
    return bytes;
  }

  release(upTo: number): void {
    if (upTo <= this.#released) return;
    this.#released = Math.min(upTo, this.#furthest);
    if (this.#frees) this.#source.release?.(this.#released);
  }

  async digest(signal?: AbortSignal, most = Infinity): Promise<string | null> {
    if (this.#digest !== null) return this.#digest;
    if (this.length - this.#hashed > most) return null;
    // Read out of order: what came first is gone, or was never read.
    while (this.#hashed < this.length) {
      if (signal?.aborted === true || this.#hashed < this.released) return null;
      const at = this.#hashed;
      this.#hashNext(at, await this.#source.read(at, Math.min(at + PIECE, this.length)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#digest ??= this.#hash.digest('hex');
    return this.#digest;
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  /** Each byte once, in order. */
  #hashNext(from: number, bytes: Uint8Array): void {
    const known = this.#hashed - from;
    if (known < 0 || known >= bytes.length || this.#digest !== null) return;
    this.#hash.update(bytes.subarray(known));
    this.#hashed = from + bytes.length;
  }
}
