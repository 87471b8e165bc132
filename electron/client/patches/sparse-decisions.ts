// What the operations of a sparse upload decide: one creates the resource with its first segment, the others write the
// other segments, each again until it is answered. Pure.

import { end, passing } from '../decision-shapes.ts';
import { repeating } from '../repeat.ts';
import { segmentedUpload } from './segmented-upload.ts';
import type { Answer, Decision, Happening, Situation } from '../situation.ts';
import type { Strategy } from '../strategy.ts';
import { rangeOf } from './target-decisions.ts';

export type Segment = readonly [from: number, to: number];

/** The n-th segment, from 0; null behind the last one. */
export function segmentAt(index: number, length: number, size: number): Segment | null {
  const from = index * size;
  return from < length ? [from, Math.min(length, from + size)] : null;
}

/** The first segment, which creates the resource: a segmented upload that is over when that is stored. */
export function creating(size: number): Strategy {
  return {
    ...segmentedUpload,
    segmentSize: size,
    decide(before: Situation, happening: Happening, random: number): Decision {
      const decision = segmentedUpload.decide(before, happening, random);
      const { action, situation } = decision;
      if (action.do !== 'segment' || action.from < Math.min(size, situation.length) || action.to === 0)
        return decision;
      return end(
        situation,
        {
          do: 'end',
          outcome: 'completed',
          reason: 'The resource exists and holds its first segment: the others can come in any order.',
          final: 'answer',
        },
        'complete',
        decision.steps.filter(({ about }) => about === 'last'),
      );
    },
  };
}

/** What may pass does not end an upload of which so much is stored already. */
const later = ({ status }: Answer): boolean => passing(status);

/** One of the other segments. That it is complete is no step: the upload is not. */
export function writing([from, to]: Segment, length: number): Strategy {
  const decide = repeating(
    {
      begin: `This segment is ${rangeOf(from, to)} of ${length}; it is stored whole or not at all.`,
      again:
        'Whether the segment is stored cannot be asked (the drafts have no way to ask for gaps): it is sent again, and ' +
        'changes nothing if it was.',
    },
    later,
  );
  return {
    resumable: false,
    decide(before, happening, random) {
      const decision = decide(before, happening, random);
      return {
        ...decision,
        steps: decision.steps
          .filter(({ name }) => name !== 'complete')
          .map((step) => (step.name === 'begin' ? { ...step, name: 'resume' } : step)),
      };
    },
  };
}

/** The HEAD at the end. */
export const checking: Strategy = {
  resumable: false,
  decide: repeating(
    {
      begin: 'Every segment was answered: does the server have all of it?',
      again: 'The question was lost: it is asked again.',
    },
    later,
  ),
};
