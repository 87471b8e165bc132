// The rules of ranges in responses: Content-Range by itself, against the content's length, against what was asked for.
// Pure.

import { parseContentRange, type ContentRange } from '../../fields/content-range.ts';
import { FieldFault } from '../../fields/fault.ts';
import type { RangeSpec } from '../../fields/range.ts';
import type { Head } from '../../http1/types.ts';
import type { FieldPlaces } from './field-places.ts';
import type { Tell } from './request-head.ts';
import type { RuleId } from './rules.ts';
import type { ExchangeWatch } from './watch.ts';

/** Which rule a Content-Range breaks that cannot be used. */
function ruleOfRangeFault(fault: FieldFault, value: string): RuleId {
  switch (fault.code) {
    case 'unknown-unit':
      return 'unknown-range-unit';
    case 'impossible-range':
      // The complete length is at fault, or the range by itself.
      return fault.at > value.indexOf('/') ? 'range-beyond-length' : 'malformed-content-range';
    default:
      return 'malformed-content-range';
  }
}

/** Checks the ranges of a final response. */
export function checkRanges(
  head: Head,
  method: string,
  places: FieldPlaces,
  watch: ExchangeWatch,
  tell: Tell,
): void {
  const value = places.first('content-range');
  if (head.status === 206 && !watch.ranged && method === 'GET') tell('partial-not-asked', head.start);
  if (value === null) {
    if (head.status === 206 && !isMultipart(places.first('content-type')))
      tell('partial-without-range', head.start);
    if (head.status === 416) tell('unsatisfied-without-length', head.start);
    return;
  }
  const range = parseContentRange(value);
  if (range instanceof FieldFault) {
    tell(ruleOfRangeFault(range, value), places.position('content-range', range.at));
    return;
  }
  if (range.unit === null) tell('missing-range-unit', places.position('content-range'));
  if (head.status !== 206) return;
  if (range.first === null) {
    tell('partial-without-range', places.position('content-range'));
    return;
  }
  if (range.last !== null && head.framing === 'content-length') {
    const length = range.last - range.first + 1;
    if (head.contentLength !== length) tell('range-length-differs', places.position('content-length'));
  }
  const asked = watch.range?.specs ?? [];
  if (asked.length > 0 && !isWithin(range, asked))
    tell('partial-elsewhere', places.position('content-range'));
}

/**
 * RFC 9110 §15.3.7: a part of what was asked for may be sent, and several ranges may be joined over the gaps between them
 * (§15.3.7.2); but nothing before the first byte or behind the last one that was asked for.
 */
function isWithin({ first, last, complete }: ContentRange, asked: readonly RangeSpec[]): boolean {
  const firsts = asked.map((spec) =>
    'suffix' in spec ? (complete === null ? 0 : Math.max(0, complete - spec.suffix)) : spec.first,
  );
  const lasts = asked.map((spec) => ('suffix' in spec ? Infinity : (spec.last ?? Infinity)));
  return first !== null && first >= Math.min(...firsts) && (last ?? first) <= Math.max(...lasts);
}

function isMultipart(type: string | null): boolean {
  return type !== null && /^multipart\/byteranges\s*(;|$)/i.test(type);
}
