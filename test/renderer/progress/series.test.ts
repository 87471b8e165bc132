import { describe, expect, it } from 'vitest';
import { planChart } from '../../../renderer/progress/chart.ts';
import {
  nestedOf,
  pacePerUnit,
  progressSeries,
  remaining,
  remarkOf,
  shareOf,
  stallsOf,
} from '../../../renderer/progress/series.ts';
import { DOWNLOAD, EventTable, Kind, Layer, NONE, OperationState } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { storyModel } from '../story-fixture.ts';

/** An operation that told these values, one a second; `ended` completes it. */
function telling(values: readonly string[], ended = false): Model {
  const table = new EventTable();
  table.append(0, Kind.connectionOpened, 1, 1, NONE, 0, 0, 'a → b');
  table.append(0, Kind.operation, 0, 1, 0, 0, 0, 'Job');
  table.append(0, Kind.exchange, 0, 1, 0, 0, 0, 'POST /job');
  values.forEach((value, second) => {
    const [numerator, denominator] = value.split(' ')[0]!.split('/');
    const total = denominator === '' ? NaN : Number(denominator);
    table.append((second + 1) * 1e9, Kind.progress, 0, 1, 0, Number(numerator), total, value);
  });
  if (ended)
    table.append((values.length + 1) * 1e9, Kind.operationState, OperationState.completed, 1, 0, 0, 0, '');
  const model = new Model(table);
  model.fold();
  return model;
}

function seriesOf(values: readonly string[], ended = false): NonNullable<ReturnType<typeof progressSeries>> {
  const model = telling(values, ended);
  return progressSeries(model, model.operations[0]!, Infinity)!;
}

describe('a series of progress', () => {
  it('is what was told, as of a time', () => {
    const model = storyModel();
    const at = (time: number): number[] =>
      progressSeries(model, model.operations[0]!, time)!.steps.map((step) => step.value);
    expect(at(Infinity)).toEqual([0, 1, 2, 3]);
    expect(at(4.7e9)).toEqual([0, 1]);
  });

  it('falls back on bytes where no Progress was told', () => {
    const model = storyModel(1500);
    const series = progressSeries(model, model.operations[0]!, Infinity)!;
    expect(series.kind).toBe('bytes');
    expect(series.steps.at(-1)).toMatchObject({ value: 267_232, total: 1_000_000 });
    const values = series.steps.map((step) => step.value);
    expect([...values].sort((one, other) => one - other)).toEqual(values);
  });

  it('draws bytes from nothing on, so that a single read is a line, too', () => {
    const table = new EventTable();
    table.append(0, Kind.connectionOpened, 3, 1, NONE, 0, 0, 'a → b');
    table.append(1e9, Kind.operation, 0, 1, 0, 0, 0, 'GET /');
    table.append(1e9, Kind.exchange, 0, 1, 0, 0, 0, 'GET /');
    table.append(3e9, Kind.coverage, Layer.received + DOWNLOAD, 1, 0, 0, 500, '');
    const model = new Model(table);
    model.fold();
    const series = progressSeries(model, model.operations[0]!, Infinity)!;
    expect(series.steps).toMatchObject([
      { time: 1e9, value: 0 },
      { time: 3e9, value: 500 },
    ]);
    expect(pacePerUnit(series)).toBe(2e9 / 500);
  });

  it('counts each byte once, wherever in the representation it lies', () => {
    const table = new EventTable();
    table.append(0, Kind.connectionOpened, 3, 1, NONE, 0, 0, 'a → b');
    table.append(1, Kind.operation, 0, 1, 0, 0, 0, 'PATCH /');
    table.append(1, Kind.exchange, 0, 1, 0, 0, 0, 'PATCH /');
    table.append(1, Kind.representation, 0, 1, 0, 10_000, 0, '');
    table.append(2, Kind.coverage, Layer.received, 1, 0, 6_000, 6_052, '');
    table.append(3, Kind.coverage, Layer.received, 1, 0, 9_000, 9_052, '');
    table.append(4, Kind.coverage, Layer.received, 1, 0, 9_020, 9_060, '');
    const model = new Model(table);
    model.fold();
    const { steps } = progressSeries(model, model.operations[0]!, Infinity)!;
    expect(steps.map(({ value, total }) => [value, total])).toEqual([
      [0, 10_000],
      [52, 10_000],
      [104, 10_000],
      [112, 10_000],
    ]);
  });

  it('is nothing for an operation that told nothing', () => {
    const model = telling([]);
    expect(progressSeries(model, model.operations[0]!, Infinity)).toBeNull();
  });

  it('marks a decrease and a value beyond its denominator', () => {
    const series = seriesOf(['0/3', '2/3', '1/3', '4/3']);
    expect(series.steps.map((step) => step.decreased)).toEqual([false, false, true, false]);
    expect(series.decreases).toBe(1);
    expect(series.overrun).toBe(true);
    expect(seriesOf(['1/', '2/']).overrun).toBe(false);
  });

  it('stays small however much was told, and keeps every decrease', () => {
    const values = Array.from({ length: 20_000 }, (_, at) => `${at === 9999 ? 5 : at}/20000`);
    const series = seriesOf(values);
    expect(series.told).toBe(20_000);
    expect(series.steps.length).toBeLessThan(2100);
    expect(series.steps.filter((step) => step.decreased)).toHaveLength(1);
    expect(series.steps.at(-1)!.value).toBe(19_999);
  });

  it('estimates what is left from the pace so far', () => {
    const series = seriesOf(['0/4', '1/4', '2/4']);
    expect(pacePerUnit(series)).toBe(1e9);
    expect(remaining(series, 3e9)).toBe(2e9);
    expect(remaining(series, 3.5e9)).toBe(1.5e9);
    expect(remaining(series, 99e9)).toBe(0);
    expect(remaining(seriesOf(['0/4']), 3e9)).toBeNull();
    expect(remaining(seriesOf(['0/', '1/']), 3e9)).toBeNull();
    expect(remaining(seriesOf(['0/2', '2/2'], true), 9e9)).toBeNull();
  });

  it('notices a stall after three times the usual pause, and none once it ended', () => {
    const values = ['0/4', '1/4', '2/4'];
    expect(stallsOf(seriesOf(values), 5e9)).toEqual([]);
    expect(stallsOf(seriesOf(values), 7e9)).toEqual([{ from: 3e9, to: 7e9 }]);
    expect(stallsOf(seriesOf(values, true), 99e9)).toEqual([]);
    expect(stallsOf(seriesOf(['0/4']), 99e9)).toEqual([]);
  });
});

