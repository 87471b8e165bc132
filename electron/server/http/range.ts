// The Range field for a resource that serves parts of itself. Decides only, never reads the content.

import { FieldFault } from '../../../shared/fields/fault.ts';
import { parseRange, type RangeSpec } from '../../../shared/fields/range.ts';

/** First and last byte, inclusive. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export type RangeDecision =
  | { readonly kind: 'all' }
  | ({ readonly kind: 'part' } & ByteRange)
  /** Two or more, none of which touches another. */
  | { readonly kind: 'parts'; readonly parts: readonly ByteRange[] }
  | { readonly kind: 'unsatisfiable' };

/** Ranges of one request: whoever asks for more is given all (RFC 9110 §17.15). */
const MOST_RANGES = 100;

/**
 * RFC 9110 §14.2: what a Range field asks of a representation of `length` bytes. An invalid field, another unit and too
 * many ranges are ignored, as the RFC allows. Ranges that overlap or touch become one (§15.3.7.2), so that no byte is
 * sent twice; then they come in ascending order, otherwise in the order of the field.
 */
export function decideRange(value: string | null, length: number): RangeDecision {
  const parsed = value === null ? null : parseRange(value);
  if (parsed === null || parsed instanceof FieldFault || parsed.unit !== 'bytes') return { kind: 'all' };
  if (parsed.specs.length > MOST_RANGES) return { kind: 'all' };
  const parts = parsed.specs.map((spec) => within(spec, length)).filter((part) => part !== null);
  if (parts.length === 0) return { kind: 'unsatisfiable' };
  const joined = join(parts);
  const chosen = joined.length === parts.length ? parts : joined;
  const [only] = chosen;
  return chosen.length === 1 && only !== undefined
    ? { kind: 'part', first: only.first, last: only.last }
    : { kind: 'parts', parts: chosen };
}

/** Null: there are no such bytes. A last one past the end is the end (RFC 9110 §14.1.2). */
function within(spec: RangeSpec, length: number): ByteRange | null {
  if ('suffix' in spec) {
    const count = Math.min(spec.suffix, length);
    return count === 0 ? null : { first: length - count, last: length - 1 };
  }
  if (spec.first >= length) return null;
  return { first: spec.first, last: Math.min(spec.last ?? length - 1, length - 1) };
}

function join(parts: readonly ByteRange[]): ByteRange[] {
  const joined: ByteRange[] = [];
  for (const part of parts.toSorted((a, b) => a.first - b.first)) {
    const before = joined.at(-1);
    if (before === undefined || part.first > before.last + 1) joined.push(part);
    else joined[joined.length - 1] = { first: before.first, last: Math.max(before.last, part.last) };
  }
  return joined;
}
