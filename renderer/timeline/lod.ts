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
}

const CHUNK = 64;

/** Lines of pixels, two for a row: client's end, server's end. Reused from frame to frame. */
export class Strips {
  width = 0;
  lines = 0;
  pixels = new Uint8ClampedArray(0);
  /** Coverage of one row as differences, one stretch for each kind of bar. */
  #edges = new Float64Array(0);

  /** Makes room for `rows` rows of `width` device pixels, all transparent. */
  begin(width: number, rows: number): void {
    this.width = width;
    this.lines = rows * 2;
    const wanted = width * this.lines * 4;
    if (this.pixels.length === wanted) this.pixels.fill(0);
    else this.pixels = new Uint8ClampedArray(wanted);
    if (this.#edges.length !== (width + 2) * 4) this.#edges = new Float64Array((width + 2) * 4);
  }

  /** Draws all bars of a row that are in view into its two lines. `slot`: 0, 1 … as made room for. */
  row(slot: number, row: RowIndex, view: StripView, colours: StripColours): void {
    const edges = this.#edges.fill(0);
    const { from, pixelsPerNs, until } = view;
    const { width } = this;
    const stretch = width + 2;
    const last = Math.min(until, from + width / pixelsPerNs);
    const { from: begins, to: ends, kind: kinds } = row;
    const { length } = row.bars;
    const chunks = Math.ceil(length / CHUNK);
    for (let chunk = 0; chunk < chunks; chunk++) {
      if (row.reach.values[chunk]! < from) continue;
      const stop = Math.min((chunk + 1) * CHUNK, length);
      for (let place = chunk * CHUNK; place < stop; place++) {
        const begin = begins[place]!;
        const end = ends[place]!;
        // Also false for a response without a final head.
        if (!(begin <= last) || end < from) continue;
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
    const { width, pixels } = this;
    const edges = this.#edges;
    let at = line * width * 4;
    let a = 0;
    let b = 0;
    for (let x = 0; x < width; x++, at += 4) {
      a += edges[first + x]!;
      b += edges[second + x]!;
      const sum = a + b;
      // Differences of fractions leave dust behind.
      if (sum < 0.004) continue;
      const share = a <= 0 ? 0 : b <= 0 ? 1 : a / sum;
      pixels[at] = two[0] + (one[0] - two[0]) * share;
      pixels[at + 1] = two[1] + (one[1] - two[1]) * share;
      pixels[at + 2] = two[2] + (one[2] - two[2]) * share;
      pixels[at + 3] = sum >= 1 ? 255 : sum * 255;
    }
  }
}
