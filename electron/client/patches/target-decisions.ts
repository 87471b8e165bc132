// Writing a resource piece by piece by PATCH on itself, and finding out after a break how much of it is there
// (draft-ietf-httpapi-patch-byterange, Segmented Document Creation). Pure; lengths decide, never a status.

import {
  again,
  callsIncomplete,
  end,
  finished,
  giveUp,
  last,
  next,
  noticed,
  passing,
  questionLost,
  reached,
  refuse,
  saidBy,
  wentBack,
} from '../decision-shapes.ts';
import type { Answer, Decision, Ended, Situation, Step, TargetState } from '../situation.ts';

/** Dates have whole seconds, and two of them were rounded. */
const DATE_SLACK = 2_000;

/** The next segment: up to the next multiple of the segment size. An upload of no bytes is one segment of none. */
export function writeSegment(now: Situation, steps: readonly Step[], lead: string): Decision {
  const from = now.stored;
  const { segmentSize, standing } = now.target;
  const to = Math.min(now.length, (Math.floor(from / segmentSize) + 1) * segmentSize);
  return {
    situation: now,
    steps: [...steps, next('resume', `${lead}: ${rangeOf(from, to)} of ${now.length}.`)],
    delay: 0,
    action: { do: 'segment', from, to, create: standing !== 'ours' },
  };
}

export function rangeOf(from: number, to: number): string {
  return to === from ? 'no bytes' : `bytes ${from} to ${to - 1}`;
}

/** Before anything is sent again: how much of the target is there? */
export function askSize(
  now: Situation,
  steps: readonly Step[],
  random: number,
  delay: number | null = null,
): Decision {
  return again(
    now,
    steps,
    { do: 'ask-size' },
    'How much of it is there? HEAD tells the length that a GET would give.',
    random,
    delay,
    'ask-offset',
  );
}

/** What the target's state becomes by an exchange that wrote to it. */
export function afterWriting(now: Situation, ended: Ended, creates: boolean): Situation {
  const { answer } = ended;
  const stored = answer !== null && answer.status < 300;
  const standing: TargetState['standing'] = stored
    ? 'ours'
    : creates && (answer === null || passing(answer.status))
      ? 'doubt'
      : now.target.standing;
  return { ...now, target: { ...now.target, standing } };
}

/** After the HEAD of the target. @param goOn what is still missing is `here.stored` up to the length */
export function afterSize(
  now: Situation,
  ended: Ended,
  random: number,
  goOn: (here: Situation, told: Step) => Decision,
): Decision {
  const { answer } = ended;
  if (answer === null) return questionLost(now, ended, { do: 'ask-size' }, random);
  const { status } = answer;
  if (status === 404 || status === 410) return afterAbsence(now, goOn);
  if (passing(status))
    return again(
      now,
      [],
      { do: 'ask-size' },
      `The server cannot say now (${status}).`,
      random,
      answer.retryAfter,
    );
  if (status >= 300)
    return refuse(now, `The server does not tell how much it has: it answered ${saidBy(answer)}.`);
  const stored = answer.contentLength;
  if (stored === null)
    return giveUp(now, 'The server did not say how much is there: its answer to HEAD has no Content-Length.');
  const foreign = notOurs(now, answer, stored, ended.elapsed);
  if (foreign !== null) return giveUp(now, foreign);
  const lost = wentBack(now, stored);
  if (lost !== null) return lost;
  const proven = now.target.answered && stored === now.length;
  const here: Situation = {
    ...reached(now, stored),
    incompleteStatus: stored < now.length && status !== 200 ? status : now.incompleteStatus,
    resumes: proven ? now.resumes : now.resumes + 1,
    target: { ...now.target, standing: 'ours', answered: false },
  };
  const told = last('offset-learned', `${stored} of ${now.length} bytes are there.`);
  if (stored < now.length) return goOn(here, told);
  const done = finished(
    here,
    `All ${here.length} bytes are there, as HEAD tells.`,
    proven ? 'reception' : 'answer',
  );
  return { ...done, steps: [told, ...done.steps] };
}

function afterAbsence(now: Situation, goOn: (here: Situation, told: Step) => Decision): Decision {
  return (
    wentBack(now, 0) ??
    goOn(
      // What was lost on its way may still be written: a 412 to the next try would tell of that.
      {
        ...now,
        stored: 0,
        target: {
          ...now.target,
          standing: now.target.standing === 'absent' ? 'absent' : 'doubt',
          answered: false,
        },
      },
      last('offset-learned', 'Nothing is there.'),
    )
  );
}

/**
 * Why what is at the target is not taken for what this operation wrote; null: it is. A request that was to create it may
 * have been turned down by an answer that was lost, so that in doubt its date must tell that it is new.
 */
