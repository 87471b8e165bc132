// Shapes and sentences that several decisions share: another try, an end, what a break looked like.
// As pure as the decisions themselves.

import { assertNever } from '../../shared/capture/records.ts';
import { MAX_TRIES, backoff } from './backoff.ts';
import type { Action, Answer, Break, Decision, End, Ended, Situation, Step } from './situation.ts';

/** What the client sees of a break, as a step. */
export function noticed(broke: Break, ended: Ended): Step {
  const sent = ended.goal > 0 ? ` after ${ended.sentTo} of ${ended.goal} bytes had been handed over` : '';
  switch (broke) {
    case 'fin':
      return last('cut-noticed', `The connection was closed${sent}, before the exchange was over.`);
    case 'rst':
      return last('cut-noticed', `The connection was reset${sent}.`);
    case 'silence':
      return last('silence-noticed', `The server fell silent${sent}: the client's patience ran out.`);
    case 'error':
      return last('cut-noticed', `The connection failed${sent}.`);
    case 'endless':
      return last('silence-noticed', `The server kept the client waiting${sent} with what told nothing new.`);
    case 'flood':
      return last('silence-noticed', `The server sent interim responses without end${sent}.`);
    case 'overlong':
      return last('silence-noticed', 'The server sent a document about the request without end.');
    default:
      return assertNever(broke);
  }
}

export function last(name: Step['name'], why: string): Step {
  return { about: 'last', name, why };
}

export function next(name: Step['name'], why: string): Step {
  return { about: 'next', name, why };
}

/** Another try, bounded; the delay is the server's, within reason, or our own. */
export function again(
  now: Situation,
  steps: readonly Step[],
  action: Action,
  why: string,
  random: number,
  retryAfter: number | null = null,
  name: Step['name'] = 'retry',
): Decision {
  const tries = now.tries + 1;
  if (tries > MAX_TRIES)
    return end(
      now,
      {
        do: 'end',
        outcome: 'failed',
        reason: `Nothing moved on in ${MAX_TRIES} tries. Look at the last one, then run it again.`,
        final: 'none',
      },
      'give-up',
      steps,
    );
  return {
    situation: { ...now, tries },
    steps: [...steps, next(name, why)],
    delay: bounded(retryAfter) ?? backoff(tries, random),
    action,
  };
}

/** A server's Retry-After is honoured up to 30 s; longer ones are cut to that, and bounded tries do the rest. */
export function bounded(retryAfter: number | null): number | null {
  return retryAfter === null ? null : Math.min(Math.max(retryAfter, 250), 30_000);
}

/** @param wait whether the job may still run, so that the server should answer when it has ended */
export function fetchResponse(
  now: Situation,
  why: string,
  wait: boolean,
  steps: readonly Step[] = [],
): Decision {
  return {
    situation: now,
    steps: [...steps, next('fetch-response', why)],
    delay: 0,
    action: { do: 'fetch-response', restart: true, wait },
  };
}

export function finished(now: Situation, reason: string, final: Exclude<End['final'], 'none'>): Decision {
  const ending: End = { do: 'end', outcome: 'completed', reason, final };
  const places = now.upload === null ? [now.responseMessage, now.status] : [now.requestContent];
  const kept = places.filter((url) => url !== null);
  if (!now.deleteWhenDone || kept.length === 0) return end(now, ending, 'complete');
  return {
    situation: { ...now, ending, toDelete: kept },
    steps: [next('acknowledge', 'All is safe: the server may forget what it keeps for us.')],
    delay: 0,
    action: { do: 'delete', url: kept[0]! },
  };
}

export function giveUp(now: Situation, reason: string, steps: readonly Step[] = []): Decision {
  return end(now, { do: 'end', outcome: 'failed', reason, final: 'none' }, 'give-up', steps);
}

export function refuse(now: Situation, reason: string, steps: readonly Step[] = []): Decision {
  return end(now, { do: 'end', outcome: 'refused', reason, final: 'answer' }, 'refused', steps);
}

/** `201 Created` */
export function saidBy(answer: Pick<Answer, 'status' | 'reason'>): string {
  return `${answer.status} ${answer.reason}`.trim();
}

/**
 * Does a 2xx call what it is about incomplete? No number is registered for that (draft-wright-http-partial-upload): 299 is
 * used here, any other is known once a HEAD told less than all by it, and the draft has names for it.
 */
export function callsIncomplete(
  { status, reason }: Pick<Answer, 'status' | 'reason'>,
  now: Situation,
): boolean {
  if (status < 200 || status > 299) return false;
  return status === 299 || status === now.incompleteStatus || INCOMPLETE.includes(reason);
}

const INCOMPLETE: readonly string[] = ['Incomplete Content', 'Sparse Resource'];

/** After a 417: the same request at once, and nothing is expected of the server (RFC 9110 §15.5.18). */
export function withoutExpect(now: Situation): Decision {
  const why = 'The server refuses the expectation (417): once more without Expect (RFC 9110 §10.1.1).';
  return {
    situation: { ...now, expect: false },
    steps: [next('retry', why)],
    delay: 0,
    action: { do: 'post' },
  };
}

/** The HEAD that asks how much is there came to nothing. */
export function questionLost(now: Situation, ended: Ended, ask: Action, random: number): Decision {
  const steps = [noticed(ended.broke ?? 'fin', ended)];
  return again(now, steps, ask, 'The question was lost: it is asked again.', random, null, 'ask-offset');
}

/** Statuses that may pass by themselves (RFC 9110 §15.5, §15.6, RFC 4918 §11.3, RFC 6585 §4). */
export function passing(status: number): boolean {
  return [408, 409, 423, 425, 429, 500, 502, 503, 504].includes(status);
}

/** So many bytes are stored. More than ever before is progress: tries and rejections are counted anew. */
export function reached(now: Situation, stored: number): Situation {
  const further = stored > now.best;
  return {
    ...now,
    stored,
    best: Math.max(now.best, stored),
    tries: further ? 0 : now.tries,
    rejections: further ? 0 : now.rejections,
  };
}

/** Why so many bytes cannot be stored of this upload, whoever says so; null: they can. */
export function neverSent({ length, target }: Situation, stored: number): string | null {
  if (stored > length)
    return `The server claims to have ${stored} bytes, but only ${length} exist. Send the request again.`;
  if (stored > target.sentMost)
    return (
      `The server claims to have ${stored} bytes, and only ${target.sentMost} were ever sent: they are not of this upload. ` +
      'Send the request again.'
    );
  return null;
}

/** A server that went back behind what it had acknowledged, when that is not here any more. Null: all is well. */
export function wentBack(now: Situation, stored: number): Decision | null {
  if (stored >= now.released) return null;
  return giveUp(
    now,
    `The server acknowledged ${now.released} bytes and has ${stored} now; what lies between was let go of. ` +
      'Send the request again from the start.',
  );
}

/** The step that tells of an end. */
export function stepOf({ outcome }: Pick<End, 'outcome'>): 'complete' | 'give-up' | 'refused' {
  switch (outcome) {
    case 'completed':
      return 'complete';
    case 'failed':
      return 'give-up';
    case 'refused':
      return 'refused';
    default:
      return assertNever(outcome);
  }
}

export function end(
  now: Situation,
  action: End,
  name: 'complete' | 'give-up' | 'refused',
  steps: readonly Step[] = [],
): Decision {
  return { situation: now, steps: [...steps, last(name, action.reason)], delay: 0, action };
}
