// The experiment that runs, one at a time: begun, told of in the session that it is recorded in, and stopped. Decides
// nothing about what an experiment does.

import type { CommandArgs, RunState } from '../../shared/contract.ts';
import { findExperiment } from '../experiments/index.ts';
import { begun } from '../experiments/kit/begun.ts';
import { runExperiment } from '../experiments/kit/run.ts';
import type { TestServer } from '../server/types.ts';
import type { WireContext } from '../wire/types.ts';
import { IDLE } from './run-of.ts';
import type { LiveView } from './view.ts';

interface RunsOptions {
  readonly context: WireContext;
  /** The run has another state. */
  readonly changed: (run: RunState) => void;
}

/** What a run is given by the engine, for it alone. */
interface RunIn {
  readonly server: TestServer;
  /** A session for a run of that name. */
  readonly session: (name: string) => Promise<LiveView>;
}

export class Runs {
  readonly #options: RunsOptions;
  #running: { readonly abort: AbortController; readonly done: Promise<void> } | null = null;

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  /** Throws the sentence where an experiment runs. */
  refuseWhileRunning(sentence = 'An experiment is running: stop it first.'): void {
    if (this.#running !== null) throw new Error(sentence);
  }

  /** Begins one. Rejects with an Error for the user where there is none of that id, or one runs. */
  async start(args: CommandArgs<'run'>, { server, session }: RunIn): Promise<void> {
    const { experiment: id, parameters, cuts, target } = args;
    this.refuseWhileRunning();
    const experiment = findExperiment(id);
    if (experiment === null) throw new Error(`There is no experiment “${id}”.`);
    const about = begun(experiment.info, { parameters, target: target ?? null, cuts });
    const live = await session(experiment.info.title);
    const { context, changed } = this.#options;
    const abort = new AbortController();
    changed({ ...IDLE, experiment: id, state: 'running' });
    live.recorder.about(about);
    const done = runExperiment(experiment, {
      ...context,
      server,
      target: target ?? null,
      parameters,
      cuts: cuts.length === 0 ? null : cuts,
      random: Math.random,
      signal: abort.signal,
      model: () => {
        live.model.fold();
        return live.model;
      },
    }).then(
      ({ result, checks, tables }) => {
        live.recorder.about({ experiment: id, ...result, checks, tables });
        changed({ experiment: id, state: result.outcome, reason: result.reason, checks, tables });
      },
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        live.recorder.about({ experiment: id, outcome: 'failed', reason });
        changed({ ...IDLE, experiment: id, state: 'failed', reason });
      },
    );
    this.#running = {
      abort,
      done: done.finally(() => {
        this.#running = null;
      }),
    };
  }

  /** Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    const running = this.#running;
    running?.abort.abort();
    await running?.done;
  }
}
