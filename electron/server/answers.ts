// How a running job is told of: 102s, the 202 after the client's own waiting time, the final response, the status
// document and the response document. Decides nothing about the job itself, except that somebody was told of a step.

import { writeStatusUri } from '../../shared/fields/status-uri.ts';
import type { FieldLines } from '../../shared/http1/writer.ts';
import type { Clock } from '../wire/types.ts';
import type { Exchange } from './exchange.ts';
import type { Operation } from './operations.ts';
import type { Job } from './jobs.ts';
import { respond } from './respond.ts';
import { PLAIN_TEXT, refuse, text } from './refuse.ts';

/** Longest waiting time that is honoured; past it the client is told 202 anyway. */
const LONGEST_WAIT_SECONDS = 24 * 60 * 60;
const RETRY_AFTER = ['Retry-After', '1'] as const;
const NO_STORE = ['Cache-Control', 'no-store'] as const;

/**
 * Answers the exchange that completed the request, under the preferences of the first one
 * (draft-wright-http-progress): 102s, and the final response or, after `wait` seconds, 202.
 */
export function answerByJob(exchange: Exchange, operation: Operation, job: Job, clock: Clock): void {
  if (job.result !== null) {
    void exchange.final(job.result);
    return;
  }
  const { processing, respondAsync, waitSeconds } = operation.preferences;
  let accepted = false;
  let cancelWait = (): void => {};
  const stop = attend(exchange, job, {
    interim: processing ? [['Location', operation.statusPath]] : null,
    done: (result) => {
      cancelWait();
      void exchange.final(result);
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
    void exchange
      .final({
        status: 202,
        fields: [['Location', operation.statusPath], ['Content-Location', operation.statusPath], PLAIN_TEXT],
        content: text(stepText(operation, job)),
      })
      .then((sent) => {
        if (!sent) job.openGate();
      });
  };
  if (wait === 0) accept();
  else cancelWait = clock.after(wait, accept);
}

/** GET and HEAD of the status document. With the preference `processing`, follows the job until it ends. */
export function answerStatus(exchange: Exchange, operation: Operation, processing: boolean): void {
  const { job } = operation;
  if (job === null) {
    const { have, length } = operation.upload ?? { have: 0, length: null };
    void exchange.final({
      status: 200,
      fields: [RETRY_AFTER, NO_STORE, PLAIN_TEXT],
      content: text(`The request is not complete: ${have} of ${length ?? 'unknown'} bytes are here.`),
    });
    return;
  }
  const finish = (): void => statusAtEnd(exchange, operation, job);
  if (job.result !== null) finish();
  else if (processing) attend(exchange, job, { interim: [], done: finish, told: true });
  else {
    const { step } = job;
    void exchange
      .final({
        status: 200,
        fields: [['Progress', job.progress], RETRY_AFTER, NO_STORE, PLAIN_TEXT],
        content: text(stepText(operation, job)),
      })
      .then((sent) => {
        if (sent) job.told(step);
      });
  }
}

/** GET and HEAD of the response-message resource: 404 until there is a response, unless the client waits with 102s. */
export function answerResponseMessage(exchange: Exchange, operation: Operation, processing: boolean): void {
  const { job, upload } = operation;
  if (job === null) {
    const { have, length } = upload ?? { have: 0, length: null };
    refuse(
      exchange,
      404,
      `There is no response yet: ${have} of ${length ?? 'unknown'} bytes of the request are here, ` +
        `PATCH the rest to ${operation.requestPath}.`,
      [RETRY_AFTER, NO_STORE],
    );
    return;
  }
  const finish = (): void => {
    respond(exchange, {
      status: 200,
      fields: [
        ['Content-Type', 'message/http'],
        ['ETag', `"${operation.id}.res"`],
      ],
      content: operation.document ?? new Uint8Array(0),
    });
  };
  if (job.result !== null) finish();
  else if (processing) attend(exchange, job, { interim: [], done: finish, told: true });
  else {
    const { step } = job;
    refuse(exchange, 404, `There is no response yet. ${stepText(operation, job)}`, [
      ['Progress', job.progress],
      RETRY_AFTER,
      NO_STORE,
    ]);
    // Who asks for the response follows nothing, and must not wait for a follower.
    job.told(step);
  }
}

interface Attendance {
  /** Fields of the first 102 beside Progress; null: no 102 is wanted. */
  readonly interim: FieldLines | null;
  readonly done: (result: NonNullable<Job['result']>) => void;
  /** Whoever is attended came to be told of steps: that opens the job's gate. */
  readonly told?: boolean;
}

/** Sends a 102 now and at each step, until the job is done or the exchange over. Returns what ends it earlier. */
function attend(exchange: Exchange, job: Job, attendance: Attendance): () => void {
  let fields = attendance.interim;
  const tell = (): void => {
    if (fields === null) return;
    const { step } = job;
    const sending = exchange.interim(102, [...fields, ['Progress', job.progress]]);
    fields = [];
    if (attendance.told !== true) return;
    void sending.then((sent) => {
      // Not sent because there were too many already: who is attended waits all the same.
      if (sent || !exchange.over) job.told(step);
    });
  };
  const stop = job.follow(() => {
    if (job.result === null) {
      tell();
      return;
    }
    stop();
    attendance.done(job.result);
  });
  tell();
  exchange.whenOver(stop);
  return stop;
}

function statusAtEnd(exchange: Exchange, operation: Operation, job: Job): void {
  const { result } = job;
  if (result === null) return;
  const location = result.fields.find(([name]) => name === 'Location');
  void exchange.final({
    status: 200,
    fields: [
      ['Progress', job.progress],
      ['Status-URI', writeStatusUri([{ status: result.status, reference: operation.target }])],
      // The first seed's example shows it beside Status-URI.
      ...(location === undefined ? [] : [['Status-Location', location[1]] as const]),
      NO_STORE,
      PLAIN_TEXT,
    ],
    content: text(...result.summary),
  });
}

function stepText(operation: Operation, job: Job): string {
  return `The ${operation.work.worker} is on step ${job.step + 1}: ${job.doing}`;
}
