// Writes notes into the event table: a breach of one rule in one exchange a hundred times at most, then one note that
// says so. Decides nothing.

import type { Stream } from '../../capture/records.ts';
import { type EventTable, Kind, NoteLevel } from '../events.ts';
import { type RuleId, RULES } from './rules.ts';

/** Notes of one rule in one exchange (or of none, on one connection). */
export const NOTES_OF_A_RULE = 100;

/** How often each rule was broken; made when the first is. */
export type Counts = Map<RuleId, number>;

/** Where a note belongs. */
export interface NotePlace {
  readonly time: number;
  readonly connection: number;
  /** NONE for bytes that belong to no exchange. */
  readonly exchange: number;
  readonly stream: Stream;
}

/** Whatever notes are counted for: an exchange, or a connection. */
export interface Counted {
  notes: Counts | null;
}

export class Notebook {
  readonly #table: EventTable;

  constructor(table: EventTable) {
    this.#table = table;
  }

  /** @param at absolute position in the stream of the first offending byte */
  note(place: NotePlace, counted: Counted, rule: RuleId, at: number): void {
    const counts = (counted.notes ??= new Map());
    const count = (counts.get(rule) ?? 0) + 1;
    if (count > NOTES_OF_A_RULE + 1) return;
    counts.set(rule, count);
    const side = place.stream === 'request' ? 'client' : 'server';
    if (count <= NOTES_OF_A_RULE) this.#write(place, rule, at, `${rule}|${side}|${RULES[rule].source}`);
    else this.#write(place, 'notes-left-out', at, `notes-left-out|${side}|${rule}`);
  }

  #write(place: NotePlace, rule: RuleId, at: number, text: string): void {
    const { time, connection, exchange, stream } = place;
    this.#table.append(
      time,
      Kind.note,
      NoteLevel[RULES[rule].level],
      connection,
      exchange,
      at,
      stream === 'request' ? 0 : 1,
      text,
    );
  }
}
