// How an upload goes on after a break: ask how much arrived, send the rest in parts
// (draft-wright-http-partial-upload, draft-wright-http-patch-byterange). Pure; lengths decide, never a status.

import {
  again,
  callsIncomplete,
  fetchResponse,
  giveUp,
  last,
  neverSent,
  next,
  noticed,
  questionLost,
  reached,
  refuse,
  saidBy,
  wentBack,
} from './decision-shapes.ts';
import { answered } from './outcome-decisions.ts';
import { fetchRest, hasRest } from './rest-decisions.ts';
import type { Decision, Ended, Situation, Step } from './situation.ts';
import { withoutUserinfo } from './target.ts';

/** Before anything is sent again: where do we stand? */
export function askOffset(
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

/** After the HEAD of the request-content resource. */
export function afterOffset(now: Situation, ended: Ended, random: number): Decision {
  const { answer } = ended;
  if (answer === null) return questionLost(now, ended, { do: 'ask-offset' }, random);
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
  const wrong = neverSent(now, stored);
  if (wrong !== null) return giveUp(now, wrong);
  const lost = wentBack(now, stored);
  if (lost !== null) return lost;
  const here: Situation = {
    ...reached(now, stored),
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

/** After a PATCH of the request-content resource. */
export function afterAppend(now: Situation, ended: Ended, random: number): Decision {
  const { answer } = ended;
  if (answer !== null && !answer.whole && ended.goal === now.length && hasRest(now, answer))
    return fetchRest({ ...now, stored: now.length }, [noticed(ended.broke ?? 'fin', ended)], random);
  if (answer === null || !answer.whole) return askOffset(now, [noticed(ended.broke ?? 'fin', ended)], random);
  const { status } = answer;
  const said = saidBy(answer);
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
  if (!all) return append(reached(now, ended.goal), [], 'That segment is stored; the next follows');
  if (callsIncomplete(answer, now))
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
