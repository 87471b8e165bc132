import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byteAt,
  difference,
  mapLength,
  pixelRuns,
  reachOf,
  snapStep,
  writersOf,
} from '../../../renderer/coverage/lanes.ts';
import { Coverage, type Ranges } from '../../../shared/model/coverage.ts';
import { Layer } from '../../../shared/model/events.ts';

/** What each column is, as a letter: full, partial or empty. */
function columnsOf(ranges: Ranges, length: number, columns: number): string {
  const row = Array.from({ length: columns }, () => '.');
  for (const run of pixelRuns(ranges, length, columns)) row.fill(run.full ? 'F' : 'p', run.from, run.to);
  return row.join('');
}

describe('pixel runs', () => {
  it.each<[string, Ranges, number, string]>([
    ['everything', [[0, 100]], 100, 'FFFFFFFFFF'],
    ['nothing', [], 100, '..........'],
    ['a half', [[0, 50]], 100, 'FFFFF.....'],
    ['a range with ragged ends', [[5, 55]], 100, 'pFFFFp....'],
    [
      'a lost byte',
      [
        [0, 42],
        [43, 100],
      ],
      100,
      'FFFFpFFFFF',
    ],
    ['a lone byte', [[42, 43]], 100, '....p.....'],
    ['a lone range over a border', [[38, 42]], 100, '...pp.....'],
    [
      'two lone bytes in one column',
      [
        [41, 42],
        [44, 45],
      ],
      100,
      '....p.....',
    ],
    ['fewer bytes than pixels', [[1, 2]], 2, '.....FFFFF'],
    ['bytes beyond the length', [[50, 500]], 100, '.....FFFFF'],
    ['a representation without bytes', [[0, 0]], 0, '..........'],
  ])('show %s', (_, ranges, length, columns) => {
    expect(columnsOf(ranges, length, 10)).toBe(columns);
  });

  it('show one lost byte in a gigabyte', () => {
    const runs = pixelRuns(
      [
        [0, 777_777_777],
        [777_777_778, 1e9],
      ],
      1e9,
      400,
    );
    expect(runs.filter((run) => !run.full)).toEqual([{ from: 311, to: 312, full: false }]);
    expect(runs).toHaveLength(3);
  });

  it('are apart, in order, and full only where every byte of the column is there', () => {
    const ranges = fc
      .uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 0, maxLength: 40 })
      .map((edges) => {
        const sorted = edges.sort((one, other) => one - other);
        const found: [number, number][] = [];
        for (let at = 0; at + 1 < sorted.length; at += 2) found.push([sorted[at]!, sorted[at + 1]!]);
        return found;
      });
    fc.assert(
      fc.property(ranges, fc.integer({ min: 1, max: 300 }), (covered, columns) => {
        const bytes = Array.from({ length: 1000 }, (_, byte) =>
          covered.some(([first, end]) => byte >= first && byte < end),
        );
        const row = columnsOf(covered, 1000, columns);
        let before = 0;
        for (const run of pixelRuns(covered, 1000, columns)) {
          expect(run.from).toBeGreaterThanOrEqual(before);
          expect(run.to).toBeGreaterThan(run.from);
          before = run.to;
        }
        for (let column = 0; column < columns; column++) {
          const first = Math.floor((column / columns) * 1000 + 1e-9);
          const end = Math.ceil(((column + 1) / columns) * 1000 - 1e-9);
          const inside = bytes.slice(first, end);
          if (row[column] === 'F') expect(inside.every(Boolean)).toBe(true);
          if (row[column] === '.') expect(inside.every((byte) => !byte)).toBe(true);
        }
      }),
    );
  });
});

describe('look-ups in a coverage', () => {
  const coverage = new Coverage();
  coverage.setLength(1000, 0);
  coverage.add(Layer.sent, 0, 10, 0, 300);
  coverage.add(Layer.sent, 2, 20, 250, 600);
  coverage.add(Layer.received, 0, 15, 0, 250);

  it('name the exchanges that wrote a byte, as of a time', () => {
    expect(writersOf(coverage, Layer.sent, Infinity, 100)).toEqual([0]);
    expect(writersOf(coverage, Layer.sent, Infinity, 270)).toEqual([0, 2]);
    expect(writersOf(coverage, Layer.sent, 15, 270)).toEqual([0]);
    expect(writersOf(coverage, Layer.received, Infinity, 270)).toEqual([]);
  });

  it('tell how far an exchange had come', () => {
    expect(reachOf(coverage, Layer.sent, 2, Infinity)).toBe(600);
    expect(reachOf(coverage, Layer.sent, 2, 5)).toBe(250);
    expect(reachOf(coverage, Layer.sent, 9, Infinity)).toBeNaN();
  });

  it('count bytes that one layer has and another has not', () => {
    expect(difference([[0, 600]], [[0, 250]])).toBe(350);
    expect(
      difference(
        [
          [0, 10],
          [20, 30],
        ],
        [[5, 25]],
      ),
    ).toBe(10);
    expect(difference([], [[0, 5]])).toBe(0);
    expect(difference([[3, 4]], [])).toBe(1);
  });

  it('measure a map by its length, or by what was covered while that is unknown', () => {
    expect(mapLength(coverage, Infinity)).toBe(1000);
    expect(mapLength(coverage, -1)).toBe(0);
    const open = new Coverage();
    open.add(Layer.sent, 0, 1, 0, 77);
    expect(mapLength(open, Infinity)).toBe(77);
  });
});

describe('scissors on the axis', () => {
  it.each([
    [1_000_000, 370, 2000],
    [100, 370, 1],
    [2 ** 30, 400, 2_000_000],
  ])('stop at round bytes of %d on %d pixels: every %d', (length, columns, step) => {
    expect(snapStep(length, columns)).toBe(step);
  });

  it('reach both ends and never leave them', () => {
    expect(byteAt(-50, 1000, 100)).toBe(0);
    expect(byteAt(0, 999_999, 100)).toBe(0);
    expect(byteAt(100, 999_999, 100)).toBe(999_999);
    expect(byteAt(75, 1_000_000, 100)).toBe(750_000);
  });
});
