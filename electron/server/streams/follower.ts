// One follower of a stream: what is there first, then each append as a message of its own; every byte once, in order. Keeps
// no bytes of its own: what cannot be handed over yet is read from the file again.

import { textLength } from '../../../shared/websocket/text.ts';
import type { Departure, Stream } from './stream.ts';

/** What a follower is told over. */
export interface FollowerPort {
  /** Bytes of appends that it may be behind, once it has read what was there. */
  readonly limit: number;
  /** Sends a message; one at a time. @param done the kernel has it */
  send(bytes: Uint8Array, binary: boolean, done: () => void): void;
  /** Nothing more comes: the appender has gone. */
  ended(how: Departure): void;
  /** It does not keep up. */
  tooSlow(): void;
  /** The file cannot be read any more. */
  failed(): void;
}

/** An append that waits. */
interface Waiting {
  /** Position behind its last byte. */
  readonly end: number;
  readonly binary: boolean;
}

/** Bytes of what is there that go into one message. */
const PIECE = 64 * 1024;
/** Appends that wait at most, however small. */
const MOST_WAITING = 10_000;

export class Follower {
  readonly #stream: Stream;
  readonly #port: FollowerPort;
  /** Position behind the last byte that was sent. */
  #position = 0;
  /** Has caught up: from now on each append is a message of its own. */
  #live = false;
  readonly #waiting: Waiting[] = [];
  #sending = false;
  #stopped = false;
  /** How the appender went, and what there was then. */
  #end: { readonly how: Departure; readonly at: number } | null = null;

  constructor(stream: Stream, port: FollowerPort) {
    this.#stream = stream;
    this.#port = port;
  }

  /** Begins with what is there. */
  start(): void {
    this.#pump();
  }

  /** The stream has just grown by these bytes. */
  appended(bytes: Uint8Array, binary: boolean): void {
    if (this.#stopped) return;
    const end = this.#length;
    if (!this.#live) {
      this.#pump();
      return;
    }
    if (!this.#sending && this.#waiting.length === 0) {
      this.#send(bytes, binary);
      return;
    }
    this.#waiting.push({ end, binary });
    if (end - this.#position <= this.#port.limit && this.#waiting.length <= MOST_WAITING) return;
    this.stop();
    this.#port.tooSlow();
  }

  /** No more appends for it, whoever may append later. */
  finish(how: Departure): void {
    this.#end = { how, at: this.#stream.length ?? 0 };
    this.#pump();
  }

  /** Sends nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#waiting.length = 0;
  }

  get #length(): number {
    return this.#end?.at ?? this.#stream.length ?? 0;
  }

  #pump(): void {
    if (this.#sending || this.#stopped) return;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#read(next.end, next.binary);
    else if (this.#position < this.#length)
      this.#read(Math.min(this.#length, this.#position + PIECE), 'as it is');
    else if (this.#end === null) this.#live = true;
    else {
      this.stop();
      this.#port.ended(this.#end.how);
    }
  }

  #read(to: number, binary: boolean | 'as it is'): void {
    const bytes = this.#bytes(to);
    if (bytes === null) {
      this.stop();
      this.#port.failed();
    } else if (binary !== 'as it is') this.#send(bytes, binary);
    else {
      // Zero: a character has begun and does not go on, as far as the file goes.
      const characters = textLength(bytes) ?? 0;
      if (characters === 0) this.#send(bytes, true);
      else this.#send(bytes.subarray(0, characters), false);
    }
  }

  #bytes(to: number): Uint8Array | null {
    try {
      return this.#stream.file.read(this.#position, to);
    } catch {
      return null;
    }
  }

  #send(bytes: Uint8Array, binary: boolean): void {
    this.#sending = true;
    this.#position += bytes.length;
    this.#port.send(bytes, binary, () => {
      this.#sending = false;
      this.#pump();
    });
  }
}
