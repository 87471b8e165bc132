// The status of a job as a small JSON message: the same in an answer, an event and a WebSocket message. Writes only.

import { type ProgressItem, writeProgress } from '../../../shared/fields/progress.ts';
import type { Exchange } from '../http/exchange.ts';
import { answerJson } from '../http/json.ts';
import type { Status, WaitingJob } from './job.ts';

/** One line of JSON. @param version 0 … the job's own; default: the newest */
export function statusJson(job: WaitingJob, status: Status = job.status()): string {
  return JSON.stringify(statusOf(job, status));
}

/** The same, before it is written. */
export function statusOf(job: WaitingJob, status: Status = job.status()): Readonly<Record<string, unknown>> {
  const { version, state, done, total, text } = status;
  return {
    job: job.path,
    state,
    progress: { done, total, text },
    ...(state === 'done' ? { result: `All ${total} steps are done.` } : {}),
    ...(state === 'failed' ? { error: `${text}: it was told to.` } : {}),
    // Milliseconds from the change that this tells of to its telling, both by the server's clock.
    late: job.since(version),
  };
}

/** The value of the Progress field (draft-wright-http-progress). */
export function statusProgress({ done, total, text }: Status): string {
  const remark: ProgressItem = { kind: 'quoted', text };
  return writeProgress({ numerator: done, denominator: total }, [remark]);
}

/** RFC 9110 §8.8.1: weak, since `late` differs from one answer to the next and nobody asks for it. */
export function statusTag(status: Status): string {
  return `W/"${status.version}"`;
}

/** @param retryAfter seconds after which to ask again; null: it has ended, or the answer says it otherwise */
export function answerStatus(
  exchange: Exchange,
  job: WaitingJob,
  status: Status,
  retryAfter: number | null,
): void {
  answerJson(exchange, 200, statusOf(job, status), [
    ['ETag', statusTag(status)],
    ...(retryAfter === null ? [] : [['Retry-After', String(retryAfter)] as const]),
  ]);
}
