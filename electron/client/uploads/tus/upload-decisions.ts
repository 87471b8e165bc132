// What an upload by tus 1.0.0 does next and why, as a pure function of what it knows and what happened: the frame, the
// versions, and what OPTIONS tells before.

import { last, next, saidBy } from '../../decision-shapes.ts';
import { goingOn } from '../../going-on.ts';
import { afterDelete } from '../../outcome-decisions.ts';
import type { Answer, Decision, Ended, Situation } from '../../situation.ts';
import type { Strategy, StrategyOptions } from '../../strategy.ts';
import { afterAppend, afterCreation, afterOffset } from './resource-decisions.ts';
import { TUS_VERSION } from './protocol.ts';
import { firstTo, uploadOf } from '../upload-protocol.ts';
import { begin, create, discoveryLost, heard, redirected, refusing } from '../resource-decisions.ts';

/** The decisions, for what the options need of the server. */
export function deciding(options: StrategyOptions): Strategy['decide'] {
  return goingOn({
    begin: (before) => begin(before, beginning(before)),
    ended: (before, ended, random) => afterExchange(before, ended, options, random),
  });
}

function beginning(now: Situation): string {
  const to = firstTo(now);
  return to === 0
    ? `A POST without content creates the upload; its ${now.length} bytes follow by PATCH.`
    : `A POST creates the upload and brings ${to === now.length ? `all ${to}` : `the first ${to} of ${now.length}`} bytes.`;
}

function afterExchange(before: Situation, ended: Ended, options: StrategyOptions, random: number): Decision {
  if (ended.purpose === 'delete') return afterDelete(before, ended);
  const now = heard(before, ended);
  const { answer } = ended;
  if (ended.purpose !== 'discover' && answer !== null) {
    const other = otherVersion(now, ended, answer);
    if (other !== null) return refusing(now, other);
  }
  switch (ended.purpose) {
    case 'discover':
      return afterDiscovery(now, ended, options, random);
    case 'post':
      return afterCreation(now, ended, random);
    case 'offset':
      return afterOffset(now, ended, random);
    case 'append':
      return afterAppend(now, ended, random);
    default:
      throw new Error(`an upload by tus has no errand "${ended.purpose}"`);
  }
}

/** Why the server's answer is none of tus 1.0.0; null: it is, or no success, which a proxy may answer as well. */
function otherVersion(now: Situation, { upload: told }: Ended, answer: Answer): string | null {
  const versions = told?.versions ?? null;
  if (answer.status === 412)
    return `The server does not speak tus ${TUS_VERSION} (${saidBy(answer)}): it names ${versions ?? 'no version'}.`;
  if (answer.status >= 300 || told?.spoken === true) return null;
  if (versions !== null) return `The server speaks tus ${versions}, not ${TUS_VERSION}.`;
  if (uploadOf(now).spoken) return null;
  return `The server does not speak tus: its answer ${saidBy(answer)} has no Tus-Resumable.`;
}

/** After OPTIONS: versions, extensions and the largest size, as far as the server tells them. */
function afterDiscovery(now: Situation, ended: Ended, options: StrategyOptions, random: number): Decision {
  const { answer, upload: told } = ended;
  if (answer === null) return discoveryLost(now, ended, random);
  const moved = redirected(now, ended, random);
  if (moved !== null) return moved;
  const list = (text: string | null): string[] => (text ?? '').split(',').map((item) => item.trim());
  const versions = told?.versions ?? null;
  if (answer.status >= 300 || versions === null)
    return refusing(
      now,
      `The server does not speak tus: it answered OPTIONS with ${saidBy(answer)}, without Tus-Version.`,
    );
  if (!list(versions).includes(TUS_VERSION))
    return refusing(now, `The server speaks tus ${versions}, not ${TUS_VERSION}.`);
  const most = told?.limits?.maxSize ?? Infinity;
  if (now.length > most)
    return refusing(
      now,
      `The server takes uploads of ${most} bytes at most (Tus-Max-Size), and this one has ${now.length}.`,
    );
  const extensions = list(told?.extensions ?? null);
  const algorithms = told?.algorithms ?? 'none';
  const { checksum, parallel = 1 } = options;
  if (!extensions.includes('creation'))
    return refusing(
      now,
      `The server creates no uploads: among its extensions (${told?.extensions ?? 'none'}) is no creation.`,
    );
  if (parallel > 1 && !extensions.includes('concatenation'))
    return refusing(
      now,
      `The server concatenates no uploads: among its extensions (${told?.extensions ?? 'none'}) is no concatenation.`,
    );
  if (checksum !== undefined && !(extensions.includes('checksum') && list(algorithms).includes(checksum)))
    return refusing(
      now,
      `The server checks no ${checksum}: the checksums that it knows are ${algorithms}. Choose one of them.`,
    );
  const upload = { ...uploadOf(now), discovery: 'done' } as const;
  const whole = upload.first === 'whole' && extensions.includes('creation-with-upload');
  const asked: Situation = { ...now, upload: { ...upload, first: whole ? 'whole' : 'empty' } };
  return create({ ...asked, expect: asked.expect && firstTo(asked) > 0 }, [
    last('offset-learned', `The server speaks tus ${versions}, with ${told?.extensions ?? ''}.`),
    next('send', beginning(asked)),
  ]);
}
