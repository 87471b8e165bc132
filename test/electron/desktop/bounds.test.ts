import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINIMUM, placeWindow, readWindowState } from '../../../electron/desktop/bounds.ts';

const display = { x: 0, y: 0, width: 1920, height: 1040 };
const second = { x: 1920, y: -200, width: 2560, height: 1400 };

describe('a window’s place', () => {
  it('is the usual size in the middle of the first display, the first time', () => {
    expect(placeWindow(null, [display, second])).toEqual({ x: 240, y: 70, width: 1440, height: 900 });
  });

  it('is where it was, on any display', () => {
    const there = { x: 2000, y: -100, width: 1500, height: 1000 };
    expect(placeWindow(there, [display, second])).toEqual(there);
  });

  it.each([
    ['a display that is gone', { x: 2000, y: 100, width: 1500, height: 1000 }],
    ['above every display', { x: 100, y: -900, width: 1500, height: 1000 }],
    ['below every display', { x: 100, y: 1035, width: 1500, height: 1000 }],
    ['all but a corner outside', { x: 1900, y: 100, width: 1500, height: 1000 }],
  ])('is the usual one again when it was on %s', (_what, there) => {
    expect(placeWindow(there, [display])).toEqual({ x: 240, y: 70, width: 1440, height: 900 });
  });

  it('is never smaller than every panel needs', () => {
    expect(placeWindow({ x: 10, y: 10, width: 200, height: 100 }, [display])).toEqual({
      x: 10,
      y: 10,
      ...MINIMUM,
    });
    expect(placeWindow(null, [{ x: 0, y: 0, width: 800, height: 600 }])).toEqual({ x: 0, y: 0, ...MINIMUM });
    expect(placeWindow(null, [])).toMatchObject({ width: 1440, height: 900 });
  });

  it('can always be reached, whatever was remembered', () => {
    const any = fc.record({
      x: fc.integer({ min: -100_000, max: 100_000 }),
      y: fc.integer({ min: -100_000, max: 100_000 }),
      width: fc.integer({ min: 0, max: 100_000 }),
      height: fc.integer({ min: 0, max: 100_000 }),
    });
    fc.assert(
      fc.property(any, (there) => {
        const { x, y, width } = placeWindow(there, [display, second]);
        return [display, second].some(
          (area) =>
            x < area.x + area.width && x + width > area.x && y >= area.y - 32 && y < area.y + area.height,
        );
      }),
    );
  });
});

describe('a remembered window', () => {
  it('comes back as it was written', () => {
    const state = { bounds: { x: -5, y: 6, width: 1100, height: 800 }, maximized: true };
    expect(readWindowState(JSON.stringify(state))).toEqual(state);
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"bounds":{},"maximized":false}',
    '{"bounds":{"x":0,"y":0,"width":"1000","height":800},"maximized":false}',
    '{"bounds":{"x":0,"y":0,"width":1e9,"height":800},"maximized":false}',
    '{"bounds":{"x":0.5,"y":0,"width":1000,"height":800},"maximized":false}',
    '{"bounds":{"x":0,"y":0,"width":1000,"height":800},"maximized":"no"}',
  ])('is forgotten when its file says %j', (text) => {
    expect(readWindowState(text)).toBeNull();
  });
});
