// The experiment that runs, one at a time: begun, told of in the session that it is recorded in, and stopped. Decides
// nothing about what an experiment does.

import type { CommandArgs, RunState } from '../../shared/contract.ts';
import { findExperiment } from '../experiments/index.ts';
import { begun } from '../experiments/kit/begun.ts';
import { runExperiment } from '../experiments/kit/run.ts';
import type { Experiment } from '../experiments/kit/types.ts';
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
    const abort = new AbortController();
    // It runs from here on: another that comes while its session is made is refused, and a stop is heard.
    const beginning = session(experiment.info.title);
    const done = beginning.then(
      (live) => this.#perform(experiment, about, args, server, live, abort.signal),
      // Whoever began it is told why there is no session; whoever waits for its end need not be.
      () => {
        this.#running = null;
      },
    );
    this.#running = { abort, done };
    await beginning;
  }

  /** Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    const running = this.#running;
    running?.abort.abort();
    await running?.done;
  }

  /** From its first step to its last, told of as it goes; resolves in any case. */
  async #perform(
    experiment: Experiment,
    about: ReturnType<typeof begun>,
    { parameters, cuts, target }: CommandArgs<'run'>,
    server: TestServer,
    live: LiveView,
    signal: AbortSignal,
  ): Promise<void> {
    const { context, changed } = this.#options;
    const { id } = experiment.info;
    changed({ ...IDLE, experiment: id, state: 'running' });
    live.recorder.about(about);
    try {
      const { result, checks, tables } = await runExperiment(experiment, {
        ...context,
        server,
        target: target ?? null,
        parameters,
        cuts: cuts.length === 0 ? null : cuts,
        random: Math.random,
        signal,
        model: () => {
          live.model.fold();
          return live.model;
        },
      });
      live.recorder.about({ experiment: id, ...result, checks, tables });
      this.#over({ experiment: id, state: result.outcome, reason: result.reason, checks, tables });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      live.recorder.about({ experiment: id, outcome: 'failed', reason });
      this.#over({ ...IDLE, experiment: id, state: 'failed', reason });
    }
  }

  /** Whoever hears of its end may begin the next at once. */
  #over(run: RunState): void {
    this.#running = null;
    this.#options.changed(run);
  }
}
