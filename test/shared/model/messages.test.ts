// Messages of streams in the model: counted once, at the end that tells.

import { describe, expect, it } from 'vitest';
import {
  EventTable,
  Kind,
  MESSAGE_OF_CLIENT,
  MESSAGE_RECEIVED,
  MessageType,
} from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';

/** A message of each direction, as written and as read. */
function modelOf(ends: number): Model {
  const table = new EventTable();
  table.append(0, Kind.connectionOpened, ends, 1, 0xffffffff, 0, 0, 'a → b');
  table.append(1, Kind.operation, 0, 1, 0, 0, 0, 'GET /');
  table.append(1, Kind.exchange, 0, 1, 0, 0, 0, 'GET /');
  const { text, pong } = MessageType;
  const client = text | MESSAGE_OF_CLIENT;
  if (ends & 1) table.append(2, Kind.message, client, 1, 0, 100, 110, 'asked');
  if (ends & 2) table.append(3, Kind.message, client | MESSAGE_RECEIVED, 1, 0, 100, 110, 'asked');
  if (ends & 2) table.append(4, Kind.message, pong, 1, 0, 200, 210, 'told');
  if (ends & 1) table.append(5, Kind.message, pong | MESSAGE_RECEIVED, 1, 0, 200, 210, 'told');
  const model = new Model(table);
  model.fold();
  return model;
}

describe('the messages of an exchange', () => {
  it.each([
    { held: 'both ends', ends: 3, times: [2, 5], marks: 4 },
    { held: 'the client end', ends: 1, times: [2, 5], marks: 2 },
    { held: 'the server end', ends: 2, times: [3, 4], marks: 2 },
  ])('are counted once, at the client’s end where that is held: $held', ({ ends, times, marks }) => {
    const model = modelOf(ends);
    const { messages } = model.exchanges[0]!;
    const rows = Array.from(messages.values.subarray(0, messages.length), (row) => model.events.row(row));
    expect(rows.map(({ time }) => time)).toEqual(times);
    expect(rows.map(({ text }) => text)).toEqual(['asked', 'told']);
    expect(model.connections[0]!.marks.length).toBe(marks);
  });
});
