// What a note is beside, or is to be: its place as it is stored, and the same in words. Pure.

import { Kind, NONE } from '../../shared/model/events.ts';
import type { Model } from '../../shared/model/model.ts';
import { placeOfEvent, placeOfMoment, type PlacedAt } from '../../shared/model/remark-places.ts';
import type { Remark } from '../../shared/model/remarks.ts';
import { eventLines } from '../timeline/describe.ts';
import { moment, shorten } from '../timeline/format.ts';
import { rowOfSelection } from '../timeline/remarks.ts';
import type { Selection } from '../timeline/types.ts';

/** What a new note is beside: its place as it is stored, the row where it has one, and words for it. */
export interface Subject {
  readonly place: PlacedAt;
  /** Null: a moment. */
  readonly row: number | null;
  readonly words: string;
}

/** What a note on the selected thing is beside; without a selection, the moment that is shown. */
export function subjectOf(model: Model, selected: Selection | null, playhead: number): Subject {
  const row = selected === null ? null : rowOfSelection(model, selected);
  if (row !== null) return { place: placeOfEvent(model.events, row), row, words: rowWords(model, row) };
  const time = Math.round(Math.max(0, Math.min(playhead, model.endTime)));
  return { place: placeOfMoment(time), row: null, words: momentWords(time) };
}

/** What a note is beside, in a few words: `102 1/3, 0.012 s`. */
export function remarkPlaceWords(model: Model, { beside, time }: Remark): string {
  return beside === null ? momentWords(time) : rowWords(model, beside);
}

function rowWords(model: Model, row: number): string {
  return `${whatOf(model, row)}, ${moment(model.events.columns.time[row]!)}`;
}

/** What an event is called: by the words of the timeline where it is drawn there, else by what it belongs to. */
function whatOf(model: Model, row: number): string {
  const { kind, code, connection, exchange, text } = model.events.row(row);
  switch (kind) {
    case Kind.interimSent:
    case Kind.interimReceived:
    case Kind.finalSent:
    case Kind.finalReceived:
    case Kind.message:
    case Kind.fault:
    case Kind.connectionClosed:
    case Kind.ended:
    case Kind.note:
      return eventLines(model, row)[0]!;
    case Kind.exchange:
      return text;
    case Kind.document:
      return `${code} ${text} in the content`;
    default: {
      const of = exchange === NONE ? undefined : model.exchanges[exchange];
      return of === undefined ? `connection ${connection}` : `${of.method} ${shorten(of.target, 44)}`;
    }
  }
}

function momentWords(time: number): string {
  return `the moment ${moment(time)}`;
}
