// The jobs that somebody can wait for: so many at a time, the oldest that has ended making room for a new one. Knows no
// request.

import type { ServerState } from '../../../shared/contract.ts';
import type { Clock } from '../../wire/types.ts';
import { type JobPlan, WaitingJob } from './job.ts';

/** Jobs that are kept, running or not. */
const MOST = 1000;
/** Jobs that the state names. */
const SHOWN = 20;

export class WaitingJobs {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #jobs = new Map<string, WaitingJob>();
  /** Identifiers of those that have ended, oldest first. */
  readonly #ended = new Set<string>();
  #count = 0;

  /** @param path of all of them; behind it comes an identifier @param changed called after each change of one */
  constructor(path: string, clock: Clock, changed: () => void = () => {}) {
    this.#path = path;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** Begins a job; null where as many run as there may be. */
  begin(plan: JobPlan): WaitingJob | null {
    if (this.#jobs.size >= MOST && !this.#forgetOldest()) return null;
    const id = String(++this.#count);
    const job = new WaitingJob(`${this.#path}/${id}`, plan, this.#clock, () => this.#ended.add(id));
    this.#jobs.set(id, job);
    job.follow(this.#changed);
    this.#changed();
    return job;
  }

  get(id: string): WaitingJob | null {
    return this.#jobs.get(id) ?? null;
  }

  /** Forgets one that has ended; false: it runs. */
  forget(id: string): boolean {
    if (!this.#ended.delete(id)) return false;
    this.#jobs.delete(id);
    this.#changed();
    return true;
  }

  /** Newest first, 20 at most. */
  resources(): ServerState['resources'] {
    const jobs = Array.from(this.#jobs.values()).slice(-SHOWN).toReversed();
    return jobs.map((job) => {
      const { state, done, total } = job.status();
      const label = state === 'running' ? `${done}/${total}` : state;
      return { path: job.path, kind: 'job', label, have: done, length: total };
    });
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
