// What a frame of the timeline shows, and how its canvas is divided. Values only.

import type { Matcher } from '../../shared/filter/matcher.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Band } from './band.ts';
import { GUTTER_WIDTH, type Layout, MINIMAP_HEIGHT, RULER_HEIGHT } from './layout.ts';
import type { MinimapBox } from './minimap.ts';
import type { Scene } from './shapes.ts';
import type { Selection } from './types.ts';
import type { Extent, Viewport } from './viewport.ts';

export interface Picture {
  readonly model: Model;
  readonly layout: Layout;
  readonly scene: Scene;
  readonly viewport: Viewport;
  readonly extent: Extent;
  readonly scrollTop: number;
  readonly time: number;
  readonly now: number;
  /** The tag on the line of the present: `live`, or the time of the playhead; empty: no line. */
  readonly tag: string;
  readonly selection: Selection | null;
  /** What matches is shown; null: everything. */
  readonly filter: Matcher | null;
  /** Scissors at the pointer, with words beside them; rows' coordinates. */
  readonly scissors: { readonly x: number; readonly y: number; readonly words: string } | null;
  /** What a drag is about to zoom to; null: nothing. */
  readonly band: Band | null;
  /** A clock in milliseconds. */
  readonly clock: number;
}

/** How tall the rows' view is on a canvas of a height. */
export function rowsHeight(height: number): number {
  return Math.max(0, height - RULER_HEIGHT - MINIMAP_HEIGHT);
}

/** Where the map of the whole session stands. */
export function minimapBox(width: number, height: number): MinimapBox {
  return {
    x: GUTTER_WIDTH + 8,
    y: height - MINIMAP_HEIGHT + 6,
    width: Math.max(20, width - GUTTER_WIDTH - 20),
    height: 34,
  };
}
