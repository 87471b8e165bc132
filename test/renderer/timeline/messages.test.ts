// Messages of streams on the timeline: each once, full where it says something, and told in words.

import { describe, expect, test } from 'vitest';
import { eventLines } from '../../../renderer/timeline/describe.ts';
import { layoutRows } from '../../../renderer/timeline/layout.ts';
import { messagesBy } from '../../../renderer/timeline/messages.ts';
import { RowsIndex } from '../../../renderer/timeline/rows.ts';
import { buildScene } from '../../../renderer/timeline/scene.ts';
import { fit } from '../../../renderer/timeline/viewport.ts';
import {
  EventTable,
  Kind,
  MESSAGE_OF_CLIENT,
  MESSAGE_RECEIVED,
  MessageType,
} from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';

const READ = MESSAGE_RECEIVED;
const CLIENT = MESSAGE_OF_CLIENT;

/** One exchange with both ends ours, and messages of that `code` and text at 1 s, 2 s …, written and read. */
function modelOf(...messages: readonly (readonly [code: number, text: string, seconds: number])[]): Model {
  const table = new EventTable();
  table.append(0, Kind.connectionOpened, 3, 1, 0xffffffff, 0, 0, 'a → b');
  table.append(0, Kind.operation, 0, 1, 0, 0, 0, 'GET /stream');
  table.append(0, Kind.exchange, 0, 1, 0, 0, 0, 'GET /stream');
  for (const [code, text, seconds] of messages) {
    table.append(seconds * 1e9, Kind.message, code, 1, 0, 0, 9, text);
    table.append(seconds * 1e9 + 1e6, Kind.message, code | READ, 1, 0, 0, 9, text);
  }
  table.append(10e9, Kind.ended, 0, 1, 0xffffffff, 0, 0, '');
  const model = new Model(table);
  model.fold();
  return model;
}

function marksOf(model: Model) {
  const index = new RowsIndex();
  index.update(model);
  return buildScene({
    model,
    index,
    layout: layoutRows(model, index, new Set()),
    viewport: fit({ first: 0, last: 10e9 }, 1000),
    scrollTop: 0,
    height: 600,
    time: Infinity,
    now: 10e9,
    live: false,
    selection: null,
    pointed: null,
    armed: [],
    filter: null,
    measure: (text) => text.length * 6,
  }).marks;
}

describe('marks', () => {
  test('stand for each message once: as the client wrote or read it', () => {
    const marks = marksOf(
      modelOf([MessageType.text | CLIENT, 'question', 1], [MessageType.text, 'answer', 4]),
    );
    expect(marks.map(({ kind, label, ink, hollow }) => ({ kind, label, ink, hollow }))).toEqual([
      { kind: 'message', label: 'question', ink: 'request', hollow: false },
      { kind: 'message', label: 'answer', ink: 'final', hollow: false },
    ]);
  });

  test('of what only keeps the connection are hollow and named', () => {
    const marks = marksOf(
      modelOf(
        [MessageType.ping, '', 1],
        [MessageType.comment, 'alive', 4],
        [MessageType.heartbeat, '1 space', 7],
      ),
    );
    expect(marks.map(({ label, hollow }) => `${label} ${hollow}`)).toEqual([
      'ping true',
      'comment alive true',
      'heartbeat 1 space true',
    ]);
  });

  test('too near to each other stand as one, counted by what they are', () => {
    const event = MessageType.event;
    const alike = modelOf([event, 'a', 1], [event, 'b', 1.01], [event, 'c', 1.02]);
    expect(marksOf(alike).map(({ label, count }) => [label, count])).toEqual([['event ×3', 3]]);
    const mixed = modelOf([event, 'a', 1], [MessageType.comment, '', 1.01]);
    expect(marksOf(mixed).map(({ label }) => label)).toEqual(['2 messages']);
  });

  test('say no more than there is room for', () => {
    const long = 'x'.repeat(100);
    const [mark] = marksOf(modelOf([MessageType.event, long, 1]));
    expect(mark!.label).toBe(`${'x'.repeat(39)}…`);
  });
});

test('a message in words says what it is, what it says, and whose it is', () => {
  const model = modelOf([MessageType.text | CLIENT, 'question', 1], [MessageType.event, 'tick: 3', 2]);
  const { messages } = model.exchanges[0]!;
  expect(eventLines(model, messages.values[0]!)).toEqual([
    'WebSocket text message',
    'question',
    'GET /stream',
    'from the client, sent at 1.000 s',
  ]);
  expect(eventLines(model, messages.values[1]!)[3]).toBe('from the server, read at 2.001 s');
});

test('by a moment, as many have come or gone as stand before it', () => {
  const model = modelOf([MessageType.event, 'a', 1], [MessageType.event, 'b', 2]);
  const { messages } = model.exchanges[0]!;
  expect([0, 1e9, 1.5e9, 9e9, Infinity].map((time) => messagesBy(model, messages, time))).toEqual([
    0, 0, 1, 2, 2,
  ]);
});
