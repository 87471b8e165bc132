// What an interface looks at: a session, live or opened, with the events derived from its records.
// Both kinds are derived by the same functions, so they cannot differ.

import { customBlock, sectionBlock } from '../../shared/capture/custom-block.ts';
import type { CaptureRecord, RemarkRecord, Stream } from '../../shared/capture/records.ts';
import type { SessionState } from '../../shared/contract.ts';
import { Deriver } from '../../shared/model/derive.ts';
import { EventTable } from '../../shared/model/events.ts';
import { Model } from '../../shared/model/model.ts';
import { sessionName } from './names.ts';
import { createRecorder, type SessionRecorder } from '../session/recorder.ts';
import { fileSink, memorySink } from '../session/sinks.ts';
import { type OpenedSession, openSession } from '../session/session-file.ts';

/** Said of a session with more events than are derived. */
const FULL =
  'This session has more events than can be shown: what came after them is in its file, and counted. Begin a new session to see what comes next.';

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
  /** The user has it, as it was when {@link added} was asked last, under this path or name. */
  markSaved(path: string): void;
  describe(): Omit<SessionState, 'epoch'>;
  bytes(connection: number, stream: Stream, start: number, end: number): Promise<CapturedBytes>;
  /** Why no note can be added to it, in a sentence; null: notes can. */
  readonly remarksRefused: string | null;
  /** Records a note. Its events are in the table when this returns. */
  remark(remark: Omit<RemarkRecord, 'kind' | 'time'>): void;
  /**
   * Asked when it begins to be saved: blocks of pcapng that its file has still to be given, behind its
   * {@link wholeLength}, which are notes on an opened file. What comes after this is not saved with it.
   */
  added(): readonly Uint8Array[];
  /** Bytes of its file that are whole blocks; null: all that it has by now. */
  readonly wholeLength: number | null;
  /** Notes were added to a file that nobody has saved since. */
  readonly hasUnsavedRemarks: boolean;
  /** Everything recorded so far is on disk, and everything on disk was read, when this resolves. */
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
  let handedOver = 0;
  const view: LiveView = {
    table,
    model,
    recorder,
    file,
    live: true,
    name,
    markSaved: (path) => {
      saved = { path, records: handedOver };
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
      warning: deriver.isFull ? FULL : null,
    }),
    bytes: (connection, stream, start, end) => recorder.bytes(connection, stream, start, end),
    remarksRefused: null,
    remark: (remark) => recorder.remark(remark),
    added: () => {
      handedOver = recorder.records;
      return [];
    },
    wholeLength: null,
    hasUnsavedRemarks: false,
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
  const view = await readView(path, () => undefined);
  try {
    await view.whole;
  } catch (error) {
    await view.close();
    throw error;
  }
  return view;
}

/** A file of which what was read so far can be looked at. */
export interface ReadingView extends View {
  /** Resolves when all of it was read. Rejects with a SessionError when the disk fails, or it is closed before. */
  readonly whole: Promise<void>;
}

/**
 * Opens a file and begins to read it. Rejects with a SessionError, whose message is for the user, where it is none.
 * `changed` is called after each part that was read, and at the end.
 */
export async function readView(path: string, changed: () => void): Promise<ReadingView> {
  const session: OpenedSession = await openSession(path);
  const table = new EventTable();
  const model = new Model(table);
  const deriver = new Deriver(table);
  let records = 0;
  let isReading = true;
  let share = 0;
  const read = async (): Promise<void> => {
    try {
      await session.read(
        (record) => {
          deriver.feed(record);
          records++;
        },
        (part) => {
          share = part;
          table.foreseen = Math.ceil(table.length / share);
          changed();
        },
      );
    } finally {
      isReading = false;
      table.foreseen = 0;
    }
    changed();
  };
  const whole = read();
  // Whoever waits for it is told; where nobody does yet, that is no accident.
  whole.catch(() => undefined);
  const written: RemarkRecord[] = [];
  /** How many of them the file has, how many the user has somewhere, and how many were handed over to be saved. */
  let inFile = 0;
  let saved = 0;
  let handedOver = 0;
  const view: ReadingView = {
    whole,
    table,
    // The interfaces fold what they show themselves: most files are never folded here.
    get model() {
      model.fold();
      return model;
    },
    file: path,
    live: false,
    name: sessionName(path),
    markSaved: (place) => {
      saved = handedOver;
      if (place === path) inFile = saved;
    },
    describe: () => ({
      name: view.name,
      path,
      live: false,
      ...(isReading ? { read: share } : {}),
      saved: saved === written.length,
      records: records + written.length,
      keptBytes: session.keptBytes,
      leftOutBytes: session.leftOutBytes,
      startedAt: Number(session.header.startedAt / 1_000_000n),
      warning: session.warning ?? (deriver.isFull ? FULL : null),
    }),
    bytes: (connection, stream, start, end) => session.bytes(connection, stream, start, end),
    get remarksRefused() {
      return isReading
        ? 'The session is still being read: write the note when all of it is there.'
        : session.appendRefusal;
    },
    remark: (remark) => {
      // Behind all that is there: a file only grows.
      const record: RemarkRecord = { kind: 'remark', time: model.endTime, ...remark };
      written.push(record);
      deriver.feed(record);
    },
    added: () => {
      handedOver = written.length;
      const fresh = newest(written.slice(inFile));
      return fresh.length === 0
        ? []
        : [...(session.foreign ? [sectionBlock()] : []), ...fresh.map(customBlock)];
    },
    get wholeLength() {
      // Saved in its own place it is longer by now, and whole.
      return inFile > 0 ? null : session.wholeLength;
    },
    get hasUnsavedRemarks() {
      return saved < written.length;
    },
    flush: () => whole,
    close: () => session.close(),
  };
  return view;
}

/** Of each note the last that was written: what it said before is in no file yet, and need not be. */
function newest(written: readonly RemarkRecord[]): RemarkRecord[] {
  return [...new Map(written.map((record) => [record.id, record])).values()];
}
