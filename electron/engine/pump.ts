// Sends the rows of an event table to the attached interfaces: what came within a frame together, what waits (an opened
// session) without a pause; never more on the way than the interface has said it can take. Of a file that is being read
// the last rows go out when all are there, so that who gets them knows it.

import { type Cursor, encodeBatch, fillsBatch } from '../../shared/model/batch.ts';
import type { EventTable } from '../../shared/model/events.ts';

/** Batches on their way at most, before the interface says `taken`. */
const ON_THE_WAY = 4;
/** Milliseconds: one frame. */
const FRAME = 16;

export class Pump {
  readonly #send: (bytes: Uint8Array) => void;
  #table: EventTable | null = null;
  #cursor: Cursor = { row: 0, string: 1 };
  #epoch = 0;
  #number = 0;
  #taken = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(send: (bytes: Uint8Array) => void) {
    this.#send = send;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Begins anew, with a table's first row and a new epoch. */
  restart(table: EventTable): void {
    this.#table = table;
    this.#cursor = { row: 0, string: 1 };
    this.#epoch++;
    this.#number = 0;
    this.#taken = 0;
    this.wake();
  }

  /** An interface has taken in everything up to this batch. */
  taken(epoch: number, batch: number): void {
    if (epoch !== this.#epoch) return;
    this.#taken = Math.min(this.#number, Math.max(this.#taken, batch));
    this.wake();
  }

  /** There is more in the table: it goes out with the next frame. */
  wake(): void {
    if (this.#timer !== null || this.#table === null || !this.#isDue(this.#table)) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#frame();
      },
      fillsBatch(this.#table, this.#cursor) ? 0 : FRAME,
    );
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#table = null;
  }

  #frame(): void {
    const table = this.#table;
    if (table === null) return;
    // What was due when the frame was asked for may be on its way by now.
    while (this.#isDue(table)) {
      const batch = encodeBatch(table, this.#cursor, this.#epoch, this.#number + 1);
      if (batch === null) return;
      this.#number++;
      this.#cursor = batch.cursor;
      this.#send(batch.bytes);
      if (!fillsBatch(table, this.#cursor)) break;
    }
    this.wake();
  }

  /** There are rows to send, and they may go. */
  #isDue(table: EventTable): boolean {
    if (this.#cursor.row >= table.length || this.#number - this.#taken >= ON_THE_WAY) return false;
    return table.foreseen === 0 || fillsBatch(table, this.#cursor);
  }
}
