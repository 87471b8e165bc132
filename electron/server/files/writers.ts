// Who is writing to one resource now, and to which bytes. A newer request for bytes that an older one still brings ends
// the older one: what it holds back can never arrive later.

import type { Intervals } from '../../../shared/byteranges/intervals.ts';

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
  readonly #writers = new Set<Writer>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  add(writer: Writer): void {
    this.#writers.add(writer);
  }

  remove(writer: Writer): void {
    if (this.#writers.delete(writer)) this.#changed();
  }

  get size(): number {
    return this.#writers.size;
  }

  /** Somebody writes into the resource itself. */
  get inPlace(): boolean {
    for (const writer of this.#writers) if (writer.inPlace) return true;
    return false;
  }

  /** Ends all others that write to bytes first … end. */
  yieldTo(writer: Writer, first: number, end: number): void {
    for (const other of this.#writers) {
      if (other !== writer && other.ranges.covered(first, end) > 0) this.#end(other);
    }
  }

  /**
   * Somebody asks what is there: a lone writer may add nothing more. Of several, each was begun beside others that have
   * other bytes: what they add makes no answer untrue.
   */
  yieldToQuestion(): void {
    if (this.#writers.size !== 1) return;
    for (const writer of this.#writers) if (writer.persists) this.#end(writer);
  }

  /** The resource goes: whoever writes into it is ended. */
  endInPlace(): void {
    for (const writer of this.#writers) if (writer.inPlace) this.#end(writer);
  }

  #end(writer: Writer): void {
    this.remove(writer);
    writer.end();
  }
}
