// How the request that a job works for is answered: 102s, the 202 after the client's own waiting time, the final response;
// and the document that keeps that response. Decides nothing about the job itself, except that somebody was told of a step.

import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { Exchange, FinalResponse } from '../http/exchange.ts';
import { attend } from './follow.ts';
import type { Job } from './jobs.ts';
import type { Operation } from './operation.ts';
import type { RequestPreferences } from './preferences.ts';
import { respond } from '../http/respond.ts';
import { PLAIN_TEXT, refuse, text } from '../http/refuse.ts';
import type { ServerCore } from '../router.ts';
import { haveOf, NO_STORE, refuseExpired, RETRY_AFTER, stepText } from './status-document.ts';

/** Longest waiting time that is honoured; past it the client is told 202 anyway. */
const LONGEST_WAIT_SECONDS = 24 * 60 * 60;

interface AnswerByJob {
  readonly job: Job;
  /** Where the status document is, for this client. */
  readonly status: string;
  /** What the protocol of the exchange adds to a final response, from the fields that it has. Default: nothing. */
  readonly fieldsOf?: (fields: FieldLines) => FieldLines;
}

/**
 * Answers the exchange that completed the request, under the preferences of the first one
 * (draft-wright-http-progress): 102s, and the final response or, after `wait` seconds, 202.
 */
export function answerByJob(
  exchange: Exchange,
  core: ServerCore,
  operation: Operation,
  { job, status, fieldsOf = () => [] }: AnswerByJob,
): void {
  const finish = (response: FinalResponse): Promise<boolean> =>
    exchange.final({ ...response, fields: [...response.fields, ...fieldsOf(response.fields)] });
  let accepted = false;
  exchange.whenOver(() => {
    if (exchange.delivered && !accepted) operation.told = true;
  });
  if (job.result !== null) {
    void finish(job.result);
    return;
  }
  const { processing, respondAsync, waitSeconds, language } = operation.preferences;
  let cancelWait = (): void => {};
  const stop = attend(exchange, core, job, {
    interim: processing ? [['Location', status]] : null,
    language,
    done: (result) => {
      cancelWait();
      void finish(result);
    },
  });
  exchange.whenOver(() => {
    cancelWait();
    // Nobody learned where the status document is: nobody can come to open the gate.
    if (!accepted) job.openGate();
  });
  if (!respondAsync || exchange.over) return;
  const wait = Math.min(waitSeconds ?? 0, LONGEST_WAIT_SECONDS) * 1000;
  const accept = (): void => {
    stop();
    accepted = true;
    const accepted202 = finish({
      status: 202,
      fields: [['Location', status], ['Content-Location', status], PLAIN_TEXT],
      content: text(stepText(operation, job)),
    });
    void accepted202.then((sent) => {
      if (!sent) job.openGate();
    });
  };
  if (wait === 0) accept();
  else cancelWait = core.clock.after(wait, accept);
}

/** GET and HEAD of the response-message resource: 404 until there is a response, unless the client waits with 102s. */
export function answerResponseMessage(
  exchange: Exchange,
  core: ServerCore,
  operation: Operation,
  { processing, language }: RequestPreferences,
): void {
  if (operation.expired) {
    refuseExpired(exchange, 'response');
    return;
  }
  const { job } = operation;
  if (job === null) {
    refuse(
      exchange,
      404,
      `There is no response yet: ${haveOf(operation)}, PATCH the rest to ${operation.requestPath}.`,
      [RETRY_AFTER, NO_STORE],
    );
    return;
  }
  const finish = (): void => keptResponse(exchange, operation);
  if (job.result !== null) finish();
  else if (processing) {
    attend(exchange, core, job, { interim: [], language, done: finish, told: true });
  } else {
    const { step } = job;
    refuse(exchange, 404, `There is no response yet. ${stepText(operation, job)}`, [
      ['Progress', job.progressIn(language)],
      RETRY_AFTER,
      NO_STORE,
    ]);
    // Who asks for the response follows nothing, and must not wait for a follower.
    job.told(step);
  }
}

function keptResponse(exchange: Exchange, operation: Operation): void {
  const { document } = operation;
  if (document === null || document.read(0, 0) === null) {
    refuse(exchange, 410, 'The representation that this response held was deleted.');
    return;
  }
  exchange.whenOver(() => {
    if (exchange.delivered && exchange.method === 'GET') operation.told = true;
  });
  respond(exchange, {
    status: 200,
    fields: [
      ['Content-Type', 'message/http'],
      ['ETag', `"${operation.id}.res"`],
    ],
    content: document,
  });
}
