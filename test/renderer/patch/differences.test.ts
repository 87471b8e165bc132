import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cells, MISSING } from '../../../renderer/patch/cells.ts';
import { CLOSER, findDifferences, isSame } from '../../../renderer/patch/differences.ts';
import { cells } from './cells.ts';

const find = (before: string, after: string, closer = CLOSER) => {
  const { ranges, changed, truncateTo } = findDifferences(cells(before), cells(after), closer);
  return { ranges: ranges.map(({ first, end }) => `${first}-${end - 1}`), changed, truncateTo };
};

describe('differences', () => {
  it.each<[string, string, string, string[], number, number | null]>([
    ['nothing', 'abcdef', 'abcdef', [], 0, null],
    ['one byte', 'abcdef', 'abXdef', ['2-2'], 1, null],
    ['bytes side by side', 'abcdef', 'abXYef', ['2-3'], 2, null],
    ['all', 'abc', 'XYZ', ['0-2'], 3, null],
    ['appended bytes', 'abc', 'abcde', ['3-4'], 2, null],
    ['appended to a changed end', 'abc', 'abXde', ['2-4'], 3, null],
    ['a new resource', '', 'abc', ['0-2'], 3, null],
    ['the end cut off', 'abcdef', 'abc', [], 0, 3],
    ['the end cut off, and a byte', 'abcdef', 'Xbc', ['0-0'], 1, 3],
    ['everything cut off', 'abc', '', [], 0, 0],
    ['nine bytes apart', 'a12345678b', 'X12345678Y', ['0-9'], 2, null],
    ['ten bytes apart', 'a123456789b', 'X123456789Y', ['0-0', '10-10'], 2, null],
    ['missing bytes stay missing', 'ab··ef', 'ab··ef', [], 0, null],
    ['a missing byte that was typed', 'ab··ef', 'abX·ef', ['2-2'], 1, null],
    ['no range spans a missing byte', 'ab·def', 'aX·Yef', ['1-1', '3-3'], 2, null],
    ['bytes that became missing are not sent', 'abc', 'a·c', [], 0, null],
  ])('%s', (_what, before, after, ranges, changed, truncateTo) => {
    expect(find(before, after)).toEqual({ ranges, changed, truncateTo });
  });

  it('are joined as near as their user says', () => {
    expect(find('abcd', 'XbYd', 1).ranges).toEqual(['0-0', '2-2']);
    expect(find('abcd', 'XbYd', 2).ranges).toEqual(['0-0', '2-2']);
    expect(find('abcd', 'XbYd', 3).ranges).toEqual(['0-2']);
    expect(find('abcd', 'XYcd', 1).ranges).toEqual(['0-1']);
  });

  it('are the same only when nothing differs, the length included', () => {
    expect(isSame(findDifferences(cells('ab'), cells('ab'), 10))).toBe(true);
    expect(isSame(findDifferences(cells('ab'), cells('a'), 10))).toBe(false);
  });

  it('turn one state into the other, never overlap, and begin and end with a byte that differs', () => {
    const state = fc
      .array(fc.integer({ min: MISSING, max: 2 }), { maxLength: 60 })
      .map((list): Cells => Int16Array.from(list));
    fc.assert(
      fc.property(state, state, fc.integer({ min: 1, max: 12 }), (before, after, closer) => {
        const { ranges, changed, truncateTo } = findDifferences(before, after, closer);
        const made = new Int16Array(Math.max(before.length, after.length)).fill(MISSING);
        made.set(before);
        let end = 0;
        for (const range of ranges) {
          expect(range.first).toBeGreaterThanOrEqual(end);
          end = range.end;
          made.set(after.subarray(range.first, range.end), range.first);
          for (const at of [range.first, range.end - 1])
            expect(at >= before.length || before[at] !== after[at]).toBe(true);
          expect(after.subarray(range.first, range.end).includes(MISSING)).toBe(false);
        }
        const now = made.subarray(0, truncateTo ?? made.length);
        after.forEach((cell, at) => {
          if (cell !== MISSING) expect(now[at]).toBe(cell);
        });
        expect(now).toHaveLength(after.length);
        const differing = after.filter(
          (cell, at) => cell !== MISSING && (at >= before.length || cell !== before[at]),
        );
        expect(changed).toBe(differing.length);
      }),
    );
  });
});
