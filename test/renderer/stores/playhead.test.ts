import { describe, expect, it } from 'vitest';
import { createPlayhead } from '../../../renderer/stores/playhead.ts';

function harness(end = 10e9) {
  let frames: ((now: number) => void)[] = [];
  let endTime = end;
  let now = 1000;
  const playhead = createPlayhead({
    endTime: () => endTime,
    nextFrame: (callback) => frames.push(callback),
  });
  return {
    playhead,
    state: () => playhead.store.getState(),
    waiting: () => frames.length,
    setEnd: (time: number) => (endTime = time),
    /** A frame comes, so many milliseconds after the one before. */
    frame: (after = 16) => {
      now += after;
      const due = frames;
      frames = [];
      for (const callback of due) callback(now);
    },
  };
}

describe('the playhead', () => {
  it('plays from the beginning when it stood at the end', () => {
    const { playhead, state, frame } = harness();
    playhead.play();
    frame();
    frame(100);
    expect(state()).toMatchObject({ playing: true, time: 100e6 });
  });

  it.each([0.1, 1, 100])('moves by the clock at %d times its speed', (speed) => {
    const { playhead, state, frame } = harness(1e12);
    playhead.setSpeed(speed);
    playhead.play();
    frame();
    frame(50);
    frame(50);
    expect(state().time).toBeCloseTo(100e6 * speed, 0);
  });

  it('stops at the end, and shows all there is', () => {
    const { playhead, state, frame, waiting } = harness(50e6);
    playhead.play();
    frame();
    frame(60);
    expect(state()).toMatchObject({ playing: false, time: Infinity });
    expect(waiting()).toBe(0);
  });

  it('pauses where it is, and goes on from there', () => {
    const { playhead, state, frame } = harness();
    playhead.play();
    frame();
    frame(200);
    playhead.pause();
    frame(1000);
    expect(state()).toMatchObject({ playing: false, time: 200e6 });
    playhead.play();
    frame();
    frame(100);
    expect(state().time).toBe(300e6);
  });

  it('freezes what is shown when a live session is paused', () => {
    const { playhead, state, setEnd } = harness(3e9);
    playhead.pause();
    setEnd(5e9);
    expect(state().time).toBe(3e9);
  });

  it('runs one loop only, however often play is pressed', () => {
    const { playhead, state, frame } = harness();
    playhead.play();
    playhead.play();
    frame();
    frame(100);
    expect(state().time).toBe(100e6);
  });

  it.each([
    [-5, 0],
    [4e9, 4e9],
    [10e9, Infinity],
    [11e9, Infinity],
  ])('seeks %d to %d', (wanted, shown) => {
    const { playhead, state } = harness();
    playhead.seek(wanted);
    expect(state().time).toBe(shown);
  });

  it.each([
    [0, 0.1],
    [3, 3],
    [1000, 100],
  ])('takes %d as speed %d', (wanted, speed) => {
    const { playhead, state } = harness();
    playhead.setSpeed(wanted);
    expect(state().speed).toBe(speed);
  });
});
