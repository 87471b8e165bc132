// Rows for the event table, all at the time of the record that is being read. Nothing else.

import type { EventTable, Kind } from './events.ts';

export class Rows {
  /** Nanoseconds; never decreases. */
  time = 0;
  readonly #table: EventTable;

  constructor(table: EventTable) {
    this.#table = table;
  }

  /** Columns as Kind describes them. */
  emit(
    kind: Kind,
    code: number,
    connection: number,
    exchange: number,
    a: number,
    b: number,
    text: string,
  ): void {
    this.#table.append(this.time, kind, code, connection, exchange, a, b, text);
  }
}
