// Jobs on a clock that is moved by hand: order of steps, followers, and the gate. No sockets.

import { describe, expect, test } from 'vitest';
import { Job, type JobPlan } from '../../../electron/server/jobs.ts';
import { createManualClock } from '../../../electron/wire/clock.ts';

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
