// What the content of a final response tells while it comes: leading blanks, sent so that the connection is not taken
// for idle (a heartbeat each chunk), and the progress that a JSON document tells. Holds a document up to a bound.

import { counted } from '../../counted.ts';
import { MessageType } from '../events.ts';
import { statusOf } from '../../fields/json-progress.ts';
import { HeldText } from './held-text.ts';
import { type MessageReader, type MessageSink, TEXT_BYTES, textOf } from './message.ts';

/** What is looked for. */
export interface ContentLooks {
  /** The content is chunked: blanks that come before it are told chunk by chunk. */
  readonly heartbeats: boolean;
  /** It is JSON, and may tell how far work is; `status`: it is a status document. */
  readonly json: 'none' | 'json' | 'status';
}

export class ContentMessages implements MessageReader {
  readonly #sink: MessageSink;
  readonly #json: ContentLooks['json'];
  readonly #document = new HeldText(TEXT_BYTES);
  /** Nothing but blanks has come. */
  #blank = true;
  readonly #heartbeats: boolean;
  #chunkStart = 0;
  #chunkSize = 0;
  /** Absolute position behind the last byte. */
  #end = 0;

  constructor({ heartbeats, json }: ContentLooks, sink: MessageSink) {
    this.#sink = sink;
    this.#json = json;
    this.#heartbeats = heartbeats;
  }

  feed(bytes: Uint8Array, from: number, to: number, at: number): void {
    this.#end = at + (to - from);
    let begin = from;
    if (this.#blank) {
      while (begin < to && isBlank(bytes[begin]!)) begin++;
      this.#blank = begin === to;
      const chunkEnd = this.#chunkStart + this.#chunkSize;
      if (this.#blank && this.#heartbeats && this.#end === chunkEnd)
        this.#sink.message(
          MessageType.heartbeat,
          this.#chunkStart,
          chunkEnd,
          counted(this.#chunkSize, 'space'),
        );
    }
    if (this.#json !== 'none') this.#document.add(bytes, begin, to);
  }

  chunk(at: number, size: number): void {
    this.#chunkStart = at;
    this.#chunkSize = size;
  }

  end(whole: boolean): null {
    if (!whole || this.#json === 'none' || !this.#document.whole) return null;
    const { progress, unfinished, name } = statusOf(textOf(this.#document.bytes), this.#json === 'status');
    if (progress !== null) this.#sink.progress(progress, this.#end);
    if (unfinished) this.#sink.unfinished(name);
    return null;
  }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
