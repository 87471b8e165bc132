// Puts a scene on the canvas: rows, bars, marks, cuts. Decides nothing: what and where comes from the scene and the
// layout, colours from the palette.

import { paintBand } from './band.ts';
import type { Brush } from './brush.ts';
import { paintGutter, paintRuler, paintScrollbar } from './edges.ts';
import { GUTTER_WIDTH, type Layout, RULER_HEIGHT } from './layout.ts';
import { Strips } from './lod.ts';
import type { Minimap } from './minimap.ts';
import { rgb } from './palette.ts';
import { type Picture, minimapBox, rowsHeight } from './picture.ts';
import { paintRemark } from './paint-remark.ts';
import type { BarShape, CutShape, Frame, LineShape, MarkShape, Scene } from './shapes.ts';
import { timeTicks } from './ticks.ts';
import { timeToX } from './viewport.ts';

/** Opacity of what the filter does not mean: a trace, for the eye to know where it is. */
const DIM = 0.28;

export class Painter {
  readonly #brush: Brush;
  readonly #minimap: Minimap;
  readonly #strips = new Strips();
  #stripCanvas: HTMLCanvasElement | null = null;

  constructor(brush: Brush, minimap: Minimap) {
    this.#brush = brush;
    this.#minimap = minimap;
  }

