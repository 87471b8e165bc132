// Puts a note on the canvas: a sheet with a folded corner, a thin line to what it is beside, and its first words. Decides
// nothing.

import type { Brush } from './brush.ts';
import type { RemarkShape } from './shapes.ts';

/** Opacity of what the filter does not mean. */
const DIM = 0.28;

export function paintRemark(brush: Brush, remark: RemarkShape): void {
  const { context, palette } = brush;
  const x = brush.snap(remark.x);
  const { y } = remark;
  context.globalAlpha = remark.dim ? DIM * 0.5 : 0.5;
  brush.dashed(x, remark.from, x, remark.to, 'accent', [2, 2]);
  context.globalAlpha = remark.dim ? DIM : 1;
  const { label, labelX } = remark;
  if (label !== '') brush.fill(labelX - 2, y - 7, brush.measure(label, 'label') + 5, 14, 'bg0');
  context.fillStyle = palette.accent;
  context.beginPath();
  context.moveTo(x - 5, y - 5);
  context.lineTo(x + 5, y - 5);
  context.lineTo(x + 5, y + 1);
  context.lineTo(x + 1, y + 5);
  context.lineTo(x - 5, y + 5);
  context.closePath();
  context.fill();
  // Two lines of writing.
  context.globalAlpha = remark.dim ? DIM : 0.85;
  brush.horizontal(y - 2, x - 3, x + 3, 'bg0');
  brush.horizontal(y + 1, x - 3, x + 1, 'bg0');
  context.globalAlpha = remark.dim ? DIM : 1;
  if (label !== '') brush.text(label, labelX, y, { font: 'label', ink: 'text1' });
  context.globalAlpha = 1;
}
