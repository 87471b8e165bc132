// The strategy `segmented-upload`: a new resource, written by one PATCH message/byterange after the other on itself
// (draft-wright-http-partial-upload). The first creates it; after a break HEAD tells where to go on.

import { assertNever } from '../../shared/capture/records.ts';
import { giveUp, hopeless, learned, unreachable } from './decision-shapes.ts';
import type { Decision, Ended, Happening, Situation, Step } from './situation.ts';
import { type Strategy, onlyFor } from './strategy.ts';
import { afterSegment, afterSize, afterWriting, patchRefused, writeSegment } from './target-decisions.ts';

/** @param random 0 ≤ x < 1 */
function decide(before: Situation, happening: Happening, random: number): Decision {
  const over = hopeless(before, happening);
  if (over !== null) return over;
  switch (happening.kind) {
    case 'begin': {
      const first = writeSegment(before, [], 'The first segment creates the resource');
      return { ...first, steps: first.steps.map((step) => ({ ...step, name: 'begin' })) };
    }
    case 'nonsense':
      return giveUp(before, happening.sentence);
    case 'unreachable':
      return unreachable(before, happening.purpose, happening.sentence, random);
    case 'ended':
      return afterExchange(learned(before, happening.end), happening.end, random);
    default:
      return assertNever(happening);
  }
}

function afterExchange(now: Situation, ended: Ended, random: number): Decision {
  if (ended.purpose === 'size') return afterSize(now, ended, random, goOn);
  const written = afterWriting(now, ended, now.target.standing !== 'ours');
  return afterSegment(written, ended, random, patchRefused);
}

function goOn(here: Situation, told: Step): Decision {
  return writeSegment(here, [told], 'The client sends what is missing');
}

/** Bytes of a segment where the user names no size. */
export const SEGMENT_SIZE = 256 * 1024;

export const segmentedUpload: Strategy = {
  resumable: false,
  unsuited: onlyFor(['PATCH', 'PUT'], 'the resource is written by PATCH. Use PATCH or PUT.'),
  segmentSize: SEGMENT_SIZE,
  decide,
};
