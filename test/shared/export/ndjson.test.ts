// A session as one line of JSON an event.

import { describe, expect, it } from 'vitest';
import { toNdjson } from '../../../shared/export/ndjson.ts';
import { EventTable, Kind } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { play } from './scenario.ts';

const info = { startedAt: 1_794_000_000_000, title: 'Cut and resumed' };

interface Line {
  readonly kind: string;
  readonly time: number;
  readonly [name: string]: unknown;
}

function lines(): { head: unknown; events: Line[]; model: Model } {
  const { model } = play();
  const [head, ...events] = [...toNdjson(model, info)].join('').trimEnd().split('\n');
  return { head: JSON.parse(head!), events: events.map((line) => JSON.parse(line) as Line), model };
}

describe('a session as NDJSON', () => {
  it('begins with what it is, and has one line an event in their order', () => {
    const { head, events, model } = lines();
    expect(head).toEqual({
      format: 'interim-events',
      version: 1,
      title: 'Cut and resumed',
      startedAt: '2026-11-06T21:20:00.000Z',
      events: model.events.length,
    });
    expect(events.length).toBe(model.events.length);
    for (let i = 1; i < events.length; i++)
      expect(events[i]!.time).toBeGreaterThanOrEqual(events[i - 1]!.time);
  });

  it('names what each kind of event holds', () => {
    const { events } = lines();
    const first = (kind: string): Line | undefined => events.find((event) => event.kind === kind);
    expect(first('connection-opened')).toMatchObject({ connection: 1, client: true });
    expect(first('exchange')).toMatchObject({ method: 'POST', target: '/print?a=1&b=%C3%A9', operation: 0 });
    expect(first('interim-received')).toMatchObject({ status: 100, connection: 1, exchange: 0, start: 0 });
    expect(first('fault')).toMatchObject({
      action: 'cut',
      cut: 'rst',
      origin: 'user',
      end: 'server',
      direction: 'in',
      content: 4,
    });
    expect(first('connection-closed')).toMatchObject({ how: 'rst', by: 'fault', end: 'server' });
    expect(first('link')).toMatchObject({ resumes: 0, cutConnection: 1 });
    expect(first('progress')).toMatchObject({ done: 0, of: 3 });
    expect(first('step')).toMatchObject({ step: 'send', why: 'The upload begins.' });
    expect(first('coverage')).toMatchObject({ of: 'request', layer: 'sent', first: 0 });
  });

  it('leaves out what has no value', () => {
    for (const event of lines().events)
      for (const [name, value] of Object.entries(event)) expect([name, value]).not.toContain(null);
  });

  it('hands over pieces that are bounded, of whole lines', () => {
    const table = new EventTable();
    for (let i = 0; i < 5000; i++) table.append(i, Kind.message, 1, 1, 0, i, i + 1, 'a message of a stream');
    const pieces = [...toNdjson(new Model(table), info)];
    expect(pieces.length).toBeGreaterThan(5);
    for (const piece of pieces) {
      expect(piece.endsWith('\n')).toBe(true);
      expect(piece.length).toBeLessThan(66_000);
    }
  });

  it('has a line for a session without events, and none that no clock can tell', () => {
    const empty = new Model(new EventTable());
    expect([...toNdjson(empty, { ...info, startedAt: 1e300 })]).toEqual([
      '{"format":"interim-events","version":1,"title":"Cut and resumed","startedAt":null,"events":0}\n',
    ]);
  });
});
