// The strategy `put-then-patch`: an ordinary PUT of a new resource which, if it breaks, is completed by PATCH; where the
// server takes no PATCH, the PUT is sent again (draft-ietf-httpapi-patch-byterange, Segmented Document Creation).

import {
  callsIncomplete,
  finished,
  last,
  next,
  noticed,
  passing,
  refuse,
  saidBy,
} from '../decision-shapes.ts';
import { goingOn } from '../going-on.ts';
import type { Decision, Ended, Situation, Step } from '../situation.ts';
import { type Strategy, onlyFor } from '../strategy.ts';
import { afterSegment, afterSize, afterWriting, askSize, writeSegment } from './target-decisions.ts';

const decide = goingOn({
  begin: (before) =>
    put(before, [
      next('begin', `${before.length} bytes are sent by PUT. If that breaks, the rest can follow by PATCH.`),
    ]),
  ended: afterExchange,
});

function put(now: Situation, steps: readonly Step[]): Decision {
  return {
    situation: now,
    steps,
    delay: 0,
    action: { do: 'put', create: now.target.standing !== 'ours' },
  };
}

function afterExchange(now: Situation, ended: Ended, random: number): Decision {
  if (ended.purpose === 'size') return afterSize(now, ended, random, goOn);
  const written = afterWriting(now, ended, now.target.standing !== 'ours');
  return ended.purpose === 'put'
    ? afterPut(written, ended, random)
    : afterSegment(written, ended, random, putAgain);
}

/** Even if nothing arrived, PATCH comes first: a server that takes it will keep what arrives from now on. */
function goOn(here: Situation, told: Step): Decision {
  if (!here.target.putOnly) return writeSegment(here, [told], 'A PATCH brings what is missing');
  return put(here, [told, next('retry', 'The server takes no PATCH: all of it is sent again by PUT.')]);
}

function putAgain(now: Situation, said: string): Decision {
  return put({ ...now, target: { ...now.target, putOnly: true } }, [
    next('retry', `The server takes no PATCH (${said}): all of it is sent again by PUT.`),
  ]);
}

function afterPut(now: Situation, ended: Ended, random: number): Decision {
  const { answer } = ended;
  if (answer === null || !answer.whole) return askSize(now, [noticed(ended.broke ?? 'fin', ended)], random);
  const said = saidBy(answer);
  if (answer.status === 412 && now.target.standing === 'doubt')
    return askSize(
      now,
      [last('retry', `There is something already (${said}): perhaps what the lost PUT wrote.`)],
      random,
    );
  if (passing(answer.status))
    return askSize(
      now,
      [last('retry', `The server answered ${said}: is anything stored?`)],
      random,
      answer.retryAfter,
    );
  if (answer.status >= 300)
    return refuse(
      now,
      answer.status === 412
        ? `There is something at the target already: the server answered ${said}.`
        : `The server answered ${said}.`,
    );
  if (ended.sentTo < ended.goal || callsIncomplete(answer, now))
    return askSize(
      now,
      [last('retry', `The server answered ${said}, which does not tell that it has all of the content.`)],
      random,
    );
  return finished({ ...now, stored: now.length, best: now.length }, `The server answered ${said}.`, 'answer');
}

export const putThenPatch: Strategy = {
  resumable: false,
  // Where the server takes no PATCH, what it has is of no use.
  startsOver: true,
  unsuited: onlyFor(['PUT'], 'the resource is written by PUT. Use that.'),
  decide,
};
