// What a resumable request does next and why (draft-wright-http-resume-request), as a pure function of what it knows
// and what happened. Never does I/O, never reads a clock, never throws dice: chance is an argument.

import { assertNever } from '../../shared/capture/records.ts';
import {
  again,
  end,
  fetchResponse,
  finished,
  giveUp,
  last,
  next,
  noticed,
  refuse,
} from './decision-shapes.ts';
import { afterDelete, afterResponse, afterStatus } from './outcome-decisions.ts';
import type { Action, Answer, Decision, Ended, Happening, Purpose, Situation, Step } from './situation.ts';
import { withoutUserinfo } from './target.ts';

/** Silent waits for a 100 after which the content is sent without it (RFC 9110 §10.1.1: no endless wait). */
const MAX_SILENCES = 3;

/**
 * The next action after what happened.
 * @param random 0 ≤ x < 1, for the jitter of delays
 */
export function decide(before: Situation, happening: Happening, random: number): Decision {
  switch (happening.kind) {
    case 'begin':
      return {
        situation: before,
        delay: 0,
        steps: [
          {
            about: 'next',
            name: 'begin',
            why: before.expect
              ? `${before.length} bytes are to be sent. The client first asks whether it may, and where it could resume.`
              : 'The request is sent; its progress is followed to the end.',
          },
        ],
        action: { do: 'post' },
      };
    case 'nonsense':
      return end(
        before,
        { do: 'end', outcome: 'failed', reason: happening.sentence, final: 'none' },
        'give-up',
      );
    case 'unreachable':
      return unreachable(before, happening.purpose, happening.sentence, random);
    case 'ended': {
      const situation = learned(before, happening.end);
      switch (happening.end.purpose) {
        case 'post':
          return afterPost(situation, happening.end, random);
        case 'offset':
          return afterOffset(situation, happening.end, random);
        case 'append':
          return afterAppend(situation, happening.end, random);
        case 'response':
          return afterResponse(situation, happening.end, random);
        case 'status':
          return afterStatus(situation, happening.end, random);
        case 'delete':
          return afterDelete(situation, happening.end);
        default:
          return assertNever(happening.end.purpose);
      }
    }
    default:
      return assertNever(happening);
  }
}

function learned(before: Situation, ended: Ended): Situation {
  return {
    ...before,
    connected: true,
    requestContent: ended.requestContent ?? before.requestContent,
    responseMessage: ended.responseMessage ?? before.responseMessage,
    status: ended.status ?? before.status,
    tries: ended.progressed ? 0 : before.tries,
  };
}

function unreachable(before: Situation, purpose: Purpose, sentence: string, random: number): Decision {
  if (before.ending !== null) return end(before, before.ending, 'complete');
  if (!before.connected)
    return end(before, { do: 'end', outcome: 'refused', reason: sentence, final: 'none' }, 'refused');
  return again(
    before,
    [],
    actionOf(purpose),
    `The server cannot be reached (${sentence}); it may come back.`,
    random,
  );
}

function actionOf(purpose: Purpose): Action {
  switch (purpose) {
    case 'post':
      return { do: 'post' };
    // Whatever the PATCH was to send: where to go on must be asked first.
    case 'offset':
    case 'append':
      return { do: 'ask-offset' };
    case 'response':
      return { do: 'fetch-response', restart: false, wait: true };
    case 'status':
      return { do: 'follow-status' };
    case 'delete':
      return { do: 'delete' };
    default:
      return assertNever(purpose);
  }
}

// The initial request

function afterPost(now: Situation, ended: Ended, random: number): Decision {
  const { answer } = ended;
  if (answer === null) return postBroke(now, ended, random);
  if (answer.status === 417 && now.expect)
    return {
      situation: { ...now, expect: false },
      steps: [
        next(
          'retry',
          'The server refuses the expectation (417): once more without Expect (RFC 9110 §10.1.1).',
        ),
      ],
      delay: 0,
      action: { do: 'post' },
    };
  if ((answer.status === 429 || answer.status === 503) && answer.retryAfter !== null && ended.sentTo === 0)
    return again(
      now,
      [],
      { do: 'post' },
      `The server is busy (${answer.status}) and names a time.`,
      random,
      answer.retryAfter,
    );
  if (!answer.whole) return answerBroke(now, ended, answer, random);
  if (answer.status < 300 && ended.sentTo < ended.goal)
    return end(
      now,
      {
        do: 'end',
        outcome: 'failed',
        reason: `The server answered ${answer.status} after ${ended.sentTo} of ${ended.goal} bytes: the rest was not sent.`,
        final: 'answer',
      },
      'give-up',
    );
  return answered(now, answer);
}

