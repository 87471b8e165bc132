// What is missing of a final response whose content broke off, by Range requests on its Content-Location
// (draft-wright-http-resume-request, RFC 9110 §14.2). Pure; it never mixes two representations.

import { again, end, fetchResponse, finished, noticed, passing, saidBy } from './decision-shapes.ts';
import { isNothingBehind } from './reading.ts';
import type { Answer, Decision, Ended, Situation, Step } from './situation.ts';
import { withoutUserinfo } from './target.ts';

/** Can the rest of this response be asked for? The content must be known to be that of the other resource. */
export function hasRest(now: Situation, answer: Answer): boolean {
  const { at, validator } = now.reception;
  return (answer.status === 200 || answer.status === 201) && at !== null && validator !== null;
}

export function fetchRest(now: Situation, steps: readonly Step[], random: number): Decision {
  const { have, at } = now.reception;
  return again(
    now,
    steps,
    { do: 'fetch-rest', from: have },
    `The final response broke off after ${have} bytes of its content: the rest of it is at ${withoutUserinfo(at ?? '')}.`,
    random,
    null,
    'fetch-response',
  );
}

/** After a Range request on the Content-Location. */
export function afterRest(now: Situation, ended: Ended, random: number): Decision {
  const { answer, reading } = ended;
  const { have, complete } = now.reception;
  if (answer === null) return fetchRest(now, [noticed(ended.broke ?? 'fin', ended)], random);
  const said = saidBy(answer);
  const told = { status: answer.status, complete: answer.contentRange?.complete ?? null };
  // Without a length only a 416 tells the end of what comes in parts.
  const all = reading === 'anew' || (complete !== null && have >= complete);
  if (isNothingBehind(told, now.reception) || (reading !== 'ignored' && answer.whole && all))
    return finished(now, `The final response is whole: ${have} bytes of content.`, 'reception');
  if (reading !== 'ignored')
    return fetchRest(now, answer.whole ? [] : [noticed(ended.broke ?? 'fin', ended)], random);
  if (passing(answer.status))
    return again(
      now,
      [],
      { do: 'fetch-rest', from: have },
      `The rest cannot be had now (${said}).`,
      random,
      answer.retryAfter,
    );
  if (now.responseMessage !== null)
    return fetchResponse(
      now,
      `The rest is not to be had there any more (${said}); all of the response is kept at ${withoutUserinfo(now.responseMessage)}.`,
      true,
    );
  return end(
    now,
    {
      do: 'end',
      outcome: 'failed',
      reason: `The final response broke off after ${have} bytes, and the rest of it is not to be had any more (${said}).`,
      final: 'reception',
    },
    'give-up',
  );
}
