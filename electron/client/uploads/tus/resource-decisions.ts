// After the requests of an upload by tus: the POST that creates it, HEAD that tells where it stands, PATCH of a part. Pure;
// an upload that is gone is created anew, and a part that came otherwise than it was sent is sent again.

import { again, last, noticed, passing, questionLost, saidBy, withoutExpect } from '../../decision-shapes.ts';
import type { Decision, Ended, Situation, Step } from '../../situation.ts';
import { withoutUserinfo } from '../../target.ts';
import { uploadOf } from '../upload-protocol.ts';
import {
  askResource,
  failing,
  offsetUntold,
  redirected,
  refusing,
  sendNext,
  smaller,
  standingAt,
  uploaded,
  wrongOffset,
} from '../resource-decisions.ts';

/** Silent waits for a 100 after which the content is sent without it (RFC 9110 §10.1.1). */
const MAX_SILENCES = 3;
/** Uploads that are created one after the other because the one before is gone. */
const MOST_ANEW = 3;
/** Times that a part may be turned down before the upload has moved on. */
const MOST_REJECTIONS = 2;

export function afterCreation(now: Situation, ended: Ended, random: number): Decision {
  const { answer, upload: told } = ended;
  if (answer === null || (!answer.whole && answer.status >= 500))
    return again(
      silenced(now, ended),
      [noticed(ended.broke ?? 'fin', ended)],
      { do: 'post' },
      'Whether the upload was created is not known: it is created anew, and one that nobody knows of may be left behind.',
      random,
    );
  const said = saidBy(answer);
  if (answer.status === 417 && now.expect) return withoutExpect(now);
  const moved = redirected(now, ended, random);
  if (moved !== null) return moved;
  if (answer.status === 413 && ended.goal > 0)
    return inSmallerParts(now, ended.goal, said, { do: 'post' }, random);
  if (passing(answer.status))
    return again(now, [], { do: 'post' }, `The server answered ${said}: not now.`, random, answer.retryAfter);
  if (answer.status >= 300) return refusing(now, `The server creates no upload: it answered ${said}.`);
  const foreign = told?.foreign ?? null;
  if (foreign !== null)
    return failing(
      now,
      `The server names an upload on another host (${withoutUserinfo(foreign)}): the content does not go there.`,
    );
  if (now.requestContent === null)
    return failing(
      now,
      `The server answered ${said} and named no upload (no Location): nothing can be sent.`,
    );
  const place = last('learn-locations', `The upload is ${withoutUserinfo(now.requestContent)}.`);
  if (ended.goal === 0 && now.length > 0) return sendNext(standingAt(now, 0), [place], 'The content follows');
  return appended(now, ended, said, [place], random);
}

/** After some silences the content does not wait for a 100 any more (RFC 9110 §10.1.1). */
function silenced(now: Situation, { broke, continued }: Ended): Situation {
  const silences = broke === 'silence' && !continued ? now.silences + 1 : now.silences;
  return { ...now, silences, waitForContinue: silences < MAX_SILENCES };
}

export function afterOffset(now: Situation, ended: Ended, random: number): Decision {
  const { answer, upload: told } = ended;
  if (answer === null) return questionLost(now, ended, { do: 'ask-offset' }, random);
  const { status } = answer;
  const moved = redirected(now, ended, random);
  if (moved !== null) return moved;
  if (status === 403 || status === 404 || status === 410) return createAnew(now, saidBy(answer), random);
  const untold = offsetUntold(now, answer, random);
  if (untold !== null) return untold;
  const offset = told?.offset ?? null;
  if (offset === null)
    return failing(now, 'The server did not say how much arrived: its answer to HEAD has no Upload-Offset.');
  const length = told?.length ?? now.length;
  const wrong =
    length === now.length
      ? wrongOffset(now, offset)
      : `The upload is to have ${length} bytes in all, not ${now.length}: it is not this one.`;
  if (wrong !== null) return failing(now, wrong);
  const here: Situation = { ...standingAt(now, offset), resumes: now.resumes + 1 };
  const step = last('offset-learned', `${offset} of ${now.length} bytes arrived.`);
  if (offset < now.length) return sendNext(here, [step], 'The client sends what is missing');
  const done = uploaded(here, `All ${now.length} bytes are there, as HEAD tells.`);
  return { ...done, steps: [step, ...done.steps] };
}

