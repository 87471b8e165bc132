// Long polling: a request that is held until there is something new to say, or its time is over. Three ways to wait: to be
// woken by the change, or to look again and again, for a number of rounds or up to a deadline. Answers nothing itself.

import { assertNever } from '../../../shared/capture/records.ts';
import { alarm } from '../../wire/alarm.ts';
import type { Clock } from '../../wire/types.ts';
import type { Status, WaitingJob } from './job.ts';

/**
 * `notify`: woken by the change itself. `count`: looks, sleeps a tick, and counts the ticks, so that slow looks make it
 * longer than it was to be. `deadline`: the same loop, but what ends it is the time.
 */
export type Program = 'notify' | 'count' | 'deadline';

export interface HoldPlan {
  readonly program: Program;
  /** How long to hold the request; 0: one look. */
  readonly waitMilliseconds: number;
  /** Sleep between two looks. */
  readonly tickMilliseconds: number;
  /** What is worth an answer. */
  readonly news: (status: Status) => boolean;
}

/** What became of it: something new, nothing in time, or a look that failed. */
export type Held = Status | 'nothing' | 'broken';

/**
 * Holds a request. `told` is called once, unless the hold is taken back before; it may be called at once.
 * @returns takes it back, with its timers
 */
export function hold(job: WaitingJob, clock: Clock, plan: HoldPlan, told: (held: Held) => void): () => void {
  const holding = new Holding(job, clock, plan, told);
  holding.begin();
  return () => holding.stop();
}

class Holding {
  readonly #job: WaitingJob;
  readonly #clock: Clock;
  readonly #plan: HoldPlan;
  readonly #told: (held: Held) => void;
  readonly #end: number;
  #rounds: number;
  #over = false;
  #looking = false;
  #cancelLook: () => void = () => {};
  #cancelSleep: () => void = () => {};
  #leave: () => void = () => {};

  constructor(job: WaitingJob, clock: Clock, plan: HoldPlan, told: (held: Held) => void) {
    this.#job = job;
    this.#clock = clock;
    this.#plan = plan;
    this.#told = told;
    this.#end = clock.now() + plan.waitMilliseconds;
    this.#rounds = Math.ceil(plan.waitMilliseconds / plan.tickMilliseconds);
  }

  begin(): void {
    if (this.#plan.program === 'notify') {
      this.#leave = this.#job.follow(() => this.#look());
      if (this.#plan.waitMilliseconds > 0)
        this.#cancelSleep = alarm(this.#clock, this.#end, () => this.#finish('nothing'));
    }
    this.#look();
  }

  stop(): void {
    this.#over = true;
    this.#cancelLook();
    this.#cancelSleep();
    this.#leave();
  }

  #look(): void {
    // A look that is still on its way sees what has changed meanwhile: it tells how things are at its end.
    if (this.#over || this.#looking) return;
    this.#looking = true;
    this.#cancelLook = this.#job.check((status) => {
      this.#looking = false;
      if (status === null) this.#finish('broken');
      else if (this.#plan.news(status)) this.#finish(status);
      else this.#goOn();
    });
  }

  #goOn(): void {
    const { program, tickMilliseconds, waitMilliseconds } = this.#plan;
    switch (program) {
      case 'notify':
        if (waitMilliseconds === 0) this.#finish('nothing');
        return;
      case 'count':
        if (this.#rounds === 0) this.#finish('nothing');
        else
          this.#sleep(tickMilliseconds, () => {
            this.#rounds--;
            if (this.#rounds === 0) this.#finish('nothing');
            else this.#look();
          });
        return;
      case 'deadline':
        if (waitMilliseconds === 0) this.#finish('nothing');
        else
          this.#sleep(tickMilliseconds, () => {
            if (this.#clock.now() >= this.#end) this.#finish('nothing');
            else this.#look();
          });
        return;
      default:
        assertNever(program);
    }
  }

  #sleep(milliseconds: number, call: () => void): void {
    this.#cancelSleep = alarm(this.#clock, this.#clock.now() + milliseconds, call);
  }

  #finish(held: Held): void {
    if (this.#over) return;
    this.stop();
    this.#told(held);
  }
}
