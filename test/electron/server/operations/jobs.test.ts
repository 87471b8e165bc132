// Jobs on a clock that is moved by hand: order of steps, followers, and the gate. No sockets.

import { describe, expect, test } from 'vitest';
import { Job, type JobPlan } from '../../../../electron/server/operations/jobs.ts';
import { EXAMPLE_STEPS } from '../../../../electron/server/operations/phrases.ts';
import { createManualClock } from '../../../../electron/wire/clock.ts';

const PLAN: JobPlan = {
  steps: ['Herding cats', 'Knitting sweaters', 'Slaying dragons'],
  stepMilliseconds: 100,
  finish: (job) => ({
    status: 201,
    fields: [['Progress', job.progress]],
    content: new Uint8Array(0),
    summary: [],
  }),
};
const TEN_MINUTES = 10 * 60 * 1000;

function started(plan: JobPlan = PLAN) {
  const clock = createManualClock();
  const job = new Job(plan, clock);
  const seen: string[] = [];
  job.follow(() => seen.push(job.progress));
  return { clock, job, seen };
}

describe('a job', () => {
  test('does its steps in order, each for its time, and ends with the response of its plan', () => {
    const { clock, job, seen } = started();
    expect(job.progress).toBe('0/3 "Herding cats"');
    clock.advance(99);
    expect(seen).toEqual([]);
    clock.advance(1);
    expect(seen).toEqual(['1/3 "Knitting sweaters"']);
    clock.advance(200);
    expect(seen).toEqual(['1/3 "Knitting sweaters"', '2/3 "Slaying dragons"', '3/3 "Available"']);
    expect(job.result).toMatchObject({ status: 201, fields: [['Progress', '3/3 "Available"']] });
    expect(clock.pending).toBe(0);
  });

  test('whose steps take no time is done before anybody can follow it', () => {
    const { clock, job, seen } = started({ ...PLAN, stepMilliseconds: 0 });
    expect(job.result?.status).toBe(201);
    expect(seen).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test('tells a follower nothing after it left, even while the others are being told', () => {
    const { clock, job } = started();
    const seen: string[] = [];
    const leaveFirst = job.follow(() => {
      seen.push('first');
      leaveFirst();
    });
    job.follow(() => seen.push('second'));
    clock.advance(200);
    expect(seen).toEqual(['first', 'second', 'second']);
  });

  test('that is abandoned leaves no timer and tells nobody', () => {
    const { clock, job, seen } = started();
    job.gate(1);
    job.abandon();
    clock.advance(TEN_MINUTES);
    expect(seen).toEqual([]);
    expect(job.result).toBeNull();
    expect(clock.pending).toBe(0);
  });
});

describe('the parts of a step', () => {
  const parts = (step: number) => (step === 1 ? { total: 10, unit: 'pages' } : null);

  test('are told at moments of it, and gone with it', () => {
    const { clock, seen } = started({ ...PLAN, parts });
    clock.advance(100);
    expect(seen).toEqual(['1/3 "Knitting sweaters" 0/10 (pages)']);
    clock.advance(100);
    expect(seen).toEqual([
      '1/3 "Knitting sweaters" 0/10 (pages)',
      '1/3 "Knitting sweaters" 2/10 (pages)',
      '1/3 "Knitting sweaters" 5/10 (pages)',
      '1/3 "Knitting sweaters" 7/10 (pages)',
      '2/3 "Slaying dragons"',
    ]);
  });

  test('make a step no longer, nor one that takes no time', () => {
    const { clock, job } = started({ ...PLAN, parts });
    clock.advance(300);
    expect(job.result).not.toBeNull();
    expect(started({ ...PLAN, parts, stepMilliseconds: 0 }).job.result).not.toBeNull();
  });
});

describe('the steps of a job', () => {
  test('are named in a language, in that of the response or in another one', () => {
    const clock = createManualClock();
    const job = new Job({ ...PLAN, steps: EXAMPLE_STEPS }, clock, 'de');
    expect(job.progress).toBe("0/3 UTF-8'de'Katzen%20h%C3%BCten");
    expect(job.progressIn('fr')).toBe("0/3 UTF-8'fr'Rassembler%20les%20chats");
    expect(job.progressIn(null)).toBe('0/3 "Herding cats"');
    clock.advance(300);
    expect(job.result?.fields).toEqual([['Progress', "3/3 UTF-8'de'Verf%C3%BCgbar"]]);
  });

  test('that are names are told as they are in any language', () => {
    const job = new Job({ ...PLAN, steps: ['/photos/1'] }, createManualClock(), 'ja');
    expect(job.progress).toBe('0/1 "/photos/1"');
  });

  test('have results, each when it is over', () => {
    const work = (step: number) => (step === 1 ? null : { status: 204, reference: `/photos/${step}` });
    const { clock, job } = started({ ...PLAN, work });
    const told: number[] = [job.stepsToTell];
    job.follow(() => told.push(job.stepsToTell));
    clock.advance(100);
    expect(job.results).toEqual([{ status: 204, reference: '/photos/0' }]);
    clock.advance(200);
    expect(job.results.map(({ reference }) => reference)).toEqual(['/photos/0', '/photos/2']);
    expect(told).toEqual([3, 2, 1, 0]);
  });
});

describe('a job that waits for something to be ready', () => {
  function waiting(stepMilliseconds: number) {
    let resolve = (): void => {};
    const ready = new Promise<void>((call) => (resolve = call));
    return { ...started({ ...PLAN, stepMilliseconds, ready }), resolve };
  }

  test.each([100, 0])('does not end its last step before (%i ms a step)', async (milliseconds) => {
    const { clock, job, resolve } = waiting(milliseconds);
    clock.advance(1000);
    expect([job.step, job.result]).toEqual([2, null]);
    resolve();
    await Promise.resolve();
    expect(job.result).not.toBeNull();
  });

  test('takes its time all the same when it is ready early', async () => {
    const { clock, job, resolve } = waiting(100);
    resolve();
    await Promise.resolve();
    clock.advance(299);
    expect(job.step).toBe(2);
    clock.advance(1);
    expect(job.result).not.toBeNull();
  });

  test('and is abandoned meanwhile ends without a result', async () => {
    const { clock, job, resolve } = waiting(100);
    clock.advance(1000);
    job.abandon();
    resolve();
    await Promise.resolve();
    expect([job.result, clock.pending]).toEqual([null, 0]);
  });
});

describe('the gate of a job', () => {
  test('holds its step however long it lasts, until somebody was told of that step', () => {
    const { clock, job } = started();
    job.gate(1);
    clock.advance(5000);
    expect(job.step).toBe(1);
    job.told(0);
    expect(job.step).toBe(1);
    job.told(1);
    expect(job.step).toBe(2);
    clock.advance(100);
    expect(job.result).not.toBeNull();
    expect(clock.pending).toBe(0);
  });

  test('that was opened before the step is over does not shorten the step', () => {
    const { clock, job } = started();
    job.gate(1);
    clock.advance(150);
    job.told(1);
    expect(job.step).toBe(1);
    clock.advance(50);
    expect(job.step).toBe(2);
  });

  test('opens by itself after ten minutes', () => {
    const { clock, job } = started();
    job.gate(1);
    clock.advance(TEN_MINUTES - 1);
    expect(job.step).toBe(1);
    clock.advance(1);
    expect(job.step).toBe(2);
  });

  test('comes too late for a step that is over', () => {
    const { clock, job } = started();
    clock.advance(200);
    job.gate(1);
    clock.advance(100);
    expect(job.result).not.toBeNull();
    expect(clock.pending).toBe(0);
  });
});
