// Runs a strategy against a scripted server, and tells what it sent, what it said, and what came of it.

import { afterEach } from 'vitest';
import { type ContentSource, bytesContent } from '../../../electron/client/content.ts';
import { runStrategy } from '../../../electron/client/run-strategy.ts';
import type {
  Observer,
  OperationRequest,
  OperationResult,
  StrategyName,
  StrategyOptions,
} from '../../../electron/client/strategy.ts';
import { memorySink } from '../../../electron/session/memory-sink.ts';
import { createRecorder } from '../../../electron/session/recorder.ts';
import { createFaultBoard } from '../../../electron/wire/faults.ts';
import type { Clock } from '../../../electron/wire/types.ts';
import { leaping } from '../leaping.ts';
import { type ScriptedServer, type Turn, scriptedServer } from './scripted-server.ts';

let server: ScriptedServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

export const TEXT =
  'The quick brown fox jumps over the lazy dog, and then it rests for a while in the sun. So it goes: done.';
export const LENGTH = TEXT.length;
const content = (): ContentSource => bytesContent(new TextEncoder().encode(TEXT));

export interface Run {
  readonly result: OperationResult;
  readonly steps: readonly string[];
  /** Sentences of the steps. */
  readonly why: readonly string[];
  /** Everything that the server was sent, by connection. */
  readonly said: readonly string[];
  readonly server: ScriptedServer;
}

export async function run(
  strategy: StrategyName,
  script: readonly (readonly Turn[])[],
  over: {
    readonly request?: Partial<OperationRequest>;
    readonly options?: StrategyOptions;
    readonly clock?: Clock;
    readonly signal?: AbortSignal;
    readonly observer?: Observer;
    readonly url?: (server: string) => string;
    readonly onStep?: (step: string) => void;
    readonly during?: (server: ScriptedServer) => void;
  } = {},
): Promise<Run> {
  server = await scriptedServer(script);
  over.during?.(server);
  const steps: string[] = [];
  const why: string[] = [];
  const recorder = createRecorder({
    sink: memorySink(),
    onRecord: (record) => {
      if (record.kind !== 'step') return;
      steps.push(record.step);
      why.push(record.why);
      over.onStep?.(record.step);
    },
  });
  const url = over.url?.(server.url) ?? `${server.url}/print`;
  const result = await runStrategy(
    strategy,
    { method: 'POST', url, fields: [], content: content(), ...over.request },
    over.options ?? {},
    {
      recorder,
      board: createFaultBoard(),
      clock: over.clock ?? leaping(),
      random: () => 0,
      signal: over.signal ?? new AbortController().signal,
      ...(over.observer === undefined ? {} : { observer: over.observer }),
    },
  );
  return { result, steps, why, said: server.received, server };
}

/** Request lines. */
export const heads = (text: string): string[] =>
  [...text.matchAll(/(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/\S* HTTP\/1\.1/g)].map(([line]) =>
    line.slice(0, -9),
  );

export const contentOf = (result: OperationResult): string => new TextDecoder().decode(result.final?.content);
