import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bounded,
  fit,
  followed,
  grown,
  panBy,
  reveal,
  timeToX,
  xToTime,
  zoomAbout,
} from '../../../renderer/timeline/viewport.ts';

const extent = { first: 0, last: 5e9 };
const view = fit(extent, 800);

describe('viewport', () => {
  it('turns a time into an x and back', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 5e9, noNaN: true }), (time) => {
        expect(xToTime(view, timeToX(view, time))).toBeCloseTo(time, 2);
      }),
    );
  });

  it('fits the whole session with room for the labels at its end', () => {
    expect(timeToX(view, extent.first)).toBeGreaterThan(0);
    expect(timeToX(view, extent.last)).toBeLessThan(800 - 80);
  });

  it('keeps the time under the pointer where it is while zooming, unless a bound is reached', () => {
    for (const x of [0, 200, 799]) {
      const zoomed = zoomAbout(view, 2, x, extent);
      expect(xToTime(zoomed, x)).toBeCloseTo(xToTime(view, x), 2);
      expect(zoomed.span).toBeCloseTo(view.span / 2, 2);
    }
  });

  it('never zooms in below a microsecond nor out beyond four sessions', () => {
    let closest = view;
    let widest = view;
    for (let times = 0; times < 100; times++) {
      closest = zoomAbout(closest, 3, 400, extent);
      widest = zoomAbout(widest, 1 / 3, 400, extent);
    }
    expect(closest.span).toBe(1000);
    expect(widest.span).toBe(extent.last * 4);
  });

  it('never loses the session, however far it is panned and zoomed', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.constantFrom('pan', 'zoom'), fc.double({ min: -5000, max: 5000, noNaN: true })),
          { maxLength: 30 },
        ),
        (moves) => {
          let moved = view;
          for (const [how, amount] of moves)
            moved =
              how === 'pan'
                ? panBy(moved, amount, extent)
                : zoomAbout(moved, Math.exp(amount / 1000), Math.abs(amount) % 800, extent);
          expect(timeToX(moved, extent.last)).toBeGreaterThanOrEqual(79.9);
          expect(timeToX(moved, extent.first)).toBeLessThanOrEqual(720.1);
        },
      ),
    );
  });

  it('bounds a session without any length', () => {
    const empty = bounded({ from: 0, span: 0, width: 800 }, { first: 0, last: 0 });
    expect(empty.span).toBeGreaterThan(0);
    expect(Number.isFinite(timeToX(empty, 0))).toBe(true);
  });

  it('holds the newest moment near the right edge while following', () => {
    const x = timeToX(followed(view, 9e9), 9e9);
    expect(x).toBeGreaterThan(600);
    expect(x).toBeLessThan(800);
  });

  it('grows a fitted view only when the newest moment comes near its right edge', () => {
    expect(grown(view, { first: 0, last: 5.1e9 })).toBe(view);
    const wider = grown(view, { first: 0, last: 6e9 });
    expect(timeToX(wider, 6e9)).toBeLessThan(600);
    expect(grown(wider, { first: 0, last: 6.5e9 })).toBe(wider);
  });

  it('reveals a time by moving, not by zooming, and only when it is out of sight', () => {
    expect(reveal(view, 2e9)).toBe(view);
    const near = zoomAbout(view, 20, 400, extent);
    const moved = reveal(near, 0.1e9);
    expect(moved.span).toBe(near.span);
    expect(timeToX(moved, 0.1e9)).toBeCloseTo(400, 0);
  });
});
