// The strategy `plain`: one exchange on one connection, and what came of it, as any simple client does it.
// Never sends anything twice. Pure, like all decisions.

import { assertNever } from '../../shared/capture/records.ts';
import { end, giveUp, next, noticed } from './decision-shapes.ts';
import { withoutEnd } from './going-on.ts';
import type { Decision, Happening, Situation } from './situation.ts';
import type { Strategy } from './strategy.ts';

export const plain: Strategy = { resumable: false, single: true, decide };

function decide(before: Situation, happening: Happening): Decision {
  switch (happening.kind) {
    case 'begin':
      return {
        situation: before,
        steps: [next('begin', 'The request is sent once; whatever comes is the result.')],
        delay: 0,
        action: { do: 'post' },
      };
    case 'nonsense':
      return giveUp(before, happening.sentence);
    case 'unreachable':
      return end(
        before,
        { do: 'end', outcome: 'refused', reason: happening.sentence, final: 'none' },
        'refused',
      );
    case 'ended': {
      const ended = happening.end;
      const { answer } = ended;
      // What the 100 or the 102 named is part of the result, even if nothing uses it here.
      const now: Situation = {
        ...before,
        requestContent: ended.requestContent,
        responseMessage: ended.responseMessage,
        status: ended.status,
      };
      if (answer === null)
        return giveUp(
          now,
          withoutEnd(ended) ??
            'The connection broke before there was a final response. A resuming strategy could go on.',
          [noticed(ended.broke ?? 'fin', ended)],
        );
      const said = `The server answered ${answer.status} ${answer.reason}`.trimEnd();
      if (!answer.whole)
        return end(
          now,
          { do: 'end', outcome: 'failed', reason: `${said}, but its content broke off.`, final: 'answer' },
          'give-up',
          [noticed(ended.broke ?? 'fin', ended)],
        );
      // RFC 9110 §15: it may be about a part of the content only.
      if (ended.sentTo < ended.goal)
        return end(
          now,
          {
            do: 'end',
            outcome: answer.status >= 400 ? 'refused' : 'completed',
            reason: `${said}, after ${ended.sentTo} of ${ended.goal} bytes: the rest was not sent.`,
            final: 'answer',
          },
          answer.status >= 400 ? 'refused' : 'complete',
        );
      if (answer.status >= 400)
        return end(now, { do: 'end', outcome: 'refused', reason: `${said}.`, final: 'answer' }, 'refused');
      return end(now, { do: 'end', outcome: 'completed', reason: `${said}.`, final: 'answer' }, 'complete');
    }
    default:
      return assertNever(happening);
  }
}