describe('the words of a value', () => {
  it.each([
    ['0/1', null],
    ['1/3 "Knitting sweaters"', { words: 'Knitting sweaters', language: '' }],
    [
      "66/ (tries) utf-8'en'Generating%20prime%20number",
      { words: 'Generating prime number', language: 'en' },
    ],
    ["5/16 UTF-8'ja-JP'%e9%a3%9f%e3%81%b9", { words: '食べ', language: 'ja-JP' }],
    ['3/20 8020/8591489 "of the nested one"', null],
    ['not a fraction', null],
  ])('%s', (value, remark) => {
    expect(remarkOf(value)).toEqual(remark);
  });

  it('finds the subordinate operation and what it counts', () => {
    const last = seriesOf(['3/20 "POST http://example.com/item/3" 8020/8591489 (bytes)']).last!;
    expect(nestedOf(last)).toEqual([{ value: 8020, total: 8_591_489, unit: 'bytes' }]);
    expect(nestedOf(seriesOf(['3/20']).last!)).toEqual([]);
    expect(nestedOf(seriesOf(['3/20 7/']).last!)).toEqual([{ value: 7, total: null, unit: '' }]);
    expect(nestedOf(seriesOf(['1/2 "all" 3/4 (files) 5/6 (bytes)']).last!)).toEqual([
      { value: 3, total: 4, unit: 'files' },
      { value: 5, total: 6, unit: 'bytes' },
    ]);
  });

  it.each<[string, number | null]>([
    ['3/20 5/10 (bytes)', 0.5],
    ['3/20 "of it" 30/10', 1],
    ['3/20', null],
    ['3/20 7/', null],
    ['3/20 0/0', null],
    ['3/20 "and/or"', null],
  ])('knows how much of its step the subordinate operation of %s has done', (text, share) => {
    expect(shareOf(text)).toBe(share);
  });
});

