// Rows with more bars than pixels: each track becomes one line of pixels whose opacity is how much of that column is
// covered, and whose colour is the mix of what covers it. Nothing is left out: a bar shorter than a pixel counts as one.
// Pure: columns in, RGBA out; the painter stretches the lines to the height of their tracks.

import { BarKind } from '../../shared/model/model.ts';
import type { RowIndex } from './rows.ts';

/** Red, green, blue, 0 … 255. */
export type Rgb = readonly [number, number, number];

export interface StripColours {
  readonly requestSent: Rgb;
  readonly requestReceived: Rgb;
  readonly response: Rgb;
}

/** What a strip shows: nanoseconds from the left edge on, and pixels for each of them. */
export interface StripView {
  readonly from: number;
  readonly pixelsPerNs: number;
  /** Nothing after this moment is shown. */
  readonly until: number;
  /** Which bars are drawn; null: all. */
  readonly takes: ((bar: number) => boolean) | null;
}

const CHUNK = 64;
/** Coverage below this is none. */
const DUST = 0.004;
const LITTLE = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** Lines of pixels, two for a row: client's end, server's end. Reused from frame to frame. */
export class Strips {
  width = 0;
  lines = 0;
  pixels = new Uint8ClampedArray(0);
  /** The same bytes, a pixel at a time. */
  #words = new Uint32Array(0);
  /** Coverage of one row as differences, one stretch for each kind of bar. */
  #edges = new Float64Array(0);

  /** Makes room for `rows` rows of `width` device pixels, all transparent. */
  begin(width: number, rows: number): void {
    this.width = width;
    this.lines = rows * 2;
    const wanted = width * this.lines * 4;
    if (this.pixels.length === wanted) this.pixels.fill(0);
    else {
      this.pixels = new Uint8ClampedArray(wanted);
      this.#words = new Uint32Array(this.pixels.buffer);
    }
    if (this.#edges.length !== (width + 2) * 4) this.#edges = new Float64Array((width + 2) * 4);
  }

  /** Draws all bars of a row that are in view into its two lines. `slot`: 0, 1 … as made room for. */
  row(slot: number, row: RowIndex, view: StripView, colours: StripColours): void {
    const edges = this.#edges.fill(0);
    const { from, pixelsPerNs, until, takes } = view;
    const { width } = this;
    const stretch = width + 2;
    const last = Math.min(until, from + width / pixelsPerNs);
    const { from: begins, to: ends, kind: kinds, bar: bars } = row.columns;
    const { base: first, length } = row;
    const chunks = Math.ceil(length / CHUNK);
    for (let chunk = 0; chunk < chunks; chunk++) {
      if (row.reach.values[chunk]! < from) continue;
      const stop = Math.min((chunk + 1) * CHUNK, length);
      for (let place = first + chunk * CHUNK; place < first + stop; place++) {
        const begin = begins[place]!;
        const end = ends[place]!;
        // Also false for a response without a final head.
        if (!(begin <= last) || end < from) continue;
        if (takes !== null && !takes(bars[place]!)) continue;
        let x0 = (begin - from) * pixelsPerNs;
        let x1 = ((end < until ? end : until) - from) * pixelsPerNs;
        if (x0 < 0) x0 = 0;
        if (x1 < x0 + 1) x1 = x0 + 1;
        if (x1 > width) x1 = width;
        if (x0 >= x1) continue;
        const i0 = x0 | 0;
        const f0 = x0 - i0;
        const i1 = x1 | 0;
        const f1 = x1 - i1;
        const base = kinds[place]! * stretch;
        edges[base + i0]! += 1 - f0;
        edges[base + i0 + 1]! += f0;
        edges[base + i1]! -= 1 - f1;
        edges[base + i1 + 1]! -= f1;
      }
    }
    const line = (at: number, request: BarKind, response: BarKind, colour: Rgb): void =>
      this.#line(at, request * stretch, response * stretch, colour, colours.response);
    line(slot * 2, BarKind.requestSent, BarKind.responseReceived, colours.requestSent);
    line(slot * 2 + 1, BarKind.requestReceived, BarKind.responseSent, colours.requestReceived);
  }

  /** Sums the differences of two kinds from left to right and mixes their colours. */
  #line(line: number, first: number, second: number, one: Rgb, two: Rgb): void {
    const { width } = this;
    const edges = this.#edges;
    const words = this.#words;
    const solidOne = packed(one, 255);
    const solidTwo = packed(two, 255);
    let at = line * width;
    let a = 0;
    let b = 0;
    for (let x = 0; x < width; x++, at++) {
      a += edges[first + x]!;
      b += edges[second + x]!;
      const sum = a + b;
      // Differences of fractions leave dust behind.
      if (sum < DUST) continue;
      if (sum >= 1 && b < DUST) words[at] = solidOne;
      else if (sum >= 1 && a < DUST) words[at] = solidTwo;
      else {
        const share = a < DUST ? 0 : b < DUST ? 1 : a / sum;
        const red = (two[0] + (one[0] - two[0]) * share + 0.5) | 0;
        const green = (two[1] + (one[1] - two[1]) * share + 0.5) | 0;
        const blue = (two[2] + (one[2] - two[2]) * share + 0.5) | 0;
        const alpha = sum >= 1 ? 255 : (sum * 255 + 0.5) | 0;
        words[at] = LITTLE
          ? (alpha << 24) | (blue << 16) | (green << 8) | red
          : (red << 24) | (green << 16) | (blue << 8) | alpha;
      }
    }
  }
}

/** Four bytes in the order of an image, as one number. */
function packed([red, green, blue]: Rgb, alpha: number): number {
  return new Uint32Array(new Uint8Array([red, green, blue, alpha]).buffer)[0]!;
}
