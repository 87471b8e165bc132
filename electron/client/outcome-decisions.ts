// What to do when the upload is over and only the outcome is wanted: the answer itself, the response-message document
// (draft-wright-http-resume-request), the status document (draft-wright-http-progress), the closing DELETE. Pure.

import {
  again,
  bounded,
  end,
  fetchResponse,
  finished,
  giveUp,
  next,
  noticed,
  passing,
  refuse,
  saidBy,
  stepOf,
} from './decision-shapes.ts';
import type { Action, Answer, Decision, Ended, Situation } from './situation.ts';
import { withoutUserinfo } from './target.ts';

/** Times that a document may be "not there yet" before the client stops asking. */
const MAX_ASKS = 100;

/** The answer to the request itself came whole. */
export function answered(now: Situation, answer: Answer): Decision {
  const said = saidBy(answer);
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
  // RFC 9110 §15.4.5: a 304 is what the user's own condition asked for.
  if (answer.status >= 300 && answer.status !== 304)
    return end(
      now,
      { do: 'end', outcome: 'refused', reason: `The server answered ${said}.`, final: 'answer' },
      'refused',
    );
  if (answer.status === 202)
    return finished(
      now,
      `The server accepted the request (${said}) and named no place to follow it at.`,
      'answer',
    );
  return finished(now, `The server answered ${said}.`, 'answer');
}

/** After a GET of the response-message document. */
export function afterResponse(now: Situation, ended: Ended, random: number): Decision {
  const { answer, document } = ended;
  if (answer !== null && answer.status < 300 && ended.reading === 'ignored')
    return again(
      now,
      [],
      { do: 'fetch-response', restart: true, wait: true },
      `The server's answer (${saidBy(answer)}) is not the rest of the document that is here: all of it is read again.`,
      random,
      null,
      'fetch-response',
    );
  if (answer === null || (answer.status < 300 && !answer.whole))
    return again(
      now,
      [noticed(ended.broke ?? 'fin', ended)],
      { do: 'fetch-response', restart: false, wait: true },
      'The response document broke off: the client asks for the rest of it.',
      random,
      null,
      'fetch-response',
    );
  const said = saidBy(answer);
  if (answer.status === 404 && answer.retryAfter !== null)
    return askLater(
      now,
      { do: 'fetch-response', restart: true, wait: true },
      answer,
      'There is no response yet',
      random,
    );
  if (answer.status === 404 || answer.status === 410)
    return giveUp(
      now,
      `The response is not kept any more (${said}). Look at the target for what became of the request.`,
    );
  if (answer.status === 416 && document === null)
    return again(
      now,
      [],
      { do: 'fetch-response', restart: true, wait: true },
      'The range is refused: the whole document again.',
      random,
    );
  if (answer.status === 408 || answer.status === 429 || answer.status >= 500)
    return again(
      now,
      [],
      { do: 'fetch-response', restart: true, wait: true },
      `The server cannot give the response now (${said}).`,
      random,
      answer.retryAfter,
    );
  if (answer.status >= 300 && document === null)
    return refuse(now, `The server does not give the response: it answered ${said}.`);
  if (ended.missing)
    return again(
      now,
      [],
      { do: 'fetch-response', restart: false, wait: true },
      'A part of the response document came: the client asks for the rest of it.',
      random,
      null,
      'fetch-response',
    );
  if (document === null)
    return giveUp(now, `The response document (${said}) holds no HTTP response; it should be message/http.`);
  const inside = `${document.status} ${document.reason}`.trim();
  if (!document.whole)
    return end(
      now,
      {
        do: 'end',
        outcome: 'failed',
        reason: `The response kept by the server (${inside}) is itself cut short.`,
        final: 'document',
      },
      'give-up',
    );
  if (document.status >= 300)
    return end(
      now,
      {
        do: 'end',
        outcome: 'refused',
        reason: `The response that was kept says ${inside}.`,
        final: 'document',
      },
      'refused',
    );
  return finished(now, `The response that was kept says ${inside}.`, 'document');
}

