// The jobs that somebody can wait for: so many at a time, the oldest that has ended making room for a new one. Knows no
// request.

import type { Clock } from '../../wire/types.ts';
import { type JobPlan, WaitingJob } from './job.ts';

/** Jobs that are kept, running or not. */
const MOST = 1000;

export class WaitingJobs {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #jobs = new Map<string, WaitingJob>();
  /** Identifiers of those that have ended, oldest first. */
  readonly #ended = new Set<string>();
  #count = 0;

  /** @param path of all of them; behind it comes an identifier */
  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  /** Begins a job; null where as many run as there may be. */
  begin(plan: JobPlan): WaitingJob | null {
    if (this.#jobs.size >= MOST && !this.#forgetOldest()) return null;
    const id = String(++this.#count);
    const job = new WaitingJob(`${this.#path}/${id}`, plan, this.#clock, () => this.#ended.add(id));
    this.#jobs.set(id, job);
    return job;
  }

  get(id: string): WaitingJob | null {
    return this.#jobs.get(id) ?? null;
  }

  close(): void {
    for (const job of this.#jobs.values()) job.abandon();
    this.#jobs.clear();
    this.#ended.clear();
  }

  #forgetOldest(): boolean {
    const [oldest] = this.#ended;
    if (oldest === undefined) return false;
    this.#ended.delete(oldest);
    return this.#jobs.delete(oldest);
  }
}
