// After a HEAD of the upload resource, and after a PATCH of it (draft-ietf-httpbis-resumable-upload, Offset Retrieval and
// Upload Append). Pure; offsets decide where to go on, Upload-Complete whether it is over.

import {
  again,
  end,
  finished,
  last,
  noticed,
  passing,
  questionLost,
  refuse,
  saidBy,
} from '../../decision-shapes.ts';
import { targetAnswered } from './creation-decisions.ts';
import { afterTooLarge, expired, stopped } from './limit-decisions.ts';
import type { Answer, Decision, Ended, Situation, Step } from '../../situation.ts';
import { uploadOf } from '../upload-protocol.ts';
import {
  askResource,
  failing,
  offsetUntold,
  redirected,
  refusing,
  sendNext,
  standingAt,
  uploaded,
  wrongOffset,
} from '../resource-decisions.ts';

/** Times that a part may be turned down before the upload has moved on. */
const MOST_REJECTIONS = 2;

export function afterOffset(now: Situation, ended: Ended, random: number): Decision {
  const { answer, upload: told } = ended;
  if (answer === null) return questionLost(now, ended, { do: 'ask-offset' }, random);
  const { status } = answer;
  const moved = redirected(now, ended, random);
  if (moved !== null) return moved;
  if (status === 404 || status === 410) return gone(now, status);
  const untold = offsetUntold(now, answer, random);
  if (untold !== null) return untold;
  const offset = told?.offset ?? null;
  if (offset === null)
    return failing(
      now,
      uploadOf(now).spoken
        ? 'The server did not say how much arrived: its answer to HEAD has no Upload-Offset.'
        : 'The server does not offer resumable uploads here: what it named tells no Upload-Offset.',
    );
  const length = told?.length ?? now.length;
  const wrong =
    length === now.length
      ? wrongOffset(now, offset)
      : `The upload resource is to have ${length} bytes in all, not ${now.length}: it is not of this upload.`;
  if (wrong !== null) return failing(now, wrong);
  const here: Situation = { ...standingAt(now, offset), resumes: now.resumes + 1 };
  const step = last('offset-learned', `${offset} of ${now.length} bytes arrived.`);
  if (told?.complete === true) return complete(here, step, random);
  if (offset === now.length)
    return sendNext(here, [step], 'All is there; an empty part completes the upload');
  return sendNext(here, [step], 'The client sends what is missing');
}

/** HEAD calls it complete: there was an answer. */
function complete(here: Situation, step: Step, random: number): Decision {
  if (here.stored < here.length)
    return failing(
      here,
      `The server calls the upload complete with ${here.stored} of ${here.length} bytes.`,
      [step],
    );
  if (here.target.answered) {
    const done = finished(here, `All ${here.length} bytes are there, as HEAD tells.`, 'reception');
    return { ...done, steps: [step, ...done.steps] };
  }
  return again(
    { ...here, upload: { ...uploadOf(here), complete: true } },
    [step],
    { do: 'append', from: here.length, to: here.length },
    'The upload is complete, and only its answer was lost: an empty PATCH asks for that again.',
    random,
    null,
    'fetch-response',
  );
}

function gone(now: Situation, status: number): Decision {
  // The resource may be cleaned up at once when the upload is complete (Upload Resource).
  if (now.target.answered)
    return finished(now, `All was sent and answered; the upload resource is gone (${status}).`, 'reception');
  return failing(
    now,
    `The server no longer keeps the upload (${status}). ` +
      (now.target.sentMost === now.length
        ? 'All of it was sent: look at the target for whether it was completed, before it is sent again.'
        : 'Send the request again from the start.'),
  );
}

export function afterAppend(now: Situation, ended: Ended, random: number): Decision {
  const { answer, upload: told } = ended;
  const lost = answer === null || !answer.whole;
  if (lost) return appendBroke(now, ended, random);
  const { status } = answer;
  const said = saidBy(answer);
  if (uploadOf(now).complete) return replayed(now, ended, answer, random);
  if (told?.complete === true) return targetAnswered(now, ended, answer, random);
  const moved = redirected(now, ended, random);
  if (moved !== null) return moved;
  if (status === 413) return afterTooLarge(now, ended.goal - now.stored, answer, random);
  if (status === 404 || status === 410) return gone(now, status);
  if (status === 409) return mismatching(now, ended, answer, random);
  if (passing(status) || status >= 500)
    return askResource(
      now,
      [
        last(
          'retry',
          `The server answered ${said}: what it has must be known before anything is sent again.`,
        ),
      ],
      random,
      answer.retryAfter,
    );
  if (status >= 300) return refusing(now, `The server does not take the part: it answered ${said}.`);
  return appended(now, ended, said, random);
}

function appendBroke(now: Situation, ended: Ended, random: number): Decision {
  const notice = stopped(now, ended, now.stored) ?? noticed(ended.broke ?? 'fin', ended);
  return expired(now, ended, [notice]) ?? askResource(now, [notice], random);
}

/** 409 tells the right offset: that is taken, unless it cannot be true. */
function mismatching(now: Situation, { upload: told }: Ended, answer: Answer, random: number): Decision {
  const said = saidBy(answer);
  if (now.rejections >= MOST_REJECTIONS)
    return refusing(now, `The server does not take the bytes that it is missing: it answered ${said}.`);
  const here: Situation = { ...now, rejections: now.rejections + 1 };
  const offset = told?.offset ?? null;
  if (offset === null)
    return askResource(here, [last('retry', `The server answered ${said}, without Upload-Offset.`)], random);
  const wrong = wrongOffset(here, offset);
  if (wrong !== null) return failing(here, wrong);
  const learned = last(
    'offset-learned',
    `The server answered ${said}: it has ${offset} of ${now.length} bytes.`,
  );
  return sendNext(
    { ...standingAt(here, offset), resumes: now.resumes + 1 },
    [learned],
    'The client goes on there',
  );
}

/** A 2xx that does not call the upload complete: the part is appended. */
function appended(now: Situation, ended: Ended, said: string, random: number): Decision {
  const { upload: told, goal, sentTo } = ended;
  const offset = told?.offset ?? goal;
  const all = goal === now.length;
  const wrong = wrongOffset(now, offset);
  if (wrong !== null) return failing(now, wrong);
  if (sentTo < goal || offset < goal)
    return askResource(
      now,
      [last('retry', `The server answered ${said}, and has not taken all of the part.`)],
      random,
    );
  if (!all) return sendNext(standingAt(now, goal), [], 'That part is stored; the next follows');
  const here: Situation = { ...now, target: { ...now.target, answered: told?.complete !== false } };
  return askResource(
    here,
    [
      last(
        'retry',
        told?.complete === false
          ? `All was sent, yet the server calls it incomplete (${said}).`
          : `All was sent; the server's answer (${said}) does not say whether the upload is complete.`,
      ),
    ],
    random,
  );
}

/** The answer to the empty PATCH by which the lost one was asked for. */
function replayed(now: Situation, ended: Ended, answer: Answer, random: number): Decision {
  const said = saidBy(answer);
  if (ended.upload?.complete === true && answer.status >= 300)
    return refuse(now, `The target of the upload answered ${said}.`);
  if (answer.status < 300) return uploaded(now, `The server answered ${said}.`);
  if (passing(answer.status) && answer.status !== 409)
    return askResource(now, [last('retry', `The server answered ${said}.`)], random, answer.retryAfter);
  return end(
    now,
    {
      do: 'end',
      outcome: 'completed',
      reason: `The upload is complete, as HEAD tells. Its answer was lost, and is not given again (${said}).`,
      final: 'none',
    },
    'complete',
  );
}
