// What the upload protocols decide alike: what an exchange teaches about the upload resource, which offsets cannot be
// true, the next part, smaller parts, redirects, and the DELETE of what will not be completed. Pure.

import {
  again,
  end,
  finished,
  neverSent,
  next,
  noticed,
  passing,
  reached,
  saidBy,
  stepOf,
} from '../decision-shapes.ts';
import type { Answer, Decision, End, Ended, Situation, Step } from '../situation.ts';
import { rangeOf } from '../patches/target-decisions.ts';
import { withoutUserinfo } from '../target.ts';
import { roomFrom, uploadOf } from './upload-protocol.ts';

/** Redirects of one upload, and upload resources that are created for it, at most. */
const MOST_REDIRECTS = 5;

/** What every exchange of an upload teaches, whatever it was about. */
export function heard(now: Situation, { upload: told, elapsed }: Ended): Situation {
  const upload = uploadOf(now);
  if (told === null) return now;
  const { limits } = told;
  const seconds = limits?.maxAge ?? null;
  return {
    ...now,
    upload: {
      ...upload,
      spoken: upload.spoken || told.spoken,
      told: Math.max(upload.told, told.interimOffset ?? 0),
      most: Math.min(upload.most, limits?.maxAppendSize ?? Infinity),
      least: limits?.minAppendSize ?? upload.least,
      until: seconds === null ? upload.until : elapsed + seconds * 1_000,
    },
  };
}

/** Why an offset that the server told cannot be that of this upload; null: it can. */
export function wrongOffset(now: Situation, offset: number): string | null {
  const { told } = uploadOf(now);
  const wrong = neverSent(now, offset);
  if (wrong !== null) return wrong;
  if (offset < told)
    return (
      `The server has told that it has ${told} bytes, and tells ${offset} now: an offset never decreases. ` +
      'Send the request again from the start.'
    );
  return null;
}

/** Where the upload stands, as the server has just told. @param offset not a wrong one */
export function standingAt(now: Situation, offset: number): Situation {
  return { ...reached(now, offset), upload: { ...uploadOf(now), told: offset } };
}

/** The first request: OPTIONS where that is wanted, else the POST that begins the upload. @param why what the POST does */
export function begin(before: Situation, why: string): Decision {
  if (uploadOf(before).discovery !== 'wanted') return create(before, [next('begin', why)]);
  const steps = [next('begin', 'Before anything is sent, OPTIONS asks what the server takes.')];
  return { situation: before, steps, delay: 0, action: { do: 'discover' } };
}

export function create(now: Situation, steps: readonly Step[]): Decision {
  return { situation: now, steps, delay: 0, action: { do: 'post' } };
}

/** The OPTIONS came to nothing. */
export function discoveryLost(now: Situation, ended: Ended, random: number): Decision {
  const steps = [noticed(ended.broke ?? 'fin', ended)];
  return again(now, steps, { do: 'discover' }, 'The question was lost: it is asked again.', random);
}

/** Why an answer to HEAD tells no offset, by its status alone. Null: it is a success, which may tell one. */
export function offsetUntold(now: Situation, answer: Answer, random: number): Decision | null {
  const { status, retryAfter } = answer;
  if (passing(status) || status >= 500) {
    const why = `The server cannot say now (${status}).`;
    return again(now, [], { do: 'ask-offset' }, why, random, retryAfter, 'ask-offset');
  }
  if (status < 300) return null;
  return refusing(now, `The server does not tell how much it has: it answered ${saidBy(answer)}.`);
}

/** The next part of the content, as large as may be. Where all is stored, an empty one that says so. */
export function sendNext(now: Situation, steps: readonly Step[], lead: string): Decision {
  const upload = uploadOf(now);
  const from = now.stored;
  const to = from + roomFrom(from, now.length, upload);
  if ((to === from && from < now.length) || upload.least > upload.most)
    return failing(
      now,
      `The server takes ${upload.most} bytes in one request at most, and ${upload.least} at least: nothing can be sent.`,
      steps,
    );
  return {
    situation: now,
    steps: [...steps, next('resume', `${lead}: ${rangeOf(from, to)} of ${now.length}.`)],
    delay: 0,
    action: { do: 'append', from, to },
  };
}

