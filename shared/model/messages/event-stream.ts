// Server-sent events (HTML, "Server-sent events") out of the content of a response: what they say is the library's to
// find out, line by line; where they lie is counted here. Holds one line and one event at most, up to a bound.

import { createParser, type EventSourceParser } from 'eventsource-parser';
import { MessageType } from '../events.ts';
import { statusOf } from '../../fields/json-progress.ts';
import { HeldText } from './held-text.ts';
import {
  gistOf,
  gistOfProgress,
  type MessageReader,
  type MessageSink,
  TEXT_BYTES,
  textOf,
} from './message.ts';

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

export class EventStreamMessages implements MessageReader {
  readonly #parser: EventSourceParser;
  readonly #line = new HeldText(TEXT_BYTES);
  /** Absolute position of the line's first byte; −1 before it. */
  #lineStart = -1;
  /** The same of the event's first line. */
  #eventStart = -1;
  /** Bytes of the event's lines so far. */
  #eventBytes = 0;
  /** The position behind a CR that may be half of a CRLF; −1: there is none. */
  #crEnd = -1;
  /** The position behind the line that is being read by the library. */
  #end = 0;
  /** How many bytes of a byte order mark have come; −1 behind the place where one can be. */
  #mark = 0;

  constructor(sink: MessageSink) {
    this.#parser = createParser({
      onEvent: ({ event, data }) => {
        const { progress } = statusOf(data, false);
        const says = progress === null ? data : gistOfProgress(progress);
        const gist = gistOf(event === undefined ? says : `${event}: ${says}`);
        sink.message(MessageType.event, this.#eventStart, this.#end, gist);
        if (progress !== null) sink.progress(progress, this.#end);
      },
      onComment: (comment) => sink.message(MessageType.comment, this.#lineStart, this.#end, gistOf(comment)),
    });
  }

  feed(bytes: Uint8Array, from: number, to: number, at: number): void {
    const origin = at - from;
    let i = from;
    while (i < to) {
      const byte = bytes[i]!;
      if (this.#crEnd !== -1) {
        if (byte === LF) i++;
        this.#endLine(byte === LF ? origin + i : this.#crEnd);
        this.#crEnd = -1;
      } else if (this.#mark !== -1 && this.#isMark(byte)) i++;
      else if (byte === LF) {
        if (this.#lineStart === -1) this.#lineStart = origin + i;
        this.#endLine(origin + ++i);
      } else if (byte === CR) {
        if (this.#lineStart === -1) this.#lineStart = origin + i;
        this.#crEnd = origin + ++i;
      } else {
        const end = lineEnd(bytes, i, to);
        if (this.#lineStart === -1) this.#lineStart = origin + i;
        this.#line.add(bytes, i, end);
        i = end;
      }
    }
  }

  chunk(): void {
    // Events do not mind how they are chunked.
  }

  /** An event without its empty line is none. */
  end(): null {
    if (this.#crEnd !== -1) this.#endLine(this.#crEnd);
    return null;
  }

  #isMark(byte: number): boolean {
    if (byte === BYTE_ORDER_MARK[this.#mark]) {
      this.#mark = this.#mark === 2 ? -1 : this.#mark + 1;
      return true;
    }
    this.#mark = -1;
    return false;
  }

  /** @param end absolute position behind the line and its end */
  #endLine(end: number): void {
    const { bytes, length } = this.#line;
    this.#end = end;
    if (length === 0) {
      this.#parser.feed('\n');
      this.#eventStart = -1;
      this.#eventBytes = 0;
    } else if (bytes[0] === COLON) this.#parser.feed(`${textOf(bytes)}\n`);
    else {
      if (this.#eventStart === -1) this.#eventStart = this.#lineStart;
      this.#eventBytes += length;
      // What is too long is told as far as it is held.
      if (this.#eventBytes <= TEXT_BYTES || this.#eventBytes === length)
        this.#parser.feed(`${textOf(bytes)}\n`);
    }
    this.#line.clear();
    this.#lineStart = -1;
  }
}

/** The index of the first CR or LF of bytes[from … to), or `to`. */
function lineEnd(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && bytes[i] !== LF && bytes[i] !== CR) i++;
  return i;
}
