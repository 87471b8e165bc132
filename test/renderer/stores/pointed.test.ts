import { expect, it } from 'vitest';
import { createPointed } from '../../../renderer/stores/pointed.ts';

it('tells of every exchange that is pointed at, once', () => {
  const pointed = createPointed();
  const told: (number | null)[] = [];
  const stop = pointed.subscribe(() => told.push(pointed.exchange()));
  for (const exchange of [3, 3, 4, null, null]) pointed.point(exchange);
  stop();
  pointed.point(5);
  expect(told).toEqual([3, 4, null]);
  expect(pointed.exchange()).toBe(5);
});
