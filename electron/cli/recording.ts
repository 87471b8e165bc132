// Records what a command does into a file that the user named, or nowhere, for commands that may run for days: they read
// nothing back, and nothing of what has passed is held.

import type { CaptureRecord } from '../../shared/capture/records.ts';
import { holdFile } from '../session/hold-file.ts';
import { createRecorder } from '../session/recorder.ts';
import { droppingSink, fileSink } from '../session/sinks.ts';
import { systemClock } from '../wire/clock.ts';
import { createFaultBoard } from '../wire/faults.ts';
import type { WireContext } from '../wire/types.ts';
import type { CommandIo } from './usage.ts';

export interface Recording {
  readonly context: WireContext;
  /** Everything is in the file when this resolves. */
  close(): Promise<void>;
}

/**
 * Begins to record. Rejects with a SessionError where the file cannot be written, or is being written by another run.
 * @param out undefined: nothing is kept
 * @param passed is told of each record
 */
export async function recording(
  out: string | undefined,
  io: CommandIo,
  passed: (record: CaptureRecord) => void = () => undefined,
): Promise<Recording> {
  const release = out === undefined ? null : await holdFile(out);
  try {
    const sink = out === undefined ? droppingSink() : fileSink(out, { readBack: false, onProblem: io.fail });
    const recorder = createRecorder({ sink, onRecord: passed });
    return {
      context: { recorder, board: createFaultBoard(), clock: systemClock },
      close: async () => {
        await recorder.close();
        await release?.();
      },
    };
  } catch (error) {
    await release?.();
    throw error;
  }
}
