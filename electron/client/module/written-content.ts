// Content while it is written: read by the client as it comes, kept until the server has it. Never holds more than 16 MiB
// in memory: what is beyond goes to a file that nobody else can open and that is gone with the request.

import { type FileHandle, mkdtemp, open, rm, rmdir, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContentSource } from '../content.ts';
import { ClientError } from '../errors.ts';

/** Bytes that are kept in memory. */
const IN_MEMORY = 16 * 1024 * 1024;
/** How far (bytes) the writer may be ahead of the reader. */
const AHEAD = 256 * 1024;
/** Bytes of memory that small writes share. */
const SHARED = 16 * 1024;

/** What was written at once, or in one small write after the other. */
interface Piece {
  readonly at: number;
  length: number;
  /** With room for what is written next; null: in the file, at its own offset. */
  readonly bytes: Uint8Array | null;
}

interface Waiter {
  readonly at: number;
  readonly go: () => void;
  readonly fail: (error: Error) => void;
}

export class WrittenContent implements ContentSource {
  readonly #announced: number | null;
  readonly #limit: number;
  #pieces: Piece[] = [];
  #written = 0;
  #inMemory = 0;
  /** The furthest byte that was asked for. */
  #wanted = 0;
  #ended = false;
  #failure: Error | null = null;
  #dropped = false;
  /** Opened when it is first needed. */
  #file: Promise<FileHandle> | null = null;
  /** Folder of the file, as long as that has a name. */
  #named: string | null = null;
  #readers: Waiter[] = [];
  #writers: Waiter[] = [];

  /**
   * @param announced bytes in all; null: as many as are written until the end, and nothing can be read before
   * @param limit bytes that are kept in memory
   */
  constructor(announced: number | null, limit = IN_MEMORY) {
    this.#announced = announced;
    this.#limit = limit;
  }

  get length(): number {
    return this.#announced ?? this.#written;
  }

  /** Bytes that were written so far. */
  get written(): number {
    return this.#written;
  }

  /** Is anything kept in a file? */
  get spooled(): boolean {
    return this.#file !== null;
  }

  /**
   * The next bytes, which are copied. Resolves when more may be written: when the reader is not far behind. Calls must
   * not overlap.
   */
  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    if (!this.#dropped && !this.#remember(bytes)) await this.#spool(bytes, this.#written);
    // What is thrown away was written all the same.
    this.#written += bytes.length;
    this.#wake();
    if (this.#dropped) return;
    if (this.#announced !== null && this.#written > this.#wanted + AHEAD)
      await this.#until(this.#writers, this.#written - AHEAD);
  }

  /** No more is written. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Nothing more is read: what is still written is thrown away. */
  drop(): void {
    this.#dropped = true;
    this.#pieces = [];
    for (const { go } of this.#writers.splice(0)) go();
  }

  /** Whoever waits for bytes gets this error. */
  fail(error: Error): void {
    this.#failure = error;
    for (const { fail } of this.#readers.splice(0)) fail(error);
    this.drop();
  }

  async read(from: number, to: number): Promise<Uint8Array> {
    this.#wanted = Math.max(this.#wanted, from);
    this.#wake();
    if (this.#failure !== null) throw this.#failure;
    if (from >= this.#written && !this.#ended && to > from) await this.#until(this.#readers, from);
    const piece = this.#pieceAt(from);
    if (piece === undefined) {
      if (to === from) return new Uint8Array(0);
      throw new ClientError('content', `The byte ${from} of the content is not here any more.`);
    }
    const begin = from - piece.at;
    const end = Math.min(piece.length, to - piece.at);
    this.#wanted = Math.max(this.#wanted, piece.at + end);
    this.#wake();
    return piece.bytes?.subarray(begin, end) ?? this.#unspool(piece.at + begin, piece.at + end);
  }

  release(upTo: number): void {
    let gone = 0;
    for (; gone < this.#pieces.length; gone++) {
      const { at, length, bytes } = this.#pieces[gone]!;
      if (at + length > upTo) break;
      this.#inMemory -= bytes?.length ?? 0;
    }
    if (gone > 0) this.#pieces.splice(0, gone);
  }

  async close(): Promise<void> {
    this.drop();
    const opening = this.#file;
    this.#file = null;
    // It may be on its way only now; whoever wrote was told if it could not be opened.
    const file = await opening?.catch(() => null);
    await file?.close();
    if (this.#named !== null) await rm(this.#named, { recursive: true, force: true });
    this.#named = null;
  }

  #pieceAt(position: number): Piece | undefined {
    let low = 0;
    for (let high = this.#pieces.length; low < high;) {
      const middle = (low + high) >>> 1;
      const { at, length } = this.#pieces[middle]!;
      if (at + length > position) high = middle;
      else low = middle + 1;
    }
    const piece = this.#pieces[low];
    return piece !== undefined && piece.at <= position ? piece : undefined;
  }

  #until(queue: Waiter[], at: number): Promise<void> {
    return new Promise((go, fail) => queue.push({ at, go, fail }));
  }

  #wake(): void {
    const readable = ({ at }: Waiter): boolean => this.#ended || at < this.#written;
    const writable = ({ at }: Waiter): boolean => at <= this.#wanted;
    this.#readers = released(this.#readers, readable);
    this.#writers = released(this.#writers, writable);
  }

  /** False: there is no room in memory. */
  #remember(bytes: Uint8Array): boolean {
    const last = this.#pieces.at(-1);
    if (last !== undefined && last.bytes !== null && last.length + bytes.length <= last.bytes.length) {
      last.bytes.set(bytes, last.length);
      last.length += bytes.length;
      return true;
    }
    const left = this.#limit - this.#inMemory;
    if (bytes.length > left) return false;
    const room = new Uint8Array(Math.max(bytes.length, Math.min(SHARED, left)));
    room.set(bytes);
    this.#pieces.push({ at: this.#written, length: bytes.length, bytes: room });
    this.#inMemory += room.length;
    return true;
  }

  async #spool(bytes: Uint8Array, at: number): Promise<void> {
    const file = await (this.#file ??= this.#temporary());
    for (let done = 0; done < bytes.length && !this.#dropped;) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
    // It may have been dropped meanwhile.
    if (this.#dropped) return;
    const last = this.#pieces.at(-1);
    if (last?.bytes === null) last.length += bytes.length;
    else this.#pieces.push({ at, length: bytes.length, bytes: null });
  }

  async #unspool(from: number, to: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(to - from);
    const file = await this.#file;
    for (let have = 0; have < bytes.length;) {
      const { bytesRead } = (await file?.read(bytes, have, bytes.length - have, from + have)) ?? {
        bytesRead: 0,
      };
      if (bytesRead === 0)
        throw new ClientError('content', 'The temporary file of the content became shorter. Send it again.');
      have += bytesRead;
    }
    return bytes;
  }

  /** In a folder of its own, for the owner only; without a name as soon as the system allows that. */
  async #temporary(): Promise<FileHandle> {
    const folder = await mkdtemp(join(tmpdir(), 'interim-'));
    this.#named = folder;
    const path = join(folder, 'content');
    const file = await open(path, 'wx+', 0o600);
    try {
      await unlink(path);
      await rmdir(folder);
      this.#named = null;
    } catch {
      // It keeps its name until it is closed.
    }
    return file;
  }
}

/** Lets those go that may, and returns the others. */
function released(queue: readonly Waiter[], may: (waiter: Waiter) => boolean): Waiter[] {
  const rest: Waiter[] = [];
  for (const waiter of queue)
    if (may(waiter)) waiter.go();
    else rest.push(waiter);
  return rest;
}
