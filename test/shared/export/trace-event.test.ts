// A session as a trace: what viewers need so that they drop nothing.

import { describe, expect, it } from 'vitest';
import { toTraceEvents } from '../../../shared/export/trace-event.ts';
import { Deriver } from '../../../shared/model/derive.ts';
import { EventTable } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { play } from './scenario.ts';
import type { CaptureRecord } from '../../../shared/capture/records.ts';

interface Traced {
  readonly name: string;
  readonly ph: string;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly cat?: string;
  readonly id?: number;
  readonly args: Record<string, unknown>;
}

function trace(model: Model): Traced[] {
  const text = [...toTraceEvents(model, 'Cut and resumed')].join('');
  return (JSON.parse(text) as { traceEvents: Traced[] }).traceEvents;
}

const encoder = new TextEncoder();

/** Three requests behind each other before the first answer. */
function pipelined(): Model {
  const table = new EventTable();
  const deriver = new Deriver(table);
  const client = { address: '127.0.0.1', port: 40_000 };
  const server = { address: '127.0.0.1', port: 80 };
  let time = 0;
  const at = () => ({ time: (time += 1e6), connection: 1 });
  const feed = (record: CaptureRecord): void => deriver.feed(record);
  feed({ ...at(), kind: 'opened', end: 'client', client, server });
  let offset = 0;
  for (const path of ['/a', '/b', '/c']) {
    const bytes = encoder.encode(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    feed({ ...at(), kind: 'sent', end: 'client', offset, length: bytes.length, bytes });
    offset += bytes.length;
  }
  offset = 0;
  for (let i = 0; i < 3; i++) {
    const bytes = encoder.encode('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    feed({ ...at(), kind: 'received', end: 'client', offset, length: bytes.length, bytes });
    offset += bytes.length;
  }
  const model = new Model(table);
  model.fold();
  return model;
}

describe('a session as a trace', () => {
  it.each([
    ['cut and resumed', play().model],
    ['pipelined', pipelined()],
  ])('has slices that never cross on their thread: %s', (_, model) => {
    const slices = trace(model).filter(({ ph }) => ph === 'X');
    expect(slices.filter(({ cat, args }) => cat === 'http' && args !== undefined).length).toBe(
      model.exchanges.length,
    );
    for (const one of slices)
      for (const other of slices) {
        if (one === other || one.tid !== other.tid || other.ts < one.ts) continue;
        const [oneEnd, otherEnd] = [one.ts + one.dur, other.ts + other.dur];
        // Beside it or inside it, to the nanosecond.
        expect(other.ts >= oneEnd - 5e-4 || otherEnd <= oneEnd + 5e-4 || other.ts === one.ts).toBe(true);
      }
  });

  it('gives each connection a thread with its name, and pipelined requests further ones', () => {
    const names = (model: Model): unknown[] =>
      trace(model)
        .filter(({ name }) => name === 'thread_name')
        .map(({ args }) => args['name']);
    expect(names(play().model)).toEqual([
      expect.stringMatching(/^Connection 1 · 127\.0\.0\.1:41001 → /),
      expect.stringMatching(/^Connection 2 · /),
      expect.stringMatching(/^Connection 3 · /),
    ]);
    expect(names(pipelined())).toEqual([
      expect.stringMatching(/^Connection 1 · /),
      'Connection 1 · pipelined 2',
      'Connection 1 · pipelined 3',
    ]);
  });

  it('marks interim responses, faults and steps, and draws an arrow from a cut to what resumes it', () => {
    const events = trace(play().model);
    const instants = events.filter(({ ph }) => ph === 'i').map(({ cat, name }) => `${cat} ${name}`);
    expect(instants).toContain('interim 102 1/3 "Knitting sweaters"');
    expect(instants).toContain('fault cut rst');
    expect(instants).toContain('step send');
    expect(instants).toContain('connection closed rst');
    expect(instants.filter((name) => name.startsWith('interim')).length).toBe(3);
    const arrows = events.filter(({ name }) => name === 'resumes');
    expect(arrows.map(({ ph, id }) => [ph, id])).toEqual([
      ['s', 0],
      ['f', 0],
    ]);
    expect(arrows[1]!.ts).toBeGreaterThanOrEqual(arrows[0]!.ts);
    expect(events.filter(({ ph }) => ph === 'C').map(({ args }) => args['done'])).toContain(1);
  });

  it('is a whole document for a session without events', () => {
    expect(trace(new Model(new EventTable()))).toHaveLength(1);
  });
});
