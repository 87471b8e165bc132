// A session, a fault board and, where wanted, a test server for one command; closed with everything written.

import type { CutSpec, Disturbance } from '../../shared/contract.ts';
import { createParser } from '../../shared/http1/parser.ts';
import type { Report } from '../../shared/model/report.ts';
import { report } from '../../shared/model/report.ts';
import { exportSession } from '../engine/export.ts';
import { type LiveView, liveView } from '../engine/view.ts';
import { holdFile } from '../session/hold-file.ts';
import { createTestServer } from '../server/server.ts';
import type { TestServer } from '../server/types.ts';
import { systemClock } from '../wire/clock.ts';
import { createFaultBoard } from '../wire/faults.ts';
import type { WireContext } from '../wire/types.ts';
import { checkResult, sameFile, writeResult } from '../session/results.ts';
import { type CommandIo, UsageError } from './usage.ts';

/**
 * Captured bytes in memory where nobody asked for a file: what a report reads back are heads, and an upload of any size
 * must not fill the memory.
 */
const KEPT_IN_MEMORY = 8 * 1024 * 1024;
/** Interim heads whose fields a report lists, at most; a run with more says so in its checks. */
const FIELDS_LISTED = 10_000;

export interface Laboratory {
  readonly view: LiveView;
  readonly context: WireContext;
  /** Everything that was derived so far. */
  fold(): LiveView['model'];
  report(told: Parameters<typeof report>[2]): Promise<Report>;
  /** Ends the recording and writes the HAR file, if one was asked for. */
  close(): Promise<void>;
}

/** What is to be left of a session: files that the user named. */
export interface Wanted {
  /** Where the session is recorded; undefined: in memory. */
  readonly out?: string | undefined;
  /** A HAR file made of it at the end. */
  readonly har?: string | undefined;
}

/** Rejects with a SessionError where the session cannot be recorded, or another run records into that file. */
export async function laboratory(
  name: string,
  { out, har }: Wanted,
  io: CommandIo,
  changed: () => void = () => undefined,
): Promise<Laboratory> {
  const release = out === undefined ? null : await holdFile(out);
  const budget = out === undefined && har === undefined ? KEPT_IN_MEMORY : undefined;
  let view: LiveView;
  try {
    view = liveView(name, out ?? null, changed, io.fail, budget);
  } catch (error) {
    await release?.();
    throw error;
  }
  const context = { recorder: view.recorder, board: createFaultBoard(), clock: systemClock };
  const fold = (): LiveView['model'] => {
    view.model.fold();
    return view.model;
  };
  return {
    view,
    context,
    fold,
    report: async (told) => {
      const model = fold();
      const rows = Array.from(
        model.interims.values.subarray(0, Math.min(model.interims.length, FIELDS_LISTED)),
      );
      const fields = new Map<number, [string, string][]>();
      for (const row of rows) fields.set(row, await interimFields(view, row));
      return report(model, (row) => fields.get(row) ?? [], told);
    },
    close: async () => {
      try {
        if (har !== undefined) await writeResult(har, exportSession(view, 'har'));
      } finally {
        await view.close();
        await release?.();
      }
    },
  };
}

/** The field lines of an interim response, read back from the recorded bytes. */
async function interimFields(view: LiveView, row: number): Promise<[string, string][]> {
  const event = view.table.row(row);
  const { bytes, kept } = await view.bytes(event.connection, 'response', event.a, event.b);
  const fields: [string, string][] = [];
  if (!kept) return fields;
  const parser = createParser('response', {
    head: (head) => {
      for (let i = 0; i < head.fieldCount; i++) fields.push([head.fieldName(i), head.fieldValue(i)]);
    },
  });
  parser.expect('GET');
  parser.feed(bytes);
  return fields;
}

/** The embedded test server on any free port, for a command's own use. */
export function embeddedServer(context: WireContext): Promise<TestServer> {
  return createTestServer({ context, port: 0 });
}

/**
 * Throws a {@link UsageError} where a session and its HAR file would overwrite each other, and an error where the HAR file
 * could not be written in the end.
 */
export async function apart(out: string | undefined, har: string | undefined): Promise<void> {
  if (out !== undefined && har !== undefined && (await sameFile(out, har)))
    throw new UsageError('--out and --har name the same file: name two.');
  if (har !== undefined) await checkResult(har);
}

/** Queues the user's cuts. */
export function armAll(context: WireContext, specs: readonly CutSpec[]): void {
  for (const spec of specs) context.board.arm(spec, 'plan');
}

/** Sets the faults that stand for all connections. */
export function disturbAll(context: WireContext, disturbances: readonly Disturbance[]): void {
  for (const disturbance of disturbances) context.board.disturb(disturbance, 'plan');
}