/** Before anything is sent again: what has the upload resource? */
export function askResource(
  now: Situation,
  steps: readonly Step[],
  random: number,
  delay: number | null = null,
): Decision {
  return again(
    now,
    steps,
    { do: 'ask-offset' },
    `How much arrived? The upload resource is ${withoutUserinfo(now.requestContent ?? '')}.`,
    random,
    delay,
    'ask-offset',
  );
}

/** The same again, elsewhere: 307 and 308 keep the method (RFC 9110 §15.4.8, §15.4.9). Null: it names no place. */
export function redirected(now: Situation, ended: Ended, random: number): Decision | null {
  const { answer } = ended;
  const upload = uploadOf(now);
  if (answer === null || (answer.status !== 307 && answer.status !== 308) || answer.location === null)
    return null;
  const url = answer.location;
  if (new URL(url).hostname !== new URL(upload.creation).hostname)
    return failing(
      now,
      `The server sends the upload to another host (${withoutUserinfo(url)}): it does not go there.`,
    );
  if (upload.redirects >= MOST_REDIRECTS)
    return failing(
      now,
      `The server has sent the upload elsewhere ${MOST_REDIRECTS} times already: it is not followed any more.`,
    );
  const moved = { ...upload, redirects: upload.redirects + 1 };
  const lead = `The server answered ${answer.status}: it goes on at ${withoutUserinfo(url)}.`;
  if (ended.purpose === 'post')
    return again({ ...now, upload: { ...moved, creation: url } }, [], { do: 'post' }, lead, random, 0);
  return again(
    { ...now, requestContent: url, upload: moved },
    [],
    { do: 'ask-offset' },
    lead,
    random,
    0,
    'ask-offset',
  );
}

/**
 * After a 413: less in one request. The server's own limit counts; without one it is half of what was too much.
 * Null: it cannot be less.
 */
export function smaller(now: Situation, refused: number): Situation | null {
  const upload = uploadOf(now);
  const most = upload.most < refused ? upload.most : Math.floor(refused / 2);
  if (most < Math.max(1, upload.least)) return null;
  return { ...now, upload: { ...upload, most, tooLarge: null } };
}

// Ends

/** It will not be completed: a failure, after the upload resource was deleted where that is wished. */
export function failing(now: Situation, reason: string, steps: readonly Step[] = []): Decision {
  return ending(now, { do: 'end', outcome: 'failed', reason, final: 'none' }, steps);
}

export function refusing(now: Situation, reason: string, steps: readonly Step[] = []): Decision {
  return ending(now, { do: 'end', outcome: 'refused', reason, final: 'answer' }, steps);
}

function ending(now: Situation, action: End, steps: readonly Step[]): Decision {
  return uploadOf(now).cancel ? cancelling(now, action, steps) : over(now, action, steps);
}

/** With a DELETE, as the draft wants it where an upload cannot be completed within the server's limits (Limits). */
export function cancelling(now: Situation, action: End, steps: readonly Step[] = []): Decision {
  const url = now.requestContent;
  if (url === null) return over(now, action, steps);
  return {
    situation: { ...now, ending: action, toDelete: [url] },
    steps: [
      ...steps,
      next('acknowledge', 'The upload is not gone on with: the server may forget what it has of it.'),
    ],
    delay: 0,
    action: { do: 'delete', url },
  };
}

function over(now: Situation, action: End, steps: readonly Step[]): Decision {
  return end(now, action, stepOf(action), steps);
}

/** All is stored; the upload resource is deleted where that is wished. */
export function uploaded(now: Situation, reason: string): Decision {
  return finished({ ...now, stored: now.length, best: now.length }, reason, 'answer');
}
