// Whether a part of a PATCH, of whichever media type, may be added to a request's content: decided from its head, and from
// the length of the request where nothing else ends the part, before a byte of it is stored. Pure.

import type { ContentRange } from '../../../shared/fields/content-range.ts';

/** The upload as it is, and the part as its head and the request's head announce it. */
export interface PartSituation {
  readonly have: number;
  /** Bytes of the whole upload, if known. */
  readonly length: number | null;
  /** Most bytes an upload may have. */
  readonly limit: number;
  /** Bytes of its body, by whatever announces them; null: known when it ends. */
  readonly partLength: number | null;
  /** Bytes of the request behind the part's head, where they are its body; null: others may follow, or it is chunked. */
  readonly contentLength: number | null;
}

export type PartDecision =
  | {
      readonly kind: 'take';
      /** Bytes of its range; null: up to its end, wherever that is. */
      readonly size: number | null;
      /** Bytes of the whole upload, where the part tells. */
      readonly complete: number | null;
    }
  | { readonly kind: 'refuse'; readonly status: 400 | 409; readonly sentence: string };

/**
 * draft-wright-http-patch-byterange, for a request's content: bytes only come at its end, each once, so a part must
 * start with the next byte. 409: that was not so, and HEAD tells where it is; 400: the part contradicts itself.
 */
export function decidePart(range: ContentRange, situation: PartSituation): PartDecision {
  const { first, last, complete } = range;
  const { have, length, limit, partLength, contentLength } = situation;
  if (length !== null && complete !== null && complete !== length) {
    return refused(
      400,
      `This request has ${length} bytes in all, not ${complete} as the part's Content-Range says.`,
    );
  }
  if (complete !== null && complete > limit) {
    return refused(400, `An upload may have ${limit} bytes here, not ${complete}.`);
  }
  const total = length ?? complete;
  if (first === null) {
    if ((partLength ?? 0) > 0 || (contentLength ?? 0) > 0) {
      return refused(400, 'A part that only tells the length must have no content.');
    }
    if (total !== null && total < have) {
      return refused(409, `There are ${have} bytes here already: they cannot be made ${total}.`);
    }
    return { kind: 'take', size: 0, complete };
  }
  if (first !== have) {
    const rest = total === null ? `${have}-` : `${have}-${total - 1}/${total}`;
    return refused(
      409,
      `The next byte here is ${have}, but the part starts at ${first}: send bytes ${rest}.`,
    );
  }
  const size = last === null ? (partLength ?? contentLength) : last - first + 1;
  if (size === null) return { kind: 'take', size: null, complete };
  if (size <= 0 && last !== null)
    return refused(400, `A range cannot end at byte ${last} and start at ${first}.`);
  const most = total ?? limit;
  if (first + size > most) {
    return refused(
      400,
      `The part ends at byte ${first + size - 1}, but the last one that can be is ${most - 1}.`,
    );
  }
  if (partLength !== null && partLength !== size) {
    return refused(
      400,
      `The part's Content-Length is ${partLength}, but its Content-Range names ${size} bytes.`,
    );
  }
  if (contentLength !== null && contentLength > size) {
    return refused(400, `The part brings ${contentLength} bytes, but its Content-Range names ${size}.`);
  }
  return { kind: 'take', size, complete };
}

function refused(status: 400 | 409, sentence: string): PartDecision {
  return { kind: 'refuse', status, sentence };
}
