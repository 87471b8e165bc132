// The strategy `repeat`: the same request again after every break, until its final answer is whole. For requests that
// may be sent twice without harm, a PATCH whose bytes and places are fixed among them. It learns nothing in between.

import { again, end, next, noticed, refuse, saidBy } from './decision-shapes.ts';
import { goingOn } from './going-on.ts';
import type { Action, Answer, Decision, Ended, Situation } from './situation.ts';
import { type Strategy, onlyFor } from './strategy.ts';

const SEND: Action = { do: 'post' };
/** RFC 9110 §10.2.3, RFC 6585 §4, RFC 4918 §11.3: not now, which the same request may outlast. */
const LATER: ReadonlySet<number> = new Set([409, 423, 429, 503]);

/** What the steps say. */
export interface Words {
  readonly begin: string;
  /** Why the same is sent again when there was no whole answer. */
  readonly again: string;
}

/**
 * Is this answer, whole or not, "not now"? A request to a resource of anybody waits only where a time is named.
 */
type Later = (answer: Answer) => boolean;
const named: Later = ({ status, retryAfter }) => LATER.has(status) && retryAfter !== null;

/** The decisions of a request that is repeated. */
export function repeating(words: Words, later: Later = named): Strategy['decide'] {
  return goingOn({
    begin: (before) => ({
      situation: before,
      steps: [next('begin', words.begin)],
      delay: 0,
      action: SEND,
    }),
    ended: (now, ended, random) => afterRequest(now, ended, words, later, random),
  });
}

function afterRequest(now: Situation, ended: Ended, words: Words, later: Later, random: number): Decision {
  const { answer } = ended;
  const notNow = answer !== null && later(answer);
  // Its status says all that another try would.
  if (answer !== null && isMistake(answer.status) && !answer.whole && !notNow)
    return refuse(now, `The server answered ${saidBy(answer)}; its content broke off.`, [
      noticed(ended.broke ?? 'fin', ended),
    ]);
  if (answer === null || (!answer.whole && !notNow))
    return again(doubting(now, answer), [noticed(ended.broke ?? 'fin', ended)], SEND, words.again, random);
  const said = saidBy(answer);
  if (notNow)
    return again(
      now,
      [],
      SEND,
      `Not now, says the server (${said})${answer.retryAfter === null ? '' : ', and names a time'}.`,
      random,
      answer.retryAfter,
    );
  if (answer.status < 300 && ended.sentTo < ended.goal)
    return end(
      now,
      {
        do: 'end',
        outcome: 'failed',
        reason: `The server answered ${said} after ${ended.sentTo} of ${ended.goal} bytes: the rest was not sent.`,
        final: 'answer',
      },
      'give-up',
    );
  if (answer.status === 412 && now.target.standing === 'doubt')
    return refuse(
      now,
      `The server answered ${said}. What it found may be our own: an earlier try, whose answer was lost, may have been ` +
        'carried out, and the condition holds no more since. Look at what is there before it is sent anew.',
    );
  // A 304 is the answer that a condition asked for (RFC 9110 §15.4.5); other redirects are not followed.
  if (answer.status >= 300 && answer.status !== 304) return refuse(now, `The server answered ${said}.`);
  return end(
    now,
    { do: 'end', outcome: 'completed', reason: `The server answered ${said}.`, final: 'answer' },
    'complete',
  );
}

function isMistake(status: number): boolean {
  return status >= 400 && status < 500;
}

/** A request whose answer was lost may have been carried out, unless the answer began with what says that it was not. */
function doubting(now: Situation, answer: Answer | null): Situation {
  if (now.safe || (answer !== null && answer.status >= 400)) return now;
  return { ...now, target: { ...now.target, standing: 'doubt' } };
}

export const repeat: Strategy = {
  resumable: false,
  startsOver: true,
  // RFC 9110 §9.2.2, RFC 4918: known to be idempotent; PATCH because its places are fixed.
  unsuited: onlyFor(
    ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', 'MKCOL', 'COPY', 'MOVE'],
    'it may do its work twice when it is sent twice. Resume it by resumable-request instead.',
  ),
  decide: repeating({
    begin: 'The request may be sent twice without harm: it is repeated until it is answered.',
    again: 'There is no whole answer: the same request is sent again.',
  }),
};