function postBroke(now: Situation, ended: Ended, random: number): Decision {
  const broke = ended.broke ?? 'fin';
  const notice = noticed(broke, ended);
  if (!ended.continued && ended.sentTo === 0 && now.expect) {
    const silences = broke === 'silence' ? now.silences + 1 : now.silences;
    const patient = silences < MAX_SILENCES;
    return again(
      { ...now, silences, waitForContinue: patient },
      [notice],
      { do: 'post' },
      patient
        ? 'No 100 Continue had come, so nothing has happened yet: the same request is sent again.'
        : 'No 100 Continue ever comes: the request is sent again, this time with its content at once.',
      random,
    );
  }
  if (now.requestContent !== null && now.resumable) return askOffset(now, [notice], random);
  if (now.status !== null)
    return again(
      now,
      [notice],
      { do: 'follow-status' },
      'The job goes on without us: its status document knows.',
      random,
    );
  if (now.idempotent)
    return again(
      now,
      [notice],
      { do: 'post' },
      'The method is idempotent: the same request is sent again.',
      random,
    );
  return end(
    now,
    {
      do: 'end',
      outcome: 'failed',
      reason:
        `The connection broke after ${ended.sentTo} of ${ended.goal} bytes and the server had named no place to ` +
        'resume at. Sending the request again could do its work twice, so that is left to you.',
      final: 'none',
    },
    'give-up',
    [notice],
  );
}

/** A final head came, its content did not. */
function answerBroke(now: Situation, ended: Ended, answer: Answer, random: number): Decision {
  const notice = noticed(ended.broke ?? 'fin', ended);
  if (answer.status === 202 && now.status !== null)
    return again(
      now,
      [notice],
      { do: 'follow-status' },
      'The 202 named the status document: that is followed.',
      random,
    );
  if (now.responseMessage !== null)
    return again(
      now,
      [notice],
      { do: 'fetch-response', restart: true, wait: true },
      `The final response (${answer.status}) broke off; all of it is kept at ${withoutUserinfo(now.responseMessage)}.`,
      random,
    );
  return end(
    now,
    {
      do: 'end',
      outcome: 'failed',
      reason: `The final response (${answer.status} ${answer.reason}) broke off in its content, and no copy of it was offered.`,
      final: 'answer',
    },
    'give-up',
    [notice],
  );
}

/** The answer to the request itself came whole. */
function answered(now: Situation, answer: Answer): Decision {
  const said = `${answer.status} ${answer.reason}`.trim();
  if (answer.status === 202 && now.status !== null)
    return {
      situation: { ...now, tries: 0 },
      steps: [
        next(
          'follow-status',
          `Accepted, not done yet: the job is followed at ${withoutUserinfo(now.status)}.`,
        ),
      ],
      delay: 0,
      action: { do: 'follow-status' },
    };
  if (answer.status === 202 && now.responseMessage !== null)
    return fetchResponse(
      now,
      `Accepted, not done yet: the response will be at ${withoutUserinfo(now.responseMessage)}.`,
      true,
    );
  if (answer.status >= 300)
    return end(
      now,
      { do: 'end', outcome: 'refused', reason: `The server answered ${said}.`, final: 'answer' },
      'refused',
    );
  return finished(now, `The server answered ${said}.`, 'answer');
}

// Where do we stand?

function askOffset(
  now: Situation,
  steps: readonly Step[],
  random: number,
  delay: number | null = null,
): Decision {
  return again(
    now,
    steps,
    { do: 'ask-offset' },
    `How much arrived? The server keeps it at ${withoutUserinfo(now.requestContent ?? '')}.`,
    random,
    delay,
    'ask-offset',
  );
}

