// Content-Range: which bytes of a representation a part or a 206 holds, or how long it is (RFC 9110 §14.4,
// draft-wright-http-patch-byterange). The dialect without a unit is read and flagged, written only on request.

import { FieldFault, readInteger } from './fault.ts';

export interface ContentRange {
  /** Null for the dialect of the proof of concept, `100-199/200`, which means bytes. */
  readonly unit: 'bytes' | null;
  /** First byte; null for a value that is about the length only. */
  readonly first: number | null;
  /** Last byte, inclusive; null for a range without a known end (`bytes 5-/600`) and for a length only. */
  readonly last: number | null;
  /** Length of the whole representation; null where it is unknown (an asterisk). */
  readonly complete: number | null;
}

const RANGE =
  /^([ \t]*)(?:([!#$%&'*+.^_`|~0-9A-Za-z-]*[!#$%&'*+.^_`|~A-Za-z][!#$%&'*+.^_`|~0-9A-Za-z-]*)([ \t]+))?(?:([0-9]+)-([0-9]*)|\*)\/([0-9]+|\*)[ \t]*$/;

/** Reads the value of a Content-Range field. Numbers are bytes, 0 … 2^53 − 1. */
export function parseContentRange(value: string): ContentRange | FieldFault {
  const match = RANGE.exec(value);
  if (match === null)
    return new FieldFault('syntax', 0, `${JSON.stringify(value.slice(0, 60))} is no Content-Range.`);
  const [, blanks, unit, gap, firstDigits, lastDigits, completeDigits] = match;
  const start = blanks!.length;
  if (unit !== undefined && unit.toLowerCase() !== 'bytes') {
    return new FieldFault('unknown-unit', start, `${unit} is no range unit that is known here: only bytes.`);
  }
  const firstAt = start + (unit?.length ?? 0) + (gap?.length ?? 0);
  const lastAt = firstAt + (firstDigits?.length ?? 0) + 1;
  const completeAt = value.indexOf('/') + 1;
  const first = readInteger(firstDigits ?? '', firstAt);
  if (first instanceof FieldFault) return first;
  const last = readInteger(lastDigits ?? '', lastAt);
  if (last instanceof FieldFault) return last;
  const complete = readInteger(completeDigits!, completeAt);
  if (complete instanceof FieldFault) return complete;
  if (first === null && complete === null) {
    return new FieldFault(
      'syntax',
      firstAt,
      'A Content-Range says a range, a length, or both; this says neither.',
    );
  }
  if (first !== null && last !== null && last < first) {
    return new FieldFault('impossible-range', lastAt, `The range ${first}-${last} ends before it begins.`);
  }
  // RFC 9110 §14.4: a last-pos at or beyond the complete length is invalid.
  if (complete !== null && first !== null && Math.max(first, last ?? first) >= complete) {
    return new FieldFault(
      'impossible-range',
      completeAt,
      `The range goes beyond its complete length of ${complete}.`,
    );
  }
  return { unit: unit === undefined ? null : 'bytes', first, last, complete };
}

/** Writes a Content-Range value; `unit: null` leaves the unit out. Positions are inclusive, in bytes. */
export function writeContentRange(range: ContentRange): string {
  const { unit, first, last, complete } = range;
  const which = first === null ? '*' : `${first}-${last ?? ''}`;
  return `${unit === null ? '' : 'bytes '}${which}/${complete ?? '*'}`;
}
