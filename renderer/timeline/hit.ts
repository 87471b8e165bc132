// What is under a point of the plot: pure look-ups in the scene that was drawn last, so that what is seen is what is
// hit. Order: what is smallest and on top first.

import type { RowsIndex } from './rows.ts';
import type { LayoutRow, RowMetrics } from './layout.ts';
import type { Model } from '../../shared/model/model.ts';
import { trackOf } from './bars.ts';
import type { BarKind } from '../../shared/model/model.ts';
import type { LiveZone, Scene } from './shapes.ts';
import { type Viewport, xToTime } from './viewport.ts';

export type Hit =
  | {
      readonly kind: 'event';
      readonly event: number;
      readonly count: number;
      readonly x: number;
      readonly y: number;
    }
  | { readonly kind: 'remark'; readonly id: number; readonly x: number; readonly y: number }
  | { readonly kind: 'live'; readonly zone: LiveZone }
  | { readonly kind: 'bar'; readonly bar: number }
  | { readonly kind: 'armed'; readonly id: number }
  | { readonly kind: 'row'; readonly row: LayoutRow }
  | { readonly kind: 'nothing' };

/** Pixels around a mark that still hit it. */
const REACH = 9;

export interface HitContext {
  readonly scene: Scene;
  readonly model: Model;
  readonly index: RowsIndex;
  readonly viewport: Viewport;
  readonly metrics: RowMetrics;
}

/** `x` from the left edge of the plot, `y` from the top of the rows' view; CSS pixels. */
export function hit(context: HitContext, x: number, y: number): Hit {
  const { scene } = context;
  for (const remark of scene.remarks)
    if (Math.abs(x - remark.x) <= 7 && Math.abs(y - remark.y) <= 6)
      return { kind: 'remark', id: remark.id, x: remark.x, y: remark.y };
  for (const cut of scene.cuts)
    if (Math.hypot(x - cut.x, y - cut.y) <= cut.radius + 2)
      return { kind: 'event', event: cut.event, count: 1, x: cut.x, y: cut.y };
  for (const armed of scene.armed)
    if (Math.abs(x - armed.x) <= 6 && y >= armed.y - 8 && y <= armed.bottom)
      return { kind: 'armed', id: armed.id };
  let nearest: Hit | null = null;
  let distance = REACH;
  for (const mark of scene.marks) {
    if (Math.abs(y - mark.y) > REACH) continue;
    const away = Math.abs(x - mark.x);
    if (away > distance) continue;
    distance = away;
    nearest = { kind: 'event', event: mark.event, count: mark.count, x: mark.x, y: mark.y };
  }
  if (nearest !== null) return nearest;
  for (let at = scene.live.length - 1; at >= 0; at--) {
    const zone = scene.live[at]!;
    if (inside(x, y, zone)) return { kind: 'live', zone };
  }
  for (let at = scene.bars.length - 1; at >= 0; at--) {
    const bar = scene.bars[at]!;
    // Ticks are two pixels wide: nobody hits that.
    const slack = bar.width < 8 ? (8 - bar.width) / 2 : 0;
    if (inside(x, y, { x: bar.x - slack, y: bar.y, width: bar.width + slack * 2, height: bar.height }))
      return { kind: 'bar', bar: bar.bar };
  }
  for (const { row, y: top } of scene.rows) {
    if (y < top || y >= top + row.height) continue;
    const strip = scene.strips.find((strip) => strip.row === row);
    const bar = strip === undefined ? -1 : barInStrip(context, strip.row, x, y - top);
    return bar >= 0 ? { kind: 'bar', bar } : { kind: 'row', row };
  }
  return { kind: 'nothing' };
}

/** The bar of a dense row whose time is nearest to the pointer, on the track under it; −1: none within two pixels. */
function barInStrip(
  context: HitContext,
  row: LayoutRow & { readonly kind: 'connection' },
  x: number,
  y: number,
): number {
  const { model, index, viewport, metrics } = context;
  const track =
    y >= metrics.clientTrack && y < metrics.clientTrack + metrics.trackHeight
      ? 'client'
      : y >= metrics.serverTrack && y < metrics.serverTrack + metrics.trackHeight
        ? 'server'
        : null;
  if (track === null) return -1;
  const time = xToTime(viewport, x);
  let found = -1;
  let distance = (viewport.span / viewport.width) * 2;
  index.bars(model, row.index, time - distance, time + distance, (bar) => {
    if (trackOf(model.bars.kind[bar] as BarKind) !== track) return;
    const away = Math.max(model.bars.start[bar]! - time, time - model.bars.end[bar]!, 0);
    if (away > distance) return;
    distance = away;
    found = bar;
  });
  return found;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function inside(x: number, y: number, box: Box): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}
