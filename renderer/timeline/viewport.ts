// Time ⇄ x. A viewport is a value: which nanoseconds a width of CSS pixels shows. Every change returns a new one,
// bounded so that nobody gets lost beyond the session or below a nanosecond a pixel. Knows nothing of what is drawn.

export interface Viewport {
  /** Nanoseconds at the left edge. */
  readonly from: number;
  /** Nanoseconds over the whole width; never 0. */
  readonly span: number;
  /** CSS pixels; at least 1. */
  readonly width: number;
}

/** The time that there is something to see in, in nanoseconds. */
export interface Extent {
  readonly first: number;
  readonly last: number;
}

const SHORTEST = 1000;
/** The session may fill this part of the width at least. */
const WIDEST = 4;
/** Room at the left of a fitted session, and at its right for labels, as parts of the width. */
const MARGIN_LEFT = 0.02;
const MARGIN_RIGHT = 0.14;
/** Where the newest event is kept while following. */
const FOLLOW_AT = 0.84;

export function timeToX(view: Viewport, time: number): number {
  return ((time - view.from) / view.span) * view.width;
}

export function xToTime(view: Viewport, x: number): number {
  return view.from + (x / view.width) * view.span;
}

/** Keeps at least a tenth of the width on the session and the zoom within bounds. */
export function bounded(view: Viewport, extent: Extent): Viewport {
  const length = Math.max(extent.last - extent.first, SHORTEST);
  const span = Math.min(Math.max(view.span, SHORTEST), Math.max(length, 1e6) * WIDEST);
  const lowest = extent.first - span * 0.9;
  const highest = extent.last - span * 0.1;
  return { from: Math.min(Math.max(view.from, lowest), Math.max(highest, lowest)), span, width: view.width };
}

/** Shows `factor` times less time (2: half of it); the time under `x` stays where it is. */
export function zoomAbout(view: Viewport, factor: number, x: number, extent: Extent): Viewport {
  const pinned = xToTime(view, x);
  const length = Math.max(extent.last - extent.first, SHORTEST);
  const span = Math.min(Math.max(view.span / factor, SHORTEST), Math.max(length, 1e6) * WIDEST);
  return bounded({ from: pinned - (x / view.width) * span, span, width: view.width }, extent);
}

/** Moves what is shown by `dx` pixels to the left (later times come in). */
export function panBy(view: Viewport, dx: number, extent: Extent): Viewport {
  return bounded({ ...view, from: view.from + (dx / view.width) * view.span }, extent);
}

/** All of an extent, with room for its labels. */
export function fit(extent: Extent, width: number): Viewport {
  const length = Math.max(extent.last - extent.first, SHORTEST);
  const span = length / (1 - MARGIN_LEFT - MARGIN_RIGHT);
  return { from: extent.first - span * MARGIN_LEFT, span, width: Math.max(width, 1) };
}

/** The same zoom with the newest moment near the right edge. */
export function followed(view: Viewport, now: number): Viewport {
  return { ...view, from: now - view.span * FOLLOW_AT };
}

/**
 * A fitted view that grows calmly while a session runs: it stays as it is until `last` comes near the right edge, and
 * then takes in half as much again.
 */
export function grown(view: Viewport, extent: Extent): Viewport {
  const near = view.from + view.span * (1 - MARGIN_RIGHT / 2);
  if (extent.last <= near && view.from <= extent.first) return view;
  return fit({ first: extent.first, last: extent.first + (extent.last - extent.first) * 1.5 }, view.width);
}

/** The nearest viewport of the same zoom that has `time` well inside. */
export function reveal(view: Viewport, time: number): Viewport {
  const x = timeToX(view, time);
  const margin = Math.min(80, view.width / 4);
  if (x >= margin && x <= view.width - margin) return view;
  return { ...view, from: time - view.span / 2 };
}
