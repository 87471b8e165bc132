import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Frames } from '../../../renderer/timeline/frames.ts';

describe('frames', () => {
  let asked: (() => void)[];

  beforeEach(() => {
    asked = [];
    vi.stubGlobal('requestAnimationFrame', (run: () => void) => asked.push(run));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('draw each one who asked once, all in one frame', () => {
    const frames = new Frames();
    const one = vi.fn();
    const other = vi.fn();
    frames.request(one);
    frames.request(other);
    frames.request(one);
    expect(asked).toHaveLength(1);
    asked[0]!();
    expect([one.mock.calls.length, other.mock.calls.length]).toEqual([1, 1]);
    expect(asked).toHaveLength(1);
  });

  it('draw in the next frame who asks while drawing', () => {
    const frames = new Frames();
    let times = 0;
    const again = (): void => {
      times++;
      frames.request(again);
    };
    frames.request(again);
    asked[0]!();
    expect([times, asked.length]).toEqual([1, 2]);
    asked[1]!();
    expect(times).toBe(2);
  });

  it('do not draw who has taken it back', () => {
    const frames = new Frames();
    const gone = vi.fn();
    frames.request(gone);
    frames.cancel(gone);
    asked[0]!();
    expect(gone).not.toHaveBeenCalled();
  });
});
