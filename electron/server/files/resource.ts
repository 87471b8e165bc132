// One file resource while somebody uses it: what is there of it, who writes and reads. What it says is never more than
// what its file and its sidecar hold; bytes that were not received are never read.

import { closeSync, fstatSync, ftruncateSync } from 'node:fs';
import { Intervals } from '../../../shared/byteranges/intervals.ts';
import type { Clock } from '../../wire/types.ts';
import { diskError, ServerError } from '../errors.ts';
import type { Budget } from './budget.ts';
import { FileContent } from './content.ts';
import { type Disk, writeAll } from './disk.ts';
import type { Folder } from './folder.ts';
import type { Shape } from './plan.ts';
import { bytesOf, type FileState, haveOf, newTag, shapeOf, sidecarOf, tagOf, UNKNOWN_TYPE } from './state.ts';
import type { SidecarToWrite } from './sidecar.ts';
import { sinceStamp, stampOf } from './stamp.ts';
import { Writers } from './writers.ts';

/** Bytes and milliseconds after which an upload that goes on is written down. */
const FLUSH_BYTES = 1024 * 1024;
const FLUSH_MILLISECONDS = 50;

export interface ResourceContext {
  readonly folder: Folder;
  readonly budget: Budget;
  readonly disk: Disk;
  readonly clock: Clock;
  /** Why a commit about a file could not be carried out so far; null: none has failed. */
  readonly failure: (name: string) => ServerError | null;
  readonly changed: (resource: FileResource) => void;
}

/** bytes[from … to), to position `at`. */
interface BytesToPut {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

export class FileResource {
  readonly name: string;
  readonly writers: Writers;
  /** Requests and commits that use it. */
  users = 0;
  /** A commit that is being carried out; readers and further commits wait for it. */
  pending: Promise<void> | null = null;
  readonly #context: ResourceContext;
  #state: FileState;
  #contentType = UNKNOWN_TYPE;
  /** Null: the bytes have changed since it was made. */
  #tag: string | null = null;
  /** Milliseconds since 1970. */
  #modified = 0;
  /** When it had changed before that; undefined: nobody knows. */
  #before: number | undefined = undefined;
  #descriptor: number | null = null;
  readonly #readers = new Set<FileContent>();
  /** Bytes that are in their place, and cannot be read before others are there, too. */
  readonly #placed = new Intervals();
  #unflushed = 0;
  #flushedAt: number;
  /** Takes back the flush that will come if nothing else does. */
  #cancelFlush: (() => void) | null = null;

  /** Looks at the disk. @throws ServerError `store-failed` */
  constructor(name: string, context: ResourceContext) {
    this.name = name;
    this.#context = context;
    this.writers = new Writers(context.clock, () => context.changed(this));
    this.#flushedAt = context.clock.now();
    this.#state = this.#load();
  }

  get state(): FileState {
    return this.#state;
  }

  get contentType(): string {
    return this.#contentType;
  }

