// The bytes of one stream on disk: they only ever grow at their end, by whole appends. What an append could not write down
// in full is taken away again.

import { createHash } from 'node:crypto';
import { closeSync, constants, ftruncateSync, openSync, rmSync } from 'node:fs';
import { diskError, ServerError } from '../errors.ts';
import type { Budget } from '../files/budget.ts';
import { type Disk, readAll, writeAll } from '../files/disk.ts';
import type { Folder } from '../files/folder.ts';

const MEBIBYTE = 1024 * 1024;
/** Windows has no such flag, and no links that everybody may make. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

export interface StreamFileContext {
  readonly folder: Folder;
  readonly budget: Budget;
  readonly disk: Disk;
  /** Most bytes of one stream. */
  readonly limit: number;
}

export class StreamFile {
  readonly #name: string;
  readonly #context: StreamFileContext;
  #length: number | null;
  #reading: number | null = null;
  #writing: number | null = null;

  /** @throws ServerError `store-failed` if the disk does not tell what is there */
  constructor(name: string, context: StreamFileContext) {
    this.#name = name;
    this.#context = context;
    const found = context.folder.look(name);
    this.#length = found.kind === 'file' ? Number(found.stat.size) : null;
  }

  /** Bytes; null: it was never written. */
  get length(): number | null {
    return this.#length;
  }

  /** Makes the file if it is not there. @throws ServerError */
  openForAppends(): void {
    const { folder } = this.#context;
    let takeBack = (): void => {};
    try {
      if (this.#length === null) {
        if (folder.look(this.#name).kind === 'blocked') throw blocked(this.#name);
        takeBack = folder.makeWay(this.#name);
      }
      const flags = constants.O_WRONLY | constants.O_CREAT | NO_FOLLOW;
      this.#writing ??= openSync(folder.dataPath(this.#name), flags, 0o600);
    } catch (error) {
      takeBack();
      throw diskError(error, `open the stream ${this.#name}`);
    }
    this.#length ??= 0;
  }

  /**
   * Writes all of it at the end, before it returns.
   * @throws ServerError `store-full`, `store-failed`; nothing of it is there then
   */
  append(bytes: Uint8Array): void {
    const { budget, disk, limit } = this.#context;
    const at = this.#length;
    if (at === null || this.#writing === null)
      throw new ServerError('store-closed', `The stream ${this.#name} is not open.`);
    const end = at + bytes.length;
    if (end > limit) throw new ServerError('store-full', `A stream may have ${limit} bytes here.`);
    budget.set(this.#name, end);
    try {
      writeAll(disk, this.#writing, bytes, 0, bytes.length, at);
    } catch (error) {
      ftruncateSync(this.#writing, at);
      budget.set(this.#name, at);
      throw diskError(error, `append to ${this.#name}`);
    }
    this.#length = end;
  }

  closeForAppends(): void {
    if (this.#writing !== null) closeSync(this.#writing);
    this.#writing = null;
  }

  /** Bytes from … to (exclusive), within the length; null if they are gone. @throws ServerError `store-failed` */
  read(from: number, to: number): Uint8Array | null {
    if (from === to) return new Uint8Array(0);
    try {
      this.#reading ??= this.#context.folder.openData(this.#name, 'read');
      return readAll(this.#reading, from, to);
    } catch (error) {
      throw diskError(error, `read the stream ${this.#name}`);
    }
  }

  /** SHA-256 (hex) of what is there now; null: nothing ever was. @throws ServerError */
  async digest(): Promise<string | null> {
    const length = this.#length;
    if (length === null) return null;
    const hash = createHash('sha256');
    for (let at = 0; at < length; at += MEBIBYTE) {
      const piece = this.read(at, Math.min(length, at + MEBIBYTE));
      if (piece === null) return null;
      hash.update(piece);
      // A gigabyte takes seconds: others get their turn in between.
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    return hash.digest('hex');
  }

  /** Takes it off the disk: it was never written then. @throws ServerError `store-failed` */
  remove(): void {
    this.close();
    try {
      rmSync(this.#context.folder.dataPath(this.#name), { force: true });
    } catch (error) {
      throw diskError(error, `delete the stream ${this.#name}`);
    }
    this.#context.budget.set(this.#name, 0);
    this.#length = null;
  }

  close(): void {
    this.closeForAppends();
    if (this.#reading !== null) closeSync(this.#reading);
    this.#reading = null;
  }
}

function blocked(name: string): ServerError {
  return new ServerError(
    'store-blocked',
    `There can be no stream ${name}: part of its name is another stream, or a folder of streams. Choose another name.`,
  );
}
