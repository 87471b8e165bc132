// The frame of every strategy that goes on after a break: what is the same whatever the strategy is about. Each brings how
// it begins and what it makes of an exchange that ended. As pure as the decisions themselves.

import { assertNever } from '../../shared/capture/records.ts';
import { again, end, giveUp, noticed, stepOf } from './decision-shapes.ts';
import type { Action, Decision, Ended, Endless, Purpose, Situation } from './situation.ts';
import type { Strategy } from './strategy.ts';

interface Own {
  begin(before: Situation): Decision;
  /** @param now with what the exchange has taught; random: 0 ≤ x < 1 */
  ended(now: Situation, ended: Ended, random: number): Decision;
}

/** The decisions of a strategy that goes on after a break, until its tries are spent. */
export function goingOn(own: Own): Strategy['decide'] {
  return (before, happening, random) => {
    switch (happening.kind) {
      case 'begin':
        return own.begin(before);
      case 'nonsense':
        return overBefore(before) ?? giveUp(before, happening.sentence);
      case 'unreachable':
        return unreachable(before, happening.purpose, happening.sentence, random);
      case 'ended':
        return (
          hopeless(before, happening.end) ?? own.ended(learned(before, happening.end), happening.end, random)
        );
      default:
        return assertNever(happening);
    }
  };
}

/** A server that could not be reached: refused if it never could, else tried again from where things stand. */
function unreachable(before: Situation, purpose: Purpose, sentence: string, random: number): Decision {
  const over = overBefore(before);
  if (over !== null) return over;
  if (!before.connected)
    return end(before, { do: 'end', outcome: 'refused', reason: sentence, final: 'none' }, 'refused');
  return again(
    before,
    [],
    resumption(before, purpose),
    `The server cannot be reached (${sentence}); it may come back.`,
    random,
  );
}

/** What takes up an errand that came to nothing. */
function resumption(now: Situation, purpose: Purpose): Action {
  switch (purpose) {
    case 'post':
      return { do: 'post' };
    // Whatever was to be sent: where to go on must be asked first.
    case 'offset':
    case 'append':
      return { do: 'ask-offset' };
    case 'discover':
      return { do: 'discover' };
    case 'put':
    case 'segment':
    case 'size':
      return { do: 'ask-size' };
    case 'response':
      return { do: 'fetch-response', restart: false, wait: true };
    case 'status':
      return { do: 'follow-status' };
    case 'delete':
      return { do: 'delete', url: now.toDelete[0] ?? '' };
    case 'download':
      return { do: 'download', from: now.reception.have };
    case 'rest':
      return { do: 'fetch-rest', from: now.reception.have };
    case 'result':
      return { do: 'fetch-result', url: now.result ?? '' };
    default:
      return assertNever(purpose);
  }
}

/** What every strategy takes from an exchange before it decides. */
function learned(before: Situation, ended: Ended): Situation {
  return {
    ...before,
    connected: true,
    requestContent: ended.requestContent ?? before.requestContent,
    responseMessage: ended.responseMessage ?? before.responseMessage,
    status: ended.status ?? before.status,
    released: ended.released,
    target: { ...before.target, sentMost: Math.max(before.target.sentMost, ended.issuedTo) },
    reception: ended.reception,
    tries: ended.progressed ? 0 : before.tries,
    asks: ended.progressed ? 0 : before.asks,
  };
}

/** A server that keeps the client waiting for ever ends any strategy, whatever it was about. Null: it goes on. */
function hopeless(before: Situation, ended: Ended): Decision | null {
  const reason = withoutEnd(ended);
  if (reason === null) return null;
  return overBefore(before) ?? giveUp(learned(before, ended), reason, [noticed(ended.broke ?? 'fin', ended)]);
}

/** One sentence about a server that came to no end, so that we ended the connection; null: it was not so. */
export function withoutEnd({ broke }: Ended): string | null {
  if (broke !== 'endless' && broke !== 'flood' && broke !== 'overlong') return null;
  return `${WITHOUT_END[broke]} Look at what it is doing.`;
}

/** It was over before: what the server makes of the DELETE changes nothing. */
function overBefore(before: Situation): Decision | null {
  return before.ending === null ? null : end(before, before.ending, stepOf(before.ending));
}

const WITHOUT_END: Readonly<Record<Endless, string>> = {
  endless: 'The server went on sending and told nothing new.',
  flood: 'The server sent more than 10,000 interim responses to one request.',
  overlong: 'The server sent more than 64 MiB of a document about the request, and no end of it.',
};
