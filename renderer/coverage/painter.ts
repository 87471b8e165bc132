// Puts a coverage plan on its canvas. Decides nothing but strokes.

import { paintBreach } from '../timeline/breach-mark.ts';
import type { Brush } from '../timeline/brush.ts';
import type { Ink } from '../timeline/palette.ts';
import { count } from '../timeline/format.ts';
import type { PixelRun } from './lanes.ts';
import { AXIS_HEIGHT, type CoveragePlan, LABELS_WIDTH } from './map.ts';

/** Scissors on their way: where they would cut. */
export interface Aim {
  readonly byte: number;
  readonly x: number;
}

/** How much of its colour a column shows that is covered in part. */
const PARTIAL = 0.38;

export function paintCoverage(brush: Brush, plan: CoveragePlan, aim: Aim | null): void {
  const { context } = brush;
  brush.begin('bg1');
  context.save();
  context.translate(LABELS_WIDTH, 0);
  const last = plan.ticks.length - 1;
  plan.ticks.forEach((tick, place) => {
    brush.vertical(tick.x, AXIS_HEIGHT - 4, plan.lanesEnd + 12, 'lineFaint');
    brush.text(tick.label, place === 0 ? 0 : place === last ? plan.columns : tick.x, 9, {
      font: 'mono',
      ink: 'text3',
      align: place === 0 ? 'left' : place === last ? 'right' : 'center',
    });
  });
  for (const lane of plan.lanes) {
    brush.text(lane.name, -LABELS_WIDTH + 14, lane.y + lane.height / 2, { font: 'body', ink: 'text2' });
    brush.rounded(0, lane.y, plan.columns, lane.height, 3, 'bg3');
    context.save();
    context.beginPath();
    context.roundRect(0, lane.y, plan.columns, lane.height, 3);
    context.clip();
    runs(brush, lane.runs, lane.y, lane.height, lane.ink);
    for (const run of lane.repeated) {
      const x = brush.snap(run.from);
      const width = Math.max(run.to - run.from, 2);
      brush.hatch(x, lane.y, width, lane.height, 'resent', 'bg1');
    }
    context.restore();
    for (const run of lane.lit)
      brush.outline(
        run.from - 1,
        lane.y - 1.5,
        Math.max(run.to - run.from, 1) + 2,
        lane.height + 3,
        3,
        'text1',
        1.5,
      );
  }
  for (const cut of plan.cuts) {
    brush.vertical(cut.x, AXIS_HEIGHT - 4, plan.lanesEnd + 5, 'cut', 1.5);
    if (cut.label === '') continue;
    const y = plan.lanesEnd + 14 + cut.line * 15;
    brush.scissors(cut.labelX + 5, y, 8, 'cut');
    brush.text(cut.label, cut.labelX + 15, y, { font: 'mono', ink: 'cut' });
  }
  for (const breach of plan.breaches) paintBreach(brush, breach, 'bg1');
  for (const armed of plan.armed)
    brush.dashed(armed.x, AXIS_HEIGHT - 4, armed.x, plan.lanesEnd + 24, 'cut', [3, 3], 1.25);
  if (aim !== null) {
    brush.dashed(aim.x, AXIS_HEIGHT - 4, aim.x, plan.lanesEnd + 24, 'cut', [3, 3], 1.25);
    pill(brush, `click: cut at ${count(aim.byte)}`, aim.x, plan.lanesEnd + 32, plan.columns);
  }
  context.restore();
}

function runs(brush: Brush, columns: readonly PixelRun[], y: number, height: number, ink: Ink): void {
  for (const run of columns) {
    brush.context.globalAlpha = run.full ? 1 : PARTIAL;
    brush.fill(brush.snap(run.from), y, brush.snap(run.to) - brush.snap(run.from), height, ink);
  }
  brush.context.globalAlpha = 1;
}

function pill(brush: Brush, words: string, x: number, y: number, columns: number): void {
  const width = brush.measure(words, 'label') + 30;
  const left = Math.min(Math.max(x - width / 2, -20), columns + 24 - width);
  brush.rounded(left, y - 9, width, 18, 9, 'bg1');
  brush.outline(left, y - 9, width, 18, 8.5, 'cut');
  brush.scissors(left + 13, y, 8, 'cut');
  brush.text(words, left + 22, y, { font: 'label', ink: 'cut' });
}
