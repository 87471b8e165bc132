import { describe, expect, it } from 'vitest';
import {
  AT_START,
  type Caret,
  dragged,
  type Move,
  moved,
  placed,
  selectionOf,
} from '../../../renderer/patch/caret.ts';

const at = (position: number, over: Partial<Caret> = {}): Caret => ({
  ...AT_START,
  at: position,
  anchor: position,
  ...over,
});

describe('the caret', () => {
  it.each<[Move, number, number]>([
    ['left', 20, 19],
    ['left', 0, 0],
    ['right', 20, 21],
    ['right', 100, 100],
    ['up', 20, 4],
    ['up', 5, 5],
    ['down', 20, 36],
    ['down', 90, 100],
    ['row-start', 20, 16],
    ['row-end', 20, 31],
    ['row-end', 98, 100],
    ['page-up', 70, 6],
    ['page-up', 20, 4],
    ['page-down', 20, 84],
    ['start', 20, 0],
    ['end', 20, 100],
  ])('goes %s from %d to %d of 100 bytes', (move, from, to) => {
    const caret = moved(at(from), move, 100, 4, false);
    expect([caret.at, caret.anchor]).toEqual([to, to]);
  });

  it('stays on a byte of which half was typed when it goes left, and leaves it when it goes right', () => {
    expect(moved(at(3, { half: 1 }), 'left', 9, 1, false)).toEqual(at(3));
    expect(moved(at(3, { half: 1 }), 'right', 9, 1, false)).toEqual(at(4));
  });

  it('selects with Shift, in both directions', () => {
    const there = moved(moved(at(3), 'right', 9, 1, true), 'right', 9, 1, true);
    expect(selectionOf(there)).toEqual([3, 5]);
    expect(selectionOf(moved(at(3), 'left', 9, 1, true))).toEqual([2, 3]);
    expect(selectionOf(at(3))).toBeNull();
  });

  it('lets go of a selection at the end that an arrow points to', () => {
    const selected = at(7, { anchor: 3 });
    expect(moved(selected, 'left', 9, 1, false)).toEqual(at(3));
    expect(moved(selected, 'right', 9, 1, false)).toEqual(at(7));
  });

  it.each<[number, number, readonly [number, number]]>([
    [2, 5, [2, 6]],
    [5, 2, [2, 6]],
    [5, 5, [5, 6]],
    [8, 9, [8, 9]],
  ])('a pointer from byte %d to byte %d of 9 selects both and what is between', (from, to, range) => {
    expect(selectionOf(dragged(at(0), from, to, 9))).toEqual(range);
  });

  it('is never beyond the end', () => {
    expect(placed(at(0), 99, 9).at).toBe(9);
    expect(placed(at(0), -1, 9).at).toBe(0);
  });
});
