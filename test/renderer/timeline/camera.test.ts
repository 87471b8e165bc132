import { describe, expect, it } from 'vitest';
import { Camera, type Subject } from '../../../renderer/timeline/camera.ts';
import { timeToX } from '../../../renderer/timeline/viewport.ts';

/** A session whose present is at `now`, running unless `rest` says otherwise. */
function session(now: number, rest: Partial<Subject> = {}): Subject {
  return { extent: { first: 0, last: now }, now, live: true, moving: true, newest: 0, ...rest };
}

function camera(): { camera: Camera; heard: boolean[] } {
  const heard: boolean[] = [];
  const made = new Camera((following) => heard.push(following));
  made.resize(800);
  return { camera: made, heard };
}

describe('the camera', () => {
  it('keeps a running session in view, in few steps', () => {
    const { camera: it } = camera();
    const spans = new Set<number>();
    for (let now = 0; now < 5e9; now += 16e6) {
      it.advance(session(now));
      spans.add(it.viewport.span);
      expect(timeToX(it.viewport, 0)).toBeGreaterThanOrEqual(0);
      expect(timeToX(it.viewport, now)).toBeLessThan(800);
    }
    expect(spans.size).toBeLessThan(12);
  });

  it('shows a session that has come to rest as tightly as it fits', () => {
    const { camera: it } = camera();
    it.advance(session(4e9));
    it.advance(session(4e9, { moving: false }));
    expect(timeToX(it.viewport, 4e9)).toBeGreaterThan(650);
  });

  it('shows a long live session from its newest operation on, until all is asked for', () => {
    const { camera: it } = camera();
    const long = session(100e9, { newest: 96e9, moving: false });
    it.advance(long);
    expect(timeToX(it.viewport, 96e9)).toBeCloseTo(16, 0);
    it.mode = 'fit';
    it.advance(long);
    expect(timeToX(it.viewport, 0)).toBeCloseTo(16, 0);
    it.mode = 'recent';
    it.advance({ ...long, live: false });
    expect(timeToX(it.viewport, 0)).toBeCloseTo(16, 0);
  });

  it('shows a session that was silent at first from its first event on, short as it is', () => {
    const { camera: it } = camera();
    const late = session(63e9, { extent: { first: 60e9, last: 63e9 }, newest: 62e9 });
    for (const mode of ['recent', 'fit'] as const) {
      it.mode = mode;
      it.advance(late);
      expect(timeToX(it.viewport, 60e9)).toBeCloseTo(16, 0);
      expect(timeToX(it.viewport, 63e9)).toBeGreaterThan(650);
    }
  });

  it('fits a running session when asked to, also from far out', () => {
    const { camera: it } = camera();
    it.advance(session(2e9));
    it.zoom(1 / 3, 400, session(2e9, { live: false }));
    it.mode = 'fit';
    it.advance(session(2e9));
    expect(timeToX(it.viewport, 2e9)).toBeGreaterThan(650);
  });

  it('stops moving on when it is panned, and says so once', () => {
    const { camera: it, heard } = camera();
    it.advance(session(2e9));
    it.pan(-10, session(2e9).extent);
    it.pan(-10, session(2e9).extent);
    const { viewport } = it;
    it.advance(session(20e9));
    expect(it.viewport).toBe(viewport);
    expect(heard).toEqual([false]);
    it.mode = 'follow';
    expect(heard).toEqual([false, true]);
  });

  it('keeps the present where it is while zooming a live session, and follows it at that zoom', () => {
    const { camera: it, heard } = camera();
    it.advance(session(2e9));
    const { span } = it.viewport;
    it.zoom(4, 0, session(2e9));
    expect(it.viewport.span).toBeCloseTo(span / 4, 0);
    it.advance(session(3e9));
    expect(it.viewport.span).toBeCloseTo(span / 4, 0);
    expect(timeToX(it.viewport, 3e9)).toBeGreaterThan(600);
    expect(heard).toEqual([]);
  });

  it('reveals what is out of sight and leaves be what is in sight', () => {
    const { camera: it } = camera();
    it.advance(session(10e9, { live: false, moving: false }));
    const { viewport } = it;
    it.reveal(5e9, { first: 0, last: 10e9 });
    expect(it.viewport).toBe(viewport);
    it.enlarge({ first: 1e9, last: 1.1e9 }, { first: 0, last: 10e9 });
    it.reveal(9e9, { first: 0, last: 10e9 });
    expect(timeToX(it.viewport, 9e9)).toBeCloseTo(400, 0);
  });

  it('forgets the place in a session when another takes its place', () => {
    const { camera: it, heard } = camera();
    it.pan(100, { first: 0, last: 1e9 });
    it.restart();
    expect(it.following).toBe(true);
    expect(heard).toEqual([false, true]);
  });

  it('shows exactly the stretch that is asked for, and stays there', () => {
    const { camera: it, heard } = camera();
    it.advance(session(4e9));
    it.show({ first: 1e9, last: 2e9 }, { first: 0, last: 4e9 });
    expect(it.viewport).toEqual({ from: 1e9, span: 1e9, width: 800 });
    it.advance(session(8e9));
    expect(it.viewport.from).toBe(1e9);
    expect(heard).toEqual([false]);
    it.show({ first: 1e9, last: 1e9 }, { first: 0, last: 4e9 });
    expect(it.viewport.span).toBe(1000);
  });
});
