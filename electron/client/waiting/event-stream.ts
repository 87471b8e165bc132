// A stream of server-sent events as its client reads it (HTML standard, section 9.2.6): bytes in any pieces, events out.
// What the lines mean is the library's affair; this one splits them, knows the last identifier, and bounds what is held.

import { createParser, type EventSourceParser } from 'eventsource-parser';

/** One event. */
export interface StreamEvent {
  /** The identifier that the stream had last, '' without one: the place to go on from. */
  readonly id: string;
  /** `message` where the stream names none. */
  readonly name: string;
  readonly data: string;
}

interface EventListener {
  event(event: StreamEvent): void;
  comment?(text: string): void;
  /** Milliseconds to wait before coming back; any number that digits can write. */
  retry(milliseconds: number): void;
}

const LF = 0x0a;
const CR = 0x0d;
const BYTE_ORDER_MARK = '\uFEFF';

export class EventStream {
  readonly #parser: EventSourceParser;
  readonly #most: number;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** Pieces of the line that has begun, and how many bytes there are of it and of the lines of its event before. */
  #pieces: Uint8Array[] = [];
  #held = 0;
  #event = 0;
  /** The last byte was a CR: an LF now is the other half of one line end. */
  #carriage = false;
  #first = true;
  #overlong = false;
  /** The identifier of the event that has begun, and the one that is in force. */
  #coming: string;
  #id: string;

  /**
   * @param id the identifier that was in force when the stream before broke: it stays until another is given
   * @param most bytes of one event, or of one line
   */
  constructor(listener: EventListener, id: string, most: number) {
    this.#most = most;
    this.#id = id;
    this.#coming = id;
    this.#parser = createParser({
      onEvent: ({ event, data }) => listener.event({ id: this.#id, name: event ?? 'message', data }),
      onComment: (text) => listener.comment?.(text),
      onRetry: (milliseconds) => listener.retry(milliseconds),
    });
    // The library takes three letters at the very beginning for a byte order mark: there is none left for it to find.
    this.#parser.feed('');
  }

  /** The identifier in force: also that of an event without data, which is told to nobody. */
  get id(): string {
    return this.#id;
  }

  /** An event or a line had more bytes than there may be: nothing more is read. */
  get overlong(): boolean {
    return this.#overlong;
  }

  /** Takes in bytes[from … to). What has no empty line behind it when the stream ends is no event. */
  feed(bytes: Uint8Array, from: number, to: number): void {
    let start = from;
    for (let i = from; i < to && !this.#overlong; i++) {
      const byte = bytes[i];
      const half = byte === LF && this.#carriage;
      this.#carriage = byte === CR;
      if (byte !== LF && byte !== CR) continue;
      if (!half) {
        this.#hold(bytes, start, i);
        this.#endLine();
      }
      start = i + 1;
    }
    this.#hold(bytes, start, to);
  }

  #hold(bytes: Uint8Array, from: number, to: number): void {
    if (from >= to) return;
    this.#held += to - from;
    this.#overlong ||= this.#event + this.#held > this.#most;
    if (!this.#overlong) this.#pieces.push(bytes.slice(from, to));
  }

  #endLine(): void {
    if (this.#overlong) return;
    let line = this.#taken();
    if (this.#first && line.startsWith(BYTE_ORDER_MARK)) line = line.slice(1);
    this.#first = false;
    if (line === '') {
      this.#event = 0;
      this.#id = this.#coming;
    } else this.#identify(line);
    this.#parser.feed(`${line}\n`);
  }

  #identify(line: string): void {
    const [, value] = /^id(?:: ?(.*))?$/s.exec(line) ?? [null, null];
    // HTML standard §9.2.6: one with a NUL is ignored.
    if (value !== null && !(value ?? '').includes('\0')) this.#coming = value ?? '';
  }

  #taken(): string {
    const line = new Uint8Array(this.#held);
    let at = 0;
    for (const piece of this.#pieces) {
      line.set(piece, at);
      at += piece.length;
    }
    this.#event += this.#held;
    this.#pieces = [];
    this.#held = 0;
    return this.#decoder.decode(line);
  }
}