  paint(picture: Picture): void {
    const brush = this.#brush;
    const { context } = brush;
    const { layout, scene, viewport } = picture;
    const plot = brush.width - GUTTER_WIDTH;
    const view = rowsHeight(brush.height);
    brush.begin('bg0');

    context.save();
    context.beginPath();
    context.rect(GUTTER_WIDTH, RULER_HEIGHT, plot, view + 6);
    context.clip();
    context.translate(GUTTER_WIDTH, RULER_HEIGHT);
    if (layout.rows.length > 0) this.#grid(picture, view);
    for (const { row, y } of scene.rows) this.#rowGround(picture, row, y, plot);
    this.#strip(picture);
    for (const line of scene.lines) this.#line(line);
    for (const bar of scene.bars) {
      context.globalAlpha = bar.dim ? DIM : 1;
      this.#bar(bar);
    }
    context.globalAlpha = 1;
    this.#links(scene);
    this.#presentLine(picture, view + 6);
    const tinted = picture.selection?.kind === 'connection';
    const dense = layout.metrics.density === 'dense';
    for (const mark of scene.marks) {
      context.globalAlpha = mark.dim ? DIM : 1;
      this.#mark(mark, dense, !tinted);
    }
    context.globalAlpha = 1;
    if (scene.pointed !== null) this.#pointed(scene.pointed);
    if (scene.selected !== null && picture.selection?.kind === 'exchange') this.#selected(scene);
    this.#armed(scene);
    for (const cut of scene.cuts) {
      context.globalAlpha = cut.dim ? DIM : 1;
      this.#cut(cut, !tinted);
    }
    context.globalAlpha = 1;
    for (const remark of scene.remarks) paintRemark(brush, remark);
    if (scene.selected !== null && picture.selection?.kind === 'event') this.#selected(scene);
    if (picture.scissors !== null) this.#scissors(picture.scissors, plot);
    context.restore();

    paintGutter(brush, picture, view);
    paintRuler(brush, picture);
    if (layout.rows.length > 0)
      this.#minimap.draw(
        brush,
        minimapBox(brush.width, brush.height),
        picture.model,
        layout,
        picture.filter,
        picture.extent,
        viewport,
        picture.now,
        picture.clock,
      );
    if (layout.height > view) paintScrollbar(brush, picture, view);
    if (picture.band !== null) paintBand(brush, picture.band, RULER_HEIGHT + view + 6);
  }

  #grid(picture: Picture, view: number): void {
    for (const tick of timeTicks(picture.viewport))
      this.#brush.vertical(
        timeToX(picture.viewport, tick.time),
        0,
        view + 6,
        tick.label === '' ? 'lineFaint' : 'line',
      );
  }

  #rowGround(picture: Picture, row: Layout['rows'][number], y: number, plot: number): void {
    const brush = this.#brush;
    if (row.kind === 'operation') {
      brush.fill(0, y, plot, row.height, 'bg1');
      return;
    }
    const { selection } = picture;
    if (selection?.kind === 'connection' && selection.id === row.connection) {
      brush.context.globalAlpha = 0.07;
      brush.fill(0, y, plot, row.height, 'accent');
      brush.context.globalAlpha = 1;
    }
    if (picture.layout.metrics.density !== 'dense')
      brush.horizontal(y + row.height - 0.5, 0, plot, 'lineFaint');
  }

  /** Rows with more bars than pixels, by way of a small picture with one line a track. */
  #strip(picture: Picture): void {
    const { scene, viewport, layout } = picture;
    if (scene.strips.length === 0) return;
    const brush = this.#brush;
    const { palette } = brush;
    const width = Math.round(viewport.width * brush.ratio);
    const strips = this.#strips;
    strips.begin(width, scene.strips.length);
    const colours = {
      requestSent: rgb(palette.request),
      requestReceived: rgb(palette.received),
      response: rgb(palette.final),
    };
    const { filter } = picture;
    const { exchange } = picture.model.bars;
    const view = {
      from: viewport.from,
      pixelsPerNs: width / viewport.span,
      until: picture.time,
      takes: filter === null ? null : (bar: number) => filter.matches(exchange[bar]!),
    };
    for (let slot = 0; slot < scene.strips.length; slot++)
      strips.row(slot, scene.strips[slot]!.row.index, view, colours);
    const canvas = (this.#stripCanvas ??= document.createElement('canvas'));
    if (canvas.width !== width || canvas.height < strips.lines) {
      canvas.width = width;
      canvas.height = strips.lines;
    }
    canvas.getContext('2d')!.putImageData(new ImageData(strips.pixels, width, strips.lines), 0, 0);
    const { metrics } = layout;
    const { context } = brush;
    context.imageSmoothingEnabled = false;
    for (let slot = 0; slot < scene.strips.length; slot++) {
      const { y } = scene.strips[slot]!;
      for (const [line, top] of [
        [slot * 2, metrics.clientTrack],
        [slot * 2 + 1, metrics.serverTrack],
      ] as const)
        context.drawImage(
          canvas,
          0,
          line,
          width,
          1,
          0,
          brush.snap(y + top),
          viewport.width,
          metrics.trackHeight,
        );
    }
  }

  #bar(bar: BarShape): void {
    const brush = this.#brush;
    const { context } = brush;
    const radius = Math.min(3, bar.width / 2);
    const corners = bar.cut ? [radius, 0, 0, radius] : [radius, radius, radius, radius];
    if (bar.width < 4) {
      // A tick, on whole device pixels.
      brush.rounded(bar.x, bar.y, Math.max(bar.width, 2), bar.height, bar.width < 3 ? 0 : 1, bar.ink);
      return;
    }
    let from = bar.x;
    for (let at = 0; at + 1 < bar.pauses.length; at += 2) {
      const to = bar.pauses[at]!;
      const end = Math.min(bar.pauses[at + 1]!, bar.x + bar.width);
      if (to > from)
        brush.rounded(from, bar.y, Math.max(to - from, 2), bar.height, Math.min(radius, 2), bar.ink);
      else if (at === 0) brush.rounded(bar.x, bar.y, 2, bar.height, 0, bar.ink);
      context.globalAlpha = bar.dim ? DIM * 0.4 : 0.4;
      brush.horizontal(bar.y + bar.height / 2, Math.max(to, from + 2), end, bar.ink, 2);
      context.globalAlpha = bar.dim ? DIM : 1;
      from = end;
    }
    const rest = bar.x + bar.width - from;
    if (rest > 0) brush.rounded(from, bar.y, rest, bar.height, corners, bar.ink);
    if (bar.resentTo > from) {
      const to = Math.min(bar.resentTo, bar.x + bar.width);
      context.save();
      context.beginPath();
      context.roundRect(brush.snap(from), brush.snap(bar.y), brush.snap(to) - brush.snap(from), bar.height, [
        radius,
        0,
        0,
        radius,
      ]);
      context.clip();
      brush.hatch(from, bar.y, to - from, bar.height, 'resent', 'bg0');
      context.restore();
    }
    if (bar.label !== '')
      brush.text(bar.label, Math.max(bar.labelX, 6), bar.y + bar.height / 2, {
        font: 'strong',
        ink: 'onBar',
      });
  }

  #line(line: LineShape): void {
    const brush = this.#brush;
    if (line.style === 'wait') {
      brush.context.globalAlpha = 0.55;
      brush.dashed(line.x + 2, line.y, line.x + line.width - 2, line.y, line.ink, [1, 4]);
      brush.context.globalAlpha = 1;
      return;
    }
    brush.dashed(line.x, line.y, line.x + line.width, line.y, line.ink, [2, 3], 1.5);
    if (line.label === '') return;
    const width = brush.measure(line.label, 'label');
    const x = line.x + (line.width - width) / 2;
    brush.fill(x - 4, line.y - 7, width + 8, 14, 'bg0');
    brush.text(line.label, x, line.y, { font: 'label', ink: line.ink });
  }

  #links(scene: Scene): void {
    const { context, palette } = this.#brush;
    context.strokeStyle = palette.text3;
    context.lineWidth = 1.25;
    context.lineCap = 'round';
    context.setLineDash([0.5, 4]);
    for (const { x0, y0, x1, y1 } of scene.curves) {
      const down = Math.min(40, Math.abs(y1 - y0) * 0.6);
      context.beginPath();
      context.moveTo(x0, y0 + 3);
      context.bezierCurveTo(x0, y0 + down, x1 - Math.min(48, Math.max(20, (x1 - x0) * 0.6)), y1, x1, y1);
      context.stroke();
    }
    context.setLineDash([]);
    context.lineCap = 'butt';
  }

  /** `clear`: nothing runs through its words. */
  #mark(mark: MarkShape, dense: boolean, clear: boolean): void {
    const brush = this.#brush;
    const x = brush.snap(mark.x);
    const from = x + (mark.kind === 'interim' ? 10 : 8);
    if (clear && mark.label !== '')
      brush.fill(from - 1, mark.y - 7, brush.measure(mark.label, 'label') + 3, 14, 'bg0');
    if (mark.kind === 'interim') {
      brush.diamond(x, mark.y, dense ? 3.5 : 6, mark.ink);
      if (mark.label !== '') brush.text(mark.label, from, mark.y, { font: 'label', ink: 'text2' });
      return;
    }
    if (mark.kind === 'message') {
      brush.square(x, mark.y, dense ? 2 : 3.5, mark.ink, mark.hollow);
      if (mark.label !== '') brush.text(mark.label, from, mark.y, { font: 'label', ink: 'text2' });
      return;
    }
    if (mark.kind === 'note') {
      const { context, palette } = brush;
      context.fillStyle = palette[mark.ink];
      context.beginPath();
      context.moveTo(x, mark.y - 5);
      context.lineTo(x + 5, mark.y + 4);
      context.lineTo(x - 5, mark.y + 4);
      context.closePath();
      context.fill();
      return;
    }
    if (dense) return;
    brush.disc(x, mark.y, 3, mark.ink);
    if (mark.label !== '')
      brush.text(mark.label, from, mark.y, { font: 'label', ink: mark.ink === 'error' ? 'error' : 'text2' });
  }

  /** `clear`: nothing runs through its words. */
  #cut(cut: CutShape, clear: boolean): void {
    const brush = this.#brush;
    const x = brush.snap(cut.x);
    brush.vertical(x, cut.y, cut.bottom, cut.ink, cut.kind === 'fault' ? 1 : 1.5);
    if (cut.kind === 'observed') {
      brush.disc(x, cut.y, cut.radius, 'bg0');
      brush.context.strokeStyle = brush.palette[cut.ink];
      brush.context.lineWidth = 1.5;
      brush.context.beginPath();
      brush.context.arc(x, cut.y, cut.radius - 0.75, 0, Math.PI * 2);
      brush.context.stroke();
      if (cut.radius >= 7) brush.scissors(x, cut.y, cut.radius * 1.05, cut.ink);
    } else {
      brush.disc(x, cut.y, cut.radius, cut.ink);
      if (cut.kind === 'cut' && cut.radius >= 5) brush.scissors(x, cut.y, cut.radius * 1.05, 'onBar');
    }
    if (cut.label === '') return;
    const width = brush.measure(cut.label, 'label');
    const left = cut.labelLeft ? x - cut.radius - 7 - width : x + cut.radius + 5;
    // A curve or a line of the grid does not run through the words.
    if (clear) brush.fill(left - 2, cut.y - 7, width + 4, 14, 'bg0');
    brush.text(cut.label, left, cut.y, { font: 'label', ink: cut.ink === 'cut' ? 'cut' : 'text2' });
  }

  #armed(scene: Scene): void {
    const brush = this.#brush;
    for (const armed of scene.armed) {
      brush.dashed(armed.x, armed.y + 5, armed.x, armed.bottom, 'cut', [3, 3], 1.25);
      brush.scissors(armed.x, armed.y, 9, 'cut');
      if (armed.label !== '') brush.text(armed.label, armed.x + 9, armed.y, { font: 'label', ink: 'cut' });
    }
  }

  #selected(scene: Scene): void {
    const frame = scene.selected;
    if (frame === null) return;
    this.#brush.outline(frame.x, frame.y, frame.width, frame.height, frame.radius, 'accent', 2);
  }

  #pointed(frame: Frame): void {
    this.#brush.outline(frame.x, frame.y, frame.width, frame.height, frame.radius, 'text2', 1);
  }

  #presentLine(picture: Picture, bottom: number): void {
    if (picture.tag === '') return;
    const x = timeToX(picture.viewport, picture.now);
    if (x < 0 || x > picture.viewport.width) return;
    this.#brush.context.globalAlpha = 0.65;
    this.#brush.vertical(x, 0, bottom, 'accent', 1.5);
    this.#brush.context.globalAlpha = 1;
  }

  #scissors(scissors: NonNullable<Picture['scissors']>, plot: number): void {
    const brush = this.#brush;
    const width = brush.measure(scissors.words, 'strong') + 16;
    const left = scissors.x + 14 + width > plot ? scissors.x - 14 - width : scissors.x + 14;
    const top = Math.max(2, scissors.y - 24);
    brush.rounded(left, top, width, 20, 10, 'cut');
    brush.text(scissors.words, left + 8, top + 10, { font: 'strong', ink: 'onBar' });
    // A rim keeps the blades visible over any bar.
    brush.disc(scissors.x, scissors.y, 10, 'bg0');
    brush.scissors(scissors.x, scissors.y, 13, 'cut');
  }
}