  set contentType(contentType: string) {
    if (contentType === this.#contentType) return;
    this.#contentType = contentType;
    this.#tag = null;
  }

  /** Bytes that can be read. */
  get have(): number {
    return haveOf(this.#state);
  }

  /** Bytes in all; null while unknown. */
  get length(): number | null {
    const state = this.#state;
    return state.kind === 'complete' ? state.size : state.kind === 'incomplete' ? state.length : null;
  }

  /** Why nothing of it can be relied on: a commit about it has begun, and is not carried out. Null: it can. */
  get failure(): ServerError | null {
    return this.#context.failure(this.name);
  }

  /** What decides on a patch. */
  get shape(): Shape {
    return shapeOf(this.#state);
  }

  /** Strong entity tag with its quotes; only after {@link settle}. */
  get etag(): string {
    return `"${this.#tag ?? ''}"`;
  }

  /** Milliseconds since 1970. */
  get modified(): number {
    return this.#modified;
  }

  /** When it had changed before; undefined: nobody knows. */
  get before(): number | undefined {
    return this.#before;
  }

  /** Its time, in whole seconds, is that of no earlier state (RFC 9110 §8.8.2.2); only after {@link settle}. */
  get dated(): boolean {
    return this.#before !== undefined && secondOf(this.#modified) > secondOf(this.#before);
  }

  /**
   * Stores bytes[from … to) at position `at`, into the resource itself.
   * @throws ServerError `store-full`, `store-failed`: then it has what it had
   */
  write(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (to <= from) return;
    const end = at + to - from;
    const state = this.#state;
    this.#put(
      { bytes, from, to, at },
      state.kind === 'incomplete'
        ? state.received.total + (end - at) - state.received.covered(at, end) + this.#placed.total
        : Math.max(state.kind === 'complete' ? state.size : 0, end),
    );
    this.received(at, end);
    this.#unflushed += to - from;
    if (this.#state.kind === 'incomplete') {
      const { clock } = this.#context;
      const due = clock.now() - this.#flushedAt >= FLUSH_MILLISECONDS;
      if (due || this.#unflushed >= FLUSH_BYTES) this.#flush();
      // The next bytes may be long in coming.
      else this.#cancelFlush ??= clock.after(FLUSH_MILLISECONDS, () => this.#flushLate());
    }
    this.#context.changed(this);
  }

  /**
   * Writes bytes of an upload where they belong, but does not count them as received: until then nobody can read them. They
   * take their room until they are received, or {@link release}d. @throws as {@link write}
   */
  place(bytes: Uint8Array, from: number, to: number, at: number): void {
    const end = at + to - from;
    const added = end - at - this.#placed.covered(at, end);
    this.#put({ bytes, from, to, at }, bytesOf(this.#state) + this.#placed.total + added);
    this.#placed.add(at, end);
  }

  /** Nobody waits any more for bytes first … end that were placed. */
  release(first: number, end: number): void {
    this.#placed.remove(first, end);
    this.#context.budget.set(this.name, bytesOf(this.#state) + this.#placed.total);
  }

  /** Bytes that were placed, and neither received nor released. */
  get placed(): number {
    return this.#placed.total;
  }

  /** Bytes first … end are there now. */
  received(first: number, end: number): void {
    const state = this.#state;
    this.#tag = null;
    this.#placed.remove(first, end);
    if (state.kind === 'complete') state.size = Math.max(state.size, end);
    else if (state.kind === 'incomplete') state.received.add(first, end);
  }

  /** They are not, after all. */
  forget(first: number, end: number): void {
    this.#tag = null;
    if (this.#state.kind === 'incomplete') this.#state.received.remove(first, end);
  }

  /** An upload has become known to have so many bytes. */
  learnLength(length: number | null): void {
    if (this.#state.kind !== 'incomplete' || length === null || this.#state.length === length) return;
    this.#state.length = length;
    this.#tag = null;
  }

  /** Cuts off what is behind, extends a complete file with zeros, or says where an upload ends. */
  resize(length: number): void {
    const state = this.#state;
    const descriptor = this.#open();
    try {
      if (state.kind === 'complete') {
        this.#context.budget.set(this.name, length);
        for (const reader of this.#readers) reader.spoil(Math.min(length, state.size), Infinity);
        ftruncateSync(descriptor, length);
        state.size = length;
      } else if (state.kind === 'incomplete') {
        for (const reader of this.#readers) reader.spoil(length, Infinity);
        if (fstatSync(descriptor).size > length) ftruncateSync(descriptor, length);
        state.received.remove(length, Number.MAX_SAFE_INTEGER);
        state.length = length;
      }
    } catch (error) {
      throw diskError(error, `change the length of ${this.name}`);
    }
    this.#tag = null;
    this.#context.changed(this);
  }

  /** Makes what is there what can be told: an upload that has all its bytes is complete, and all of it is written down. */
  settle(): void {
    if (this.failure !== null) return;
    const state = this.#state;
    if (state.kind === 'incomplete' && state.length !== null && state.received.firstGap(0) >= state.length) {
      try {
        // Behind it nothing but what an interrupted server left.
        ftruncateSync(this.#open(), state.length);
      } catch (error) {
        throw diskError(error, `complete ${this.name}`);
      }
      this.#state = { kind: 'complete', size: state.length };
      this.#tag = null;
      this.#context.changed(this);
    }
    if (this.#tag === null) this.#flush();
  }

  /**
   * Its file has got the name of another resource. Who reads it goes on, and is told when it is written over there.
   * @param leave called once for each when it is closed: until then the other one stays in use
   */
  handReaders(to: FileResource, leave: () => void): void {
    for (const reader of this.#readers) {
      to.#readers.add(reader);
      to.users++;
      reader.whenClosed(() => {
        to.#readers.delete(reader);
        leave();
      });
    }
    this.#readers.clear();
  }

  /** There is another file at its name, or none. Who reads the old one goes on with that. */
  become(state: FileState, contentType: string): void {
    this.#readers.clear();
    this.close();
    this.#state = state;
    this.#contentType = contentType;
    this.#context.changed(this);
  }

  /** Its bytes are about to be written over: nobody may read some old and some new ones. */
  overwritten(state: FileState, contentType: string): void {
    for (const reader of this.#readers) reader.spoil(0, Infinity);
    this.become(state, contentType);
  }

  /** The file and the sidecar are on disk as a commit wants them. */
  written({ tag, before }: SidecarToWrite): void {
    this.#tag = tag;
    this.#before = before;
    this.#unflushed = 0;
    const found = this.#context.folder.look(this.name);
    if (found.kind === 'file') this.#modified = Number(found.stat.mtimeMs);
  }

  /** Somebody else has changed what is on disk. */
  reload(): void {
    this.become(this.#load(), this.#contentType);
  }

  /**
   * Opens what can be read of it; null: there is no file.
   * @param closed called when it is closed again
   * @throws ServerError `store-failed`
   */
  content(closed: () => void = () => {}): FileContent | null {
    if (this.#state.kind === 'absent' || this.#state.kind === 'blocked') return null;
    let descriptor: number;
    try {
      descriptor = this.#context.folder.openData(this.name, 'read');
    } catch (error) {
      throw diskError(error, `read ${this.name}`);
    }
    const content = new FileContent(
      { descriptor, length: this.have },
      { contentType: this.#contentType, etag: this.etag },
      () => {
        this.#readers.delete(content);
        closed();
      },
    );
    this.#readers.add(content);
    return content;
  }

  /** Nobody writes into it any more. */
  close(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = null;
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  /** @param counted bytes that it has then, for the budget */
  #put({ bytes, from, to, at }: BytesToPut, counted: number): void {
    const state = this.#state;
    const end = at + to - from;
    this.#context.budget.set(this.name, counted);
    for (const reader of this.#readers) reader.spoil(at, end);
    const descriptor = this.#open();
    try {
      writeAll(this.#context.disk, descriptor, bytes, from, to, at);
    } catch (error) {
      if (state.kind === 'complete' && end > state.size) ftruncateSync(descriptor, state.size);
      throw diskError(error, `write to ${this.name}`);
    }
  }

  #open(): number {
    try {
      return (this.#descriptor ??= this.#context.folder.openData(this.name, 'write'));
    } catch (error) {
      throw diskError(error, `open ${this.name}`);
    }
  }

  #flushLate(): void {
    this.#cancelFlush = null;
    if (this.#state.kind !== 'incomplete') return;
    try {
      this.#flush();
    } catch (error) {
      // Nobody is there to be told; the next bytes, or whoever asks, try again.
      if (!(error instanceof ServerError)) throw error;
    }
  }

  #flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = null;
    // What is written down of it is the commit's own affair.
    if (this.failure !== null) return;
    try {
      const stat = fstatSync(this.#open(), { bigint: true });
      const tag = newTag();
      const modified = Number(stat.mtimeMs);
      const before = modified === this.#modified ? this.#before : this.#modified;
      const about = { contentType: this.#contentType, tag, before };
      this.#context.folder.writeSidecar({
        ...sidecarOf(this.name, this.#state, about),
        stamp: stampOf(stat),
      });
      this.#tag = tag;
      this.#modified = modified;
      this.#before = before;
    } catch (error) {
      throw diskError(error, `write down what it has of ${this.name}`);
    }
    this.#unflushed = 0;
    this.#flushedAt = this.#context.clock.now();
  }

  #load(): FileState {
    const { folder } = this.#context;
    const found = folder.look(this.name);
    if (found.kind !== 'file') {
      // Of a file that was taken away by hand: it must not speak of the next one.
      if (found.kind === 'none') folder.removeSidecar(this.name);
      return { kind: found.kind === 'none' ? 'absent' : 'blocked' };
    }
    const { stat } = found;
    const size = Number(stat.size);
    const sidecar = folder.readSidecar(this.name);
    this.#modified = Number(stat.mtimeMs);
    this.#contentType = sidecar?.contentType || UNKNOWN_TYPE;
    // Somebody else wrote to it, or the end came before what was written was written down.
    const since = sidecar === null ? 'written' : sinceStamp(sidecar.stamp, stat);
    const told = since === 'nothing' ? sidecar : null;
    this.#tag = told?.tag ?? tagOf(stat);
    this.#before = told?.before;
    if (sidecar === null || sidecar.upload === null) return { kind: 'complete', size };
    const received = since === 'other' ? new Intervals() : Intervals.from(sidecar.upload.received);
    received.remove(size, Number.MAX_SAFE_INTEGER);
    return { kind: 'incomplete', length: sidecar.upload.length, received };
  }
}

function secondOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
