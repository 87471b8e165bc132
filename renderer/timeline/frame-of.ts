// The frame around an exchange on the timeline, for one that is selected and one that is pointed at. Pure.

import type { Frame, SceneInput } from './shapes.ts';
import { timeToX } from './viewport.ts';

/** Null: its row is not shown, or its time is out of view. */
export function frameOf(input: SceneInput, id: number): Frame | null {
  const { model, index, layout, viewport, scrollTop } = input;
  const exchange = model.exchanges[id];
  const found = index.rowOfExchange(id);
  const row = found === undefined ? undefined : layout.rowOf(found);
  if (exchange === undefined || row === undefined) return null;
  let begin = exchange.startedAt;
  let end = exchange.startedAt;
  for (const bar of exchange.bars) {
    if (bar < 0) continue;
    begin = Math.min(begin, model.bars.start[bar]!);
    end = Math.max(end, Math.min(model.bars.end[bar]!, input.time));
  }
  const x = Math.max(timeToX(viewport, begin), -20) - 4;
  const right = Math.min(timeToX(viewport, end), viewport.width + 20) + 5;
  if (right < -10 || x > viewport.width + 10) return null;
  const { metrics } = layout;
  const pad = metrics.density === 'dense' ? 1 : 4;
  return {
    x,
    y: row.top - scrollTop + metrics.clientTrack - pad,
    width: Math.max(right - x, 10),
    height: metrics.serverTrack + metrics.trackHeight - metrics.clientTrack + pad * 2,
    radius: metrics.density === 'dense' ? 2 : 5,
  };
}