describe('the chart', () => {
  const planned = (values: readonly string[], now: number): ReturnType<typeof planChart> => {
    const model = telling(values);
    const series = progressSeries(model, model.operations[0]!, Infinity)!;
    return planChart({
      model,
      series,
      width: 300,
      height: 180,
      now,
      breaches: [],
      measure: (text) => text.length * 6,
    });
  };

  it('stays inside its box', () => {
    for (const values of [
      ['0/1'],
      ['0/3', '1/3'],
      ['5/2', '0/2', '9/2'],
      ['1/', '2/', '1000/'],
      ['0/0', '0/0'],
    ]) {
      const plan = planned(values, 9e9);
      for (const { x, y } of [...plan.points, ...plan.future]) {
        expect(x).toBeGreaterThanOrEqual(plan.left - 0.01);
        expect(x).toBeLessThanOrEqual(300);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(plan.bottom + 0.01);
      }
    }
  });

  it('goes through what was told on the way, however many values there were', () => {
    const values = Array.from({ length: 5000 }, (_, done) => `${done}/5000`);
    const { points, left, bottom, grid } = planned(values, 9e9);
    expect(points.length).toBeGreaterThan(200);
    expect(points.length).toBeLessThan(700);
    const top = grid.find((line) => line.label === '5,000')!.y;
    const middle = points[points.length >> 1]!;
    expect(middle.x).toBeGreaterThan(left + 50);
    expect(middle.y).toBeGreaterThan(top + (bottom - top) * 0.25);
    expect(middle.y).toBeLessThan(top + (bottom - top) * 0.75);
  });

  it('dots the steps that are to come up to the denominator', () => {
    const plan = planned(['0/3', '1/3'], 2e9);
    const top = plan.grid.find((line) => line.label === '3')!;
    expect(plan.future.at(-1)!.y).toBeCloseTo(top.y, 5);
    expect(plan.future.length).toBe(1 + 2 * 2 + 1);
    expect(planned(['0/', '1/'], 2e9).future).toEqual([]);
  });

  it('has whole numbers on its axis, as steps are', () => {
    for (const plan of [planned(['0/3', '1/3'], 2e9), planned(['0/1'], 2e9)])
      for (const line of plan.grid) expect(line.label).toMatch(/^\d+$/);
  });

  it('lets no step strike through a remark', () => {
    const values = [
      '0/3 "Reading the whole document"',
      '1/3 "Laying out the pages"',
      '2/3 "Printing"',
      '3/3 "Available"',
    ];
    for (const told of [1, 2, 3, 4]) {
      const { labels, points, future } = planned(values.slice(0, told), told * 1e9);
      expect(labels.length).toBeGreaterThan(0);
      for (const label of labels)
        for (const corner of [...points, ...future])
          if (corner.y < label.y + 6 && corner.x > label.x + 1)
            expect(corner.x).toBeGreaterThanOrEqual(label.x + label.words.length * 6);
    }
  });

  it('breaks a remark in two lines where one does not fit, rather than shorten it', () => {
    const values = ['0/2 "Reading the document"', '1/2', '2/2'];
    const { labels, points } = planned(values, 3e9);
    expect(labels.map((label) => label.words)).toEqual(['Reading the', 'document']);
    expect(labels[0]!.y).toBeLessThan(labels[1]!.y);
    expect(labels[1]!.y).toBeLessThan(points[0]!.y);
    expect(labels[0]!.x + 'Reading the'.length * 6).toBeLessThan(points[1]!.x);
  });

  it('lets no remark lie over the steps of a subordinate operation', () => {
    const values = ['0/2 "Reading the document"', '1/2 "Laying out" 0/4', '1/2 "Laying out" 1/4', '2/2'];
    const { labels, nested } = planned(values, 4e9);
    const [over] = labels.filter(({ words }) => words.startsWith('Lay'));
    const beside = nested.filter(({ x }) => x > over!.x - 12 && x < over!.x + over!.words.length * 6);
    expect(beside.length).toBeGreaterThan(0);
    for (const { y } of nested.slice(0, 2)) expect(over!.y + 7).toBeLessThan(y);
  });

  it('says the same words at the same value once', () => {
    const told = (values: readonly string[]): string[] =>
      planned(values, 3e9).labels.map(({ words }) => words);
    expect(told(['0/1 "A"', '0/1 "A"', '0/1 "B"'])).toEqual(['B', 'A']);
    expect(told(['0/1 "A"', '0/1 "B"', '0/1 "A"'])).toEqual(['A', 'B', 'A']);
    expect(told(['0/1 "A"', '1/1 "A"'])).toEqual(['A', 'A']);
  });

  it('sets remarks beside each other, never over each other', () => {
    const values = ['0/4 "One"', '1/4 "Two"', '2/4 "Three"', '3/4 "Four"'];
    const { labels } = planned(values, 5e9);
    expect(labels.length).toBeGreaterThan(1);
    for (const one of labels)
      for (const other of labels)
        if (one !== other && Math.abs(one.y - other.y) < 12)
          expect(one.x + one.words.length * 6 < other.x || other.x + other.words.length * 6 < one.x).toBe(
            true,
          );
  });
});
