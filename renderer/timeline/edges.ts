// What surrounds the plot on the canvas: the gutter with the rows' words, the ruler, the scrollbar.

import type { Brush } from './brush.ts';
import { operationWords, rowWords } from './describe.ts';
import { GUTTER_WIDTH, RULER_HEIGHT } from './layout.ts';
import type { Picture } from './picture.ts';
import { timeTicks } from './ticks.ts';
import { timeToX } from './viewport.ts';

/** The words left of the rows: operations over the whole width, connections in the gutter. */
export function paintGutter(brush: Brush, picture: Picture, view: number): void {
  const { context } = brush;
  const { layout, selection, model } = picture;
  const { metrics } = layout;
  brush.fill(0, RULER_HEIGHT, GUTTER_WIDTH, brush.height - RULER_HEIGHT, 'bg0');
  brush.vertical(GUTTER_WIDTH - 0.5, RULER_HEIGHT, brush.height, 'line');
  context.save();
  context.beginPath();
  context.rect(0, RULER_HEIGHT, brush.width, view + 6);
  context.clip();
  context.translate(0, RULER_HEIGHT);
  for (const { row, y } of picture.scene.rows) {
    if (row.kind === 'operation') {
      const operation = model.operations[row.operation];
      if (operation === undefined) continue;
      // A header runs over the gutter's line.
      brush.fill(0, y, GUTTER_WIDTH + 2, row.height, 'bg1');
      if (selection?.kind === 'operation' && selection.id === row.operation)
        brush.fill(0, y, 2, row.height, 'accent');
      chevron(brush, 13, y + row.height / 2, row.collapsed);
      const title = brush.fitted(operation.title, 'title', brush.width * 0.5);
      brush.text(title, 24, y + row.height / 2, { font: 'title', ink: 'text1' });
      const x = 24 + brush.measure(title, 'title') + 16;
      const words = brush.fitted(
        operationWords(model, operation, picture.time),
        'label',
        brush.width - x - 12,
      );
      brush.text(words, x, y + row.height / 2, { font: 'label', ink: 'text3' });
      continue;
    }
    const selected = selection?.kind === 'connection' && selection.id === row.connection;
    if (selected) {
      context.globalAlpha = 0.1;
      brush.fill(0, y, GUTTER_WIDTH, row.height, 'accent');
      context.globalAlpha = 1;
      brush.fill(0, y, 2, row.height, 'accent');
    }
    const opened = (model.connections[row.connection - 1]?.openedAt ?? 0) <= picture.time;
    const ink = opened ? 'text1' : 'text3';
    if (metrics.density === 'dense') {
      brush.text(`Connection ${row.connection}`, 14, y + row.height / 2, {
        font: 'label',
        ink: opened ? 'text2' : 'text3',
      });
      continue;
    }
    const client = y + metrics.clientTrack + metrics.trackHeight / 2;
    const server = y + metrics.serverTrack + metrics.trackHeight / 2;
    brush.text(`Connection ${row.connection}`, 14, client - 1, { font: 'title', ink });
    const words = opened
      ? rowWords(model, row.connection, row.operation, Math.floor((GUTTER_WIDTH - 60) / 6.7))
      : '';
    brush.text(brush.fitted(words, 'mono', GUTTER_WIDTH - 58), 14, client + 17, {
      font: 'mono',
      ink: 'text3',
    });
    brush.text('client', GUTTER_WIDTH - 10, client, { font: 'hint', ink: 'text3', align: 'right' });
    brush.text('server', GUTTER_WIDTH - 10, server, { font: 'hint', ink: 'text3', align: 'right' });
    brush.horizontal(y + row.height - 0.5, 0, GUTTER_WIDTH, 'lineFaint');
  }
  context.restore();
}

function chevron(brush: Brush, x: number, y: number, collapsed: boolean): void {
  const { context, palette } = brush;
  context.strokeStyle = palette.text3;
  context.lineWidth = 1.5;
  context.beginPath();
  if (collapsed) {
    context.moveTo(x - 2, y - 4);
    context.lineTo(x + 2, y);
    context.lineTo(x - 2, y + 4);
  } else {
    context.moveTo(x - 4, y - 2);
    context.lineTo(x, y + 2);
    context.lineTo(x + 4, y - 2);
  }
  context.stroke();
}

/** The time axis above, with the tag of the present. */
export function paintRuler(brush: Brush, picture: Picture): void {
  const { context } = brush;
  const plot = brush.width - GUTTER_WIDTH;
  brush.fill(0, 0, brush.width, RULER_HEIGHT, 'bg1');
  context.save();
  context.beginPath();
  context.rect(GUTTER_WIDTH, 0, plot, RULER_HEIGHT);
  context.clip();
  const middle = RULER_HEIGHT / 2;
  const tagWidth = picture.tag === '' ? 0 : brush.measure(picture.tag, 'strong') + 16;
  const present = timeToX(picture.viewport, picture.now);
  for (const tick of timeTicks(picture.viewport)) {
    const x = timeToX(picture.viewport, tick.time);
    if (tick.label === '') {
      brush.vertical(GUTTER_WIDTH + x, RULER_HEIGHT - 4, RULER_HEIGHT, 'line');
      continue;
    }
    brush.vertical(GUTTER_WIDTH + x, RULER_HEIGHT - 7, RULER_HEIGHT, 'line');
    const half = brush.measure(tick.label, 'mono') / 2;
    if (tagWidth > 0 && Math.abs(x - present) < half + tagWidth / 2 + 4) continue;
    if (x - half < 2 && tick.time > 0) continue;
    // Half a figure at the edge reads as another figure.
    if (x + half > plot - 2) continue;
    brush.text(tick.label, GUTTER_WIDTH + Math.max(x, half + 3), middle - 1, {
      font: 'mono',
      ink: 'text3',
      align: 'center',
    });
  }
  if (tagWidth > 0 && present >= -tagWidth && present <= plot + tagWidth) {
    const x = Math.min(Math.max(present, tagWidth / 2 + 2), plot - tagWidth / 2 - 2);
    brush.rounded(GUTTER_WIDTH + x - tagWidth / 2, middle - 9, tagWidth, 18, 4, 'accent');
    brush.text(picture.tag, GUTTER_WIDTH + x, middle, { font: 'strong', ink: 'onBar', align: 'center' });
  }
  context.restore();
  brush.vertical(GUTTER_WIDTH - 0.5, 0, RULER_HEIGHT, 'line');
  brush.horizontal(RULER_HEIGHT - 0.5, 0, brush.width, 'line');
}

/** Where the rows in view stand among all. */
export function paintScrollbar(brush: Brush, picture: Picture, view: number): void {
  const { layout, scrollTop } = picture;
  const height = Math.max(24, (view * view) / layout.height);
  const top = RULER_HEIGHT + (scrollTop / (layout.height - view)) * (view - height);
  brush.context.globalAlpha = 0.5;
  brush.rounded(brush.width - 7, top, 4, height, 2, 'text3');
  brush.context.globalAlpha = 1;
}
