import { describe, expect, it } from 'vitest';
import { Strips } from '../../../renderer/timeline/lod.ts';
import { RowColumns, RowIndex, RowsIndex } from '../../../renderer/timeline/rows.ts';
import { BarKind } from '../../../shared/model/model.ts';
import { bigModel } from '../story-fixture.ts';

const COLOURS = { requestSent: [0, 0, 200], requestReceived: [0, 200, 0], response: [200, 0, 0] } as const;

/** A row with bars of one kind: from, to in nanoseconds, which are pixels here. */
function row(kind: BarKind, bars: readonly (readonly [number, number])[]): RowIndex {
  const made = new RowIndex(0, 1, new RowColumns(), bars.length, 0);
  bars.forEach(([from, to], bar) => {
    const place = made.push(bar, kind, from);
    made.columns.from[made.base + place] = from;
    made.columns.to[made.base + place] = to;
    made.reach.values[place >> 6] = Math.max(made.reach.values[place >> 6]!, to);
  });
  return made;
}

function alphas(strips: Strips, line: number): number[] {
  return Array.from({ length: strips.width }, (_, x) => strips.pixels[(line * strips.width + x) * 4 + 3]!);
}

const view = { from: 0, pixelsPerNs: 1, until: Infinity, takes: null };

describe('strips', () => {
  it('cover a column by as much as its bars do', () => {
    const strips = new Strips();
    strips.begin(6, 1);
    strips.row(0, row(BarKind.requestSent, [[1.5, 4]]), view, COLOURS);
    expect(alphas(strips, 0)).toEqual([0, 128, 255, 255, 0, 0]);
    expect(alphas(strips, 1)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('show a bar of no length as a pixel', () => {
    const strips = new Strips();
    strips.begin(4, 1);
    strips.row(0, row(BarKind.requestReceived, [[2, 2]]), view, COLOURS);
    expect(alphas(strips, 1)).toEqual([0, 0, 255, 0]);
  });

  it('add up neighbours and never more than a whole pixel', () => {
    const strips = new Strips();
    strips.begin(3, 1);
    const bars = Array.from({ length: 500 }, (_, at) => [1 + at / 1000, 1 + at / 1000] as const);
    strips.row(0, row(BarKind.requestSent, bars), view, COLOURS);
    expect(alphas(strips, 0)).toEqual([0, 255, 255]);
  });

  it('mix the colours of what shares a column', () => {
    const strips = new Strips();
    strips.begin(1, 1);
    const both = row(BarKind.requestSent, [[0, 1]]);
    both.push(1, BarKind.responseReceived, 0);
    both.columns.from[both.base + 1] = 0;
    both.columns.to[both.base + 1] = 1;
    strips.row(0, both, view, COLOURS);
    expect([...strips.pixels.subarray(0, 4)]).toEqual([100, 0, 100, 255]);
  });

  it('leave out what has no final head yet and what lies after the playhead', () => {
    const strips = new Strips();
    strips.begin(8, 1);
    const waiting = row(BarKind.responseReceived, [[0, 7]]);
    waiting.columns.from[waiting.base] = NaN;
    strips.row(0, waiting, view, COLOURS);
    expect(alphas(strips, 0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    strips.row(0, row(BarKind.requestSent, [[1, 7]]), { ...view, until: 3 }, COLOURS);
    expect(alphas(strips, 0)).toEqual([0, 255, 255, 0, 0, 0, 0, 0]);
  });

  it('stay inside their line whatever is in view', () => {
    const model = bigModel(4000, 2);
    const index = new RowsIndex();
    index.update(model);
    for (const [from, span] of [
      [0, model.endTime],
      [model.endTime / 3, model.endTime / 100],
      [-model.endTime, model.endTime * 4],
      [model.endTime * 2, 10],
    ] as const) {
      const strips = new Strips();
      strips.begin(50, 2);
      strips.row(1, index.rows[0]!, { from, pixelsPerNs: 50 / span, until: Infinity, takes: null }, COLOURS);
      expect(alphas(strips, 0).every((alpha) => alpha === 0)).toBe(true);
      expect(alphas(strips, 1).every((alpha) => alpha === 0)).toBe(true);
    }
  });
});
