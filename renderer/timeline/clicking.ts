// What a click on the timeline means: on a live bar it cuts there and then, on anything else it selects. Pure.

import type { Direction } from '../../shared/capture/records.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Hit } from './hit.ts';
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
        ? { kind: 'select', selection: { kind: 'exchange', id: found.zone.exchange } }
        : { kind: 'cut', target: targetOf(found.zone) };
    case 'event':
      return { kind: 'select', selection: { kind: 'event', id: found.event } };
    case 'bar':
      return { kind: 'select', selection: { kind: 'exchange', id: model.bars.exchange[found.bar]! } };
    case 'row':
      if (found.row.kind === 'connection')
        return {
          kind: 'select',
          selection: place.inGutter ? { kind: 'connection', id: found.row.connection } : null,
        };
      if (place.onChevron) return { kind: 'toggle', operation: found.row.operation };
      return { kind: 'select', selection: { kind: 'operation', id: found.row.operation } };
    case 'armed':
      return { kind: 'nothing' };
    case 'nothing':
      return { kind: 'select', selection: null };
  }
}

/** The end and direction that a click on a zone cuts: the upper track is the client's end, the lower the server's. */
export function targetOf(zone: LiveZone): CutTarget {
  const direction: Direction =
    zone.track === 'client' ? (zone.response ? 'in' : 'out') : zone.response ? 'out' : 'in';
  return { connection: zone.connection, end: zone.track, direction, at: zone.at };
}
