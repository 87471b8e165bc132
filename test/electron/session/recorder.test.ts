// The recorder over the memory sink: numbers, links, budget, and what comes back.

import { describe, expect, it } from 'vitest';
import { createRecorder } from '../../../electron/session/recorder.ts';
import { memorySink } from '../../../electron/session/sinks.ts';
import type { CaptureRecord } from '../../../shared/capture/records.ts';

const client = { address: '127.0.0.1', port: 41000 };
const server = { address: '127.0.0.1', port: 18080 };
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

function setUp(budget?: number) {
  const sink = memorySink();
  const seen: CaptureRecord[] = [];
  let time = 0;
  const recorder = createRecorder({
    sink,
    onRecord: (record) => seen.push(record),
    now: () => (time += 10),
    ...(budget === undefined ? {} : { budget }),
  });
  return { recorder, seen, stored: () => [...sink.records()], sink };
}

describe('recorder', () => {
  it('gives both ends of a connection one number, whichever comes first', () => {
    const { recorder } = setUp();
    expect(recorder.opened('server', client, server)).toBe(1);
    expect(recorder.opened('client', client, server)).toBe(1);
    expect(recorder.opened('client', { ...client, port: 41001 }, server)).toBe(2);
    expect(recorder.opened('server', { ...client, port: 41001 }, server)).toBe(2);
  });

  it('gives a new number when the same endpoints are used again', () => {
    const { recorder } = setUp();
    const note = { how: 'fin', by: 'client', sent: 0, received: 0 } as const;
    recorder.opened('client', client, server);
    recorder.opened('server', client, server);
    recorder.closed(1, 'client', note);
    recorder.closed(1, 'server', note);
    expect(recorder.opened('client', client, server)).toBe(2);
    expect(recorder.opened('server', client, server)).toBe(2);
  });

  it('links a server end that was accepted only after its client had cut', () => {
    const { recorder } = setUp();
    recorder.opened('client', client, server);
    recorder.closed(1, 'client', { how: 'rst', by: 'fault', sent: 0, received: 0 });
    expect(recorder.opened('server', client, server)).toBe(1);
  });

  it('keeps what a lone end reads, and lets go of it where the writer is held here too', async () => {
    const lone = setUp();
    lone.recorder.opened('client', client, server);
    expect(lone.recorder.received(1, 'client', text('hello'))).toBe(true);
    expect(lone.stored()[1]).toMatchObject({ kind: 'received', offset: 0, length: 5, bytes: text('hello') });

    const both = setUp();
    both.recorder.opened('client', client, server);
    both.recorder.opened('server', client, server);
    both.recorder.sent(1, 'client', text('hello'));
    expect(both.recorder.received(1, 'server', text('hel'))).toBe(false);
    expect(both.recorder.received(1, 'server', text('lo'))).toBe(false);
    expect(both.stored().slice(2)).toEqual([
      { kind: 'sent', time: 30, connection: 1, end: 'client', offset: 0, length: 5, bytes: text('hello') },
      { kind: 'received', time: 40, connection: 1, end: 'server', offset: 0, length: 3, bytes: null },
      { kind: 'received', time: 50, connection: 1, end: 'server', offset: 3, length: 2, bytes: null },
    ]);
    expect(both.recorder.keptBytes).toBe(5);
    expect(await both.recorder.bytes(1, 'request', 1, 4)).toEqual({ bytes: text('ell'), kept: true });
  });

  it('counts what is over budget, shows it to the listener, and never keeps any after it', async () => {
    const { recorder, seen, stored } = setUp(6);
    recorder.opened('client', client, server);
    recorder.sent(1, 'client', text('abcd'));
    recorder.sent(1, 'client', text('efgh'));
    recorder.sent(1, 'client', text('i'));
    expect([recorder.keptBytes, recorder.leftOutBytes, recorder.records]).toEqual([4, 5, 4]);
    expect(seen[2]).toMatchObject({ offset: 4, length: 4, bytes: text('efgh') });
    expect(stored()[2]).toMatchObject({ offset: 4, length: 4, bytes: null });
    expect(stored()[3]).toMatchObject({ offset: 8, length: 1, bytes: null });
    expect(await recorder.bytes(1, 'request', 0, 9)).toEqual({ bytes: text('abcd'), kept: false });
    expect(await recorder.bytes(1, 'request', 0, 4)).toEqual({ bytes: text('abcd'), kept: true });
  });

  it('keeps more when it is told to in time, and stays over once it was', async () => {
    const { recorder } = setUp(2);
    recorder.opened('client', client, server);
    recorder.budget = 6;
    recorder.sent(1, 'client', text('abcd'));
    recorder.sent(1, 'client', text('efgh'));
    recorder.budget = 100;
    recorder.sent(1, 'client', text('i'));
    expect([recorder.keptBytes, recorder.leftOutBytes]).toEqual([4, 5]);
    expect(await recorder.bytes(1, 'request', 0, 9)).toEqual({ bytes: text('abcd'), kept: false });
  });

  it('keeps discarded bytes although the caller reuses its buffer', async () => {
    const { recorder } = setUp();
    recorder.opened('server', client, server);
    const slab = text('left over');
    recorder.discarded(1, 'server', slab);
    slab.fill(0);
    expect(await recorder.bytes(1, 'request', 0, 100)).toEqual({ bytes: text('left over'), kept: true });
  });

  it('hands every record to the sink and to the listener alike', () => {
    const { recorder, seen, stored } = setUp();
    recorder.about({ experiment: 'five-steps' });
    recorder.opened('client', client, server);
    recorder.step(1, 'send', 'It was asked for.');
    recorder.fault(1, 'client', { direction: 'out', action: 'cut', cut: 'rst', origin: 'user', at: 3 });
    recorder.ended(1, 'client', 'in');
    recorder.closed(1, 'client', { how: 'error', by: 'server', sent: 0, received: 0, error: 'ECONNREFUSED' });
    expect(stored()).toEqual(seen);
    expect(seen.map((record) => [record.kind, record.time])).toEqual([
      ['about', 10],
      ['opened', 20],
      ['step', 30],
      ['fault', 40],
      ['ended', 50],
      ['closed', 60],
    ]);
  });

  it('refuses bytes of an end that was never opened', () => {
    const { recorder } = setUp();
    recorder.opened('client', client, server);
    expect(() => recorder.sent(1, 'server', text('x'))).toThrow(
      'the server end of connection 1 was never opened',
    );
    expect(() => recorder.sent(2, 'client', text('x'))).toThrow(RangeError);
  });

  it('records nothing more after its close', async () => {
    const { recorder, seen } = setUp();
    recorder.opened('client', client, server);
    await recorder.close();
    recorder.sent(1, 'client', text('late'));
    recorder.closed(1, 'client', { how: 'fin', by: 'client', sent: 4, received: 0 });
    expect(seen).toHaveLength(1);
    expect(recorder.records).toBe(1);
  });

  it('needs at most 40 bytes a record beyond the bytes themselves', () => {
    const { recorder, sink } = setUp();
    recorder.opened('client', client, server);
    const slab = new Uint8Array(65536);
    const records = 100_000;
    for (let i = 0; i < records; i++)
      recorder.received(1, 'client', slab.subarray(i % 60_000, (i % 60_000) + 7));
    expect(sink.overhead / records).toBeLessThanOrEqual(40);
    expect([...sink.records()].length).toBe(records + 1);
  });
});
