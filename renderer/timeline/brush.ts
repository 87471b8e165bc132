// A canvas context that knows the device's pixels and the theme: the few strokes that every drawn panel is made of.
// Holds no state of what is drawn.

import type { Ink, Palette } from './palette.ts';

/** Texts whose widths are remembered; beyond it, all are forgotten. */
const REMEMBERED = 4000;

export type Font = 'body' | 'label' | 'strong' | 'title' | 'mono' | 'hint';

export interface TextStyle {
  readonly font: Font;
  readonly ink: Ink;
  readonly align?: CanvasTextAlign;
}

export class Brush {
  readonly context: CanvasRenderingContext2D;
  palette: Palette;
  /** Device pixels for a CSS pixel. */
  ratio = 1;
  width = 0;
  height = 0;
  readonly #canvas: HTMLCanvasElement;
  readonly #widths = new Map<string, number>();
  #hatches = new Map<string, CanvasPattern>();

  constructor(canvas: HTMLCanvasElement, palette: Palette) {
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('This browser gives no canvas to draw on: use one that does.');
    this.#canvas = canvas;
    this.context = context;
    this.palette = palette;
  }

  /** Size in CSS pixels. */
  resize(width: number, height: number, ratio: number): void {
    this.width = Math.max(1, Math.floor(width));
    this.height = Math.max(1, Math.floor(height));
    if (ratio !== this.ratio) this.#hatches = new Map();
    this.ratio = ratio;
    const columns = Math.round(this.width * ratio);
    const lines = Math.round(this.height * ratio);
    // Even an equal size would take the canvas's memory away and give it anew.
    if (this.#canvas.width !== columns) this.#canvas.width = columns;
    if (this.#canvas.height !== lines) this.#canvas.height = lines;
    this.#canvas.style.width = `${this.width}px`;
    this.#canvas.style.height = `${this.height}px`;
  }

  /** A new theme: colours and perhaps fonts. */
  repaint(palette: Palette): void {
    this.palette = palette;
    this.#widths.clear();
    this.#hatches = new Map();
  }

  /** Before a frame: back to CSS pixels, all in the background's colour. */
  begin(ink: Ink): void {
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.context.globalAlpha = 1;
    this.fill(0, 0, this.width, this.height, ink);
  }

  /** The nearest edge of a device pixel. */
  snap(value: number): number {
    return Math.round(value * this.ratio) / this.ratio;
  }

  fill(x: number, y: number, width: number, height: number, ink: Ink): void {
    this.context.fillStyle = this.palette[ink];
    this.context.fillRect(x, y, width, height);
  }

  /** A crisp vertical line, one CSS pixel wide or `width`. */
  vertical(x: number, top: number, bottom: number, ink: Ink, width = 1): void {
    const thick = Math.max(1, Math.round(width * this.ratio)) / this.ratio;
    this.fill(this.snap(x - thick / 2), this.snap(top), thick, this.snap(bottom) - this.snap(top), ink);
  }

  horizontal(y: number, left: number, right: number, ink: Ink, width = 1): void {
    const thick = Math.max(1, Math.round(width * this.ratio)) / this.ratio;
    this.fill(left, this.snap(y - thick / 2), right - left, thick, ink);
  }

  /** A crisp dashed vertical or horizontal line. */
  dashed(x0: number, y0: number, x1: number, y1: number, ink: Ink, dash: readonly number[], width = 1): void {
    const { context } = this;
    const half = (Math.max(1, Math.round(width * this.ratio)) / this.ratio / 2) % 1;
    const at = (value: number): number => this.snap(value - half) + half;
    context.strokeStyle = this.palette[ink];
    context.lineWidth = width;
    context.setLineDash([...dash]);
    context.beginPath();
    context.moveTo(x0 === x1 ? at(x0) : x0, y0 === y1 ? at(y0) : y0);
    context.lineTo(x0 === x1 ? at(x1) : x1, y0 === y1 ? at(y1) : y1);
    context.stroke();
    context.setLineDash([]);
  }

  /** A filled rectangle with rounded corners, its edges on device pixels. */
  rounded(x: number, y: number, width: number, height: number, radius: number | number[], ink: Ink): void {
    const left = this.snap(x);
    const top = this.snap(y);
    const right = Math.max(this.snap(x + width), left + 1 / this.ratio);
    const bottom = this.snap(y + height);
    this.context.fillStyle = this.palette[ink];
    this.context.beginPath();
    this.context.roundRect(left, top, right - left, bottom - top, radius);
    this.context.fill();
  }

  outline(x: number, y: number, width: number, height: number, radius: number, ink: Ink, line = 1): void {
    const inset = line / 2;
    this.context.strokeStyle = this.palette[ink];
    this.context.lineWidth = line;
    this.context.beginPath();
    this.context.roundRect(
      this.snap(x) + inset,
      this.snap(y) + inset,
      this.snap(width) - line,
      this.snap(height) - line,
      radius,
    );
    this.context.stroke();
  }

  /** Diagonal stripes over a rectangle, the same on every bar. */
  hatch(x: number, y: number, width: number, height: number, ink: Ink, under: Ink): void {
    const { context } = this;
    const left = this.snap(x);
    this.fill(left, this.snap(y), this.snap(x + width) - left, this.snap(y + height) - this.snap(y), under);
    context.fillStyle = this.#hatch(ink);
    context.fillRect(left, this.snap(y), this.snap(x + width) - left, this.snap(y + height) - this.snap(y));
  }

  /** Text with its baseline so that x-height letters look centred on `y`. */
  text(words: string, x: number, y: number, style: TextStyle): void {
    const { context } = this;
    context.font = this.font(style.font);
    context.fillStyle = this.palette[style.ink];
    context.textAlign = style.align ?? 'left';
    context.textBaseline = 'alphabetic';
    context.fillText(
      words,
      x,
      Math.round((y + (style.font === 'title' ? 4.6 : 3.9)) * this.ratio) / this.ratio,
    );
  }

  /** The width of a text in CSS pixels. */
  measure(words: string, font: Font): number {
    const name = `${font}|${words}`;
    const known = this.#widths.get(name);
    if (known !== undefined) return known;
    this.context.font = this.font(font);
    const width = this.context.measureText(words).width;
    if (this.#widths.size >= REMEMBERED) this.#widths.clear();
    this.#widths.set(name, width);
    return width;
  }

  /** The text, or as much of it as fits, with an ellipsis. */
  fitted(words: string, font: Font, room: number): string {
    if (this.measure(words, font) <= room) return words;
    let kept = Math.max(0, Math.floor((words.length * room) / this.measure(words, font)));
    while (kept > 0 && this.measure(`${words.slice(0, kept).trimEnd()}…`, font) > room) kept--;
    return kept === 0 ? '' : `${words.slice(0, kept).trimEnd()}…`;
  }

  font(font: Font): string {
    const { fontUi, fontMono } = this.palette;
    switch (font) {
      case 'body':
        return `12px ${fontUi}`;
      case 'label':
        return `500 11px ${fontUi}`;
      case 'strong':
        return `650 11px ${fontUi}`;
      case 'title':
        return `600 13px ${fontUi}`;
      case 'mono':
        return `11px ${fontMono}`;
      case 'hint':
        return `10px ${fontUi}`;
    }
  }

  /** Scissors whose blades open to the right, centred. */
  scissors(x: number, y: number, size: number, ink: Ink): void {
    const { context } = this;
    const unit = size / 10;
    context.strokeStyle = this.palette[ink];
    context.lineWidth = Math.max(1, 1.15 * unit);
    context.lineCap = 'round';
    context.beginPath();
    for (const side of [-1, 1]) {
      context.moveTo(x - 1.4 * unit, y + side * 2.7 * unit);
      context.arc(x - 3 * unit, y + side * 2.7 * unit, 1.6 * unit, 0, Math.PI * 2);
      context.moveTo(x - 1.7 * unit, y + side * 1.7 * unit);
      context.lineTo(x + 4.6 * unit, y - side * 2.9 * unit);
    }
    context.stroke();
    context.lineCap = 'butt';
  }

  diamond(x: number, y: number, radius: number, ink: Ink): void {
    const { context } = this;
    context.fillStyle = this.palette[ink];
    context.beginPath();
    context.moveTo(x, y - radius);
    context.lineTo(x + radius, y);
    context.lineTo(x, y + radius);
    context.lineTo(x - radius, y);
    context.closePath();
    context.fill();
  }

  /** A square around a point; `hollow`: its outline only. */
  square(x: number, y: number, half: number, ink: Ink, hollow: boolean): void {
    const { context } = this;
    if (hollow) {
      context.strokeStyle = this.palette[ink];
      context.lineWidth = 1.25;
      context.strokeRect(x - half + 0.5, y - half + 0.5, half * 2 - 1, half * 2 - 1);
    } else {
      context.fillStyle = this.palette[ink];
      context.fillRect(x - half, y - half, half * 2, half * 2);
    }
  }

  disc(x: number, y: number, radius: number, ink: Ink): void {
    this.context.fillStyle = this.palette[ink];
    this.context.beginPath();
    this.context.arc(x, y, radius, 0, Math.PI * 2);
    this.context.fill();
  }

  #hatch(ink: Ink): CanvasPattern {
    const known = this.#hatches.get(ink);
    if (known !== undefined) return known;
    const period = 7;
    const size = Math.round(period * this.ratio);
    const tile = document.createElement('canvas');
    tile.width = size;
    tile.height = size;
    const context = tile.getContext('2d')!;
    context.strokeStyle = this.palette[ink];
    context.lineWidth = size * 0.42;
    context.beginPath();
    for (const shift of [-1, 0, 1]) {
      context.moveTo(shift * size - size, size * 2);
      context.lineTo(shift * size + size * 2, -size);
    }
    context.stroke();
    const pattern = this.context.createPattern(tile, 'repeat')!;
    // Patterns live in the space of the transform: undo the device ratio.
    pattern.setTransform(new DOMMatrix().scale(1 / this.ratio));
    this.#hatches.set(ink, pattern);
    return pattern;
  }
}
