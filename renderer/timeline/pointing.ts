// What the pointer does on the timeline's canvas: it clicks, pans, moves the window of the minimap, or draws a band of
// time to zoom to. Decides by where and how a drag began; knows the view only by what it asks of it.

import type { Hit } from './hit.ts';
import { GUTTER_WIDTH, RULER_HEIGHT } from './layout.ts';

/** Pixels that a pointer may move between down and up and still click. */
const STILL = 4;

/** CSS pixels from the canvas's corner, and what is held with it. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly alt: boolean;
  readonly shift: boolean;
}

/** What is asked of the view. */
export interface Pointable {
  inMinimap(x: number, y: number): boolean;
  at(x: number, y: number): Hit;
  click(found: Hit, x: number, alt: boolean): void;
  point(point: Point | null): void;
  pan(dx: number, dy: number): void;
  moveTo(x: number): void;
  /** Shows the band from one place to another; null: none. */
  band(band: { readonly from: number; readonly to: number } | null): void;
  zoomToBand(): void;
}

type Gesture = 'minimap' | 'band' | 'pan';

interface Drag {
  readonly gesture: Gesture;
  readonly from: Point;
  /** What was under the pointer when it went down: it may be elsewhere when it comes up. */
  readonly hit: Hit;
  last: Point;
  moved: boolean;
}

export class Pointing {
  #drag: Drag | null = null;

  /** Something is dragged, or about to be. */
  get down(): boolean {
    return this.#drag !== null;
  }

  /** What a drag does that has begun to move; null: there is none. */
  get dragging(): Gesture | null {
    return this.#drag?.moved ? this.#drag.gesture : null;
  }

  press(view: Pointable, from: Point): void {
    const gesture = gestureAt(view, from);
    this.#drag = { gesture, from, last: from, hit: view.at(from.x, from.y), moved: false };
    if (gesture === 'minimap') view.moveTo(from.x);
  }

  move(view: Pointable, point: Point): void {
    const drag = this.#drag;
    if (drag === null) {
      view.point(point);
      return;
    }
    if (drag.gesture === 'minimap') {
      view.moveTo(point.x);
      return;
    }
    if (!drag.moved && Math.hypot(point.x - drag.from.x, point.y - drag.from.y) <= STILL) return;
    drag.moved = true;
    view.point(null);
    if (drag.gesture === 'band') view.band({ from: drag.from.x, to: point.x });
    else view.pan(drag.last.x - point.x, drag.last.y - point.y);
    drag.last = point;
  }

  release(view: Pointable, point: Point): void {
    const drag = this.#drag;
    this.#drag = null;
    if (drag !== null && drag.gesture !== 'minimap' && !drag.moved) view.click(drag.hit, point.x, point.alt);
    if (drag?.gesture === 'band' && drag.moved) {
      // A band that was drawn back to where it began is taken back.
      if (Math.abs(point.x - drag.from.x) > STILL) view.zoomToBand();
      else view.band(null);
    }
    view.point(point);
  }

  /** Takes back what is dragged. False: nothing was. */
  cancel(view: Pointable): boolean {
    const drag = this.#drag;
    this.#drag = null;
    if (drag?.gesture === 'band') view.band(null);
    return drag !== null;
  }
}

/** On the time axis, or with Shift, a drag draws a band; Alt always pans. */
function gestureAt(view: Pointable, { x, y, alt, shift }: Point): Gesture {
  if (view.inMinimap(x, y)) return 'minimap';
  const band = x >= GUTTER_WIDTH && !alt && (shift || y < RULER_HEIGHT);
  return band ? 'band' : 'pan';
}
