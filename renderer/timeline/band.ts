// The band of time that is drawn before the view zooms to it. Draws nothing else.

import type { Brush } from './brush.ts';
import { span } from './format.ts';
import { GUTTER_WIDTH, RULER_HEIGHT } from './layout.ts';

/** A stretch of the plot in CSS pixels from its left edge, and how long it is. */
export interface Band {
  readonly from: number;
  readonly to: number;
  readonly nanoseconds: number;
}

/** From the ruler down to `bottom`, CSS pixels. */
export function paintBand(brush: Brush, band: Band, bottom: number): void {
  const left = GUTTER_WIDTH + Math.min(band.from, band.to);
  const right = GUTTER_WIDTH + Math.max(band.from, band.to);
  brush.context.globalAlpha = 0.16;
  brush.fill(left, 0, right - left, bottom, 'accent');
  brush.context.globalAlpha = 1;
  brush.vertical(left, 0, bottom, 'accent');
  brush.vertical(right, 0, bottom, 'accent');
  const words = span(band.nanoseconds);
  const width = brush.measure(words, 'strong') + 16;
  const middle = (left + right) / 2;
  const x = Math.min(Math.max(middle - width / 2, GUTTER_WIDTH + 2), brush.width - width - 2);
  brush.rounded(x, RULER_HEIGHT / 2 - 9, width, 18, 4, 'accent');
  brush.text(words, x + 8, RULER_HEIGHT / 2, { font: 'strong', ink: 'onBar' });
}
