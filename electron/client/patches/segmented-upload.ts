// The strategy `segmented-upload`: a new resource, written by one PATCH message/byterange after the other on itself
// (draft-wright-http-partial-upload). The first creates it; after a break HEAD tells where to go on.

import { goingOn } from '../going-on.ts';
import type { Decision, Ended, Situation, Step } from '../situation.ts';
import { type Strategy, onlyFor } from '../strategy.ts';
import { afterSegment, afterSize, afterWriting, patchRefused, writeSegment } from './target-decisions.ts';

const decide = goingOn({
  begin(before) {
    const first = writeSegment(before, [], 'The first segment creates the resource');
    return { ...first, steps: first.steps.map((step) => ({ ...step, name: 'begin' })) };
  },
  ended: afterExchange,
});

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
