// Puts a progress plan on its canvas.

import { paintBreach } from '../timeline/breach-mark.ts';
import type { Brush } from '../timeline/brush.ts';
import type { ChartPlan } from './chart.ts';

/** @param lit the exchange that is pointed at; null: none */
export function paintChart(brush: Brush, plan: ChartPlan, lit: number | null): void {
  const { context, palette } = brush;
  brush.begin('bg1');
  for (const line of plan.grid) {
    brush.horizontal(line.y, plan.left, plan.right, 'lineFaint');
    brush.text(line.label, plan.left - 10, line.y, { font: 'mono', ink: 'text3', align: 'right' });
  }
  const { points } = plan;
  const last = points.at(-1);
  if (last === undefined) return;
  // What the step that is under way has taken so far.
  context.globalAlpha = 0.16;
  brush.fill(last.x, last.y, Math.max(0, plan.nowX - last.x), plan.bottom - last.y, 'interim');
  context.globalAlpha = 1;
  const line = (from: number, to: number): void => {
    context.beginPath();
    context.moveTo(points[from]!.x, points[from]!.y);
    for (let at = from + 1; at <= to; at++) {
      if (plan.stepped) context.lineTo(points[at]!.x, points[at - 1]!.y);
      context.lineTo(points[at]!.x, points[at]!.y);
    }
    if (to === points.length - 1) context.lineTo(plan.nowX, points[to]!.y);
    context.stroke();
  };
  context.lineJoin = 'round';
  context.strokeStyle = palette.interim;
  context.lineWidth = 2;
  line(0, points.length - 1);
  points.forEach((point, at) => {
    if (!point.decreased || at === 0) return;
    context.strokeStyle = palette.error;
    line(at - 1, at);
  });
  if (plan.future.length > 1) {
    context.strokeStyle = palette.interim;
    context.globalAlpha = 0.6;
    context.lineWidth = 1.25;
    context.setLineDash([3, 3]);
    context.beginPath();
    plan.future.forEach((corner, at) =>
      at === 0 ? context.moveTo(corner.x, corner.y) : context.lineTo(corner.x, corner.y),
    );
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }
  for (const point of points)
    if (plan.marked || point.decreased)
      brush.disc(point.x, point.y, 4, point.decreased ? 'error' : 'interim');
  nested(brush, plan);
  for (const stall of plan.stalls) {
    brush.dashed(stall.from, stall.y, stall.to, stall.y, 'cut', [2, 3], 2);
    if (stall.label === '') continue;
    const style = { font: 'hint', ink: 'cut', align: 'center' } as const;
    brush.text(stall.label, (stall.from + stall.to) / 2, stall.y + 8, style);
  }
  for (const breach of plan.breaches) paintBreach(brush, breach, 'bg1');
  if (lit !== null) light(brush, plan, lit);
  for (const label of plan.labels) brush.text(label.words, label.x, label.y, { font: 'label', ink: 'text2' });
}

/** Smaller than the steps, and above them: the subordinate operation goes from one step to the next. */
function nested(brush: Brush, plan: ChartPlan): void {
  const { context, palette } = brush;
  context.strokeStyle = palette.interim;
  context.globalAlpha = 0.7;
  context.lineWidth = 1;
  context.beginPath();
  plan.nested.forEach(({ x, y }, at) => {
    const before = plan.nested[at - 1];
    // Another step begins anew.
    if (before === undefined || y > before.y) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.stroke();
  context.globalAlpha = 1;
  if (plan.marked) for (const { x, y } of plan.nested) brush.disc(x, y, 2, 'interim');
}

/** What an exchange told, or brought, is ringed, or drawn over. */
function light(brush: Brush, { points, marked }: ChartPlan, exchange: number): void {
  const { context, palette } = brush;
  context.strokeStyle = palette.text1;
  context.lineWidth = marked ? 1.5 : 3;
  context.beginPath();
  points.forEach((point, at) => {
    if (point.exchange !== exchange) return;
    const before = points[at - 1];
    if (marked) {
      context.moveTo(point.x + 6.5, point.y);
      context.arc(point.x, point.y, 6.5, 0, Math.PI * 2);
    } else if (before === undefined || before.exchange !== exchange) context.moveTo(point.x, point.y);
    else context.lineTo(point.x, point.y);
  });
  context.stroke();
}
