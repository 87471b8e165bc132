import { describe, expect, it } from 'vitest';
import { mapped, newestMapped, planCoverage } from '../../../renderer/coverage/map.ts';
import { coverageSummary } from '../../../renderer/coverage/summary.ts';
import { Breaches } from '../../../shared/model/breaches.ts';
import { Coverage } from '../../../shared/model/coverage.ts';
import { Layer } from '../../../shared/model/events.ts';
import type { RuleId } from '../../../shared/model/rules/rules.ts';
import { brokenBy } from '../../shared/model/rules/changed.ts';
import { bigModel, storyModel } from '../story-fixture.ts';

const armed = [
  { id: 3, fired: false, spec: { end: 'server', direction: 'in', at: 750_000, content: true, cut: 'rst' } },
  { id: 4, fired: true, spec: { end: 'server', direction: 'in', at: 500_000, content: true, cut: 'rst' } },
  { id: 5, fired: false, spec: { end: 'server', direction: 'in', at: 9, content: false, cut: 'rst' } },
] as const;

function plan(time = Infinity, width = 534, pointed: number | null = null): ReturnType<typeof planCoverage> {
  const model = storyModel();
  return planCoverage({
    model,
    operation: model.operations[0]!,
    download: false,
    time,
    armed,
    pointed,
    breaches: new Breaches(model),
    width,
    height: 200,
    measure: (text) => text.length * 6.6,
  });
}

describe('the coverage map of a story', () => {
  it('fills all three lanes when every byte was sent, read and acknowledged', () => {
    const { lanes, columns } = plan();
    expect(lanes.map((lane) => lane.name)).toEqual(['sent', 'received', 'acknowledged']);
    for (const lane of lanes) expect(lane.runs).toEqual([{ from: 0, to: columns, full: true }]);
  });

  it('lights what the exchange brought that is pointed at', () => {
    const model = storyModel();
    const writer = model.operations[0]!.upload.stretches(Layer.sent).at(-1)!;
    const { lanes, length, columns } = plan(Infinity, 534, writer[2]);
    const lit = lanes[0]!.lit;
    expect(lit[0]!.from).toBe(Math.floor((writer[0] / length) * columns));
    expect(lit.at(-1)!.to).toBe(Math.ceil((writer[1] / length) * columns));
    for (const lane of plan().lanes) expect(lane.lit).toEqual([]);
  });

  it('shows what was sent twice, and where it was cut', () => {
    const { lanes, cuts, columns } = plan();
    const repeated = lanes[0]!.repeated;
    expect(repeated[0]!.from / columns).toBeCloseTo(0.267, 1);
    expect(repeated.at(-1)!.to / columns).toBeCloseTo(0.6, 1);
    expect(cuts.map((cut) => [cut.byte, cut.label])).toEqual([
      [300_000, '300,000'],
      [418_000, '418,000'],
    ]);
  });

  it('keeps the labels of cuts apart, on two lines and then not at all', () => {
    for (const width of [160, 200, 300, 500, 900]) {
      const labels = plan(Infinity, width).cuts.filter((cut) => cut.label !== '');
      for (const line of [0, 1]) {
        const on = labels.filter((cut) => cut.line === line);
        on.slice(1).forEach((cut, at) => expect(cut.labelX).toBeGreaterThan(on[at]!.labelX + 7 * 6.6 + 15));
      }
    }
  });

  it('keeps its ticks even: none is left out in the middle of them', () => {
    for (const width of [420, 480, 510, 560, 640, 900]) {
      const { ticks } = plan(Infinity, width);
      const gaps = ticks.slice(1).map((tick, at) => tick.x - ticks[at]!.x);
      for (const gap of gaps) expect(gap).toBeCloseTo(gaps[0]!, 3);
    }
  });

  it('keeps the ticks apart and always names both ends', () => {
    for (const width of [150, 200, 300, 500, 900]) {
      const { ticks, columns } = plan(Infinity, width);
      expect(ticks[0]!.label).toBe('0');
      expect(ticks.at(-1)!.label).toBe('1,000,000');
      const spans = ticks.map((tick, at): [number, number] => {
        const wide = tick.label.length * 6.6;
        if (at === 0) return [0, wide];
        if (at === ticks.length - 1) return [columns - wide, columns];
        return [tick.x - wide / 2, tick.x + wide / 2];
      });
      if (width >= 300) spans.slice(1).forEach(([from], at) => expect(from).toBeGreaterThan(spans[at]![1]));
    }
  });

  it('shows armed cuts of the representation that have not fired', () => {
    expect(plan().armed.map((cut) => cut.id)).toEqual([3]);
  });

  it('is, at a playhead, what was known then', () => {
    const { lanes, cuts } = plan(1.4e9);
    expect(lanes[0]!.runs.at(-1)!.to).toBeCloseTo(120, 0);
    expect(lanes[2]!.runs).toEqual([]);
    expect(cuts.map((cut) => cut.byte)).toEqual([300_000]);
  });

  it('stays within its height, and lanes do not overlap', () => {
    const { lanes, lanesEnd } = plan();
    expect(lanesEnd).toBeLessThan(200 - 30);
    lanes.slice(1).forEach((lane, at) => expect(lane.y).toBeGreaterThan(lanes[at]!.y + lanes[at]!.height));
  });
});

