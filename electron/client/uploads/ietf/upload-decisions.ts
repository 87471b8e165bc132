// What a resumable upload at the IETF does next and why (draft-ietf-httpbis-resumable-upload): the frame, and what the
// server's limits lead to. A pure function of what the upload knows and what happened.

import { last, next, saidBy } from '../../decision-shapes.ts';
import { goingOn } from '../../going-on.ts';
import { afterCreation } from './creation-decisions.ts';
import { afterAppend, afterOffset } from './resource-decisions.ts';
import { inParts } from './limit-decisions.ts';
import { afterDelete } from '../../outcome-decisions.ts';
import type { Decision, Ended, Situation } from '../../situation.ts';
import { withoutUserinfo } from '../../target.ts';
import { firstTo, uploadOf } from '../upload-protocol.ts';
import {
  begin,
  cancelling,
  create,
  discoveryLost,
  heard,
  redirected,
  refusing,
} from '../resource-decisions.ts';

export const decide = goingOn({
  begin: (before) => begin(before, beginning(before)),
  ended: afterExchange,
});

function beginning(now: Situation): string {
  const to = firstTo(now);
  if (to === now.length)
    return (
      `All ${now.length} bytes go in one request. Upload-Complete: ?1 invites the server to name, by a 104, ` +
      'where the upload can be resumed.'
    );
  if (to === 0)
    return `A request without content creates the upload resource; the ${now.length} bytes follow by PATCH.`;
  return `The first ${to} of ${now.length} bytes create the upload resource; the others follow by PATCH.`;
}

function afterExchange(before: Situation, ended: Ended, random: number): Decision {
  if (ended.purpose === 'delete') return afterDelete(before, ended);
  const now = heard(before, ended);
  const ending = beyondTrust(now, ended);
  if (ending !== null) return ending;
  switch (ended.purpose) {
    case 'discover':
      return afterDiscovery(now, ended, random);
    case 'post':
      return afterCreation(now, ended, random);
    case 'offset':
      return afterOffset(now, ended, random);
    case 'append':
      return afterAppend(now, ended, random);
    default:
      throw new Error(`a resumable upload has no errand "${ended.purpose}"`);
  }
}

/** Two upload resources, or a size that the server does not take, end the upload (Upload Creation). Null: neither. */
function beyondTrust(now: Situation, { upload: told, answer }: Ended): Decision | null {
  if (told === null || answer?.whole === true) return null;
  if (told.second !== null)
    return cancelling(now, {
      do: 'end',
      outcome: 'failed',
      reason:
        `The server named two upload resources for one request, ${withoutUserinfo(told.location ?? told.foreign ?? '')} ` +
        `and ${withoutUserinfo(told.second)}: neither can be trusted.`,
      final: 'none',
    });
  const most = told.limits?.maxSize ?? Infinity;
  if (now.length <= most) return null;
  return cancelling(now, {
    do: 'end',
    outcome: 'refused',
    reason: `The server takes uploads of ${most} bytes at most, and this one has ${now.length}.`,
    final: 'answer',
  });
}

/** After OPTIONS of the target (Limits): what it takes, if it says so. */
function afterDiscovery(now: Situation, ended: Ended, random: number): Decision {
  const { answer, upload: told } = ended;
  const upload = uploadOf(now);
  if (answer === null) return discoveryLost(now, ended, random);
  const moved = redirected(now, ended, random);
  if (moved !== null) return moved;
  const asked: Situation = { ...now, upload: { ...upload, discovery: 'done' } };
  const limits = told?.limits ?? null;
  const most = limits?.maxSize ?? Infinity;
  if (now.length > most)
    return refusing(
      asked,
      `The server takes uploads of ${most} bytes at most, and this one has ${now.length}.`,
    );
  if (upload.tooLarge !== null)
    return limits === null && !upload.spoken
      ? refusing(
          asked,
          `The server takes no request with ${upload.tooLarge} bytes, and does not tell that it takes the content in parts.`,
        )
      : inParts(asked, upload.tooLarge, random);
  return create(asked, [
    last(
      'offset-learned',
      limits === null
        ? `The server does not tell whether it creates upload resources: its answer (${saidBy(answer)}) has no Upload-Limit.`
        : 'The server creates upload resources: its answer has Upload-Limit.',
    ),
    next('send', beginning(asked)),
  ]);
}
