// The response inside a message/http document (RFC 9112 §10.1), read as it passes. It outlives an exchange: where a
// download of the document broke off, a 206 goes on.

import { createParser } from '../http1/parser.ts';
import type { Http1Parser } from '../http1/types.ts';

/** Told of what a document holds. Another one for each exchange that brings a piece of it. */
export interface DocumentSink {
  /** A final head within it. */
  head(status: number, reason: string): void;
  /** It is no response. @param at absolute position in the stream */
  fault(at: number): void;
}

export class NestedDocument {
  sink: DocumentSink;
  /** It is over when the message is that brings this piece of it. */
  ends = true;
  readonly #parser: Http1Parser;
  /** Absolute position in the stream of the document's first byte, as the last piece tells. */
  #base = 0;

  constructor(sink: DocumentSink) {
    this.sink = sink;
    this.#parser = createParser('response', {
      head: ({ status, reason }) => {
        if (status >= 200) this.sink.head(status, reason);
      },
      error: ({ at }) => this.sink.fault(this.#base + at),
    });
    this.#parser.expect('GET');
  }

  /** How many of the document's bytes have been read. */
  get position(): number {
    return this.#parser.position;
  }

  /** The next bytes[from … to) of the document; bytes[from] is at `at` of the stream. */
  feed(bytes: Uint8Array, from: number, to: number, at: number): void {
    this.#base = at - this.#parser.position;
    this.#parser.feed(bytes, from, to);
  }

  /** The document is over. */
  end(): void {
    const { position, inMessage } = this.#parser;
    const empty = position === 0;
    this.#parser.end();
    if (empty && !inMessage) this.sink.fault(this.#base);
  }
}
