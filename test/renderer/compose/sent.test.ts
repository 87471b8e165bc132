import { describe, expect, it } from 'vitest';
import { sentConnection, sentExchanges } from '../../../renderer/compose/sent.ts';
import { EventTable, Kind, NONE } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';

/** A session of exchanges, each as `connection METHOD target`. */
function session(...exchanges: string[]): Model {
  const table = new EventTable();
  const opened = new Set<number>();
  exchanges.forEach((line, id) => {
    const connection = Number(line[0]);
    const request = line.slice(2);
    if (!opened.has(connection))
      table.append(id, Kind.connectionOpened, 1, connection, NONE, 0, 0, 'client → server');
    opened.add(connection);
    table.append(id, Kind.operation, 0, connection, id, id, 0, request);
    table.append(id, Kind.exchange, 0, connection, id, id, 0, request);
  });
  const model = new Model(table);
  model.fold();
  return model;
}

const ids = (model: Model, epoch: number, from: number, ...asked: string[]) =>
  sentExchanges(
    model,
    epoch,
    { epoch: 1, exchanges: from, connections: 0 },
    asked.map((one) => {
      const [method = '', target = ''] = one.split(' ');
      return { method, target };
    }),
  ).map((exchange) => exchange?.id ?? null);

describe('the exchanges that were sent', () => {
  const model = session('1 GET /a', '2 GET /b', '2 HEAD /a', '3 GET /a', '2 GET /c');
  it.each<[string, number, number, string[], (number | null)[]]>([
    ['are found by what they ask for', 1, 0, ['GET /a'], [0]],
    ['are none of before', 1, 1, ['GET /a'], [3]],
    ['may have another method, as a strategy likes', 1, 3, ['PUT /c'], [4]],
    ['follow the first on its connection', 1, 1, ['GET /b', 'HEAD /a', 'GET /c', 'GET /d'], [1, 2, 4, null]],
    ['have not begun yet', 1, 4, ['GET /a', 'GET /b'], [null, null]],
    ['are of the session that took the place', 2, 4, ['GET /a'], [0]],
    ['are none where nothing was asked', 1, 0, [], []],
  ])('%s', (_, epoch, from, asked, found) => {
    expect(ids(model, epoch, from, ...asked)).toEqual(found);
  });

  it('have a connection, also where they are no requests', () => {
    expect(sentConnection(model, 1, { epoch: 1, exchanges: 0, connections: 2 })).toBe(3);
    expect(sentConnection(model, 1, { epoch: 1, exchanges: 0, connections: 3 })).toBeNull();
    expect(sentConnection(model, 2, { epoch: 1, exchanges: 0, connections: 3 })).toBe(1);
  });
});
