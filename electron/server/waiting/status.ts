// The status of a job as a small JSON message: the same in an answer, an event and a WebSocket message. Writes only.

import { type ProgressItem, writeProgress } from '../../../shared/fields/progress.ts';
import type { Exchange } from '../exchange.ts';
import type { Status, WaitingJob } from './job.ts';

const encoder = new TextEncoder();

/** One line of JSON. @param version 0 … the job's own; default: the newest */
export function statusJson(job: WaitingJob, status: Status = job.status()): string {
  const { version, state, done, total, text } = status;
  return JSON.stringify({
    job: job.path,
    state,
    progress: { done, total, text },
    ...(state === 'done' ? { result: `All ${total} steps are done.` } : {}),
    ...(state === 'failed' ? { error: `${text}: it was told to.` } : {}),
    // Milliseconds from the change that this tells of to its telling, both by the server's clock.
    late: job.since(version),
  });
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
  void exchange.final({
    status: 200,
    fields: [
      ['Content-Type', 'application/json'],
      ['Cache-Control', 'no-store'],
      ['ETag', statusTag(status)],
      ...(retryAfter === null ? [] : [['Retry-After', String(retryAfter)] as const]),
    ],
    content: encoder.encode(`${statusJson(job, status)}\n`),
  });
}