/** Expiration: the client should start a new upload. Nothing of it is there yet. */
function createAnew(now: Situation, said: string, random: number): Decision {
  const upload = uploadOf(now);
  if (upload.anew >= MOST_ANEW)
    return failing(
      now,
      `The server answered ${said}, and each of ${MOST_ANEW + 1} uploads was gone: it keeps none.`,
    );
  const fresh: Situation = {
    ...now,
    requestContent: null,
    stored: 0,
    best: 0,
    rejections: 0,
    target: { ...now.target, sentMost: 0 },
    upload: { ...upload, told: 0, anew: upload.anew + 1 },
  };
  return again(
    fresh,
    [last('retry', `The server answered ${said}: the upload is gone.`)],
    { do: 'post' },
    'A new upload takes its place, from the first byte.',
    random,
  );
}

export function afterAppend(now: Situation, ended: Ended, random: number): Decision {
  const { answer, upload: told } = ended;
  if (answer === null || !answer.whole)
    return askResource(now, [noticed(ended.broke ?? 'fin', ended)], random);
  const { status } = answer;
  const said = saidBy(answer);
  const algorithms = told?.algorithms ?? null;
  const moved = redirected(now, ended, random);
  if (moved !== null) return moved;
  if (status === 404 || status === 410) return createAnew(now, said, random);
  if (status === 460) return sendAgain(now, said);
  if (status === 413) return inSmallerParts(now, ended.goal - now.stored, said, { do: 'ask-offset' }, random);
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
  if (status >= 300)
    return refusing(
      now,
      `The server does not take the part: it answered ${said}` +
        (algorithms === null ? '.' : `, and knows the checksums ${algorithms}.`),
    );
  return appended(now, ended, said, [], random);
}

/** 460: the part was thrown away, and its offset is as before (Checksum). */
function sendAgain(now: Situation, said: string): Decision {
  if (now.rejections >= MOST_REJECTIONS)
    return refusing(
      now,
      `The server answered ${said} ${MOST_REJECTIONS + 1} times to the same part: something changes the bytes on their way.`,
    );
  return sendNext(
    { ...now, rejections: now.rejections + 1 },
    [
      last(
        'retry',
        `The server answered ${said}: the part came otherwise than it was sent, and was thrown away.`,
      ),
    ],
    'The same part is sent again',
  );
}

/** A 2xx to content: Upload-Offset tells how much of it was taken. */
function appended(
  now: Situation,
  ended: Ended,
  said: string,
  steps: readonly Step[],
  random: number,
): Decision {
  const { goal, sentTo, upload: told } = ended;
  // An upload of no bytes is complete when it is created.
  const offset = told?.offset ?? (now.length === 0 ? 0 : null);
  if (offset === null)
    return askResource(
      now,
      [
        ...steps,
        last('retry', `The server answered ${said} without Upload-Offset: HEAD tells how much it has.`),
      ],
      random,
    );
  const wrong = wrongOffset(now, offset);
  if (wrong !== null) return failing(now, wrong, steps);
  if (offset === now.length)
    return uploaded(standingAt(now, offset), `All ${offset} bytes are stored: the server answered ${said}.`);
  if (offset < goal || sentTo < goal)
    return askResource(
      now,
      [...steps, last('retry', `The server answered ${said}, and has ${offset} bytes, not ${goal}.`)],
      random,
    );
  return sendNext(standingAt(now, offset), steps, 'That part is stored; the next follows');
}

function inSmallerParts(
  now: Situation,
  refused: number,
  said: string,
  action: { readonly do: 'post' } | { readonly do: 'ask-offset' },
  random: number,
): Decision {
  const less = smaller(now, refused);
  if (less === null)
    return refusing(
      now,
      `The server does not take even ${refused} bytes in one request: it answered ${said}.`,
    );
  return again(
    less,
    [],
    action,
    `The server answered ${said} to ${refused} bytes in one request: ${uploadOf(less).most} at most from now on.`,
    random,
  );
}
