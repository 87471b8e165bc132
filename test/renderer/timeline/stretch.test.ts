import { describe, expect, it } from 'vitest';
import { stretchOf } from '../../../renderer/timeline/stretch.ts';
import type { Selection } from '../../../renderer/timeline/types.ts';
import { storyModel } from '../story-fixture.ts';

describe('the stretch of time that something selected takes', () => {
  const model = storyModel();
  const ms = (value: number): number => Math.round(value / 1e6);
  const of = (selection: Selection, now = Infinity): string | null => {
    const found = stretchOf(model, selection, now);
    return found === null ? null : `${ms(found.first)}–${ms(found.last)}`;
  };

  it('of an exchange goes from its first byte to its last', () => {
    const exchange = model.exchanges[1]!;
    expect(of({ kind: 'exchange', id: 1 })).toBe(`${ms(exchange.startedAt)}–${ms(exchange.endedAt)}`);
  });

  it('of a connection goes from its opening to its end', () => {
    const { openedAt, closedAt } = model.connections[0]!;
    expect(of({ kind: 'connection', id: 1 })).toBe(`${ms(openedAt)}–${ms(closedAt)}`);
  });

  it('of an operation takes in all of its exchanges', () => {
    const [first, last] = of({ kind: 'operation', id: 0 })!.split('–').map(Number);
    for (let place = 0; place < model.operations[0]!.exchanges.length; place++) {
      const { startedAt, endedAt } = model.exchanges[model.operations[0]!.exchanges.values[place]!]!;
      expect(ms(startedAt)).toBeGreaterThanOrEqual(first!);
      if (endedAt < Infinity) expect(ms(endedAt)).toBeLessThanOrEqual(last!);
    }
  });

  it('of an event is that of its exchange', () => {
    const mark = model.exchanges[1]!.interim.at(0) ?? model.connections[1]!.marks.at(0)!;
    const exchange = model.events.columns.exchange[mark]!;
    expect(of({ kind: 'event', id: mark })).toBe(of({ kind: 'exchange', id: exchange }));
  });

  it('ends at the present, and is none of what is yet to come', () => {
    const { openedAt } = model.connections[0]!;
    expect(of({ kind: 'connection', id: 1 }, openedAt + 2e6)).toBe(`${ms(openedAt)}–${ms(openedAt) + 2}`);
    expect(of({ kind: 'connection', id: 1 }, openedAt - 1)).toBeNull();
    expect(of({ kind: 'exchange', id: 999 })).toBeNull();
    expect(of({ kind: 'event', id: 1e9 })).toBeNull();
  });
});
