// The body of one part while it comes: how much of it there was, and how much there may be. Hands on what it is given.

import type { PartFault, PartHead, PatchSink } from './parts.ts';

export class PartBody {
  readonly #head: PartHead;
  readonly #sink: PatchSink;
  received = 0;

  constructor(head: PartHead, sink: PatchSink) {
    this.#head = head;
    this.#sink = sink;
  }

  /** Bytes that are still to come, or may. */
  get left(): number {
    const { range, length } = this.#head;
    // No byte of a representation is at a position that is no exact number.
    const most = length ?? Number.MAX_SAFE_INTEGER - (range.first ?? 0) + 1;
    return most - this.received;
  }

  /** @returns what is wrong once there are more bytes than there may be: those that may be were told */
  take(bytes: Uint8Array, from: number, to: number, at: number): PartFault | null {
    const end = Math.min(to, from + this.left);
    if (end > from) {
      this.received += end - from;
      this.#sink.body(bytes, from, end, at);
    }
    return end < to ? this.tooLong(at + (end - from)) : null;
  }

  tooLong(at: number): PartFault {
    const { length } = this.#head;
    const message =
      length === null
        ? 'The part goes on beyond the position 9007199254740991.'
        : `The part's body goes on after the ${length} bytes it announced.`;
    return { code: 'body-too-long', message, at };
  }

  /**
   * The part is over.
   * @param marked something says so, if only the end of the content
   * @returns whether it is whole
   */
  end(marked: boolean): boolean {
    const { length } = this.#head;
    // Without a mark, a part that should have no body may still get one.
    const whole = length === null ? marked : this.received === length && (marked || length > 0);
    this.#sink.partEnd(whole);
    return whole;
  }
}
