// Which part of the session is in view, and by which rule it moves on while the session grows. Pure state: it is told
// the extent and the present, and never looks at a clock, a model or a canvas itself.

import {
  type Extent,
  type Viewport,
  bounded,
  fit,
  followed,
  grown,
  panBy,
  reveal,
  timeToX,
  xToTime,
  zoomAbout,
} from './viewport.ts';

/**
 * `recent`: the newest operation of a long live session, all of a short one; `fit`: all there is; `follow`: the newest
 * moment, at the zoom that was chosen; `free`: the view stays where it was put.
 */
export type CameraMode = 'recent' | 'fit' | 'follow' | 'free';

/** What a session is like at the moment, for the camera. */
export interface Subject {
  readonly extent: Extent;
  /** The present, in nanoseconds. */
  readonly now: number;
  readonly live: boolean;
  /** The present moves on by itself. */
  readonly moving: boolean;
  /** When the newest operation began. */
  readonly newest: number;
}

/** The least that is shown, in nanoseconds. */
const SHORTEST = 1000;
/** A live session begins with this much time in view, in nanoseconds. */
const AT_FIRST = 200e6;
/** A live session longer than this is shown from its newest operation on. */
const LONG = 30e9;

export class Camera {
  viewport: Viewport = { from: 0, span: AT_FIRST, width: 1 };
  #mode: CameraMode = 'recent';
  /** The mode was chosen just now: a view that would do as it is is fitted all the same. */
  #asked = false;
  readonly #changed: (following: boolean) => void;

  /** `changed` hears when the view begins or ceases to move on with the session. */
  constructor(changed: (following: boolean) => void) {
    this.#changed = changed;
  }

  get following(): boolean {
    return this.#mode !== 'free';
  }

  set mode(mode: CameraMode) {
    const before = this.following;
    this.#mode = mode;
    this.#asked = true;
    if (before !== this.following) this.#changed(this.following);
  }

  /** Another session begins. */
  restart(): void {
    this.viewport = { from: 0, span: AT_FIRST, width: this.viewport.width };
    this.mode = 'recent';
  }

  resize(width: number): void {
    this.viewport = { ...this.viewport, width: Math.max(1, width) };
  }

  /** The session has grown, or its present has moved: the view moves on by its rule. */
  advance(subject: Subject): void {
    switch (this.#mode) {
      case 'free':
        return;
      case 'follow':
        this.viewport = followed(this.viewport, subject.now);
        return;
      case 'fit':
        this.#fit(subject, subject.extent.first);
        return;
      case 'recent':
        this.#fit(
          subject,
          subject.live && subject.extent.last - subject.extent.first > LONG
            ? subject.newest
            : subject.extent.first,
        );
    }
  }

  /** `factor` 2 shows half the time; `x` stays where it is, or the present while the view follows a live session. */
  zoom(factor: number, x: number, subject: Subject): void {
    const following = this.following && subject.live;
    const about = following ? timeToX(this.viewport, subject.now) : x;
    this.viewport = zoomAbout(this.viewport, factor, about, subject.extent);
    this.mode = following ? 'follow' : 'free';
  }

  pan(dx: number, extent: Extent): void {
    this.viewport = panBy(this.viewport, dx, extent);
    this.mode = 'free';
  }

  /** The same zoom around a time. */
  centre(time: number, extent: Extent): void {
    this.viewport = bounded({ ...this.viewport, from: time - this.viewport.span / 2 }, extent);
    this.mode = 'free';
  }

  /** A stretch of time as wide as it fits. */
  enlarge(stretch: Extent, extent: Extent): void {
    this.viewport = bounded(fit(stretch, this.viewport.width), extent);
    this.mode = 'free';
  }

  /** Exactly a stretch of time. */
  show({ first, last }: Extent, extent: Extent): void {
    const { width } = this.viewport;
    this.viewport = bounded({ from: first, span: Math.max(last - first, SHORTEST), width }, extent);
    this.mode = 'free';
  }

  /** Brings a time into view without zooming; stays where it is when the time is in view. */
  reveal(time: number, extent: Extent): void {
    const { viewport } = this;
    if (xToTime(viewport, 0) <= time && time <= xToTime(viewport, viewport.width)) return;
    this.viewport = bounded(reveal(viewport, time), extent);
    this.mode = 'free';
  }

  #fit(subject: Subject, first: number): void {
    const { width } = this.viewport;
    if (!subject.live) {
      this.viewport = fit({ first, last: subject.extent.last }, width);
      return;
    }
    const wanted = { first, last: Math.max(subject.extent.last, first + AT_FIRST / 2) };
    // A session that rests is shown as tightly as it fits; one that runs grows in steps.
    this.viewport = subject.moving && !this.#asked ? grown(this.viewport, wanted) : fit(wanted, width);
    this.#asked = false;
  }
}
