// Takes the content of one request (a POST, or the part of a PATCH) into an upload: stores it as it comes, says so where
// the client asked, and breaks the connection where a test of the test server wants that.

import { writeAcknowledge } from '../../shared/fields/acknowledge.ts';
import { ServerError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { Operation } from './operations.ts';
import { refuse } from './refuse.ts';
import type { Upload } from './uploads.ts';

/** `Prefer: acknowledge`: at most one acknowledgement for so many bytes. */
const ACKNOWLEDGE_EVERY = 64 * 1024;
/** Interim responses that acknowledgements leave to others: 100 Continue, and the 102s of three steps. */
const OTHER_INTERIMS = 4;

interface IntakeOptions {
  /** Bytes that this request brings; null: unknown. */
  readonly expected: number | null;
  /** Bytes after which the connection is broken, if more are to come; null: never. */
  readonly cutAfter: number | null;
  /** Most bytes an upload may have. */
  readonly limit: number;
}

export class Intake {
  readonly #exchange: Exchange;
  readonly #operation: Operation;
  readonly #upload: Upload;
  readonly #options: IntakeOptions;
  readonly #start: number;
  /** Bytes between acknowledgements; 0: none are wanted. */
  readonly #spacing: number;
  #acknowledged: number;
  #armed = false;

  constructor(exchange: Exchange, operation: Operation, upload: Upload, options: IntakeOptions) {
    this.#exchange = exchange;
    this.#operation = operation;
    this.#upload = upload;
    this.#options = options;
    this.#start = upload.have;
    this.#acknowledged = upload.have;
    this.#spacing = operation.preferences.acknowledge
      ? Math.max(
          ACKNOWLEDGE_EVERY,
          Math.ceil((options.expected ?? 0) / Math.max(1, exchange.interimLimit - OTHER_INTERIMS)),
        )
      : 0;
  }

  /** Bytes that this request has brought. */
  get stored(): number {
    return this.#upload.have - this.#start;
  }

  /**
   * Stores bytes[from … to), whose first byte is at absolute position `at` of the request stream. False: nothing more
   * is taken, since the request was refused, overtaken or cut.
   */
  store(bytes: Uint8Array, from: number, to: number, at: number): boolean {
    if (!this.#upload.holds(this.#exchange)) return false;
    const { limit } = this.#options;
    if (this.#upload.have + to - from > limit) {
      return this.#refuse(413, `An upload may have ${limit} bytes here; the bytes that fit are kept.`);
    }
    const end = this.#untilCut(from, to, at);
    try {
      this.#upload.append(bytes, from, end);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      return this.#refuse(507, error.message);
    }
    if (end < to) {
      this.#exchange.cut();
      return false;
    }
    this.#acknowledge();
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

  #acknowledge(): void {
    if (this.#spacing === 0) return;
    const { have } = this.#upload;
    if (have - this.#acknowledged < this.#spacing) return;
    this.#acknowledged = have;
    void this.#exchange.interim(100, [['Acknowledge', writeAcknowledge(have)]]);
  }

  #refuse(status: number, sentence: string): false {
    this.#upload.release(this.#exchange);
    this.#operation.work.refused?.(sentence);
    refuse(this.#exchange, status, sentence);
    return false;
  }
}
