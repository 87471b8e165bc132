// The remarks of a session as they stand: each by its newest row, in the order of what they are beside. Folded row by row;
// never looks at what stood before.

import { type EventTable, Kind, NONE } from './events.ts';

export interface Remark {
  readonly id: number;
  readonly text: string;
  /** Its newest row in the event table. */
  readonly row: number;
  /** The row that it is beside; null: nothing is there any more, or it is beside a moment. */
  readonly beside: number | null;
  /** When what it is beside was: nanoseconds since the session began. */
  readonly time: number;
  /** 0: none. */
  readonly connection: number;
  readonly exchange: number | null;
}

export class Remarks {
  /** Rows of Kind.remark so far: grows with every change. */
  rows = 0;
  /** Grows when something that stood stands no longer. */
  replaced = 0;
  readonly #events: EventTable;
  readonly #byId = new Map<number, Remark>();
  #highest = 0;
  #sorted: readonly Remark[] | null = null;

  constructor(events: EventTable) {
    this.#events = events;
  }

  /** Takes in a row of Kind.remark. */
  take(row: number): void {
    const { text, code, a, b, connection, exchange } = this.#events.row(row);
    const bar = text.indexOf('|');
    const id = Number(text.slice(0, bar));
    const words = text.slice(bar + 1);
    this.rows++;
    this.#highest = Math.max(this.#highest, id);
    this.#sorted = null;
    if (this.#byId.delete(id)) this.replaced++;
    if (words === '') return;
    this.#byId.set(id, {
      id,
      text: words,
      row,
      beside: code === 1 || Number.isNaN(a) ? null : a,
      time: b,
      connection,
      exchange: exchange === NONE ? null : exchange,
    });
  }

  /** The identifier of the next new one. */
  get next(): number {
    return this.#highest + 1;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: number): Remark | null {
    return this.#byId.get(id) ?? null;
  }

  /** All that stand, by the time of what they are beside. */
  list(): readonly Remark[] {
    this.#sorted ??= [...this.#byId.values()].sort((x, y) => x.time - y.time || x.id - y.id);
    return this.#sorted;
  }

  /** The one whose row this is, while it stands; null: none. */
  ofRow(row: number): Remark | null {
    if (this.#events.columns.kind[row] !== Kind.remark) return null;
    const found = this.get(Number.parseInt(this.#events.text(row), 10));
    return found?.row === row ? found : null;
  }

  /** The newest beside a row; null: none. */
  beside(row: number): Remark | null {
    return this.list().findLast((remark) => remark.beside === row) ?? null;
  }
}

/** The first words of a remark on one line, `most` characters at most. */
export function firstWords(text: string, most: number): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  const characters = Array.from(line);
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line;
}
