// What the arrow keys reach: the event or the row beside the selected one. Pure.

import type { Matcher } from '../../shared/filter/matcher.ts';
import type { Kind } from '../../shared/model/events.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Layout, LayoutRow } from './layout.ts';
import { isStop } from './marks.ts';
import type { RowIndex, RowsIndex } from './rows.ts';
import type { Selection } from './types.ts';

export interface Places {
  readonly model: Model;
  readonly index: RowsIndex;
  readonly layout: Layout;
  /** The keys stop at what it means only; null: at everything. */
  readonly filter: Matcher | null;
}

/** The row that a selection stands on. */
export function rowOf(places: Places, selection: Selection | null): LayoutRow | undefined {
  const { model, index, layout } = places;
  if (selection === null) return undefined;
  switch (selection.kind) {
    case 'operation':
      return layout.rows.find((row) => row.kind === 'operation' && row.operation === selection.id);
    case 'connection':
      return layout.rows.find((row) => row.kind === 'connection' && row.connection === selection.id);
    case 'exchange':
    case 'event': {
      if (selection.kind === 'event' && selection.id >= model.folded) return undefined;
      const found =
        selection.kind === 'exchange'
          ? index.rowOfExchange(selection.id)
          : index.rowOfEvent(model, selection.id);
      return found === undefined ? undefined : layout.rowOf(found);
    }
  }
}

/** The row below (1) or above (−1) the selected one; the first or the last without a selection. */
export function rowBeside(places: Places, selection: Selection | null, by: 1 | -1): Selection | null {
  const { rows } = places.layout;
  const selected = rowOf(places, selection);
  const place = selected === undefined ? -1 : rows.indexOf(selected);
  const wanted = place < 0 ? (by > 0 ? 0 : rows.length - 1) : place + by;
  const row = rows[Math.min(Math.max(wanted, 0), rows.length - 1)];
  if (row === undefined) return null;
  return row.kind === 'operation'
    ? { kind: 'operation', id: row.operation }
    : { kind: 'connection', id: row.connection };
}

/**
 * The next (1) or previous (−1) event of the selected row; of an exchange, counted from where it begins. Null: there is
 * none until `playhead`. `no row`: no connection is selected.
 */
export function eventBeside(
  places: Places,
  selection: Selection | null,
  by: 1 | -1,
  playhead: number,
): Selection | null | 'no row' {
  const { model, filter } = places;
  const row = rowOf(places, selection);
  if (row?.kind !== 'connection') return 'no row';
  const { time } = model.events.columns;
  const stops = stopsOf(model, row.index).filter(
    (event) => time[event]! <= playhead && (filter === null || filter.isMeant(event)),
  );
  if (stops.length === 0) return null;
  let place = selection?.kind === 'event' ? stops.indexOf(selection.id) : -1;
  if (place < 0) {
    const from = selection?.kind === 'exchange' ? (model.exchanges[selection.id]?.startedAt ?? -1) : -1;
    const after = stops.findIndex((event) => time[event]! >= from);
    const beyond = after < 0 ? stops.length : after;
    // Between two events: forward is the one after, back the one before.
    place = by > 0 ? beyond - 1 : from < 0 ? stops.length : beyond;
  }
  return { kind: 'event', id: stops[Math.min(Math.max(place + by, 0), stops.length - 1)]! };
}

/** The events of a row that the keys stop at: what is drawn, each once. */
function stopsOf(model: Model, row: RowIndex): number[] {
  const { columns } = model.events;
  const ours = model.connections[row.connection - 1]?.client ?? true;
  const stops: number[] = [];
  for (let place = 0; place < row.marks.length; place++) {
    const event = row.marks.values[place]!;
    if (isStop(columns.kind[event] as Kind, columns.code[event]!, ours)) stops.push(event);
  }
  return stops;
}
