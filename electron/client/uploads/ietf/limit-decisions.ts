// What follows when a request is larger than the server takes it (draft-ietf-httpbis-resumable-upload, Limits): smaller
// ones, by its own limit where it tells one. Pure.

import { again, last, next, saidBy } from '../../decision-shapes.ts';
import type { Answer, Decision, Ended, Situation, Step } from '../../situation.ts';
import { firstTo, uploadOf } from '../upload-protocol.ts';
import { askResource, failing, refusing, smaller } from '../resource-decisions.ts';

/** After a 413. @param refused bytes of content in the request that it answers */
export function afterTooLarge(now: Situation, refused: number, answer: Answer, random: number): Decision {
  const upload = uploadOf(now);
  const said = saidBy(answer);
  if (refused === 0)
    return refusing(now, `The server answered ${said} to a request without content: nothing can be less.`);
  const told = last('retry', `The server answered ${said} to a request with ${refused} bytes.`);
  if (upload.spoken && (upload.most < refused || upload.discovery === 'done'))
    return inParts(now, refused, random, [told]);
  if (upload.discovery === 'done')
    return refusing(
      now,
      `The server answered ${said}, and does not tell that it takes the content in parts.`,
    );
  return {
    situation: { ...now, upload: { ...upload, tooLarge: refused } },
    steps: [told, next('retry', 'OPTIONS asks how much it takes in one request.')],
    delay: 0,
    action: { do: 'discover' },
  };
}

/** The time is over for which the server keeps the upload resource (max-age): no more is asked. Null: it is not. */
export function expired(now: Situation, { elapsed }: Ended, steps: readonly Step[]): Decision | null {
  if (elapsed <= uploadOf(now).until) return null;
  return failing(now, 'The time is over for which the server keeps the upload resource (max-age).', steps);
}

/** The request was stopped because its content is more than the server has just told to take. Null: it was not. */
export function stopped(now: Situation, { goal, answer }: Ended, from: number): Step | null {
  const { most } = uploadOf(now);
  if (answer !== null || goal - from <= most) return null;
  return last(
    'retry',
    `The server takes ${most} bytes in one request at most: this one is not gone on with.`,
  );
}

/** Less in each request. What the server has already is asked for, where it named a place. */
export function inParts(
  now: Situation,
  refused: number,
  random: number,
  steps: readonly Step[] = [],
): Decision {
  const less = smaller(now, refused);
  if (less === null)
    return refusing(
      now,
      `The server does not take ${refused} bytes in one request, nor does it take fewer: nothing can be sent.`,
      steps,
    );
  if (less.requestContent !== null) return askResource(less, steps, random);
  const to = firstTo(less);
  return again(
    { ...less, expect: less.expect && to > 0 },
    steps,
    { do: 'post' },
    `The request is sent again with the first ${to} bytes; the others follow by PATCH.`,
    random,
    0,
  );
}
