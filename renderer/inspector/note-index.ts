// The conformance notes of a session, gathered as they come. Looks at each row once; knows them by severity.

import { Kind, NoteLevel } from '../../shared/model/events.ts';
import { Uint32List } from '../../shared/model/growable.ts';
import type { Model } from '../../shared/model/model.ts';

const SEVEREST_FIRST = [NoteLevel.error, NoteLevel.warning, NoteLevel.info] as const;

export class NoteIndex {
  readonly #model: Model;
  readonly #rows = new Map<number, Uint32List>(SEVEREST_FIRST.map((level) => [level, new Uint32List()]));
  #folded = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  /** Takes in the rows that came since the last call. */
  fold(): void {
    const { columns } = this.#model.events;
    for (; this.#folded < this.#model.folded; this.#folded++)
      if (columns.kind[this.#folded] === Kind.note)
        this.#rows.get(columns.code[this.#folded]!)?.push(this.#folded);
  }

  /** How many there are. */
  get length(): number {
    return SEVEREST_FIRST.reduce((sum, level) => sum + this.#rows.get(level)!.length, 0);
  }

  /** Rows of the event table, the severest first, then in the order in which they came; `most` of them. */
  first(most: number): number[] {
    const found: number[] = [];
    for (const level of SEVEREST_FIRST) {
      const { values, length } = this.#rows.get(level)!;
      for (let i = 0; i < length && found.length < most; i++) found.push(values[i]!);
    }
    return found;
  }
}
