import { describe, expect, it } from 'vitest';
import { type ChartPlan, planChart } from '../../../renderer/progress/chart.ts';
import { exchangePace } from '../../../renderer/progress/exchange-pace.ts';
import { progressSeries } from '../../../renderer/progress/series.ts';
import { tipAt } from '../../../renderer/progress/tip.ts';
import { Breaches } from '../../../shared/model/breaches.ts';
import { EventTable, Kind, NONE, NoteLevel } from '../../../shared/model/events.ts';
import { BarKind, Model } from '../../../shared/model/model.ts';
import { brokenBy } from '../../shared/model/rules/changed.ts';
import { storyModel } from '../story-fixture.ts';

/** The chart of an operation, with all that is marked on it. */
function planOf(model: Model, operation = 0, now = model.endTime, height = 180): ChartPlan {
  const breaches = new Breaches(model);
  return planChart({
    model,
    series: progressSeries(model, model.operations[operation]!, Infinity)!,
    width: 400,
    height,
    now,
    breaches: breaches.of(operation).filter(({ of }) => of === 'progress'),
    measure: (text) => text.length * 6,
  });
}

/** An operation that told these values at these seconds. */
function told(values: readonly (readonly [number, string])[]): Model {
  const table = new EventTable();
  table.append(0, Kind.connectionOpened, 1, 1, NONE, 0, 0, 'a → b');
  table.append(0, Kind.operation, 0, 1, 0, 0, 0, 'Job');
  table.append(0, Kind.exchange, 0, 1, 0, 0, 0, 'POST /job');
  for (const [second, value] of values) {
    const [, numerator, denominator] = /^(\d+)\/(\d*)/.exec(value)!;
    table.append(second * 1e9, Kind.progress, 0, 1, 0, Number(numerator), Number(denominator), value);
  }
  const model = new Model(table);
  model.fold();
  return model;
}

describe('what is marked on a chart of progress', () => {
  it('is a value that breaks a rule, on the value itself', () => {
    const plan = planOf(brokenBy('progress-decreasing'));
    const decreased = plan.points.find((point) => point.decreased)!;
    expect(plan.breaches).toMatchObject([{ x: decreased.x, y: decreased.y, level: NoteLevel.error }]);
  });

  it('is named by its rule, and leads to its note', () => {
    const model = brokenBy('progress-decreasing');
    const plan = planOf(model);
    const { x, y, row } = plan.breaches[0]!;
    expect(tipAt(model, plan, x, y)).toMatchObject({
      note: row,
      lines: expect.arrayContaining([
        'Progress decreasing',
        'The numerator of Progress is less than it was.',
      ]),
    });
  });

  it('is a silence, as long as it was', () => {
    const plan = planOf(
      told([
        [1, '0/9'],
        [2, '1/9'],
        [3, '2/9'],
        [9, '3/9'],
        [10, '4/9'],
      ]),
    );
    expect(plan.stalls).toHaveLength(1);
    expect(plan.stalls[0]).toMatchObject({
      from: plan.points[2]!.x,
      to: plan.points[3]!.x,
      y: plan.points[2]!.y,
      label: '6 s of silence',
    });
  });

  it('is the subordinate operation of each step, between the step and the next', () => {
    const plan = planOf(
      told([
        [1, '0/2 0/4'],
        [2, '0/2 2/4'],
        [3, '1/2 1/4'],
        [4, '2/2'],
      ]),
    );
    const [zero, , one] = plan.points;
    expect(plan.nested.map(({ x }) => x)).toEqual(plan.points.slice(0, 3).map(({ x }) => x));
    expect(plan.nested[1]!.y).toBeCloseTo((zero!.y + one!.y) / 2, 5);
    expect(plan.nested[2]!.y).toBeLessThan(one!.y);
  });
});

describe('the axis of a chart of progress', () => {
  it.each([60, 70, 90, 120, 180, 400])(
    'of %d pixels keeps its words apart, and tells where it ends',
    (height) => {
      const model = told([
        [1, '0/9'],
        [2, '4/9'],
        [3, '9/9'],
      ]);
      const { grid } = planOf(model, 0, model.endTime, height);
      expect(grid.length).toBeGreaterThan(0);
      grid.slice(1).forEach(({ y }, at) => expect(grid[at]!.y - y).toBeGreaterThanOrEqual(14));
    },
  );
});

describe('the pointer on a chart of progress', () => {
  it('reads the value that is nearest, with its words and its exchange', () => {
    const model = told([
      [1, '0/2 "Reading"'],
      [2, '1/2'],
    ]);
    const plan = planOf(model);
    const { x, y } = plan.points[0]!;
    expect(tipAt(model, plan, x + 3, y)?.lines).toEqual(['0 of 2', 'Reading', 'POST /job, 1.000 s']);
    expect(tipAt(model, plan, x + 3, y + 40)).toBeNull();
  });
});

describe('the pace of an exchange', () => {
  it('is that of the content it moved, with what is left while it goes on', () => {
    const model = storyModel();
    const upload = model.exchanges.find(({ method }) => method === 'PATCH')!;
    const whole = exchangePace(model, upload, Infinity)!;
    expect(whole.left).toBeNull();
    const bar = upload.bars[BarKind.requestReceived]!;
    const middle = (model.bars.start[bar]! + model.bars.end[bar]!) / 2;
    const half = exchangePace(model, upload, middle)!;
    expect(half.bytes).toBeLessThan(whole.bytes);
    expect(half.nanoseconds).toBeLessThan(whole.nanoseconds);
    expect(half.left).toBeGreaterThan(0);
    expect(exchangePace(model, upload, 0)).toBeNull();
  });
});
