// Shapes and sentences that several decisions share: another try, an end, what a break looked like.
// As pure as the decisions themselves.

import { assertNever } from '../../shared/capture/records.ts';
import { MAX_TRIES, backoff } from './backoff.ts';
import type { Action, Break, Decision, End, Ended, Situation, Step } from './situation.ts';

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

export function finished(now: Situation, reason: string, final: 'answer' | 'document'): Decision {
  const ending: End = { do: 'end', outcome: 'completed', reason, final };
  if (!now.deleteWhenDone || now.responseMessage === null) return end(now, ending, 'complete');
  return {
    situation: { ...now, ending },
    steps: [next('acknowledge', 'The response is safe here: the server may forget it.')],
    delay: 0,
    action: { do: 'delete' },
  };
}

export function giveUp(now: Situation, reason: string, steps: readonly Step[] = []): Decision {
  return end(now, { do: 'end', outcome: 'failed', reason, final: 'none' }, 'give-up', steps);
}

export function refuse(now: Situation, reason: string): Decision {
  return end(now, { do: 'end', outcome: 'refused', reason, final: 'answer' }, 'refused');
}

export function end(
  now: Situation,
  action: End,
  name: 'complete' | 'give-up' | 'refused',
  steps: readonly Step[] = [],
): Decision {
  return { situation: now, steps: [...steps, last(name, action.reason)], delay: 0, action };
}
