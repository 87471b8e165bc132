// What an interface looks at: a session, live or opened, with the events derived from its records.
// Both kinds are derived by the same functions, so they cannot differ.

import { type CaptureRecord, type Stream } from '../../shared/capture/records.ts';
import type { SessionState } from '../../shared/contract.ts';
import { Deriver } from '../../shared/model/derive.ts';
import { EventTable } from '../../shared/model/events.ts';
import { Model } from '../../shared/model/model.ts';
import { sessionName } from './names.ts';
import { createRecorder, type SessionRecorder } from '../session/recorder.ts';
import { fileSink, memorySink } from '../session/sinks.ts';
import { type OpenedSession, openSession } from '../session/session-file.ts';

/** Captured bytes of one stream. `kept` false: they were counted, not kept. */
export interface CapturedBytes {
  readonly bytes: Uint8Array;
  readonly kept: boolean;
}

export interface View {
  readonly table: EventTable;
  /** Everything that was derived so far; of an opened file folded when it is first asked for. */
  readonly model: Model;
  /** Where its records are on disk; null: in memory only. */
  readonly file: string | null;
  readonly live: boolean;
  name: string;
  /** The user has it, as it is now, under this path or name. */
  markSaved(path: string): void;
  describe(): Omit<SessionState, 'epoch'>;
  bytes(connection: number, stream: Stream, start: number, end: number): Promise<CapturedBytes>;
  /** Everything recorded so far is on disk when this resolves. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface LiveView extends View {
  readonly recorder: SessionRecorder;
}

/**
 * Begins a live session. `file` null: in memory. `changed` is called after each record.
 * @param budget captured bytes that are kept at most; default: the recorder's
 */
export function liveView(
  name: string,
  file: string | null,
  changed: () => void,
  problem: (message: string) => void,
  budget?: number,
): LiveView {
  const table = new EventTable();
  const model = new Model(table);
  const deriver = new Deriver(table);
  const recorder = createRecorder({
    sink: file === null ? memorySink() : fileSink(file, { onProblem: problem }),
    ...(budget === undefined ? {} : { budget }),
    onRecord: (record: CaptureRecord) => {
      deriver.feed(record);
      changed();
    },
  });
  let closed = false;
  let saved: { path: string; records: number } | null = null;
  const view: LiveView = {
    table,
    model,
    recorder,
    file,
    live: true,
    name,
    markSaved: (path) => {
      saved = { path, records: recorder.records };
    },
    describe: () => ({
      name: view.name,
      path: saved?.path ?? null,
      live: true,
      saved: saved?.records === recorder.records,
      records: recorder.records,
      keptBytes: recorder.keptBytes,
      leftOutBytes: recorder.leftOutBytes,
      startedAt: Number(recorder.header.startedAt / 1_000_000n),
      warning: null,
    }),
    bytes: (connection, stream, start, end) => recorder.bytes(connection, stream, start, end),
    flush: () => recorder.flush(),
    close: async () => {
      if (closed) return;
      closed = true;
      await recorder.close();
    },
  };
  return view;
}

/** Opens a file and derives all of it. Rejects with a SessionError, whose message is for the user. */
export async function openedView(path: string): Promise<View> {
  const session: OpenedSession = await openSession(path);
  const table = new EventTable();
  const model = new Model(table);
  const deriver = new Deriver(table);
  let records = 0;
  await session.read((record) => {
    deriver.feed(record);
    records++;
  });
  const view: View = {
    table,
    // The interfaces fold what they show themselves: most files are never folded here.
    get model() {
      model.fold();
      return model;
    },
    file: path,
    live: false,
    name: sessionName(path),
    markSaved: () => undefined,
    describe: () => ({
      name: view.name,
      path,
      live: false,
      saved: true,
      records,
      keptBytes: session.keptBytes,
      leftOutBytes: session.leftOutBytes,
      startedAt: Number(session.header.startedAt / 1_000_000n),
      warning: session.warning,
    }),
    bytes: (connection, stream, start, end) => session.bytes(connection, stream, start, end),
    flush: () => Promise.resolve(),
    close: () => session.close(),
  };
  return view;
}