function afterOffset(now: Situation, ended: Ended, random: number): Decision {
  const { answer } = ended;
  if (answer === null)
    return again(
      now,
      [noticed(ended.broke ?? 'fin', ended)],
      { do: 'ask-offset' },
      'The question was lost: it is asked again.',
      random,
      null,
      'ask-offset',
    );
  const { status } = answer;
  if (status === 404 || status === 410)
    return giveUp(
      now,
      `The server no longer keeps the upload (${status}). Send the request again from the start.`,
    );
  if (status === 429 || status >= 500)
    return again(
      now,
      [],
      { do: 'ask-offset' },
      `The server cannot say now (${status}).`,
      random,
      answer.retryAfter,
      'ask-offset',
    );
  if (status >= 300)
    return refuse(now, `The server does not tell how much it has: it answered ${status} ${answer.reason}.`);
  const stored = answer.contentLength;
  if (stored === null)
    return giveUp(now, 'The server did not say how much arrived: its answer to HEAD has no Content-Length.');
  if (stored > now.length)
    return giveUp(
      now,
      `The server claims to have ${stored} bytes, but only ${now.length} exist. Send the request again.`,
    );
  const here: Situation = {
    ...now,
    stored,
    best: Math.max(now.best, stored),
    tries: stored > now.best ? 0 : now.tries,
    rejections: stored > now.best ? 0 : now.rejections,
    legacyServer: now.legacyServer || answer.reason === 'Incomplete Resource',
    incompleteStatus: stored < now.length && status !== 200 ? status : now.incompleteStatus,
    resumes: now.resumes + 1,
  };
  const told = last('offset-learned', `${stored} of ${now.length} bytes arrived.`);
  // protocols: completeness is never inferred from the status, only from the length.
  if (stored < now.length) return append(here, [told], 'The client sends what is missing');
  if (here.responseMessage !== null)
    return fetchResponse(
      here,
      `Everything arrived; only the response was lost. It is kept at ${withoutUserinfo(here.responseMessage)}.`,
      true,
      [told],
    );
  if (here.status !== null)
    return {
      situation: here,
      steps: [told, next('follow-status', 'Everything arrived; the job is followed at its status document.')],
      delay: 0,
      action: { do: 'follow-status' },
    };
  return giveUp(
    here,
    'Everything arrived, but the response was lost and the server named no place where it is kept.',
  );
}

// The rest of the content

function append(now: Situation, steps: readonly Step[], lead: string): Decision {
  const from = now.stored;
  const to = now.segments.find((segment) => segment > from && segment < now.length) ?? now.length;
  return {
    situation: now,
    steps: [...steps, next('resume', `${lead}: bytes ${from} to ${to - 1} of ${now.length}.`)],
    delay: 0,
    action: { do: 'append', from, to },
  };
}

function afterAppend(now: Situation, ended: Ended, random: number): Decision {
  const { answer } = ended;
  if (answer === null || !answer.whole) return askOffset(now, [noticed(ended.broke ?? 'fin', ended)], random);
  const { status } = answer;
  const said = `${status} ${answer.reason}`.trim();
  const all = ended.goal === now.length;
  if (status === 404 || status === 410)
    return giveUp(
      now,
      `The server no longer keeps the upload (${said}). Send the request again from the start.`,
    );
  if (status === 405 || status === 415 || status === 501)
    return refuse(now, `The server does not take the rest by PATCH message/byterange: it answered ${said}.`);
  if (status === 401 || status === 403)
    return refuse(now, `The server does not let us go on: it answered ${said}.`);
  const ours = status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429;
  if (ours && now.rejections > 0)
    return refuse(now, `The server does not take the bytes that it is missing: it answered ${said}.`);
  if (status >= 400)
    return askOffset(
      { ...now, rejections: ours ? now.rejections + 1 : now.rejections },
      [
        last(
          'retry',
          `The server answered ${said}: what it has must be known before anything is sent again.`,
        ),
      ],
      random,
      answer.retryAfter,
    );
  if (status >= 300)
    return refuse(now, `The server sends the rest elsewhere (${said}), which is not followed.`);
  if (ended.sentTo < ended.goal)
    return askOffset(
      now,
      [last('retry', `The server answered ${said} before it had all of the range.`)],
      random,
    );
  // What a server says is stored counts as progress once only: its HEAD may say otherwise, again and again.
  const further = ended.goal > now.best;
  if (!all)
    return append(
      {
        ...now,
        stored: ended.goal,
        best: Math.max(now.best, ended.goal),
        tries: further ? 0 : now.tries,
        rejections: further ? 0 : now.rejections,
      },
      [],
      'That segment is stored; the next follows',
    );
  if (status === now.incompleteStatus)
    return askOffset(
      now,
      [last('retry', `All was sent, yet the server calls it incomplete (${said}).`)],
      random,
    );
  const whole: Situation = { ...now, stored: now.length, best: now.length, tries: 0 };
  // The proof of concept answers the PATCH for itself; the response to the POST is only in the document.
  if (now.legacyServer && now.responseMessage !== null)
    return fetchResponse(
      whole,
      `The upload is complete; the response to it is kept at ${withoutUserinfo(now.responseMessage)}.`,
      false,
    );
  return answered(whole, answer);
}
