// A job: named steps that take their time, one after the other, with progress that others follow. Knows nothing of
// HTTP messages beyond the response it ends with, and never waits on any clock but the injected one.

import { writeProgress } from '../../shared/fields/progress.ts';
import type { Clock } from '../wire/types.ts';

/** A final response as it is kept: for whoever waits, and for the response-message resource. */
export interface StoredResponse {
  readonly status: number;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly content: Uint8Array;
  /** Lines that say at the end, in the status document, what came of it. */
  readonly summary: readonly string[];
}

export interface JobPlan {
  /** What is done in each step, ASCII, in order; at least one. */
  readonly steps: readonly string[];
  /** How long a step takes; 0: all of them are done before the constructor returns. */
  readonly stepMilliseconds: number;
  /** Does the work itself, at the end of the last step. `job.progress` is `n/n "Available"` by then. */
  finish(job: Job): StoredResponse;
}

/** A gate that nobody opens opens by itself then: the status document of a job is not asked for any more. */
const GATE_MILLISECONDS = 10 * 60 * 1000;

export class Job {
  readonly #plan: JobPlan;
  readonly #clock: Clock;
  #step = 0;
  #result: StoredResponse | null = null;
  readonly #followers = new Set<() => void>();
  /** The step that the gate holds; −1: none. */
  #gated = -1;
  /** The current step has taken its time and waits for the gate. */
  #waiting = false;
  #timer: () => void = () => {};
  #gateTimer: () => void = () => {};

  constructor(plan: JobPlan, clock: Clock) {
    this.#plan = plan;
    this.#clock = clock;
    this.#next();
  }

  /** Index of the current step; the number of steps when done. Never decreases. */
  get step(): number {
    return this.#step;
  }

  get steps(): number {
    return this.#plan.steps.length;
  }

  /** What is being done now, or `Available`. */
  get doing(): string {
    return this.#plan.steps[this.#step] ?? 'Available';
  }

  /** Value of the Progress field: `1/3 "Knitting sweaters"`. */
  get progress(): string {
    return writeProgress({ numerator: this.#step, denominator: this.steps }, [
      { kind: 'quoted', text: this.doing },
    ]);
  }

  /** The final response; null while the job runs. */
  get result(): StoredResponse | null {
    return this.#result;
  }

  /** Calls at each step that begins and at the end, until the returned function is called. */
  follow(call: () => void): () => void {
    this.#followers.add(call);
    return () => void this.#followers.delete(call);
  }

  /** Holds the end of a step until {@link openGate}, ten minutes at most. Without effect once the step is over. */
  gate(step: number): void {
    if (this.#result !== null || this.#step > step || this.#gated >= 0) return;
    this.#gated = step;
    this.#gateTimer = this.#clock.after(GATE_MILLISECONDS, () => this.openGate());
  }

  /** Somebody who asked was told of a step: if it is the one that the gate holds (or a later one), it may end. */
  told(step: number): void {
    if (step >= this.#gated) this.openGate();
  }

  openGate(): void {
    if (this.#gated < 0) return;
    this.#gated = -1;
    this.#gateTimer();
    if (!this.#waiting) return;
    this.#waiting = false;
    this.#advance();
  }

  /** Ends it without a result: timers stop, nobody is told. */
  abandon(): void {
    this.#timer();
    this.#gateTimer();
    this.#gated = -1;
    this.#waiting = false;
    this.#followers.clear();
  }

  #next(): void {
    if (this.#plan.stepMilliseconds === 0) {
      this.#advance();
      return;
    }
    this.#timer = this.#clock.after(this.#plan.stepMilliseconds, () => {
      if (this.#gated === this.#step) this.#waiting = true;
      else this.#advance();
    });
  }

  #advance(): void {
    this.#step++;
    if (this.#step < this.steps) this.#next();
    else {
      this.openGate();
      this.#result = this.#plan.finish(this);
    }
    // A copy: a follower may leave, or another come, while it is told.
    for (const follower of Array.from(this.#followers)) follower();
  }
}
