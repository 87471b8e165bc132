// Appends a session to a pcapng file: encoded at once, written in big pieces, on disk within 100 ms.
// It must never write part of a block, and never lose what it has written: a failing disk ends the file, not the session.

import { closeSync, ftruncateSync, openSync, read, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { BlockBuffer } from '../../shared/capture/block-buffer.ts';
import { PcapngEncoder } from '../../shared/capture/pcapng-encode.ts';
import { Pieces } from '../../shared/capture/pieces.ts';
import type { CaptureRecord, SessionHeader, Stream } from '../../shared/capture/records.ts';
import { readPieces } from './read-pieces.ts';
import type { Captured, Sink } from './recorder.ts';
import { reasonOf, SessionError } from './session-error.ts';

const BUFFER = 1024 * 1024;
/** Bytes that may wait for the disk; beyond that the session waits for it. */
const WAITING = 16 * BUFFER;
/** Buffers that are kept for the next turn: as many as can wait, so that a steady stream needs no new ones. */
const SPARE = 16;
/** Milliseconds that a record may stay in memory only. */
const FLUSH_AFTER = 100;

export interface FileSinkOptions {
  /** Told once, in a sentence, when the file could not be written any further. */
  readonly onProblem?: (message: string) => void;
  /** False: `bytes` is never asked, so where they lie need not be remembered. Default true. */
  readonly readBack?: boolean;
}

/** Begins a file, in place of one that is there. Throws a {@link SessionError} where it cannot be written. */
export function fileSink(path: string, options: FileSinkOptions = {}): Sink {
  let file: number;
  try {
    file = openSync(path, 'w+');
  } catch (error) {
    throw new SessionError(
      'not-writable',
      `${path} cannot be written: ${reasonOf(error)}. Choose another place.`,
    );
  }
  return new FileSink(path, file, options);
}

const readAt = promisify(read);
const writeAt = promisify(write);

interface Filled {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly position: number;
}

class FileSink implements Sink {
  readonly keepsReferences = false;
  broken = false;
  readonly #path: string;
  readonly #file: number;
  readonly #onProblem: (message: string) => void;
  /** Null: they are not read back. */
  readonly #pieces: Pieces | null;
  readonly #buffer: BlockBuffer;
  #encoder: PcapngEncoder | null = null;
  readonly #spare: ArrayBuffer[] = [];
  /** Filled and not yet begun to be written, in order. */
  #waiting: Filled[] = [];
  #waitingBytes = 0;
  /** Settles when all that was waiting is written. */
  #writing: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #closing: Promise<void> | null = null;

  constructor(path: string, file: number, { onProblem, readBack }: FileSinkOptions) {
    this.#path = path;
    this.#file = file;
    this.#onProblem = onProblem ?? ((): void => {});
    this.#pieces = readBack === false ? null : new Pieces();
    this.#buffer = new BlockBuffer((filled, size) => this.#next(filled, size));
  }

  begin(header: SessionHeader): void {
    this.#encoder = new PcapngEncoder(this.#buffer, this.#pieces, header);
    this.#arm();
  }

  append(record: CaptureRecord, keep: boolean): void {
    if (this.broken || this.#closing !== null) return;
    this.#encoder!.append(record, keep);
    if (this.#timer === null) this.#arm();
  }

  forget(connection: number): void {
    this.#encoder?.forget(connection);
  }

  async bytes(connection: number, stream: Stream, start: number, end: number): Promise<Captured> {
    if (this.#pieces === null) return { bytes: new Uint8Array(0), kept: false };
    await this.flush();
    const { pieces, kept } = this.#pieces.find(connection, stream, start, end);
    return readPieces(this.#file, readAt, pieces, kept);
  }

  async flush(): Promise<void> {
    this.#handOn();
    while (this.#writing !== null) await this.#writing;
  }

  close(): Promise<void> {
    this.#closing ??= this.flush().then(() => closeSync(this.#file));
    return this.#closing;
  }

  #arm(): void {
    this.#timer = setTimeout(() => this.#handOn(), FLUSH_AFTER);
  }

  #handOn(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#buffer.at > 0) this.#buffer.handOn();
  }

  #next(filled: Uint8Array<ArrayBuffer> | null, size: number): ArrayBuffer {
    if (filled !== null && filled.length > 0 && !this.broken) {
      this.#waiting.push({ bytes: filled, position: this.#buffer.base - filled.length });
      this.#waitingBytes += filled.length;
      if (this.#waitingBytes > WAITING) this.#writeNow();
      this.#writing ??= this.#writeAll();
    }
    if (size > BUFFER) return new ArrayBuffer(size);
    return this.#spare.pop() ?? new ArrayBuffer(BUFFER);
  }

  async #writeAll(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { bytes, position } = next;
      let written = 0;
      try {
        while (written < bytes.length)
          written += (await writeAt(this.#file, bytes, written, bytes.length - written, position + written))
            .bytesWritten;
      } catch (error) {
        this.#fail(error, next, written);
      }
      this.#done(bytes);
    }
    this.#writing = null;
  }

  /**
   * The disk is too slow for what comes in: waits for it, and so makes those wait who send. The oldest piece is written
   * here while the one before it is being written beside us.
   */
  #writeNow(): void {
    while (this.#waitingBytes > WAITING) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const { bytes, position } = next;
      let written = 0;
      try {
        while (written < bytes.length)
          written += writeSync(this.#file, bytes, written, bytes.length - written, position + written);
      } catch (error) {
        this.#fail(error, next, written);
      }
      this.#done(bytes);
    }
  }

  #done({ buffer, length }: Uint8Array<ArrayBuffer>): void {
    this.#waitingBytes -= length;
    if (this.#spare.length < SPARE && buffer.byteLength === BUFFER) this.#spare.push(buffer);
  }

  /** Ends the file at its last whole block. */
  #fail(error: unknown, { bytes, position }: Filled, written: number): void {
    if (this.broken) return;
    this.broken = true;
    for (const { bytes: dropped } of this.#waiting) this.#waitingBytes -= dropped.length;
    this.#waiting = [];
    let kept = `What came before (${position + wholeBlocks(bytes, written)} bytes) is kept`;
    try {
      ftruncateSync(this.#file, position + wholeBlocks(bytes, written));
    } catch {
      kept = 'What came before is kept, and opens with a warning';
    }
    this.#onProblem(
      `${this.#path} could not be written further: ${reasonOf(error)}. ${kept}; what follows is only counted. Make room and begin a new session.`,
    );
  }
}

/** How many of the first `written` bytes are whole blocks. */
function wholeBlocks(bytes: Uint8Array<ArrayBuffer>, written: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 8 <= written && at + view.getUint32(at + 4, true) <= written)
    at += view.getUint32(at + 4, true);
  return at;
}
