import { describe, expect, it } from 'vitest';
import { layoutRows } from '../../../renderer/timeline/layout.ts';
import { Strips } from '../../../renderer/timeline/lod.ts';
import { minimapCells } from '../../../renderer/timeline/minimap.ts';
import { RowsIndex } from '../../../renderer/timeline/rows.ts';
import { buildScene } from '../../../renderer/timeline/scene.ts';
import { eventBeside, rowBeside } from '../../../renderer/timeline/selecting.ts';
import { fit } from '../../../renderer/timeline/viewport.ts';
import type { Expression } from '../../../shared/filter/filter.ts';
import { Matcher } from '../../../shared/filter/matcher.ts';
import { parseFilter } from '../../../shared/filter/parse.ts';
import { Kind } from '../../../shared/model/events.ts';
import { storyModel } from '../story-fixture.ts';

/** What the timeline has of the story under a filter. */
function filtered(text: string) {
  const model = storyModel();
  const filter = new Matcher(model, parseFilter(text) as Expression);
  filter.update();
  const index = new RowsIndex();
  index.update(model);
  const layout = layoutRows(model, index, new Set(), filter);
  const scene = buildScene({
    model,
    index,
    layout,
    viewport: fit({ first: 0, last: model.endTime }, 1400),
    scrollTop: 0,
    height: 600,
    time: Infinity,
    now: model.endTime,
    live: false,
    selection: null,
    pointed: null,
    armed: [],
    filter,
    measure: (words) => words.length * 6.2,
  });
  return { model, filter, index, layout, scene, places: { model, index, layout, filter } };
}

describe('a filtered timeline', () => {
  it('has the connections and operations on which something matches, and no others', () => {
    const rows = (text: string): string[] =>
      filtered(text).layout.rows.map((row) =>
        row.kind === 'operation' ? `operation ${row.operation}` : `connection ${row.connection}`,
      );
    expect(rows('method:PATCH')).toEqual(['operation 0', 'connection 2', 'connection 3']);
    expect(rows('op:2')).toEqual(['operation 1', 'connection 4']);
    expect(rows('status:599')).toEqual([]);
  });

  it('dims what does not match on a row that is shown, and takes its words', () => {
    const { model, filter, scene } = filtered('method:PATCH');
    const dim = scene.bars.filter((bar) => bar.dim);
    expect(dim.length).toBeGreaterThan(0);
    for (const bar of scene.bars) expect(bar.dim).toBe(!filter.matches(model.bars.exchange[bar.bar]!));
    for (const bar of dim) expect(bar.label).toBe('');
    for (const mark of scene.marks) {
      expect(mark.dim).toBe(!filter.isMeant(mark.event));
      if (mark.dim) expect(mark.label).toBe('');
    }
  });

  it('dims cuts that are not meant', () => {
    expect(filtered('kind:cut').scene.cuts.some(({ dim }) => dim)).toBe(false);
    expect(filtered('status:1xx').scene.cuts.every(({ dim }) => dim)).toBe(true);
  });

  it('shows a meant mark where one that is not lies on it', () => {
    // From afar all marks of a row are one.
    const far = filtered('kind:interim');
    const { marks } = buildScene({
      ...far,
      viewport: fit({ first: 0, last: far.model.endTime * 2000 }, 400),
      scrollTop: 0,
      height: 600,
      time: Infinity,
      now: far.model.endTime,
      live: false,
      selection: null,
      pointed: null,
      armed: [],
      measure: () => 10,
    });
    expect(marks.length).toBeGreaterThan(0);
    expect(marks.map(({ kind, dim }) => `${kind} ${dim}`)).toEqual(marks.map(() => 'interim false'));
  });

  it('lets the keys stop only at what is meant', () => {
    const { model, places } = filtered('kind:interim');
    const row = rowBeside(places, rowBeside(places, null, 1), 1);
    const stops: number[] = [];
    let at = row;
    for (let press = 0; press < 20; press++) {
      const next = eventBeside(places, at, 1, Infinity);
      if (next === null || next === 'no row') break;
      stops.push(model.events.row(next.id).kind);
      at = next;
    }
    expect(stops.length).toBeGreaterThan(0);
    expect(new Set(stops)).toEqual(new Set([Kind.interimReceived]));
  });

  it('leaves what does not match out of dense rows and of the minimap', () => {
    const { model, filter, index, layout } = filtered('method:PATCH');
    const drawn = (takes: ((bar: number) => boolean) | null): number => {
      const strips = new Strips();
      strips.begin(200, 1);
      const view = { from: 0, pixelsPerNs: 200 / model.endTime, until: Infinity, takes };
      const colours = { requestSent: [0, 0, 9], requestReceived: [0, 9, 0], response: [9, 0, 0] } as const;
      strips.row(0, index.rows[1]!, view, colours);
      return strips.pixels.filter((byte, at) => at % 4 === 3 && byte > 0).length;
    };
    const all = drawn(null);
    const some = drawn((bar) => filter.matches(model.bars.exchange[bar]!));
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
    expect(drawn(() => false)).toBe(0);
    const cells = (one: Matcher | null): number =>
      minimapCells(model, layout, one, { first: 0, last: model.endTime }, 200).cells.filter(
        (cell) => cell !== 0,
      ).length;
    expect(cells(filter)).toBeLessThan(cells(null));
  });
});
