import { describe, expect, it } from 'vitest';
import { Breaches, MOST } from '../../../shared/model/breaches.ts';
import { EventTable, Kind, Layer, NoteLevel } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import type { RuleId } from '../../../shared/model/rules/rules.ts';
import { brokenBy } from './rules/changed.ts';

describe('where a rule was broken', () => {
  it.each<[RuleId, Layer, number]>([
    ['offset-backwards', Layer.acknowledged, 5],
    ['acknowledged-beyond-received', Layer.acknowledged, 6],
    ['bytes-overwritten', Layer.received, 3],
    ['resume-gap', Layer.received, 9],
    ['early-success', Layer.received, 10],
  ])('%s: in layer %d, at byte %d', (rule, layer, byte) => {
    const model = brokenBy(rule);
    const found = new Breaches(model);
    const all = model.operations.flatMap(({ id }) => found.of(id));
    expect(all).toMatchObject([{ rule, of: 'bytes' }]);
    expect(found.place(all[0]!)).toEqual({ layer, byte });
  });

  it.each<RuleId>(['progress-decreasing', 'progress-beyond-denominator', 'progress-denominator-vanished'])(
    '%s: among the values, and at no byte',
    (rule) => {
      const model = brokenBy(rule);
      const found = new Breaches(model);
      const all = model.operations.flatMap(({ id }) => found.of(id));
      expect(all).toMatchObject([{ rule, of: 'progress' }]);
      expect(found.place(all[0]!)).toBeNull();
    },
  );

  it('is nowhere where none was, and where one has no place', () => {
    for (const rule of ['bare-lf', 'uninitialised-disclosed'] as const) {
      const model = brokenBy(rule);
      const found = new Breaches(model);
      expect(model.operations.flatMap(({ id }) => found.of(id))).toEqual([]);
    }
  });

  it('takes in what came since it was asked last, each once', () => {
    const model = brokenBy('offset-backwards');
    const whole = model.events;
    const table = new EventTable();
    const growing = new Model(table);
    const found = new Breaches(growing);
    const counts: number[] = [];
    for (let row = 0; row < whole.length; row++) {
      const { time, kind, code, connection, exchange, a, b, text } = whole.row(row);
      table.append(time, kind, code, connection, exchange, a, b, text);
      growing.fold();
      counts.push(found.of(0).length);
    }
    expect(counts[0]).toBe(0);
    expect(counts.at(-1)).toBe(1);
    expect(found.of(7)).toEqual([]);
  });

  it('is remembered a thousand times for an operation', () => {
    const table = new EventTable();
    table.append(0, Kind.operation, 0, 1, 0, 0, 0, 'Job');
    table.append(0, Kind.exchange, 0, 1, 0, 0, 0, 'POST /job');
    const text = 'progress-decreasing|server|draft-wright-http-progress';
    for (let at = 1; at <= MOST + 5; at++) table.append(at, Kind.note, NoteLevel.error, 1, 0, 0, 1, text);
    const model = new Model(table);
    model.fold();
    const found = new Breaches(model).of(0);
    expect(found).toHaveLength(MOST);
    expect(found[0]!.row).toBe(2);
  });
});
