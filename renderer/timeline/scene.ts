// What is visible, as shapes in CSS pixels: the pure step between the model and the canvas. Never touches a canvas; text
// is measured by the caller.

import { barShapes } from './bars.ts';
import { cutShapes, linkCurves } from './cuts.ts';
import { frameOf } from './frame-of.ts';
import { rowAt } from './layout.ts';
import { markShapes } from './marks.ts';
import { remarkShapes } from './remarks.ts';
import type { BarShape, Scene, SceneInput } from './shapes.ts';
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

/** A label stands where its bar is whole: no pause is under it and no cut's line strikes through it; else it goes. */
function clearLabels(input: SceneInput, scene: Scene): void {
  scene.bars.forEach((bar, at) => {
    if (bar.label === '') return;
    const width = input.measure(bar.label, 'ui');
    const end = bar.x + bar.width - 4;
    let from = Math.max(bar.labelX, 6);
    for (const [first, last] of obstacles(bar, scene)) {
      if (first >= from + width + CLEAR || last <= from - CLEAR) continue;
      from = last + CLEAR + 2;
    }
    if (from + width > end) scene.bars[at] = { ...bar, label: '' };
    else if (from !== Math.max(bar.labelX, 6)) scene.bars[at] = { ...bar, labelX: from };
  });
}

/** Pixels between a label and what it keeps away from. */
const CLEAR = 4;

/** What a label of a bar must not cover, from left to right. */
function obstacles({ y, pauses }: BarShape, scene: Scene): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  for (let at = 0; at + 1 < pauses.length; at += 2) found.push([pauses[at]!, pauses[at + 1]!]);
  for (const cut of scene.cuts) if (cut.y < y && cut.bottom > y) found.push([cut.x, cut.x]);
  return found.sort((one, other) => one[0] - other[0]);
}
