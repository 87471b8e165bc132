import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST } from '../../../renderer/patch/cells.ts';
import { begun, edited, type History, redone, undone } from '../../../renderer/patch/history.ts';
import { cells, shown } from './cells.ts';

const edit = (history: History, at: number, removed: number, text: string, joins = false): History =>
  edited(history, { at, removed, inserted: cells(text), joins });

describe('edits that can be taken back', () => {
  it('are taken back one by one, and done again', () => {
    const typed = edit(edit(begun(cells('abcdef')), 1, 1, 'B'), 6, 0, 'gh');
    expect(shown(typed.cells)).toBe('aBcdefgh');
    const back = undone(typed)!;
    expect([shown(back.history.cells), back.at]).toEqual(['aBcdef', 6]);
    expect(shown(undone(back.history)!.history.cells)).toBe('abcdef');
    expect(shown(redone(back.history)!.history.cells)).toBe('aBcdefgh');
    expect(undone(begun(cells('')))).toBeNull();
    expect(redone(typed)).toBeNull();
  });

  it('cannot be done again after another edit', () => {
    const back = undone(edit(begun(cells('ab')), 0, 1, 'x'))!.history;
    expect(redone(edit(back, 1, 1, 'y'))).toBeNull();
  });

  it('join the two digits of a byte into one step', () => {
    const typed = edit(edit(begun(cells('ab')), 0, 1, 'x'), 0, 1, 'y', true);
    expect(shown(typed.cells)).toBe('yb');
    expect(shown(undone(typed)!.history.cells)).toBe('ab');
    const inserted = edit(edit(begun(cells('ab')), 0, 0, 'x'), 0, 1, 'y', true);
    expect(shown(undone(inserted)!.history.cells)).toBe('ab');
  });

  it('are bounded in steps and in bytes, and the newest can always be taken back', () => {
    let history = begun(cells('a'));
    for (let i = 0; i < 1_100; i++) history = edit(history, 0, 1, String(i % 10));
    expect(history.past).toHaveLength(1_000);
    let large = begun(new Int16Array(MOST));
    for (let i = 0; i < 12; i++)
      large = edited(large, { at: 0, removed: MOST, inserted: new Int16Array(MOST).fill(i) });
    expect(large.past).toHaveLength(4);
    expect(undone(large)!.history.cells[0]).toBe(10);
  });

  it('come back to the beginning and to the end, whatever they were', () => {
    const splice = fc.tuple(fc.nat(12), fc.nat(4), fc.string({ maxLength: 4, unit: 'binary-ascii' }));
    fc.assert(
      fc.property(fc.array(splice, { maxLength: 20 }), (splices) => {
        const first = begun(cells('0123456789'));
        let history = first;
        for (const [at, removed, text] of splices) {
          const from = Math.min(at, history.cells.length);
          history = edit(history, from, Math.min(removed, history.cells.length - from), text);
        }
        const last = shown(history.cells);
        for (let step = undone(history); step !== null; step = undone(history)) history = step.history;
        expect(shown(history.cells)).toBe(shown(first.cells));
        for (let step = redone(history); step !== null; step = redone(history)) history = step.history;
        expect(shown(history.cells)).toBe(last);
      }),
    );
  });
});
