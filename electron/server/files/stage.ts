// Bytes of one request that nobody may see yet: a file of its own beside the resources, which becomes one of them or is
// thrown away.

import { closeSync, fstatSync, fsync, ftruncateSync, openSync, rmSync } from 'node:fs';
import { diskError } from '../errors.ts';
import type { Budget } from './budget.ts';
import { type Disk, writeAll } from './disk.ts';
import type { Folder } from './folder.ts';

/** What a reservation is written with: as much before others get their turn. */
const NOTHING = new Uint8Array(1024 * 1024);

interface StageContext {
  readonly folder: Folder;
  readonly budget: Budget;
  readonly disk: Disk;
}

export class Stage {
  readonly id: string;
  readonly #context: StageContext;
  readonly #path: string;
  #descriptor: number | null;
  #written = 0;

  /** @throws ServerError `store-full`, `store-failed` */
  constructor(context: StageContext) {
    this.#context = context;
    try {
      this.id = context.folder.newId();
      this.#path = context.folder.stagePath(this.id);
      this.#descriptor = openSync(this.#path, 'wx+', 0o644);
    } catch (error) {
      throw diskError(error, 'begin to store the request');
    }
  }

  /** Bytes that were written, those that were written over included. */
  get written(): number {
    return this.#written;
  }

  /** @throws ServerError `store-full`, `store-failed` */
  write(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (this.#descriptor === null) return;
    this.#context.budget.set(this.id, this.#written + to - from);
    this.#written += to - from;
    try {
      writeAll(this.#context.disk, this.#descriptor, bytes, from, to, at);
    } catch (error) {
      throw diskError(error, 'store the request');
    }
  }

  /** Cuts off, or extends with zeros. */
  resize(length: number): void {
    if (this.#descriptor === null) return;
    try {
      ftruncateSync(this.#descriptor, length);
    } catch (error) {
      throw diskError(error, 'store the request');
    }
  }

  /**
   * Takes up as much more of the disk, until the steps of a commit begin: a disk that fills up does so before one does.
   * @throws ServerError `store-full`, `store-failed`
   */
  async reserve(bytes: number): Promise<void> {
    if (this.#descriptor === null) return;
    const start = fstatSync(this.#descriptor).size;
    const end = start + bytes;
    for (let at = start; at < end && this.#descriptor !== null; at += NOTHING.length) {
      try {
        writeAll(this.#context.disk, this.#descriptor, NOTHING, 0, Math.min(NOTHING.length, end - at), at);
      } catch (error) {
        throw diskError(error, 'store the request');
      }
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
  }

  /** Resolves when what was written is on the disk itself. @throws ServerError */
  async sync(): Promise<void> {
    const descriptor = this.#descriptor;
    if (descriptor === null) return;
    const error = await new Promise<Error | null>((resolve) => void fsync(descriptor, resolve));
    // Thrown away meanwhile: then it does not matter.
    if (error !== null && this.#descriptor !== null) throw diskError(error, 'store the request');
  }

  /** Nothing more is written; the file stays for the commit. */
  close(): void {
    if (this.#descriptor === null) return;
    closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  /** Throws it away. */
  drop(): void {
    this.close();
    this.#context.budget.set(this.id, 0);
    rmSync(this.#path, { force: true });
  }
}
