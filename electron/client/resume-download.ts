// The strategy `resume-download`: a GET that goes on after a break with the bytes that are missing, under If-Range, so
// that they are of the same representation (RFC 9110 §14.2, §13.1.5). Reads only; it changes nothing on the server.

import { again, end, last, next, noticed, passing, refuse, saidBy } from './decision-shapes.ts';
import { goingOn } from './going-on.ts';
import { isNothingBehind } from './reading.ts';
import type { Answer, Decision, Ended, Situation, Step } from './situation.ts';
import { type Strategy, onlyFor } from './strategy.ts';

const decide = goingOn({
  begin: (before) => ({
    situation: before,
    steps: [next('begin', 'The resource is read; if that breaks, it goes on at the byte it had come to.')],
    delay: 0,
    action: { do: 'download', from: 0 },
  }),
  ended: afterDownload,
});

function afterDownload(now: Situation, ended: Ended, random: number): Decision {
  const { answer, reading } = ended;
  const { have, complete } = now.reception;
  if (answer === null) return goOn(now, [noticed(ended.broke ?? 'fin', ended)], random);
  const said = saidBy(answer);
  const { status, contentRange } = answer;
  if (status === 416 && have > 0)
    return isNothingBehind({ status, complete: contentRange?.complete ?? null }, now.reception)
      ? completed(now, `All ${have} bytes were here already: the server has no more (${said}).`)
      : anew(
          now,
          `There are no bytes behind the first ${have} (${said}): it was another representation.`,
          random,
        );
  if (status === 425 || passing(status))
    return again(
      now,
      [],
      { do: 'download', from: resumable(now) ? have : 0 },
      `The server cannot give it now (${said}).`,
      random,
      answer.retryAfter,
    );
  // RFC 9110 §15.4.5: what the user's own condition asked for.
  if (status === 304 && have === 0 && answer.whole)
    return end(
      now,
      { do: 'end', outcome: 'completed', reason: `The server answered ${said}.`, final: 'answer' },
      'complete',
    );
  if (status >= 300)
    return answer.whole
      ? refuse(now, `The server answered ${said}.`)
      : refuse(now, `The server answered ${said}; its content broke off.`, [
          noticed(ended.broke ?? 'fin', ended),
        ]);
  if (reading === 'ignored')
    return anew(
      now,
      `The server's answer (${said}) is not the rest that was asked for: another range, more bytes than its range, or ` +
        'of another representation.',
      random,
    );
  const steps = reading === 'anew' && ended.askedFrom > 0 ? [voided(answer)] : [];
  if (!answer.whole) return goOn(now, [...steps, noticed(ended.broke ?? 'fin', ended)], random);
  // Without a length only a 416 tells the end.
  if (status === 206 && (complete === null || have < complete)) return goOn(now, steps, random);
  if (isIncomplete(answer, have))
    return end(
      now,
      {
        do: 'end',
        outcome: 'failed',
        reason: `The server says that the resource is incomplete (${said}): ${have} bytes of it are there so far.`,
        final: 'reception',
      },
      'give-up',
      steps,
    );
  return completed(now, `${have} bytes were read: the server answered ${said}.`, steps);
}

/** A 2xx other than those of a whole representation, or one that itself says so (draft-wright-http-partial-upload). */
function isIncomplete({ status, contentRange }: Answer, have: number): boolean {
  if (status === 206) return false;
  const told = contentRange?.complete ?? null;
  return ![200, 203, 204].includes(status) || (told !== null && told > have);
}

function completed(now: Situation, reason: string, steps: readonly Step[] = []): Decision {
  return end(now, { do: 'end', outcome: 'completed', reason, final: 'reception' }, 'complete', steps);
}

/** Can what is here be gone on with? */
function resumable({ reception: { have, validator } }: Situation): boolean {
  return have > 0 && validator !== null;
}

function goOn(now: Situation, steps: readonly Step[], random: number): Decision {
  const { have, complete } = now.reception;
  if (have === 0)
    return again(now, steps, { do: 'download', from: 0 }, 'Nothing came: it is asked for again.', random);
  if (!resumable(now))
    return anew(
      now,
      'The server named no strong entity tag and no date that is as good: the rest could be of another representation.',
      random,
      steps,
    );
  return again(
    { ...now, resumes: now.resumes + 1 },
    steps,
    { do: 'download', from: have },
    `${have}${complete === null ? '' : ` of ${complete}`} bytes are here: the client asks for the rest of the same representation.`,
    random,
    null,
    'resume',
  );
}

function anew(now: Situation, why: string, random: number, steps: readonly Step[] = []): Decision {
  return again(now, steps, { do: 'download', from: 0 }, `${why} It is read again from the start.`, random);
}

function voided(answer: Answer): Step {
  return last(
    'retry',
    `The server sent all of it instead of the rest (${saidBy(answer)}): what was read before is void.`,
  );
}

export const resumeDownload: Strategy = {
  resumable: false,
  unsuited: (request) =>
    request.fields.some(([name]) => name.toLowerCase() === 'range')
      ? 'This strategy makes its own Range: leave that field out, or use repeat.'
      : onlyFor(['GET'], 'a download is read by GET. Use that.')(request),
  decide,
};
