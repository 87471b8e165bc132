// Takes the content of one request (a POST, or the parts of a PATCH) into an upload, or aside of it: stores it as it comes,
// and breaks the connection where a test of the test server wants that.

import { ServerError } from '../errors.ts';
import type { Acknowledger } from './acknowledger.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Operation } from '../operations/operation.ts';
import { refuse } from '../http/refuse.ts';
import type { Upload, UploadContent } from './uploads.ts';

interface IntakeOptions {
  /** Bytes that this request brings; null: unknown. */
  readonly expected: number | null;
  /** Bytes after which the connection is broken, if more are to come; null: never. */
  readonly cutAfter: number | null;
  /** Null: nobody wants to be told what is stored. */
  readonly acknowledger: Acknowledger | null;
  /** Where the bytes are kept that are no part of the upload yet. Default: they are at once. */
  readonly aside?: UploadContent;
  /** Refuses the request in the way of its protocol. Default: with the sentence. */
  readonly refuse?: (status: number, sentence: string) => void;
}

export class Intake {
  readonly #exchange: Exchange;
  readonly #operation: Operation;
  readonly #upload: Upload;
  readonly #options: IntakeOptions;
  readonly #start: number;
  #armed = false;

  constructor(exchange: Exchange, operation: Operation, upload: Upload, options: IntakeOptions) {
    this.#exchange = exchange;
    this.#operation = operation;
    this.#upload = upload;
    this.#options = options;
    this.#start = upload.have;
  }

  /** Bytes that this request has brought. */
  get stored(): number {
    return this.#options.aside?.length ?? this.#upload.have - this.#start;
  }

  /**
   * Stores bytes[from … to), whose first byte is at absolute position `at` of the request stream. False: nothing more
   * is taken, since the request was refused, overtaken or cut.
   */
  store(bytes: Uint8Array, from: number, to: number, at: number): boolean {
    if (!this.#upload.holds(this.#exchange)) return false;
    const { limit } = this.#upload;
    if (this.#start + this.stored + to - from > limit) {
      return this.#refuse(413, `An upload may have ${limit} bytes here; the bytes that fit are kept.`);
    }
    const end = this.#untilCut(from, to, at);
    try {
      (this.#options.aside ?? this.#upload).append(bytes, from, end);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      return this.#refuse(error.code === 'store-full' ? 507 : 500, error.message);
    }
    if (end < to) {
      this.#exchange.cut();
      return false;
    }
    this.#options.acknowledger?.stored(this.#upload.have);
    return true;
  }

  /** Where the bytes must end for the test server's own cut; arms it at its exact byte where that is known ahead. */
  #untilCut(from: number, to: number, at: number): number {
    const { cutAfter, expected } = this.#options;
    if (cutAfter === null || (expected !== null && expected <= cutAfter)) return to;
    const left = cutAfter - this.stored;
    // Chunked content has no positions known ahead: what comes too much is not stored, and the cut is made at once.
    if (!this.#armed && this.#exchange.head.framing === 'content-length' && left > to - from) {
      this.#armed = true;
      this.#exchange.cutAt(at + left, this.#start + cutAfter);
    }
    return Math.min(to, from + left);
  }

  #refuse(status: number, sentence: string): false {
    this.#upload.release(this.#exchange);
    this.#operation.work.refused?.(sentence);
    if (this.#options.refuse === undefined) refuse(this.#exchange, status, sentence);
    else this.#options.refuse(status, sentence);
    return false;
  }
}
