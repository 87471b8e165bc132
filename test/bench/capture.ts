// One captured request as the app makes it: wire, recorder, deriver. What the rows of the bench have in common.

import { performance } from 'node:perf_hooks';
import { createRecorder, type SessionRecorder, type Sink } from '../../electron/session/recorder.ts';
import { systemClock } from '../../electron/wire/clock.ts';
import { connect } from '../../electron/wire/connect.ts';
import { createFaultBoard } from '../../electron/wire/faults.ts';
import { Deriver } from '../../shared/model/derive.ts';
import { EventTable } from '../../shared/model/events.ts';

export interface Captured {
  readonly recorder: SessionRecorder;
  readonly table: EventTable;
  /** Milliseconds from before the connection until after the last byte. */
  readonly cost: number;
}

/** Sends a GET and reads until `last` says that these bytes end the response; leaves the recorder open. */
export async function captureGet(
  sink: Sink,
  port: number,
  path: string,
  last: (bytes: Uint8Array) => boolean,
): Promise<Captured> {
  const began = performance.now();
  const table = new EventTable();
  const deriver = new Deriver(table);
  const recorder = createRecorder({ sink, budget: Infinity, onRecord: (record) => deriver.feed(record) });
  const board = createFaultBoard();
  board.rate = 0;
  const wire = await connect('127.0.0.1', port, { recorder, board, clock: systemClock });
  const done = new Promise<void>((resolve, reject) => {
    wire.handle({
      data: (bytes) => {
        if (last(bytes)) resolve();
      },
      closed: ({ how }) => reject(new Error(`closed (${how}) before the end`)),
    });
  });
  void wire.write(Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`));
  await done;
  const cost = performance.now() - began;
  wire.close('rst');
  return { recorder, table, cost };
}

/** Ends when that many bytes of content came behind the head. */
export function afterContent(length: number): (bytes: Uint8Array) => boolean {
  let left = length;
  let head: string | null = '';
  return (bytes) => {
    if (head === null) left -= bytes.length;
    else {
      const before: number = head.length;
      head += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1', 0, 4096);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return false;
      left -= bytes.length - (end + 4 - before);
      head = null;
    }
    return left <= 0;
  };
}