function notOurs(now: Situation, answer: Answer, stored: number, elapsed: number): string | null {
  const { sentMost } = now.target;
  const complete = answer.contentRange?.complete ?? null;
  const lead = 'What is there is not of this upload';
  if (stored > sentMost)
    return `${lead}: it has ${stored} bytes, and only ${sentMost} were ever sent. Choose a URL that nobody else uses.`;
  if (complete !== null && complete !== now.length)
    return `${lead}: it is to have ${complete} bytes in all, not ${now.length}. Choose a URL that nobody else uses.`;
  if (now.target.standing !== 'doubt') return null;
  if (answer.age === null)
    return (
      'What is there may be of somebody else: the answer to the request that was to create it was lost, and the server ' +
      'does not tell when it was modified. Look at it, or choose a URL that nobody else uses.'
    );
  if (answer.age > elapsed + DATE_SLACK)
    return `${lead}: it was last modified before this upload began. Choose a URL that nobody else uses.`;
  return null;
}

/**
 * After a PATCH of a segment.
 * @param without what to do when the server takes no PATCH at all (405, 415, 501)
 */
export function afterSegment(
  now: Situation,
  ended: Ended,
  random: number,
  without: (now: Situation, said: string) => Decision,
): Decision {
  const { answer } = ended;
  if (answer === null || !answer.whole) return askSize(now, [noticed(ended.broke ?? 'fin', ended)], random);
  const { status } = answer;
  const said = saidBy(answer);
  if (status === 405 || status === 415 || status === 501) return without(now, said);
  if (status === 412 && now.target.standing === 'doubt')
    return askSize(
      now,
      [last('retry', `There is something already (${said}): perhaps what the lost request wrote.`)],
      random,
    );
  const gone = status === 404 || status === 410;
  if (
    passing(status) ||
    (gone && now.rejections === 0) ||
    (ours(status) && now.stored > 0 && now.rejections === 0)
  )
    return askSize(
      { ...now, rejections: passing(status) ? now.rejections : now.rejections + 1 },
      [
        last(
          'retry',
          `The server answered ${said}: what is there must be known before anything is sent again.`,
        ),
      ],
      random,
      answer.retryAfter,
    );
  if (status >= 300)
    return refuse(
      now,
      status === 412
        ? `There is something at the target already: the server answered ${said}.`
        : `The server does not take the segment: it answered ${said}.`,
    );
  if (ended.sentTo < ended.goal)
    return askSize(
      now,
      [last('retry', `The server answered ${said} before it had all of the segment.`)],
      random,
    );
  return stored(now, ended, answer, random);
}

/** A mistake in the request, as the server sees it, that a wrong idea of what is there could explain. */
function ours(status: number): boolean {
  return status === 400 || status === 416 || status === 422;
}

/** The whole segment was answered with a 2xx. */
function stored(now: Situation, { goal }: Ended, answer: Answer, random: number): Decision {
  const said = saidBy(answer);
  const { first, last: end } = answer.contentRange ?? { first: null, last: null };
  if (first === 0 && end !== null && end + 1 < goal)
    return askSize(
      now,
      [last('retry', `The server says that it has ${end + 1} bytes, not ${goal}.`)],
      random,
    );
  if (goal === now.length && callsIncomplete(answer, now))
    return askSize(
      now,
      [last('retry', `All was sent, yet the server calls it incomplete (${said}).`)],
      random,
    );
  // What a server says is stored counts as progress once only: its HEAD may say otherwise, again and again.
  const here: Situation = {
    ...reached(now, goal),
    incompleteStatus: goal < now.length && answer.status !== 200 ? answer.status : now.incompleteStatus,
  };
  if (goal < now.length) return writeSegment(here, [], 'That segment is stored; the next follows');
  if (first === 0 && end !== null && end + 1 === now.length)
    return finished(here, `All ${now.length} bytes are stored: the server answered ${said}.`, 'answer');
  return askForProof(here, random);
}

/** Every segment was answered, yet a status tells no length. */
function askForProof(now: Situation, random: number): Decision {
  const decision = again(
    { ...now, target: { ...now.target, answered: true } },
    [],
    { do: 'ask-size' },
    'Every segment was answered: HEAD tells whether all of it is there.',
    random,
    null,
    'ask-offset',
  );
  // The first time there is nothing to wait for.
  return now.tries === 0 ? { ...decision, delay: 0 } : decision;
}

/** A strategy that cannot do without PATCH. */
export function patchRefused(now: Situation, said: string): Decision {
  return end(
    now,
    {
      do: 'end',
      outcome: 'refused',
      reason: `The server takes no PATCH message/byterange: it answered ${said}.`,
      final: 'answer',
    },
    'refused',
  );
}
