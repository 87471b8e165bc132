import { describe, expect, it } from 'vitest';
import { Switchboard } from '../../../electron/engine/switchboard.ts';
import { createRecorder } from '../../../electron/session/recorder.ts';
import { memorySink } from '../../../electron/session/sinks.ts';
import type { CaptureRecord } from '../../../shared/capture/records.ts';

function session() {
  const records: CaptureRecord[] = [];
  const recorder = createRecorder({ sink: memorySink(), onRecord: (record) => records.push(record) });
  return { recorder, records };
}

const client = (port: number) => ({ address: '127.0.0.1', port });
const server = { address: '127.0.0.1', port: 18_080 };
const bytes = new TextEncoder().encode('hello');

describe('the switchboard', () => {
  it('gives each session connections numbered from 1, and wires numbers of their own', () => {
    const first = session();
    const second = session();
    const board = new Switchboard(first.recorder);
    const a = board.opened('client', client(1), server);
    const b = board.opened('client', client(2), server);
    board.switchTo(second.recorder);
    const c = board.opened('client', client(3), server);
    expect([a, b, c]).toEqual([1, 2, 3]);
    board.sent(c, 'client', bytes);
    expect(second.records.map((record) => record.connection)).toEqual([1, 1]);
    expect(board.wireNumber(1)).toBe(c);
    expect(board.sessionNumber(c)).toBe(1);
    expect(board.sessionNumber(b)).toBe(0);
  });

  it('keeps a connection of an earlier session out of a later one', () => {
    const first = session();
    const second = session();
    const board = new Switchboard(first.recorder);
    const old = board.opened('client', client(1), server);
    board.switchTo(second.recorder);
    board.sent(old, 'client', bytes);
    expect(board.received(old, 'client', bytes)).toBe(false);
    board.ended(old, 'client', 'in');
    board.closed(old, 'client', { how: 'fin', by: 'server', sent: 5, received: 5 });
    board.step(old, 'complete', 'It is over.');
    expect(second.records).toEqual([]);
  });
});