/** After a GET of the status document. */
export function afterStatus(now: Situation, ended: Ended, random: number): Decision {
  const { answer } = ended;
  const follow: Action = { do: 'follow-status' };
  if (answer === null || !answer.whole)
    return again(
      now,
      [noticed(ended.broke ?? 'fin', ended)],
      follow,
      'The job goes on without us: the client follows it again.',
      random,
      null,
      'follow-status',
    );
  const said = saidBy(answer);
  if (answer.status === 404 || answer.status === 410)
    return now.responseMessage === null
      ? giveUp(now, `The status document is gone (${said}), and no other place was named for the outcome.`)
      : fetchResponse(
          now,
          `The status document is gone (${said}); the response may still be at ${withoutUserinfo(now.responseMessage)}.`,
          true,
        );
  if (answer.status === 408 || answer.status === 429 || answer.status >= 500)
    return again(
      now,
      [],
      follow,
      `The status cannot be told now (${said}).`,
      random,
      answer.retryAfter,
      'follow-status',
    );
  // RFC 9110 §15.4.4: the result is another resource. One step only: what it says is the result.
  if (answer.status === 303 && answer.location !== null)
    return {
      situation: { ...now, result: answer.location, tries: 0 },
      steps: [
        next(
          'fetch-response',
          `The job is done (${said}); its result is at ${withoutUserinfo(answer.location)}.`,
        ),
      ],
      delay: 0,
      action: { do: 'fetch-result', url: answer.location },
    };
  if (answer.status >= 300) return refuse(now, `The server does not tell the status: it answered ${said}.`);
  if (answer.status === 202 || answer.unfinished)
    return askLater(now, follow, answer, 'The job is not done yet', random);
  return now.responseMessage === null
    ? finished(now, `The status document says that the job is done: ${said}.`, 'answer')
    : fetchResponse(
        now,
        `The job is done; the response to the request is kept at ${withoutUserinfo(now.responseMessage)}.`,
        false,
      );
}

/** After a GET of what the status document's 303 named. */
export function afterResult(now: Situation, ended: Ended, random: number): Decision {
  const { answer } = ended;
  const get: Action = { do: 'fetch-result', url: now.result ?? '' };
  if (answer === null || !answer.whole)
    return again(now, [noticed(ended.broke ?? 'fin', ended)], get, 'The result is asked for again.', random);
  const said = saidBy(answer);
  if (passing(answer.status))
    return again(now, [], get, `The result cannot be told now (${said}).`, random, answer.retryAfter);
  if (answer.status >= 300) return refuse(now, `The result of the job says ${said}.`);
  return finished(now, `The result of the job says ${said}.`, 'answer');
}

/** After a DELETE that lets the server forget: whatever it says, the operation was over before. */
export function afterDelete(now: Situation, ended: Ended): Decision {
  const answer = ended.answer;
  const said =
    answer === null
      ? 'The server did not answer the DELETE'
      : `The server answered the DELETE with ${answer.status}`;
  if (now.ending === null) return giveUp(now, `${said}, and nothing else was decided.`);
  const ending = { ...now.ending, reason: `${now.ending.reason} ${said}.` };
  const [, ...toDelete] = now.toDelete;
  const [url] = toDelete;
  if (url === undefined) return end(now, ending, stepOf(ending));
  return {
    situation: { ...now, ending, toDelete },
    steps: [next('acknowledge', 'The status document is not needed any more either.')],
    delay: 0,
    action: { do: 'delete', url },
  };
}

function askLater(now: Situation, action: Action, answer: Answer, lead: string, random: number): Decision {
  const asks = now.asks + 1;
  if (asks > MAX_ASKS)
    return giveUp(now, `${lead}, after ${MAX_ASKS} questions. Run it again with a later look.`);
  // A document that tells us to come back is an answer: it takes nothing from the tries.
  const decision = again({ ...now, asks, tries: 0 }, [], action, `${lead}: the client asks again.`, random);
  return {
    ...decision,
    situation: { ...decision.situation, tries: 0 },
    steps: [next('retry', `${lead}: the client asks again.`)],
    delay: bounded(answer.retryAfter) ?? decision.delay,
  };
}
