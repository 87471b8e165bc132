// The conformance notes of a session, gathered as they come. Looks at each row once; knows them by severity, and
// counts those that repeat: the same rule, broken by the same side, in the same exchange.

import { Kind, NoteLevel } from '../../shared/model/events.ts';
import type { Model } from '../../shared/model/model.ts';

const SEVEREST_FIRST = [NoteLevel.error, NoteLevel.warning, NoteLevel.info] as const;

export interface RepeatedNote {
  /** Row of the event table: the first of them. */
  readonly row: number;
  times: number;
}

export class NoteIndex {
  readonly #model: Model;
  readonly #notes = new Map<number, RepeatedNote[]>(SEVEREST_FIRST.map((level) => [level, []]));
  readonly #known = new Map<string, RepeatedNote>();
  #folded = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  /** Takes in the rows that came since the last call. */
  fold(): void {
    const { columns } = this.#model.events;
    for (; this.#folded < this.#model.folded; this.#folded++)
      if (columns.kind[this.#folded] === Kind.note) this.#note(this.#folded);
  }

  /** How many there are, each counted once however often it repeats. */
  get length(): number {
    return SEVEREST_FIRST.reduce((sum, level) => sum + this.#notes.get(level)!.length, 0);
  }

  /** How many of them are taken, by their rows. */
  count(takes: (row: number) => boolean): number {
    return SEVEREST_FIRST.reduce(
      (sum, level) => sum + this.#notes.get(level)!.filter(({ row }) => takes(row)).length,
      0,
    );
  }

  /** The severest first, then in the order in which they came; `most` of those that are taken, by their rows. */
  first(most: number, takes: (row: number) => boolean = () => true): RepeatedNote[] {
    const found: RepeatedNote[] = [];
    for (const level of SEVEREST_FIRST)
      for (const note of this.#notes.get(level)!) {
        if (found.length === most) return found;
        if (takes(note.row)) found.push(note);
      }
    return found;
  }

  /** The row under which a note is listed: of those that repeat, the first. Null: it is no note. */
  listedAs(row: number): number | null {
    if (this.#model.events.columns.kind[row] !== Kind.note) return null;
    return this.#known.get(this.#key(row))?.row ?? null;
  }

  #key(row: number): string {
    const { code, connection, exchange, text } = this.#model.events.columns;
    return `${code[row]} ${connection[row]} ${exchange[row]} ${text[row]}`;
  }

  #note(row: number): void {
    const level = this.#model.events.columns.code[row]!;
    const key = this.#key(row);
    const known = this.#known.get(key);
    if (known !== undefined) {
      known.times++;
      return;
    }
    const note = { row, times: 1 };
    this.#known.set(key, note);
    this.#notes.get(level)?.push(note);
  }
}
