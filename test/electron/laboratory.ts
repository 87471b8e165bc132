// A session in memory with the embedded server, for tests that run whole experiments.
// Time takes none: see `leaping`.

import { type Experiment, type ExperimentContext } from '../../electron/experiments/kit/types.ts';
import { runExperiment } from '../../electron/experiments/kit/run.ts';
import { createTestServer } from '../../electron/server/server.ts';
import { memorySink } from '../../electron/session/memory-sink.ts';
import { createRecorder } from '../../electron/session/recorder.ts';
import { createFaultBoard } from '../../electron/wire/faults.ts';
import type { Clock } from '../../electron/wire/types.ts';
import { Deriver } from '../../shared/model/derive.ts';
import { EventTable, Kind, Layer } from '../../shared/model/events.ts';
import { Model } from '../../shared/model/model.ts';
import { leaping } from './leaping.ts';

export { leaping };

export async function laboratory(clock: Clock = leaping()) {
  const table = new EventTable();
  const model = new Model(table);
  const deriver = new Deriver(table);
  const recorder = createRecorder({ sink: memorySink(), onRecord: (record) => deriver.feed(record) });
  const board = createFaultBoard();
  const context = { recorder, board, clock };
  const server = await createTestServer({ context, port: 0 });
  const folded = (): Model => {
    model.fold();
    return model;
  };
  return {
    context,
    server,
    model: folded,
    run: (experiment: Experiment, over: Partial<ExperimentContext> = {}) =>
      runExperiment(experiment, {
        ...context,
        server,
        target: null,
        parameters: {},
        cuts: null,
        random: () => 0.5,
        signal: new AbortController().signal,
        model: folded,
        ...over,
      }),
    /** Steps and exchanges as text, for messages of failed tests. */
    story(): string {
      folded();
      const lines: string[] = [];
      for (let i = 0; i < table.length; i++) {
        const row = table.row(i);
        if (row.kind === Kind.step) lines.push(`  ${row.connection} ${row.text}`);
        if (row.kind === Kind.exchange) lines.push(`${row.connection} ${row.text}`);
      }
      return lines.join('\n');
    },
    /** Bytes of uploads that the server read into storage more than once. */
    storedTwice(): number {
      return folded().operations.reduce((sum, { upload }) => {
        const passed = upload
          .stretches(Layer.received)
          .reduce((total, [first, end]) => total + end - first, 0);
        return sum + passed - upload.total(Layer.received);
      }, 0);
    },
    async close() {
      await server.close();
      await recorder.close();
    },
  };
}
