// What is visible, as shapes in CSS pixels: the pure step between the model and the canvas. Never touches a canvas; text
// is measured by the caller.

import { barShapes } from './bars.ts';
import { cutShapes, linkCurves } from './cuts.ts';
import { rowAt } from './layout.ts';
import { markShapes } from './marks.ts';
import { remarkShapes } from './remarks.ts';
import type { Scene, SceneInput } from './shapes.ts';
import { timeToX, xToTime } from './viewport.ts';

/** More bars than this part of the width's pixels on one row: a strip. */
const STRIP_ABOVE = 0.4;

export function buildScene(input: SceneInput): Scene {
  const { model, index, layout, viewport, scrollTop, height } = input;
  const scene: Scene = {
    rows: [],
    strips: [],
    bars: [],
    live: [],
    lines: [],
    marks: [],
    cuts: [],
    curves: [],
    armed: [],
    remarks: [],
    selected: null,
  };
  const first = xToTime(viewport, 0);
  const last = Math.min(xToTime(viewport, viewport.width), input.time);
  for (let at = rowAt(layout, scrollTop); at < layout.rows.length; at++) {
    const row = layout.rows[at]!;
    const y = row.top - scrollTop;
    if (y > height) break;
    scene.rows.push({ row, y });
    if (row.kind === 'operation') continue;
    const dense = index.barsWithin(model, row.index, first, last) > viewport.width * STRIP_ABOVE;
    if (dense) scene.strips.push({ row, y });
    else barShapes(input, row, y, scene);
    markShapes(input, row, y, dense, scene);
    cutShapes(input, row, y, scene);
  }
  clearLabels(input, scene);
  linkCurves(input, scene);
  selectExchange(input, scene);
  remarkShapes(input, scene);
  return scene;
}

/** A cut's line strikes through no label: it moves behind the line, else before it, else it goes. */
function clearLabels(input: SceneInput, scene: Scene): void {
  scene.bars.forEach((bar, at) => {
    if (bar.label === '') return;
    const width = input.measure(bar.label, 'ui');
    const from = Math.max(bar.labelX, 6);
    const end = bar.x + bar.width - 4;
    const struck = scene.cuts.filter(
      (cut) => cut.y < bar.y && cut.bottom > bar.y && cut.x > from - 4 && cut.x < from + width + 4,
    );
    if (struck.length === 0) return;
    const behind = Math.max(...struck.map((cut) => cut.x)) + 6;
    const before = Math.min(...struck.map((cut) => cut.x)) - 6 - width;
    if (behind + width <= end) scene.bars[at] = { ...bar, labelX: behind };
    else scene.bars[at] = before >= bar.x + 4 ? { ...bar, labelX: before } : { ...bar, label: '' };
  });
}

/** The frame around a selected exchange; events frame themselves where they are drawn. */
function selectExchange(input: SceneInput, scene: Scene): void {
  const { selection, model, index, layout, viewport, scrollTop } = input;
  if (selection?.kind !== 'exchange') return;
  const exchange = model.exchanges[selection.id];
  const found = index.rowOfExchange(selection.id);
  const row = found === undefined ? undefined : layout.rowOf(found);
  if (exchange === undefined || row === undefined) return;
  let begin = exchange.startedAt;
  let end = exchange.startedAt;
  for (const bar of exchange.bars) {
    if (bar < 0) continue;
    begin = Math.min(begin, model.bars.start[bar]!);
    end = Math.max(end, Math.min(model.bars.end[bar]!, input.time));
  }
  const x = Math.max(timeToX(viewport, begin), -20) - 4;
  const right = Math.min(timeToX(viewport, end), viewport.width + 20) + 5;
  if (right < -10 || x > viewport.width + 10) return;
  const { metrics } = layout;
  const pad = metrics.density === 'dense' ? 1 : 4;
  scene.selected = {
    x,
    y: row.top - scrollTop + metrics.clientTrack - pad,
    width: Math.max(right - x, 10),
    height: metrics.serverTrack + metrics.trackHeight - metrics.clientTrack + pad * 2,
    radius: metrics.density === 'dense' ? 2 : 5,
  };
}
