// Who is writing to one resource now, and to which bytes. A newer request for bytes that an older one still brings ends
// the older one: what it holds back can never arrive later.

import type { Intervals } from '../../../shared/byteranges/intervals.ts';
import type { Clock } from '../../wire/types.ts';

/** Without a byte, after which a writer stands still. */
const STILL_MILLISECONDS = 1000;

export interface Writer {
  /** It writes into the resource itself, not beside it. */
  readonly inPlace: boolean;
  /** What it stores as it comes stays, whatever becomes of it. */
  readonly persists: boolean;
  /** Bytes that it has named so far, in ten thousand ranges, perhaps: what is asked of them costs little. */
  readonly ranges: Pick<Intervals, 'covered'>;
  /** Breaks its connection; it must not write any more. */
  end(): void;
}

export class Writers {
  /** Each with the time of its last byte, or of its beginning. */
  readonly #writers = new Map<Writer, number>();
  readonly #clock: Clock;
  readonly #changed: () => void;

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  add(writer: Writer): void {
    this.#writers.set(writer, this.#clock.now());
  }

  /** It has brought bytes. */
  heard(writer: Writer): void {
    if (this.#writers.has(writer)) this.#writers.set(writer, this.#clock.now());
  }

  remove(writer: Writer): void {
    if (this.#writers.delete(writer)) this.#changed();
  }

  get size(): number {
    return this.#writers.size;
  }

  /** Somebody writes into the resource itself. */
  get inPlace(): boolean {
    for (const writer of this.#writers.keys()) if (writer.inPlace) return true;
    return false;
  }

  /** Ends all others that write to bytes first … end. */
  yieldTo(writer: Writer, first: number, end: number): void {
    for (const other of this.#writers.keys()) {
      if (other !== writer && other.ranges.covered(first, end) > 0) this.#end(other);
    }
  }

  /**
   * Somebody asks what is there. A lone writer that has stood still is ended: its connection is broken, most likely, and
   * whoever asks goes on where it stopped. One that still brings bytes goes on, for HEAD is safe (RFC 9110 §9.2.1), and it
   * may be anybody's: what is told is true, and there can be more later. A client that has lost its connection, asks at
   * once and goes on from what it is told ends the older writer by that ({@link yieldTo}). Of several, each was begun beside
   * others that have other bytes.
   */
  yieldToQuestion(): void {
    if (this.#writers.size !== 1) return;
    for (const [writer, since] of this.#writers) {
      if (writer.persists && this.#clock.now() - since >= STILL_MILLISECONDS) this.#end(writer);
    }
  }

  /** The resource goes: whoever writes into it is ended. */
  endInPlace(): void {
    for (const writer of this.#writers.keys()) if (writer.inPlace) this.#end(writer);
  }

  #end(writer: Writer): void {
    this.remove(writer);
    writer.end();
  }
}
