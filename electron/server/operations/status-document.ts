// The status document of a job: what it says while the request is incomplete, while the job runs, and at its end; as
// text or JSON. Decides nothing about the job, except that somebody was told of a step.

import { writeStatusUri } from '../../../shared/fields/status-uri.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { Exchange } from '../http/exchange.ts';
import { attend } from './follow.ts';
import type { Job, StoredResponse } from './jobs.ts';
import { jsonLine } from '../http/json.ts';
import { negotiate } from '../http/negotiate.ts';
import type { Operation } from './operation.ts';
import type { Language } from './phrases.ts';
import type { RequestPreferences } from './preferences.ts';
import { refuse, text } from '../http/refuse.ts';
import type { ServerCore } from '../router.ts';

export const RETRY_AFTER = ['Retry-After', '1'] as const;
export const NO_STORE = ['Cache-Control', 'no-store'] as const;

const TYPES = ['text/plain', 'application/json'] as const;

/** What the document says, whatever its type. */
interface StatusFacts {
  /** Lines for a person. */
  readonly lines: readonly string[];
  /** Null: the request is not complete. */
  readonly job: Job | null;
  readonly language: Language | null;
}

/** GET and HEAD of the status document. With the preference `processing`, follows the job until it ends. */
export function answerStatus(
  exchange: Exchange,
  core: ServerCore,
  operation: Operation,
  preferences: RequestPreferences,
): void {
  if (operation.expired) {
    refuseExpired(exchange, 'status document');
    return;
  }
  const { job } = operation;
  const { language } = preferences;
  if (job === null) {
    void answer(exchange, { lines: [`The request is not complete: ${haveOf(operation)}.`], job, language }, [
      RETRY_AFTER,
    ]);
    return;
  }
  const finish = (result: StoredResponse): void => {
    const fields = atEnd(operation, job.progressIn(language), result);
    void answer(exchange, { lines: result.summary, job, language }, fields);
  };
  if (job.result !== null) finish(job.result);
  else if (preferences.processing) {
    attend(exchange, core, job, { interim: [], language, done: finish, told: true });
  } else {
    const { step } = job;
    const fields: FieldLines = [['Progress', job.progressIn(language)], RETRY_AFTER];
    void answer(exchange, { lines: [stepText(operation, job)], job, language }, fields).then((sent) => {
      if (sent) job.told(step);
    });
  }
}

/** The job, or what nobody fetched of a request, was kept for as long as it is kept. */
export function refuseExpired(exchange: Exchange, what: string): void {
  refuse(
    exchange,
    410,
    `This ${what} has expired: it was kept for a while after the end. Make the request again.`,
  );
}

export function stepText(operation: Operation, job: Job): string {
  return `The ${operation.work.worker} is on step ${job.step + 1}: ${job.doing}`;
}

/** `3 of 100 bytes are here` */
export function haveOf({ upload }: Operation): string {
  const { have, length } = upload ?? { have: 0, length: null };
  return `${have} of ${length ?? 'unknown'} bytes are here`;
}

function answer(exchange: Exchange, facts: StatusFacts, fields: FieldLines): Promise<boolean> {
  const type = negotiate(exchange.field('Accept'), TYPES);
  return exchange.final({
    status: 200,
    fields: [...fields, NO_STORE, ['Vary', 'Accept, Accept-Language'], ['Content-Type', type]],
    content: type === 'text/plain' ? text(...facts.lines) : json(facts),
  });
}

function json({ job, language }: StatusFacts): Uint8Array {
  const result = job?.result ?? null;
  const document = {
    step: job?.step ?? null,
    steps: job?.steps ?? null,
    progress: job?.progressIn(language) ?? null,
    done: result !== null,
    status: result?.status ?? null,
    location: result === null ? null : locationOf(result),
  };
  return jsonLine(document);
}

function atEnd(operation: Operation, progress: string, result: StoredResponse): FieldLines {
  const location = locationOf(result);
  return [
    ['Progress', progress],
    ['Status-URI', writeStatusUri([{ status: result.status, reference: operation.target }])],
    // The first seed's example shows it beside Status-URI.
    ...(location === null ? [] : [['Status-Location', location] as const]),
  ];
}

function locationOf({ fields }: StoredResponse): string | null {
  return fields.find(([name]) => name === 'Location')?.[1] ?? null;
}
