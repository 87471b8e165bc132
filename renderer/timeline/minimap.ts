// The whole session in a few lines of pixels, and which part of it is in view. The pixels are pure and kept until the
// session has grown; drawing them is one copy.

import type { Matcher } from '../../shared/filter/matcher.ts';
import { BarKind, type Model } from '../../shared/model/model.ts';
import type { Brush } from './brush.ts';
import type { Layout } from './layout.ts';
import { rgb } from './palette.ts';
import type { Extent, Viewport } from './viewport.ts';

/** Lines at most; more rows share them. */
const LINES = 8;
/** What a column of a line holds. */
const REQUEST = 1;
const RESPONSE = 2;
const CUT = 4;
/** Above this many bars a growing session's map is made anew only now and then, in milliseconds. */
const MANY = 20_000;
export const NOW_AND_THEN = 250;

/** One byte a column and line: which of request, response and cut it holds. */
export function minimapCells(
  model: Model,
  layout: Layout,
  filter: Matcher | null,
  extent: Extent,
  width: number,
): { readonly lines: number; readonly cells: Uint8Array } {
  const rows = layout.rows.filter((row) => row.kind === 'connection');
  const lines = Math.min(LINES, rows.length);
  const cells = new Uint8Array(lines * width);
  const scale = width / Math.max(1, extent.last - extent.first);
  for (let place = 0; place < rows.length; place++) {
    const line = Math.floor((place * lines) / rows.length) * width;
    const row = rows[place]!;
    const { base, length } = row.index;
    const { from, to, kind, bar } = row.index.columns;
    for (let at = base; at < base + length; at++) {
      const begin = from[at]!;
      if (!(begin <= extent.last)) continue;
      if (filter !== null && !filter.matches(model.bars.exchange[bar[at]!]!)) continue;
      const x0 = Math.max(0, ((begin - extent.first) * scale) | 0);
      const x1 = Math.min(width - 1, ((to[at]! - extent.first) * scale) | 0);
      const value = kind[at]! >= BarKind.responseSent ? RESPONSE : REQUEST;
      for (let x = x0; x <= x1; x++) cells[line + x]! |= value;
    }
    const closed = model.connections[row.connection - 1]?.closed;
    if (closed !== null && closed !== undefined && closed.how !== 'fin') {
      const x = Math.floor((closed.at - extent.first) * scale);
      if (x >= 0 && x < width) cells[line + x]! |= CUT;
    }
  }
  return { lines, cells };
}

export interface MinimapBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export class Minimap {
  #canvas: HTMLCanvasElement | null = null;
  #of: Model | null = null;
  #for: Matcher | null = null;
  #made = '';
  #madeAt = -Infinity;
  #lines = 0;

  /** Its pixels are older than the session: a long one's are made anew only now and then. */
  stale = false;

  /** It has been made at all. */
  get made(): boolean {
    return this.#canvas !== null;
  }

  /** Draws into a box. `now`: the present, nanoseconds; `time`: a clock, milliseconds, for how often it is made anew. */
  draw(
    brush: Brush,
    box: MinimapBox,
    model: Model,
    layout: Layout,
    filter: Matcher | null,
    extent: Extent,
    viewport: Viewport,
    now: number,
    time: number,
  ): void {
    const { context } = brush;
    brush.rounded(box.x, box.y, box.width, box.height, 5, 'bg1');
    const scale = (box.width - 8) / Math.max(1, extent.last - extent.first);
    const left = box.x + 4;
    const from = Math.min(
      Math.max(left + (viewport.from - extent.first) * scale, box.x + 1),
      box.x + box.width - 5,
    );
    const to = Math.max(
      Math.min(left + (viewport.from + viewport.span - extent.first) * scale, box.x + box.width - 1),
      from + 4,
    );
    context.globalAlpha = brush.palette.dark ? 0.16 : 0.12;
    brush.rounded(from, box.y + 1, to - from, box.height - 2, 4, 'accent');
    context.globalAlpha = 1;
    this.#remake(brush, Math.max(1, Math.floor(box.width - 8)), model, layout, filter, extent, time);
    if (this.#canvas !== null && this.#lines > 0) {
      const pitch = Math.min(7, (box.height - 10) / this.#lines);
      const thick = Math.max(2, Math.min(4, pitch - 2));
      const top = box.y + (box.height - pitch * this.#lines) / 2 + (pitch - thick) / 2;
      context.imageSmoothingEnabled = false;
      for (let line = 0; line < this.#lines; line++)
        context.drawImage(
          this.#canvas,
          0,
          line,
          this.#canvas.width,
          1,
          left,
          brush.snap(top + line * pitch),
          box.width - 8,
          brush.snap(thick),
        );
    }
    const present = left + (now - extent.first) * scale;
    if (present < box.x + box.width - 8) brush.vertical(present, box.y + 1, box.y + box.height - 1, 'accent');
    brush.outline(box.x, box.y, box.width, box.height, 5, 'line');
    context.globalAlpha = 0.7;
    brush.outline(from, box.y, to - from, box.height, 5, 'accent');
    context.globalAlpha = 1;
  }

  #remake(
    brush: Brush,
    width: number,
    model: Model,
    layout: Layout,
    filter: Matcher | null,
    extent: Extent,
    time: number,
  ): void {
    const { palette } = brush;
    const wanted = `${model.folded}|${layout.rows.length}|${width}|${extent.first}|${extent.last}|${palette.request}|${filter?.version}`;
    if (model !== this.#of || filter !== this.#for) {
      this.#of = model;
      this.#for = filter;
      this.#made = '';
      this.#madeAt = -Infinity;
      this.#lines = 0;
    }
    if (wanted === this.#made) {
      this.stale = false;
      return;
    }
    this.stale = model.bars.length > MANY && time - this.#madeAt < NOW_AND_THEN;
    // The first picture of a long session does not wait for its map: that follows in the next frame.
    if (model.bars.length > MANY && this.#made === '') {
      this.#made = 'next frame';
      this.stale = true;
    }
    if (this.stale) return;
    this.#made = wanted;
    this.#madeAt = time;
    const { lines, cells } = minimapCells(model, layout, filter, extent, width);
    this.#lines = lines;
    if (lines === 0) return;
    const canvas = (this.#canvas ??= document.createElement('canvas'));
    canvas.width = width;
    canvas.height = lines;
    const image = new ImageData(width, lines);
    const pixels = new DataView(image.data.buffer);
    const rgba = [palette.request, palette.final, palette.cut].map((colour, which) => {
      const [red, green, blue] = rgb(colour);
      return ((red << 24) | (green << 16) | (blue << 8) | (which === 2 ? 255 : 215)) >>> 0;
    });
    for (let at = 0; at < cells.length; at++) {
      const cell = cells[at]!;
      if (cell !== 0) pixels.setUint32(at * 4, rgba[cell & CUT ? 2 : cell & REQUEST ? 0 : 1]!);
    }
    canvas.getContext('2d')!.putImageData(image, 0, 0);
  }
}
