// Says where the bytes of representations lie in a stream of messages: which of them are content of a representation,
// and at which offset. A stage behind an Http1Sink. Never copies bytes, never holds more than a part's head.

import { parseContentRange } from '../fields/content-range.ts';
import { FieldFault } from '../fields/fault.ts';
import type { Head } from '../http1/types.ts';
import { MessageByterangeReader } from './message-byterange.ts';

/** Bytes of a representation. */
export interface Piece {
  /** Of bytes[from], in the representation. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Absolute position in the stream of bytes[from]. */
  readonly at: number;
}

/** Pass it each head, all content and each end of a message, as the parser reports them. Interim heads are ignored. */
export class ContentLocator {
  readonly #found: (piece: Piece) => void;
  readonly #length: (total: number) => void;
  /** Where the next byte of content belongs; −1: nowhere. */
  #offset = -1;
  #part: MessageByterangeReader | null = null;

  /**
   * @param found called for every stretch of representation bytes, in stream order; the bytes are valid during the call
   * @param length called when a message tells how long the whole representation is
   */
  constructor(found: (piece: Piece) => void, length: (total: number) => void = () => {}) {
    this.#found = found;
    this.#length = length;
  }

  head(head: Head): void {
    if (head.role === 'response' && head.status < 200) return;
    this.#offset = -1;
    this.#part = null;
    if (head.role === 'request' && isMediaType(head.field('content-type'), 'message/byterange')) {
      this.#part = this.#readPart();
    } else if (head.role === 'response' && head.status === 206) {
      this.#locate(head.field('content-range'));
    } else {
      this.#offset = 0;
      if (head.framing === 'content-length') this.#length(head.contentLength);
    }
  }

  content(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (this.#part !== null) this.#part.feed(bytes, from, to, at);
    else this.#piece(bytes, from, to, at);
  }

  messageEnd(): void {
    this.#part?.end();
    this.#part = null;
    this.#offset = -1;
  }

  #piece(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (this.#offset < 0 || to === from) return;
    this.#found({ offset: this.#offset, bytes, from, to, at });
    this.#offset += to - from;
  }

  #readPart(): MessageByterangeReader {
    return new MessageByterangeReader({
      head: ({ range }) => {
        this.#offset = range.first ?? -1;
        if (range.complete !== null) this.#length(range.complete);
      },
      body: (bytes, from, to, at) => this.#piece(bytes, from, to, at),
      fault: () => {
        this.#offset = -1;
      },
    });
  }

  /** A 206 without a usable Content-Range (multipart, or broken) has no bytes that could be placed. */
  #locate(value: string | null): void {
    const range = value === null ? null : parseContentRange(value);
    if (range === null || range instanceof FieldFault) return;
    this.#offset = range.first ?? -1;
    if (range.complete !== null) this.#length(range.complete);
  }
}

/** Whether a Content-Type value names this media type (in lower case), whatever its parameters. */
function isMediaType(value: string | null, type: string): boolean {
  return value !== null && value.split(';', 1)[0]!.trim().toLowerCase() === type;
}
