import { describe, expect, it } from 'vitest';
import { sentOperation } from '../../../renderer/patch/sent.ts';
import { EventTable, Kind, NONE } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';

/** A session of one connection with an operation for each request. */
function session(...requests: string[]): Model {
  const table = new EventTable();
  table.append(0, Kind.connectionOpened, 1, 1, NONE, 0, 0, 'client → server');
  requests.forEach((request, id) => {
    table.append(id + 1, Kind.operation, 0, 1, id, id, 0, request);
    table.append(id + 1, Kind.exchange, 0, 1, id, id, 0, request);
  });
  const model = new Model(table);
  model.fold();
  return model;
}

const URL = 'http://127.0.0.1:18080/a?b';

describe('the operation that was sent', () => {
  it.each<[string, string[], number, number, number | null]>([
    [
      'is the newest PUT or PATCH of the resource',
      ['PUT /a?b', 'PATCH /a?b', 'GET /a?b', 'PATCH /a'],
      1,
      0,
      1,
    ],
    ['is not there before it begins', ['PUT /a?b'], 1, 1, null],
    ['is that of another session when it took the place', ['GET /x', 'PUT /a?b'], 2, 1, 1],
    ['is none of another resource', ['PATCH /c'], 1, 0, null],
  ])('%s', (_what, requests, epoch, exchanges, operation) => {
    expect(sentOperation(session(...requests), epoch, { epoch: 1, exchanges }, URL)).toBe(operation);
  });
});
