// What ways to wait cost by their formulas, and how late they tell.

import { describe, expect, test } from 'vitest';
import {
  delaysOf,
  expectedRequests,
  waysChecks,
  waysTable,
} from '../../../../electron/experiments/five-ways/ways.ts';

const SHAPE = { steps: 8, stepMilliseconds: 250, interval: 600 };
const STEPS = [
  { done: 1, at: 100 },
  { done: 2, at: 200 },
  { done: 3, at: 300 },
];

describe('requests by formula', () => {
  test.each([
    ['short polling', SHAPE, 4],
    ['short polling', { ...SHAPE, interval: 500 }, 4],
    ['short polling', { ...SHAPE, interval: 499 }, 5],
    ['short polling', { ...SHAPE, interval: 10_000 }, 1],
    ['long polling', SHAPE, 8],
    ['server-sent events', SHAPE, 1],
    ['102 Processing', SHAPE, 1],
    ['WebSocket', SHAPE, 1],
  ] as const)('%s', (name, shape, count) => {
    expect(expectedRequests(name, shape).count).toBe(count);
  });
});

describe('delays', () => {
  test('count from each step to the first news of it', () => {
    const told = [
      { done: 1, at: 110 },
      { done: 3, at: 350 },
    ];
    expect(delaysOf(STEPS, told)).toEqual([10, 150, 50]);
  });

  test('are none before a step was due, and leave out what was never told', () => {
    expect(delaysOf(STEPS, [{ done: 2, at: 150 }])).toEqual([50, 0]);
    expect(delaysOf(STEPS, [])).toEqual([]);
  });
});

test('the table has a row a way, with counts beside their formulas', () => {
  const table = waysTable(
    'T',
    [{ name: 'WebSocket', requests: 1, bytes: 12_345, told: STEPS }],
    STEPS,
    { ...SHAPE, steps: 3 },
    'N',
  );
  expect(table.columns).toHaveLength(table.rows[0]!.length);
  expect(table.rows).toEqual([['WebSocket', '1', '1', '1', '3 of 3', '12,345', '0.0 ms', '0.0 ms']]);
});

test('a way that never told of the end fails; one that took more requests is only told of', () => {
  const seen = { name: 'long polling', requests: 4, bytes: 1, told: STEPS } as const;
  const levels = (steps: number, cut: boolean) =>
    waysChecks([seen], { ...SHAPE, steps }, cut).map(({ id, level }) => `${id} ${level}`);
  expect(levels(3, false)).toEqual(['heard pass', 'requests info']);
  expect(levels(4, false)).toEqual(['heard error', 'requests pass']);
  expect(waysChecks([seen], { ...SHAPE, steps: 3 }, true)[1]!.message).toMatch(/A cut costs more of them\.$/);
});
