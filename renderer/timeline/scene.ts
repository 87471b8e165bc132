// What is visible, as shapes in CSS pixels: the pure step between the model and the canvas. Never touches a canvas; text
// is measured by the caller.

import { barShapes } from './bars.ts';
import { cutShapes, linkCurves } from './cuts.ts';
import { frameOf } from './frame-of.ts';
import { rowAt } from './layout.ts';
import { markShapes } from './marks.ts';
import { remarkShapes } from './remarks.ts';
import type { Scene, SceneInput } from './shapes.ts';
import { xToTime } from './viewport.ts';

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
    pointed: null,
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
  // Events frame themselves where they are drawn.
  if (input.selection?.kind === 'exchange') scene.selected = frameOf(input, input.selection.id);
  const { pointed } = input;
  const isFramed = input.selection?.kind === 'exchange' && input.selection.id === pointed;
  if (pointed !== null && !isFramed) scene.pointed = frameOf(input, pointed);
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