describe('which operation is mapped', () => {
  it('is the newest that carried content', () => {
    const model = storyModel();
    expect(newestMapped(model)?.id).toBe(0);
    expect(mapped(model.operations[1]!)).toBeNull();
    expect(newestMapped(bigModel(8, 1))).toBeNull();
  });

  it('is none of no bytes', () => {
    const model = storyModel();
    model.operations[1]!.upload.setLength(0, 1);
    expect(mapped(model.operations[1]!)).toBeNull();
    model.operations[1]!.download.add(Layer.sent, 7, 1, 0, 9);
    expect(mapped(model.operations[1]!)).toBe('download');
  });
});

describe('the summary', () => {
  const story = storyModel().operations[0]!.upload;

  it.each([
    [Infinity, 'all 1,000,000 bytes arrived · 214,768 sent twice'],
    [0.15e9, '1,000,000 bytes, none sent yet'],
    [1.4e9, '267,232 of 1,000,000 bytes arrived · 32,768 sent, not arrived'],
    [-1, 'nothing sent yet'],
  ])('as of %d ns says: %s', (time, words) => {
    expect(coverageSummary(story, time)).toBe(words);
  });

  it('takes the word of the server where its end is not held', () => {
    const coverage = new Coverage();
    coverage.setLength(100, 0);
    coverage.add(Layer.sent, 0, 1, 0, 80);
    expect(coverageSummary(coverage, Infinity)).toBe('80 of 100 bytes sent');
    coverage.add(Layer.acknowledged, 0, 2, 0, 60);
    expect(coverageSummary(coverage, Infinity)).toBe('60 of 100 bytes acknowledged');
  });
});

describe('a low map', () => {
  it.each([85, 100, 140])('of %d pixels has room for the words of its cuts', (height) => {
    const model = storyModel();
    const { lanesEnd } = planCoverage({
      model,
      operation: model.operations[0]!,
      download: false,
      time: Infinity,
      armed,
      pointed: null,
      breaches: new Breaches(model),
      width: 534,
      height,
      measure: (text) => text.length * 6.6,
    });
    expect(lanesEnd + 20).toBeLessThanOrEqual(height);
  });
});

describe('the marks of broken rules', () => {
  it.each<[RuleId, string, number]>([
    ['offset-backwards', 'acknowledged', 5],
    ['resume-gap', 'received', 9],
    ['bytes-overwritten', 'received', 3],
  ])('%s: on the lane %s, at byte %d', (rule, name, byte) => {
    const model = brokenBy(rule);
    const breaches = new Breaches(model);
    const operation = model.operations.find(({ id }) => breaches.of(id).length > 0)!;
    const at = (time: number) =>
      planCoverage({
        model,
        operation,
        download: false,
        time,
        armed: [],
        pointed: null,
        breaches,
        width: 534,
        height: 200,
        measure: (text) => text.length * 6.6,
      });
    const { lanes, length, columns, breaches: marks } = at(Infinity);
    const lane = lanes.find((one) => one.name === name)!;
    expect(marks).toMatchObject([{ x: (byte / length) * columns, y: lane.y, times: 1 }]);
    expect(at(0).breaches).toEqual([]);
  });
});
