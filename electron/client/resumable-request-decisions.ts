// What a resumable request does next and why (draft-wright-http-resume-request), as a pure function of what it knows
// and what happened. Never does I/O, never reads a clock, never throws dice: chance is an argument.

import { assertNever } from '../../shared/capture/records.ts';
import {
  again,
  callsIncomplete,
  end,
  last,
  next,
  noticed,
  saidBy,
  withoutExpect,
} from './decision-shapes.ts';
import { goingOn } from './going-on.ts';
import { afterDelete, afterResponse, afterResult, afterStatus, answered } from './outcome-decisions.ts';
import { afterRest, fetchRest, hasRest } from './rest-decisions.ts';
import type { Answer, Decision, Ended, Situation } from './situation.ts';
import { withoutUserinfo } from './target.ts';
import { afterAppend, afterOffset, askOffset } from './upload-decisions.ts';

/** Silent waits for a 100 after which the content is sent without it (RFC 9110 §10.1.1: no endless wait). */
const MAX_SILENCES = 3;

/** The next action after what happened. */
export const decide = goingOn({
  begin: (before) => ({
    situation: before,
    delay: 0,
    steps: [
      next(
        'begin',
        before.expect
          ? `${before.length} bytes are to be sent. The client first asks whether it may, and where it could resume.`
          : 'The request is sent; its progress is followed to the end.',
      ),
    ],
    action: { do: 'post' },
  }),
  ended: afterExchange,
});

function afterExchange(now: Situation, ended: Ended, random: number): Decision {
  switch (ended.purpose) {
    case 'post':
      return afterPost(now, ended, random);
    case 'offset':
      return afterOffset(now, ended, random);
    case 'append':
      return afterAppend(now, ended, random);
    case 'response':
      return afterResponse(now, ended, random);
    case 'status':
      return afterStatus(now, ended, random);
    case 'result':
      return afterResult(now, ended, random);
    case 'rest':
      return afterRest(now, ended, random);
    case 'delete':
      return afterDelete(now, ended);
    case 'put':
    case 'segment':
    case 'size':
    case 'download':
    case 'discover':
      throw new Error(`a resumable request has no errand "${ended.purpose}"`);
    default:
      return assertNever(ended.purpose);
  }
}

// The initial request

function afterPost(now: Situation, ended: Ended, random: number): Decision {
  const { answer } = ended;
  if (answer === null) return postBroke(now, ended, random);
  if (answer.status === 417 && now.expect) return withoutExpect(now);
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
  if (now.resumable && now.requestContent !== null && callsIncomplete(answer, now))
    return askOffset(
      now,
      [last('retry', `All was sent, yet the server calls it incomplete (${saidBy(answer)}).`)],
      random,
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
        `The connection broke${ended.goal === 0 ? '' : ` after ${ended.sentTo} of ${ended.goal} bytes`} and the server ` +
        'had named no place to resume at. Sending the request again could do its work twice, so that is left to you.',
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
  if (hasRest(now, answer)) return fetchRest(now, [notice], random);
  if (now.responseMessage !== null)
    return again(
      now,
      [notice],
      { do: 'fetch-response', restart: true, wait: true },
      `The final response (${answer.status}) broke off; all of it is kept at ${withoutUserinfo(now.responseMessage)}.`,
      random,
    );
  if (now.status !== null)
    return again(
      now,
      [notice],
      { do: 'follow-status' },
      `The final response (${answer.status}) broke off; the status document at ${withoutUserinfo(now.status)} tells what came of it.`,
      random,
    );
  return end(
    now,
    {
      do: 'end',
      // The content of a refusal says no more than why.
      outcome: answer.status >= 400 ? 'refused' : 'failed',
      reason: `The final response (${answer.status} ${answer.reason}) broke off in its content, and no copy of it was offered.`,
      final: 'answer',
    },
    answer.status >= 400 ? 'refused' : 'give-up',
    [notice],
  );
}
