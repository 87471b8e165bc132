// What a click on the timeline means: on a live bar it cuts there and then, on anything else it selects. Pure.

import type { Direction } from '../../shared/capture/records.ts';
import { NONE } from '../../shared/model/events.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Hit } from './hit.ts';
import { selectionOfRemark } from './remarks.ts';
import type { LiveZone } from './shapes.ts';
import type { CutTarget, Selection } from './types.ts';

export type ClickAction =
  | { readonly kind: 'cut'; readonly target: CutTarget }
  | { readonly kind: 'select'; readonly selection: Selection | null }
  | { readonly kind: 'toggle'; readonly operation: number }
  | { readonly kind: 'nothing' };

export interface ClickPlace {
  readonly inGutter: boolean;
  /** On the mark that folds an operation's rows away. */
  readonly onChevron: boolean;
  /** Alt: a live bar is selected, not cut. */
  readonly alt: boolean;
}

export function clickAction(model: Model, found: Hit, place: ClickPlace): ClickAction {
  switch (found.kind) {
    case 'live':
      return place.alt
        ? { kind: 'select', selection: clickedOn(model, found) }
        : { kind: 'cut', target: targetOf(found.zone) };
    case 'row':
      if (found.row.kind === 'operation' && place.onChevron)
        return { kind: 'toggle', operation: found.row.operation };
      if (found.row.kind === 'connection' && !place.inGutter) return { kind: 'select', selection: null };
      return { kind: 'select', selection: clickedOn(model, found) };
    case 'event':
    case 'bar':
    case 'remark':
    case 'nothing':
      return { kind: 'select', selection: clickedOn(model, found) };
    case 'armed':
      return { kind: 'nothing' };
  }
}

/** What a thing on the timeline is as a selection; null: there is nothing to select. */
export function clickedOn(model: Model, found: Hit): Selection | null {
  switch (found.kind) {
    case 'live':
      return { kind: 'exchange', id: found.zone.exchange };
    case 'event':
      return { kind: 'event', id: found.event };
    case 'remark': {
      const remark = model.remarks.get(found.id);
      return remark === null ? null : selectionOfRemark(model, remark);
    }
    case 'bar':
      return { kind: 'exchange', id: model.bars.exchange[found.bar]! };
    case 'row':
      return found.row.kind === 'connection'
        ? { kind: 'connection', id: found.row.connection }
        : { kind: 'operation', id: found.row.operation };
    case 'armed':
    case 'nothing':
      return null;
  }
}

/** The exchange that a thing on the timeline belongs to; null: none. */
export function exchangeAt(model: Model, found: Hit): number | null {
  const selection = clickedOn(model, found);
  if (selection?.kind === 'exchange') return selection.id;
  if (selection?.kind !== 'event') return null;
  const exchange = model.events.columns.exchange[selection.id]!;
  return exchange === NONE ? null : exchange;
}

/** The end and direction that a click on a zone cuts: the upper track is the client's end, the lower the server's. */
export function targetOf(zone: LiveZone): CutTarget {
  const direction: Direction =
    zone.track === 'client' ? (zone.response ? 'in' : 'out') : zone.response ? 'out' : 'in';
  return { connection: zone.connection, end: zone.track, direction, at: zone.at };
}
