// The two programs of long polling, and the one that is woken: how long each holds a request, and how often it looks.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Held, type Program, hold } from '../../../../electron/server/waiting/hold.ts';
import { WaitingJob } from '../../../../electron/server/waiting/job.ts';
import { createManualClock } from '../../../../electron/wire/clock.ts';

interface Telling {
  readonly held: Held;
  readonly at: number;
}

/** One hold of a job that never ends within it, unless `steps` say so. */
function held(
  program: Program,
  {
    wait = 60_000,
    tick = 1000,
    slow = 0,
    steps = 1000,
    step = 60_000,
    fail = null as number | null,
    broken = null as number | null,
  },
  after = Infinity,
): { told: Telling[]; pending: number } {
  const clock = createManualClock();
  const job = new WaitingJob(
    '/waiting/jobs/1',
    { steps, stepMilliseconds: step, slowMilliseconds: slow, fail, broken },
    clock,
    () => {},
  );
  const told: Telling[] = [];
  hold(
    job,
    clock,
    {
      program,
      waitMilliseconds: wait,
      tickMilliseconds: tick,
      news: (status) => (after === Infinity ? status.state !== 'running' : status.version > after),
    },
    (what) => told.push({ held: what, at: clock.now() }),
  );
  clock.advance(100_000_000);
  job.abandon();
  return { told, pending: clock.pending };
}

describe('a request that nothing happens for is held', () => {
  it.each([
    // Sixty looks, and a second of sleep after each: what a look costs is not counted.
    ['count', 0, 60_000],
    ['count', 500, 90_000],
    ['count', 1000, 120_000],
    // The deadline is looked at before each look: at most one look and one sleep more.
    ['deadline', 0, 60_000],
    ['deadline', 500, 60_000],
    ['deadline', 700, 61_200],
    ['deadline', 1000, 60_000],
    ['notify', 0, 60_000],
    ['notify', 1000, 60_000],
  ] as const)('by %s, with looks of %i ms, for %i ms instead of a minute', (program, slow, milliseconds) => {
    const { told, pending } = held(program, { slow, step: 60_000_000 });
    expect(told).toEqual([{ held: 'nothing', at: milliseconds }]);
    expect(pending).toBe(0);
  });

  it('for exactly as long as the closed forms say, whatever the times are', () => {
    const times = fc.record({
      wait: fc.integer({ min: 1, max: 50_000 }),
      tick: fc.integer({ min: 100, max: 5_000 }),
      slow: fc.integer({ min: 0, max: 5_000 }),
    });
    fc.assert(
      fc.property(times, ({ wait, tick, slow }) => {
        const plan = { wait, tick, slow, step: 600_000_000 };
        const at = (program: Program): number => held(program, plan).told[0]!.at;
        expect(at('count')).toBe(Math.ceil(wait / tick) * (tick + slow));
        expect(at('deadline')).toBe(Math.ceil(wait / (tick + slow)) * (tick + slow));
        expect(at('notify')).toBe(wait);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a request is answered', () => {
  it.each([
    ['notify', 0, 2500],
    ['notify', 300, 2800],
    // The next look after the change.
    ['count', 0, 3000],
    ['deadline', 0, 3000],
    ['deadline', 300, 2900],
  ] as const)('by %s, with looks of %i ms, at %i ms after a change at 2500', (program, slow, at) => {
    const { told } = held(program, { slow, steps: 5, step: 2500 }, 0);
    expect(told.map((one) => one.at)).toEqual([at]);
    expect(told[0]!.held).toMatchObject({ version: 1, state: 'running', done: 1, total: 5 });
  });

  it('at once where the client knows less than there is', () => {
    const { told } = held('notify', { steps: 3 }, -1);
    expect(told).toEqual([{ held: expect.objectContaining({ version: 0 }), at: 0 }]);
  });

  it.each(['notify', 'count', 'deadline'] as const)(
    'by %s, at the end, which is a failure too',
    (program) => {
      const { told } = held(program, { steps: 4, step: 1000, fail: 3 });
      expect(told).toEqual([
        { held: expect.objectContaining({ state: 'failed', done: 2, version: 3 }), at: 3000 },
      ]);
    },
  );

  it.each([
    ['count', 3, 2000],
    ['deadline', 2, 1000],
    ['notify', 1, 0],
  ] as const)('by %s, with what is wrong when look %i fails', (program, broken, at) => {
    expect(held(program, { broken }).told).toEqual([{ held: 'broken', at }]);
  });

  it.each(['notify', 'count', 'deadline'] as const)(
    'by %s, after one look, when it is not to wait',
    (program) => {
      expect(held(program, { wait: 0 }).told).toEqual([{ held: 'nothing', at: 0 }]);
      expect(held(program, { wait: 0, slow: 700 }).told).toEqual([{ held: 'nothing', at: 700 }]);
    },
  );
});

it('a hold that is taken back tells nothing and leaves no timer', () => {
  const clock = createManualClock();
  const plan = { steps: 2, stepMilliseconds: 1000, slowMilliseconds: 10, fail: null, broken: null };
  const job = new WaitingJob('/waiting/jobs/1', plan, clock, () => {});
  const told: Held[] = [];
  for (const program of ['notify', 'count', 'deadline'] as const) {
    for (const time of [0, 5, 700]) {
      const leave = hold(
        job,
        clock,
        { program, waitMilliseconds: 5000, tickMilliseconds: 100, news: () => false },
        (what) => told.push(what),
      );
      clock.advance(time);
      leave();
    }
  }
  job.abandon();
  expect(clock.pending).toBe(0);
  expect(told).toEqual([]);
});
