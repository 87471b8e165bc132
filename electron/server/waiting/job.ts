// A job that somebody waits for: steps that take their time, one after the other, and a status that can be checked, slowly
// if that is wanted. What it was at any time is a function of how much has happened: nothing is kept of the past.

import type { Clock } from '../../wire/types.ts';
import { alarm } from '../../wire/alarm.ts';

export interface JobPlan {
  readonly steps: number;
  readonly stepMilliseconds: number;
  /** How long a check of the status takes. */
  readonly slowMilliseconds: number;
  /** The step that fails, 1 … steps; null: none. */
  readonly fail: number | null;
  /** The check that fails, counted over all of them from 1; null: none. */
  readonly broken: number | null;
}

/** The job after so many changes; the same in every way to ask for it. */
export interface Status {
  /** Changes since the beginning: one for each step that ended, in success or failure. */
  readonly version: number;
  readonly state: 'running' | 'done' | 'failed';
  /** Steps that are done. */
  readonly done: number;
  readonly total: number;
  /** One sentence, ASCII. */
  readonly text: string;
}

export class WaitingJob {
  /** `/waiting/jobs/3` */
  readonly path: string;
  readonly #plan: JobPlan;
  readonly #clock: Clock;
  readonly #began: number;
  readonly #followers = new Set<() => void>();
  #version = 0;
  #checks = 0;
  #cancel: () => void = () => {};

  /** @param ended called once, when nothing more will change */
  constructor(path: string, plan: JobPlan, clock: Clock, ended: () => void) {
    this.path = path;
    this.#plan = plan;
    this.#clock = clock;
    this.#began = clock.now();
    this.#next(ended);
  }

  /** Changes so far. */
  get version(): number {
    return this.#version;
  }

  /** Changes that there will be in all. */
  get last(): number {
    return this.#plan.fail ?? this.#plan.steps;
  }

  get over(): boolean {
    return this.#version === this.last;
  }

  /** Calls at each change, until the returned function is called. */
  follow(call: () => void): () => void {
    this.#followers.add(call);
    return () => void this.#followers.delete(call);
  }

  /**
   * Checks the status, which may take a while: it is as it was at the end of that. `call` is told null where the check
   * fails; it may be called at once.
   * @returns takes it back
   */
  check(call: (status: Status | null) => void): () => void {
    const number = ++this.#checks;
    const tell = (): void => call(number === this.#plan.broken ? null : this.status());
    const { slowMilliseconds } = this.#plan;
    if (slowMilliseconds > 0) return alarm(this.#clock, this.#clock.now() + slowMilliseconds, tell);
    tell();
    return () => {};
  }

  /** @param version 0 … {@link version}; default: the newest */
  status(version: number = this.#version): Status {
    const { steps: total, fail } = this.#plan;
    if (version === fail)
      return {
        version,
        state: 'failed',
        done: version - 1,
        total,
        text: `Step ${version} of ${total} failed`,
      };
    if (version === total) return { version, state: 'done', done: total, total, text: 'Everything is done' };
    return {
      version,
      state: 'running',
      done: version,
      total,
      text: `Step ${version + 1} of ${total} is being done`,
    };
  }

  /** Milliseconds since a change was due: how late it is told. @param version 0 … {@link version} */
  since(version: number): number {
    return Math.max(0, Math.round(this.#clock.now() - this.#due(version)));
  }

  /** Stops its timer; nobody is told anything any more. */
  abandon(): void {
    this.#cancel();
    this.#followers.clear();
  }

  #due(version: number): number {
    return this.#began + version * this.#plan.stepMilliseconds;
  }

  /** Each step ends at its own multiple of the step's time: that timers are late does not add up. */
  #next(ended: () => void): void {
    this.#cancel = alarm(this.#clock, this.#due(this.#version + 1), () => {
      this.#version++;
      if (this.over) ended();
      else this.#next(ended);
      // A copy: a follower may leave, or another come, while it is told.
      for (const follower of Array.from(this.#followers)) follower();
    });
  }
}
