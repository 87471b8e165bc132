// What the operations of a concatenated upload decide (tus 1.0.0, Concatenation): the question whether the server can do
// it, each partial upload, and the final one that is made of them. Pure.

import { again, end, last, next, noticed, passing, questionLost, saidBy } from '../../decision-shapes.ts';
import { goingOn } from '../../going-on.ts';
import { afterDelete } from '../../outcome-decisions.ts';
import type { Decision, Ended, Situation } from '../../situation.ts';
import type { Strategy, StrategyOptions } from '../../strategy.ts';
import { withoutUserinfo } from '../../target.ts';
import { deciding } from './upload-decisions.ts';
import { tusProtocol } from './protocol.ts';
import { failing, heard, redirected, refusing, uploaded } from '../resource-decisions.ts';

/** OPTIONS alone: it is over when the upload could begin. */
export function asking(options: StrategyOptions): Strategy {
  const decide = deciding(options);
  return {
    resumable: false,
    protocol: tusProtocol,
    decide(before, happening, random) {
      const decision = decide(before, happening, random);
      if (decision.action.do !== 'post') return decision;
      const reason = 'The server can make one upload of several.';
      return end(
        decision.situation,
        { do: 'end', outcome: 'completed', reason, final: 'answer' },
        'complete',
        decision.steps.filter(({ about }) => about === 'last'),
      );
    },
  };
}

/** One of the partial uploads. That it is complete is no step: the upload is not. */
export function partial(options: StrategyOptions): Strategy {
  const decide = deciding(options);
  return {
    resumable: false,
    startsOver: true,
    protocol: () => tusProtocol({ ...options, metadata: {} }, { kind: 'partial' }),
    decide(before, happening, random) {
      const decision = decide(before, happening, random);
      return {
        ...decision,
        steps: decision.steps
          .filter(({ name }) => name !== 'complete')
          .map((step) =>
            step.name === 'begin'
              ? { ...step, why: `A partial upload of ${before.length} bytes. ${step.why}` }
              : step,
          ),
      };
    },
  };
}

/** The final upload. Its partial uploads are complete, so that nothing is sent but their URLs. */
export function concatenating(options: StrategyOptions, parts: readonly string[]): Strategy {
  return {
    resumable: false,
    protocol: () => tusProtocol({ ...options, first: 'empty', discover: false }, { kind: 'final', parts }),
    decide: goingOn({
      begin: (before) => ({
        situation: before,
        steps: [
          next('resume', `All ${parts.length} partial uploads are complete: one upload is made of them.`),
        ],
        delay: 0,
        action: { do: 'post' },
      }),
      ended: afterConcatenation,
    }),
  };
}

function afterConcatenation(before: Situation, ended: Ended, random: number): Decision {
  if (ended.purpose === 'delete') return afterDelete(before, ended);
  const now = heard(before, ended);
  const { answer } = ended;
  if (ended.purpose === 'offset') return afterQuestion(now, ended, random);
  if (answer === null || !answer.whole)
    return again(
      now,
      [noticed(ended.broke ?? 'fin', ended)],
      { do: 'post' },
      'Whether the final upload was created is not known: the same partial uploads may be named once more.',
      random,
    );
  const moved = redirected(now, ended, random);
  if (moved !== null) return moved;
  const said = saidBy(answer);
  if (passing(answer.status))
    return again(now, [], { do: 'post' }, `The server answered ${said}: not now.`, random, answer.retryAfter);
  if (answer.status >= 300)
    return refusing(now, `The server makes no upload of the partial ones: it answered ${said}.`);
  if (now.requestContent === null)
    return failing(now, `The server answered ${said} and named no final upload (no Location).`);
  return {
    situation: now,
    steps: [
      last('learn-locations', `The final upload is ${withoutUserinfo(now.requestContent)}.`),
      next('ask-offset', 'Does it have all of the bytes?'),
    ],
    delay: 0,
    action: { do: 'ask-offset' },
  };
}

/** Its Upload-Offset is not defined until it is finished. */
function afterQuestion(now: Situation, ended: Ended, random: number): Decision {
  const { answer, upload: told } = ended;
  if (answer === null) return questionLost(now, ended, { do: 'ask-offset' }, random);
  const length = told?.length ?? now.length;
  if (length !== now.length)
    return failing(
      now,
      `The final upload is to have ${length} bytes, and the partial ones have ${now.length}.`,
    );
  if (answer.status < 300 && told?.offset === now.length)
    return uploaded(now, `All ${now.length} bytes are in one upload, as HEAD tells.`);
  if (answer.status < 300 || passing(answer.status))
    return again(
      now,
      [],
      { do: 'ask-offset' },
      `It is not finished yet (${saidBy(answer)}).`,
      random,
      answer.retryAfter,
      'ask-offset',
    );
  return refusing(now, `The server does not tell of the final upload: it answered ${saidBy(answer)}.`);
}
