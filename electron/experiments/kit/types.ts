// What an experiment declares and what it may use. Interface, command line and tests read the same declaration.

import type { Check, CutSpec, ExperimentInfo, ResultTable } from '../../../shared/contract.ts';
import type { Model } from '../../../shared/model/model.ts';
import type { TestServer } from '../../server/types.ts';
import type { WireContext } from '../../wire/types.ts';

/** Where an experiment runs: the embedded test server, or a server that the user named. */
export interface ExperimentContext extends WireContext {
  readonly server: TestServer;
  /** The user's own server, as an absolute http URL; null: the embedded one. */
  readonly target: string | null;
  /** Declared parameters, all present, of the declared types. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** The user's cuts; null: none were named, the experiment may apply its own. */
  readonly cuts: readonly CutSpec[] | null;
  /** Seeded, 0 ≤ x < 1. */
  readonly random: () => number;
  /** Aborted when the user stops the run. */
  readonly signal: AbortSignal;
  /** The model of this session, with everything folded in that was recorded so far. */
  model(): Model;
}

export interface ExperimentResult {
  readonly outcome: 'completed' | 'failed' | 'refused';
  /** One sentence, for a person. */
  readonly reason: string;
  /** SHA-256 (hex) of what the client had and what the server ended up with; null where unknowable. */
  readonly digest: { readonly sent: string | null; readonly stored: string | null };
}

/** What a run came to, with what only the run itself could see (the content of a final response, say). */
export interface Finished {
  readonly result: ExperimentResult;
  readonly observed: readonly Check[];
  /** What it found out, where that is more than a sentence. */
  readonly tables?: readonly ResultTable[];
}

export interface Experiment {
  readonly info: ExperimentInfo;
  /** Codes of the conformance notes that it makes on purpose. Default: none. */
  readonly notes?: readonly string[];
  /** Why a cut may end it. Default: whatever is cut, it completes. */
  readonly fragile?: string;
  /** It leaves nothing whose digest could be compared. Default: it does. */
  readonly stores?: false;
  /** Cuts of its own, for when the user names none. */
  ownCuts?(context: ExperimentContext): readonly CutSpec[];
  run(context: ExperimentContext): Promise<Finished>;
  /** What must be true afterwards, read from the model alone; failed ones have level `error`. */
  expect(model: Model, result: ExperimentResult, context: ExperimentContext): Check[];
  /** What it found out, read from the model alone, where that is more than a sentence. */
  tables?(model: Model, result: ExperimentResult, context: ExperimentContext): ResultTable[];
}
