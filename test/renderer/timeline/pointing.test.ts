import { beforeEach, describe, expect, it } from 'vitest';
import { GUTTER_WIDTH, RULER_HEIGHT } from '../../../renderer/timeline/layout.ts';
import { type Point, type Pointable, Pointing } from '../../../renderer/timeline/pointing.ts';

/** A view that writes down what is asked of it; everything right of 900 is its minimap. */
function paper(): { view: Pointable; asked: string[] } {
  const asked: string[] = [];
  const view: Pointable = {
    inMinimap: (x) => x > 900,
    at: () => ({ kind: 'nothing' }),
    click: (_found, x, alt) => void asked.push(`click ${x}${alt ? ' alt' : ''}`),
    point: (point) => {
      if (point !== null) asked.push(`point ${point.x}`);
    },
    pan: (dx, dy) => void asked.push(`pan ${dx} ${dy}`),
    moveTo: (x) => void asked.push(`window to ${x}`),
    band: (band) => void asked.push(band === null ? 'no band' : `band ${band.from} ${band.to}`),
    zoomToBand: () => void asked.push('zoom'),
  };
  return { view, asked };
}

const PLOT = RULER_HEIGHT + 50;
const at = (x: number, y: number, held: 'alt' | 'shift' | '' = ''): Point => ({
  x,
  y,
  alt: held === 'alt',
  shift: held === 'shift',
});

describe('the pointer on the timeline', () => {
  let pointing: Pointing;
  let view: Pointable;
  let asked: string[];
  beforeEach(() => {
    pointing = new Pointing();
    ({ view, asked } = paper());
  });

  it.each<[string, Point, Point, string[]]>([
    ['on the rows pans', at(300, PLOT), at(340, PLOT + 10), ['pan -40 -10', 'point 340']],
    [
      'on the time axis zooms to what it spans',
      at(300, 5),
      at(400, PLOT),
      ['band 300 400', 'zoom', 'point 400'],
    ],
    [
      'with Shift does so anywhere',
      at(300, PLOT, 'shift'),
      at(250, 5),
      ['band 300 250', 'zoom', 'point 250'],
    ],
    ['with Alt pans, on the axis too', at(300, 5, 'alt'), at(310, 5, 'alt'), ['pan -10 0', 'point 310']],
    ['beside the axis pans', at(GUTTER_WIDTH - 1, 5, 'shift'), at(300, 5), ['pan -105 0', 'point 300']],
    [
      'on the minimap moves its window',
      at(950, PLOT),
      at(960, PLOT),
      ['window to 950', 'window to 960', 'point 960'],
    ],
    ['of a few pixels is a click', at(300, 5, 'shift'), at(303, 6, 'shift'), ['click 303', 'point 303']],
  ])('a drag %s', (_name, from, to, wanted) => {
    pointing.press(view, from);
    pointing.move(view, to);
    pointing.release(view, to);
    expect(asked).toEqual(wanted);
    expect(pointing.down).toBe(false);
  });

  it('takes back a band that is drawn back to where it began', () => {
    pointing.press(view, at(300, 5));
    pointing.move(view, at(400, 5));
    pointing.move(view, at(301, 5));
    pointing.release(view, at(301, 5));
    expect(asked).toEqual(['band 300 400', 'band 300 301', 'no band', 'point 301']);
  });

  it('takes a band back when it is told to, and does nothing more when it comes up', () => {
    pointing.press(view, at(300, 5));
    pointing.move(view, at(400, 5));
    expect(pointing.dragging).toBe('band');
    expect(pointing.cancel(view)).toBe(true);
    pointing.release(view, at(500, 5));
    expect(asked).toEqual(['band 300 400', 'no band', 'point 500']);
    expect(pointing.cancel(view)).toBe(false);
  });
});
