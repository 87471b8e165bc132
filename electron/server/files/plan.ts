// What a part of a byte-range patch may do to a resource, decided from its head alone, before a byte of it is stored
// (draft-ietf-httpapi-patch-byterange, draft-wright-http-partial-upload). Pure.

import type { ContentRange } from '../../../shared/fields/content-range.ts';

/** As much of a resource as decides. */
export type Shape =
  | { readonly kind: 'absent' }
  | { readonly kind: 'complete'; readonly size: number }
  | {
      readonly kind: 'incomplete';
      /** Bytes in all; null while unknown. */
      readonly length: number | null;
      /** Behind the last byte that has arrived. */
      readonly end: number;
    };

export interface PartToPlan {
  readonly range: Omit<ContentRange, 'unit'>;
  /** Bytes of its body; null: known when it ends. */
  readonly length: number | null;
}

export type PartPlan =
  | {
      readonly kind: 'write';
      readonly first: number;
      /** Behind the last byte; null: known when the part ends. */
      readonly end: number | null;
      /** Where the body must end at the latest. */
      readonly most: number;
      /** The resource when nothing has been written yet. */
      readonly before: Shape;
    }
  | { readonly kind: 'resize'; readonly length: number; readonly after: Shape }
  | { readonly kind: 'refuse'; readonly status: 400; readonly sentence: string };

/** @param limit most bytes that a resource may have */
export function planPart(part: PartToPlan, shape: Shape, limit: number): PartPlan {
  const { first, complete } = part.range;
  // draft-ietf-httpapi-patch-byterange, Initializing large documents: 400, since 413 would be about the patch.
  if (complete !== null && complete > limit) {
    return refused(`A resource may have ${limit} bytes here, not ${complete}.`);
  }
  if (first !== null) return planWrite(part, first, shape, limit);
  // The form without a range: its length is there, or it would be no Content-Range.
  return { kind: 'resize', length: complete ?? 0, after: resized(shape, complete ?? 0) };
}

/** The resource with the bytes up to `end` written. */
export function written(shape: Shape, end: number): Shape {
  switch (shape.kind) {
    case 'absent':
      return { kind: 'incomplete', length: null, end };
    case 'complete':
      return { kind: 'complete', size: Math.max(shape.size, end) };
    case 'incomplete':
      return { ...shape, end: Math.max(shape.end, end) };
  }
}

function planWrite(part: PartToPlan, first: number, shape: Shape, limit: number): PartPlan {
  const { last, complete } = part.range;
  const end = last !== null ? last + 1 : part.length === null ? null : first + part.length;
  const before: Shape =
    shape.kind === 'complete'
      ? shape
      : shape.kind === 'absent'
        ? { kind: 'incomplete', length: complete, end: 0 }
        : { ...shape, length: shape.length ?? complete };
  if (before.kind === 'incomplete') {
    const { length } = before;
    if (length !== null && complete !== null && complete !== length) {
      return refused(`This upload has ${length} bytes in all, not ${complete} as the part says.`);
    }
    if (length !== null && before.end > length) {
      return refused(
        `There are ${before.end} bytes here already, more than the ${length} that the part says.`,
      );
    }
  }
  const total = before.kind === 'incomplete' ? before.length : null;
  const size = before.kind === 'complete' ? before.size : before.kind === 'incomplete' ? before.end : 0;
  if (total === null && first > size) {
    return refused(
      `The part begins at byte ${first}, but there are only ${size} bytes: the bytes between would be undefined. ` +
        'Only an upload whose length is known may have gaps.',
    );
  }
  const most = total ?? limit;
  if (first > most || (end !== null && end > most)) {
    return refused(
      `The part ends at byte ${Math.max(first, (end ?? first) - 1)}, but the last one that can be is ${most - 1}.`,
    );
  }
  return { kind: 'write', first, end, most, before };
}

/**
 * `bytes *\/N`: a document gets that length; for an upload it says where it ends, whether all of it is there or not. Of
 * what does not exist it allocates the space.
 */
function resized(shape: Shape, length: number): Shape {
  switch (shape.kind) {
    case 'complete':
      return { kind: 'complete', size: length };
    case 'absent':
      return { kind: 'incomplete', length, end: 0 };
    case 'incomplete':
      return { kind: 'incomplete', length, end: Math.min(shape.end, length) };
  }
}

function refused(sentence: string): PartPlan {
  return { kind: 'refuse', status: 400, sentence };
}
