// After the request that begins a resumable upload (draft-ietf-httpbis-resumable-upload, Upload Creation): with a 104 a break
// is mended, without one it is an upload like any other. Pure.

import { again, end, last, noticed, passing, refuse, saidBy, withoutExpect } from '../../decision-shapes.ts';
import { afterTooLarge, expired, inParts, stopped } from './limit-decisions.ts';
import type { Answer, Decision, Ended, Situation } from '../../situation.ts';
import { withoutUserinfo } from '../../target.ts';
import { uploadOf } from '../upload-protocol.ts';
import {
  askResource,
  failing,
  redirected,
  refusing,
  sendNext,
  standingAt,
  uploaded,
  wrongOffset,
} from '../resource-decisions.ts';

/** Silent waits for a 100 or a 104 after which the content is sent without either (RFC 9110 §10.1.1). */
const MAX_SILENCES = 3;

export function afterCreation(now: Situation, ended: Ended, random: number): Decision {
  const { answer, upload: told } = ended;
  if (answer === null) return creationBroke(now, ended, random);
  const said = saidBy(answer);
  if (answer.status === 417 && now.expect) return withoutExpect(now);
  const moved = redirected(now, ended, random);
  if (moved !== null) return moved;
  if (!answer.whole) return answerBroke(now, ended, answer, random);
  if (told?.complete === true) return targetAnswered(now, ended, answer, random);
  if (answer.status === 413) return afterTooLarge(now, ended.goal, answer, random);
  if (answer.status < 300) return created(now, ended, answer, random);
  if (now.requestContent !== null && (answer.status >= 500 || passing(answer.status)))
    return askResource(
      now,
      [last('retry', `The server answered ${said}, and has named where the upload can be resumed.`)],
      random,
      answer.retryAfter,
    );
  if (passing(answer.status) && answer.retryAfter !== null && ended.sentTo === 0)
    return again(
      now,
      [],
      { do: 'post' },
      `The server is busy (${answer.status}) and names a time.`,
      random,
      answer.retryAfter,
    );
  return refusing(now, `The server answered ${said}.`);
}

/** Upload-Complete: ?1 – the answer is that of the target itself, whatever its status (Completeness). */
export function targetAnswered(now: Situation, ended: Ended, answer: Answer, random: number): Decision {
  const said = saidBy(answer);
  if (answer.status >= 300)
    return refuse(now, `The target of the upload answered ${said}: to resume would not change that.`);
  if (ended.sentTo === now.length) return uploaded(now, `The server answered ${said}.`);
  if (ended.sentTo === ended.goal && now.requestContent !== null)
    // Older drafts have examples that say so of a part.
    return askResource(
      now,
      [
        last(
          'retry',
          `The server calls the upload complete after ${ended.goal} of ${now.length} bytes (${said}).`,
        ),
      ],
      random,
    );
  return end(
    now,
    {
      do: 'end',
      outcome: 'failed',
      reason: `The server answered ${said} after ${ended.sentTo} of ${now.length} bytes: the rest was not sent.`,
      final: 'answer',
    },
    'give-up',
  );
}

/** A 2xx that does not call the upload complete. */
function created(now: Situation, ended: Ended, answer: Answer, random: number): Decision {
  const { upload: told, goal, sentTo } = ended;
  const said = saidBy(answer);
  const all = goal === now.length;
  if (all && sentTo === goal && told?.complete !== false)
    return uploaded(now, `The server answered ${said}.`);
  if (now.requestContent === null) return failing(now, withoutPlace(ended, said, all));
  if (sentTo < goal || all)
    return askResource(
      now,
      [
        last(
          'retry',
          all && sentTo === goal
            ? `All was sent, yet the server calls it incomplete (${said}).`
            : `The server answered ${said} before it had all of the request.`,
        ),
      ],
      random,
    );
  const place = told?.announced
    ? []
    : [last('learn-locations', `The upload resource is ${withoutUserinfo(now.requestContent)}.`)];
  // A server that knows nothing of it answers 201 and a Location, too: for a resource of its own.
  if (told?.complete === null && !uploadOf(now).spoken)
    return askResource(
      now,
      [
        ...place,
        last(
          'retry',
          `The server's answer (${said}) has no Upload-Complete: does it know of uploads at all?`,
        ),
      ],
      random,
    );
  const offset = told?.offset ?? goal;
  const wrong = wrongOffset(now, offset);
  if (wrong !== null) return failing(now, wrong);
  return sendNext(
    standingAt(now, offset),
    place,
    offset === 0 ? 'The content follows' : 'The next part follows',
  );
}

function withoutPlace({ upload: told, sentTo, goal }: Ended, said: string, all: boolean): string {
  const foreign = told?.foreign ?? null;
  if (foreign !== null) return onAnotherHost(foreign);
  if (sentTo < goal)
    return `The server answered ${said} after ${sentTo} of ${goal} bytes: the rest was not sent.`;
  return all
    ? `All was sent, yet the server calls it incomplete (${said}), and names no upload resource (no Location).`
    : `The server answered ${said} to the beginning of an upload and named no upload resource (no Location): it cannot go on.`;
}

function onAnotherHost(url: string): string {
  return `The server names an upload resource on another host (${withoutUserinfo(url)}): the content does not go there.`;
}

function creationBroke(now: Situation, ended: Ended, random: number): Decision {
  const broke = ended.broke ?? 'fin';
  const notice = stopped(now, ended, 0) ?? noticed(broke, ended);
  if (now.requestContent !== null) return expired(now, ended, [notice]) ?? askResource(now, [notice], random);
  const foreign = ended.upload?.foreign ?? null;
  if (foreign !== null) return failing(now, onAnotherHost(foreign), [notice]);
  if (stopped(now, ended, 0) !== null && ended.sentTo === 0)
    return inParts(now, ended.goal, random, [notice]);
  if (!ended.continued && ended.sentTo === 0 && (now.expect || ended.goal === 0)) {
    const silences = broke === 'silence' && now.expect ? now.silences + 1 : now.silences;
    const patient = silences < MAX_SILENCES;
    return again(
      { ...now, silences, waitForContinue: patient },
      [notice],
      { do: 'post' },
      ended.goal === 0
        ? 'The request had no content: it is sent again. An upload resource that nobody knows of may be left behind.'
        : patient
          ? 'Neither a 100 nor a 104 had come, so no content was sent: the same request is sent again.'
          : 'Neither a 100 nor a 104 ever comes: the request is sent again, this time with its content at once.',
      random,
    );
  }
  if (now.idempotent)
    return again(
      now,
      [notice],
      { do: 'post' },
      'The method is idempotent: the same request is sent again.',
      random,
    );
  return failing(
    now,
    `The connection broke after ${ended.sentTo} of ${ended.goal} bytes, and no 104 had named a place to resume at: this ` +
      'server does not offer resumable uploads here. Sending the request again could do its work twice, so that is left to you.',
    [notice],
  );
}

/** A final head came, its content did not. */
function answerBroke(now: Situation, ended: Ended, answer: Answer, random: number): Decision {
  const notice = noticed(ended.broke ?? 'fin', ended);
  if (now.requestContent !== null && (answer.status < 400 || answer.status >= 500))
    return askResource(now, [notice], random);
  const reason = `The final response (${saidBy(answer)}) broke off in its content`;
  // The content of a refusal says no more than why.
  if (answer.status >= 400) return refusing(now, `${reason}.`, [notice]);
  return failing(now, `${reason}, and no 104 had named a place to resume at.`, [notice]);
}
