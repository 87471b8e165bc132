// What all presets have in common: a POST begins an operation of some steps, once for each key that it carries. How it is
// answered, and how the operation is told of, is each preset's own.

import { FieldFault } from '../../../shared/fields/fault.ts';
import { parseIdempotencyKey } from '../../../shared/fields/idempotency-key.ts';
import type { Exchange } from '../http/exchange.ts';
import { answerJson } from '../http/json.ts';
import { forgetOldest } from '../oldest.ts';
import { Query } from '../http/query.ts';
import { readThrough } from '../http/read-through.ts';
import { refuse } from '../http/refuse.ts';
import type { Status, WaitingJob } from '../waiting/job.ts';
import { WaitingJobs } from '../waiting/jobs.ts';
import type { Clock } from '../../wire/types.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';

const MOST_STEPS = 100;
const MOST_MILLISECONDS = 60_000;
/** Keys that are remembered: the newest. */
const MOST_KEYS = 1000;
/** OASIS Repeatable Requests 1.0: a UUID in practice. */
const REQUEST_ID = /^[\w.-]{1,200}$/;

/** Seconds after which to ask again. */
export const ASK_AGAIN: FieldLines[number] = ['Retry-After', '1'];

/** The operations of one preset. */
export class Operations {
  readonly #jobs: WaitingJobs;
  /** Identifiers by key, oldest first. */
  readonly #keys = new Map<string, string>();

  /** @param path of the operations; behind it comes an identifier */
  constructor(path: string, clock: Clock) {
    this.#jobs = new WaitingJobs(path, clock);
  }

  get(id: string): WaitingJob | null {
    return this.#jobs.get(id);
  }

  /**
   * Reads all of a request, and answers with the operation that it begins, or began the first time that its key came:
   * whoever has lost the answer may send it again. Refuses what cannot be read.
   * @param answer called once, with a job that may have ended
   */
  begin(exchange: Exchange, answer: (job: WaitingJob) => void): void {
    const query = new Query(exchange);
    const steps = query.whole('steps', 3, 1, MOST_STEPS);
    const plan = {
      steps,
      stepMilliseconds: query.whole('step', 500, 1, MOST_MILLISECONDS),
      slowMilliseconds: 0,
      fail: query.whole('fail', null, 1, steps),
      broken: null,
    };
    const key = keyOf(exchange);
    const fault = query.fault ?? (key === undefined ? KEY_FAULT : null);
    if (key === undefined || fault !== null) {
      refuse(exchange, 400, fault ?? KEY_FAULT);
      return;
    }
    readThrough(exchange, () => {
      const known = key === null ? undefined : this.#keys.get(key);
      const job = (known === undefined ? null : this.get(known)) ?? this.#jobs.begin(plan);
      if (job === null) {
        refuse(exchange, 503, 'There are as many operations as there may be: try again later.', [ASK_AGAIN]);
        return;
      }
      if (key !== null) this.#remember(key, idOf(job));
      answer(job);
    });
  }

  /** Answers by an operation of that identifier, or with 404. */
  find(exchange: Exchange, id: string, answer: (job: WaitingJob, status: Status) => void): void {
    const job = this.get(id);
    if (job === null) refuse(exchange, 404, 'There is no such operation: a POST begins one.');
    else answer(job, job.status());
  }

  close(): void {
    this.#jobs.close();
    this.#keys.clear();
  }

  #remember(key: string, id: string): void {
    this.#keys.set(key, id);
    forgetOldest(this.#keys, MOST_KEYS);
  }
}

const KEY_FAULT =
  'Idempotency-Key must be a string in quotes, such as "7f3a"; Repeatability-Request-ID letters, digits and dashes.';

/** By which the same request is known again; null: none; undefined: it cannot be read. */
function keyOf(exchange: Exchange): string | null | undefined {
  const key = exchange.field('Idempotency-Key');
  if (key !== null) {
    const parsed = parseIdempotencyKey(key);
    return parsed instanceof FieldFault ? undefined : parsed;
  }
  const id = exchange.field('Repeatability-Request-ID');
  return id === null || REQUEST_ID.test(id) ? id : undefined;
}

/** The last segment of its path. */
export function idOf(job: WaitingJob): string {
  return job.path.slice(job.path.lastIndexOf('/') + 1);
}

/** The result of an operation where it is a resource of its own: 404 as long as there is none. */
export function answerResult(exchange: Exchange, { state, total }: Status): void {
  if (state === 'done') answerJson(exchange, 200, resultOf(total));
  else
    refuse(
      exchange,
      404,
      `There is no result: the operation ${state === 'failed' ? 'failed' : 'is not done'}.`,
    );
}

export function resultOf(steps: number): Readonly<Record<string, unknown>> {
  return { text: `All ${steps} steps are done.` };
}

/** 0 … 100, whole. */
export function percentOf({ done, total }: Status): number {
  return Math.floor((done / total) * 100);
}
