// A job: named steps that take their time, one after the other, with progress that others follow. Knows nothing of
// HTTP messages beyond the response it ends with, and never waits on any clock but the injected one.

import { type ProgressItem, writeProgress } from '../../../shared/fields/progress.ts';
import type { StatusUri } from '../../../shared/fields/status-uri.ts';
import type { Clock } from '../../wire/types.ts';
import type { ContentSource } from '../uploads/content-store.ts';
import { AVAILABLE, type Language, type Phrase } from './phrases.ts';

/** A final response as it is kept: for whoever waits, and for the response-message resource. */
export interface StoredResponse {
  readonly status: number;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly content: Uint8Array | ContentSource;
  /** Lines that say at the end, in the status document, what came of it. */
  readonly summary: readonly string[];
}

/** What a step consists of, when it is long enough to tell how far it is. */
export interface StepParts {
  /** At least one. */
  readonly total: number;
  /** `pages`: ASCII, not for end users. */
  readonly unit: string;
}

export interface JobPlan {
  /** What is done in each step, in order; at least one. A string is a name of no language, in ASCII: `/photos/1`. */
  readonly steps: readonly (Phrase | string)[];
  /** What is said when all of them are done. Default: available. */
  readonly end?: Phrase;
  /** How long a step takes; 0: all of them are done before the constructor returns. */
  readonly stepMilliseconds: number;
  /** Null: the step is told as a whole. Asked when it begins. */
  parts?(step: number): StepParts | null;
  /** Does the work of one step, at its end. Null: it has no result of its own. */
  work?(step: number): StatusUri | null;
  /** The last step does not end before this. Never rejects. */
  readonly ready?: Promise<void>;
  /** Ends the work, after the last step. `job.progress` is `n/n "Available"` by then. */
  finish(job: Job): StoredResponse;
}

/** A gate that nobody opens opens by itself then: the status document of a job is not asked for any more. */
const GATE_MILLISECONDS = 10 * 60 * 1000;
/** Moments at which a step tells how far it is, its beginning among them. */
const MOMENTS = 4;

export class Job {
  readonly #plan: JobPlan;
  readonly #clock: Clock;
  readonly #language: Language | null;
  #step = 0;
  #parts: StepParts | null = null;
  /** Parts of the current step that are done. */
  #partsDone = 0;
  readonly #results: StatusUri[] = [];
  #result: StoredResponse | null = null;
  readonly #followers = new Set<() => void>();
  /** The step that the gate holds; −1: none. */
  #gated = -1;
  /** The current step has taken its time and waits for the gate, or for what must be ready. */
  #waiting = false;
  #ready: boolean;
  #abandoned = false;
  #timer: () => void = () => {};
  #gateTimer: () => void = () => {};

  /** @param language of the response that it ends with, as far as that tells progress; null: of none */
  constructor(plan: JobPlan, clock: Clock, language: Language | null = null) {
    this.#plan = plan;
    this.#clock = clock;
    this.#language = language;
    this.#ready = plan.ready === undefined;
    void plan.ready?.then(() => {
      this.#ready = true;
      this.#goOn();
    });
    this.#next();
  }

  /** Index of the current step; the number of steps when done. Never decreases. */
  get step(): number {
    return this.#step;
  }

  get steps(): number {
    return this.#plan.steps.length;
  }

  /** What is being done now, or the last word. In English, or a name. */
  get doing(): string {
    const doing = this.#doing;
    return typeof doing === 'string' ? doing : doing.en;
  }

  /** Progress as the response that it ends with tells it: `1/3 "Knitting sweaters"`. */
  get progress(): string {
    return this.progressIn(this.#language);
  }

  get language(): Language | null {
    return this.#language;
  }

  /** Value of the Progress field, its remark in a language; null: as a quoted string. */
  progressIn(language: Language | null): string {
    const doing = this.#doing;
    const remark: ProgressItem =
      typeof doing === 'string' || language === null
        ? { kind: 'quoted', text: this.doing }
        : { kind: 'text', text: doing[language], language };
    const parts: ProgressItem[] =
      this.#parts === null
        ? []
        : [
            { kind: 'fraction', numerator: this.#partsDone, denominator: this.#parts.total },
            { kind: 'comment', text: this.#parts.unit },
          ];
    return writeProgress({ numerator: this.#step, denominator: this.steps }, [remark, ...parts]);
  }

  /** Steps that begin later; where steps have results of their own, the end is one more thing to tell. */
  get stepsToTell(): number {
    return this.steps - this.#step - (this.#plan.work === undefined ? 1 : 0);
  }

  /** What became of the subordinate operations that are done, in their order. */
  get results(): readonly StatusUri[] {
    return this.#results;
  }

  /** The final response; null while the job runs. */
  get result(): StoredResponse | null {
    return this.#result;
  }

  /** Calls when a step begins, or parts of one are done, and at the end, until the returned function is called. */
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
    this.#goOn();
  }

  /** Ends it without a result: timers stop, nobody is told. */
  abandon(): void {
    this.#abandoned = true;
    this.#timer();
    this.#gateTimer();
    this.#gated = -1;
    this.#waiting = false;
    this.#followers.clear();
  }

  get #doing(): Phrase | string {
    return this.#plan.steps[this.#step] ?? this.#plan.end ?? AVAILABLE;
  }

  #next(): void {
    const { stepMilliseconds } = this.#plan;
    if (stepMilliseconds === 0) {
      this.#stepOver();
      return;
    }
    this.#parts = this.#plan.parts?.(this.#step) ?? null;
    this.#partsDone = 0;
    const moments = this.#parts === null ? 1 : Math.min(MOMENTS, this.#parts.total);
    this.#moment(1, moments, stepMilliseconds / moments);
  }

  /** @param index of the moment at which the time is over, from 1 to `moments`, which is the end of the step */
  #moment(index: number, moments: number, milliseconds: number): void {
    this.#timer = this.#clock.after(milliseconds, () => {
      if (index === moments) {
        this.#stepOver();
        return;
      }
      this.#partsDone = Math.floor(((this.#parts?.total ?? 0) * index) / moments);
      this.#moment(index + 1, moments, milliseconds);
      this.#tell();
    });
  }

  /** The step has taken its time. */
  #stepOver(): void {
    this.#waiting = true;
    this.#goOn();
  }

  #goOn(): void {
    if (!this.#waiting || this.#abandoned || this.#gated === this.#step) return;
    if (!this.#ready && this.#step === this.steps - 1) return;
    this.#waiting = false;
    this.#advance();
  }

  #advance(): void {
    const result = this.#plan.work?.(this.#step) ?? null;
    if (result !== null) this.#results.push(result);
    this.#parts = null;
    this.#step++;
    if (this.#step < this.steps) this.#next();
    else {
      this.openGate();
      this.#result = this.#plan.finish(this);
    }
    this.#tell();
  }

  #tell(): void {
    // A copy: a follower may leave, or another come, while it is told.
    for (const follower of Array.from(this.#followers)) follower();
  }
}
