// What a remark is beside: from a row of the event table to what is stored of it, and back to the row in a session that may
// have been read by another parser since. Pure; changes no row.

import type { RemarkPlace, RemarkRecord } from '../capture/records.ts';
import { type EventTable, Kind, NONE } from './events.ts';
import type { Rows } from './rows.ts';

/** Rows of one time that are looked at. */
const LOOKED_AT = 65_536;

const NAMES = new Map<number, string>(Object.entries(Kind).map(([name, kind]) => [kind, name]));
const MOMENT = 'moment';

/** Which connection, and what on it: the place of a remark as it is stored. */
export interface PlacedAt {
  readonly connection: number;
  readonly beside: RemarkPlace;
}

/** The place of an event. @param row of the event table */
export function placeOfEvent(table: EventTable, row: number): PlacedAt {
  const { connection, time, kind } = table.row(row);
  const position = positionOf(table, row);
  return {
    connection,
    beside: {
      event: NAMES.get(kind) ?? MOMENT,
      time,
      ...(position === null ? {} : { position }),
    },
  };
}

/** The place of a time, nanoseconds since the session began, whatever happened then. */
export function placeOfMoment(time: number): PlacedAt {
  return { connection: 0, beside: { event: MOMENT, time } };
}

/** The row that a remark is beside; of several that come into question the one that fits best. Null: there is none. */
export function rowOfPlace(table: EventTable, { connection, beside }: PlacedAt): number | null {
  const { columns } = table;
  const last = table.prefix(beside.time) - 1;
  if (beside.event === MOMENT) return last < 0 ? null : last;
  let found: number | null = null;
  let best = 0;
  for (let row = last; row >= 0 && last - row < LOOKED_AT; row--) {
    // What came at the very time fits; else the last of the connection before it.
    const same = columns.time[row] === beside.time;
    if (!same && found !== null) break;
    if (columns.connection[row] !== connection || columns.kind[row] === Kind.remark) continue;
    const named = same && NAMES.get(columns.kind[row]!) === beside.event;
    const placed = named && positionOf(table, row) === (beside.position ?? null);
    const fits = 1 + (named ? 1 : 0) + (placed ? 1 : 0);
    // Of those that fit alike the first in the table.
    if (fits >= best) {
      best = fits;
      found = row;
    }
    if (!same) break;
  }
  return found;
}

/** Puts a remark into the table, at the time of what came last: it is no event of its own. */
export function emitRemark(
  table: EventTable,
  rows: Rows,
  { connection, beside, id, text }: RemarkRecord,
): void {
  const row = rowOfPlace(table, { connection, beside });
  const exchange = row === null || beside.event === MOMENT ? NONE : table.columns.exchange[row]!;
  const code = beside.event === MOMENT ? 1 : 0;
  rows.emit(Kind.remark, code, connection, exchange, row ?? NaN, beside.time, `${id}|${text}`);
}

/** What tells an event from others of its kind and time; null: nothing does. */
function positionOf(table: EventTable, row: number): number | null {
  const { kind, a, b } = table.columns;
  const position = kind[row] === Kind.exchange ? b[row]! : a[row]!;
  return Number.isSafeInteger(position) && position >= 0 ? position : null;
}
