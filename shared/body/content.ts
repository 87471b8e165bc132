// The content of one message out of its framing, read from the bytes of the wire as far as somebody looks at it, and
// further when asked. It must never keep the content itself, nor take a part for the whole.

import type { Stream } from '../capture/records.ts';
import type { ReadBytes } from '../export/message.ts';
import { createParser } from '../http1/parser.ts';
import type { Head, Http1Parser } from '../http1/types.ts';

/** Where a message begins. */
export interface ContentPlace {
  readonly connection: number;
  readonly stream: Stream;
  /** Absolute position in its stream of the first byte of its head. */
  readonly start: number;
  /** The method of the request, which frames its response (RFC 9112 §6.3). */
  readonly method: string;
}

/** Bytes of the wire that are asked for at once, at most and at least. */
const READ_AT_ONCE = 256 * 1024;
const READ_LEAST = 4 * 1024;

export class ContentReader {
  /** Null until it has been read, and where it was not kept. */
  head: Head | null = null;
  /** Fields behind the last chunk; null: there are none. */
  trailers: Head | null = null;
  /** Bytes of content found so far. */
  size = 0;
  /** The end of the message was found: there is no more content. */
  complete = false;
  /** Bytes that come next were counted, not kept: nothing behind them can be had. */
  missing = false;
  /** What comes next is no HTTP/1.1 message of this kind. */
  broken = false;
  readonly #read: ReadBytes;
  readonly #place: ContentPlace;
  readonly #parser: Http1Parser;
  /** Absolute position in the stream of the next byte to be read. */
  #at: number;

  /** @param take told of each stretch of content, in order; the bytes are valid during the call */
  constructor(read: ReadBytes, place: ContentPlace, take: (bytes: Uint8Array) => void) {
    this.#read = read;
    this.#place = place;
    this.#at = place.start;
    this.#parser = createParser(place.stream, {
      head: (head) => {
        this.head ??= head.keep();
      },
      content: (bytes, from, to) => {
        // Behind the end of this message may be another one.
        if (this.complete) return;
        this.size += to - from;
        take(bytes.subarray(from, to));
      },
      trailers: (trailers) => {
        if (!this.complete) this.trailers = trailers.keep();
      },
      messageEnd: (_, complete) => {
        this.complete ||= complete;
      },
      error: () => {
        this.broken = !this.complete;
      },
    });
    if (place.stream === 'response') this.#parser.expect(place.method);
  }

  /** Content that the head announces; null: it announces none, or no length. */
  get announced(): number | null {
    return this.head?.framing === 'content-length' ? this.head.contentLength : null;
  }

  /** Whether more can be had of what has come up to `end`, an absolute position. */
  hasMore(end: number): boolean {
    return !this.complete && !this.missing && !this.broken && this.#at < end;
  }

  /**
   * Reads on until at least `most` bytes of content were found, or as far as the message has come. One call at a time.
   * @param end absolute position behind the last byte that has come @param closed nothing comes behind it
   */
  async readTo(most: number, end: number, closed: boolean): Promise<void> {
    const { connection, stream } = this.#place;
    while (this.size < most && this.hasMore(end)) {
      const wanted = Math.max(READ_LEAST, Math.min(READ_AT_ONCE, most - this.size));
      const to = Math.min(end, this.#at + wanted);
      const { bytes, kept } = await this.#read(connection, stream, this.#at, to);
      this.#parser.feed(bytes);
      this.#at += bytes.length;
      this.missing = !kept;
      if (bytes.length === 0) break;
    }
    // RFC 9112 §6.3: without a length, the end of the connection is the end of the content.
    if (closed && this.#at >= end && this.head?.framing === 'close') this.complete = true;
  }
}
