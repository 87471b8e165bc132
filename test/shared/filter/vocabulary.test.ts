import { describe, expect, it } from 'vitest';
import { Vocabulary } from '../../../shared/filter/vocabulary.ts';
import { EventTable, Kind } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { storyModel, storyTable } from '../../renderer/story-fixture.ts';

function told(vocabulary: Vocabulary): [string, number][][] {
  const { statuses, kinds, methods, paths, notes, connections, operations } = vocabulary;
  return [statuses, kinds, methods, paths, notes, connections, operations].map((counts) => [...counts]);
}

describe('what occurs in a session', () => {
  it('is counted once each, as the client saw it', () => {
    const model = storyModel();
    const vocabulary = new Vocabulary(model);
    vocabulary.update();
    const finals = model.exchanges.filter(({ status }) => status !== null);
    const statuses = new Map<string, number>();
    for (const { status } of finals) statuses.set(String(status), (statuses.get(String(status)) ?? 0) + 1);
    for (const { interim } of model.exchanges)
      for (const row of interim.values.subarray(0, interim.length)) {
        const status = String(model.events.columns.code[row]);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    expect(Object.fromEntries(vocabulary.statuses)).toEqual(Object.fromEntries(statuses));
    expect(vocabulary.kinds.get('request')).toBe(model.exchanges.length);
    expect(vocabulary.kinds.get('final')).toBe(finals.length);
    expect(vocabulary.kinds.get('interim')).toBe(model.interims.length);
    expect(Object.fromEntries(vocabulary.connections)).toEqual(
      Object.fromEntries(model.connections.map(({ id, exchanges }) => [String(id), exchanges.length])),
    );
  });

  it('is the same whether it was looked at once or all the time', () => {
    const whole = storyTable();
    const table = new EventTable();
    const model = new Model(table);
    const vocabulary = new Vocabulary(model);
    for (let row = 0; row < whole.length; row++) {
      const { time, kind, code, connection, exchange, a, b, text } = whole.row(row);
      table.append(time, kind, code, connection, exchange, a, b, text);
      model.fold();
      vocabulary.update();
    }
    const atOnce = new Vocabulary(model);
    atOnce.update();
    expect(told(vocabulary).slice(2)).toEqual(told(atOnce).slice(2));
    expect(vocabulary.statuses).toEqual(atOnce.statuses);
    expect(vocabulary.kinds).toEqual(atOnce.kinds);
  });

  it('is remembered of the first few hundred different paths only', () => {
    const table = new EventTable();
    table.append(0, Kind.connectionOpened, 1, 1, 0xffffffff, 0, 0, 'a → b');
    for (let id = 0; id < 1000; id++) table.append(id, Kind.exchange, 0, 1, id, 0, 0, `GET /${id % 500}`);
    const model = new Model(table);
    model.fold();
    const vocabulary = new Vocabulary(model);
    vocabulary.update();
    expect(vocabulary.paths.size).toBe(400);
    expect(vocabulary.paths.get('/399')).toBe(2);
  });
});
