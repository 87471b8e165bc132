// Content-Range: which bytes of a representation a part or a 206 holds, or how long it is (RFC 9110 §14.4,
// draft-wright-http-patch-byterange). The dialect without a unit is read and flagged, written only on request.

import { FieldFault, readInteger } from './fault.ts';
import { FieldScanner } from './scanner.ts';

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

/** Reads the value of a Content-Range field. Numbers are bytes, 0 … 2^53 − 1. */
export function parseContentRange(value: string): ContentRange | FieldFault {
  const scanner = new FieldScanner('Content-Range', value);
  scanner.skipBlanks();
  const unit = scanUnit(scanner);
  if (unit instanceof FieldFault) return unit;
  const positions = scanPositions(scanner);
  if (positions instanceof FieldFault) return positions;
  const { first, last, at, lastAt } = positions;
  if (!scanner.skip('/')) return scanner.fault('"/"');
  const completeAt = scanner.at;
  const complete = scanLength(scanner);
  if (complete instanceof FieldFault) return complete;
  scanner.skipBlanks();
  if (!scanner.done) return scanner.fault('the end');
  if (first === null && complete === null) {
    return new FieldFault(
      'syntax',
      at,
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
  return { unit, first, last, complete };
}

/** A range's first position or an asterisk follows: then there is no unit. */
const WITHOUT_UNIT = /[0-9]+-|\*\//y;

function scanUnit(scanner: FieldScanner): 'bytes' | null | FieldFault {
  const start = scanner.at;
  const bare = scanner.take(WITHOUT_UNIT) !== null;
  scanner.at = start;
  if (bare) return null;
  const unit = scanner.token();
  if (unit === null) return scanner.fault('a range unit');
  if (!scanner.skipBlanks()) return scanner.fault('a space');
  if (unit.toLowerCase() === 'bytes') return 'bytes';
  return new FieldFault('unknown-unit', start, `${unit} is no range unit that is known here: only bytes.`);
}

interface Positions {
  readonly first: number | null;
  readonly last: number | null;
  /** Where they begin, and where the last one does. */
  readonly at: number;
  readonly lastAt: number;
}

/** first-pos "-" [ last-pos ] / "*" */
function scanPositions(scanner: FieldScanner): Positions | FieldFault {
  const at = scanner.at;
  if (scanner.skip('*')) return { first: null, last: null, at, lastAt: at };
  const first = readInteger(scanner.digits() ?? '', at);
  if (first === null) return scanner.fault('a position or an asterisk');
  if (first instanceof FieldFault) return first;
  if (!scanner.skip('-')) return scanner.fault('"-"');
  const lastAt = scanner.at;
  const last = readInteger(scanner.digits() ?? '', lastAt);
  return last instanceof FieldFault ? last : { first, last, at, lastAt };
}

/** 1*DIGIT / "*" */
function scanLength(scanner: FieldScanner): number | null | FieldFault {
  const at = scanner.at;
  if (scanner.skip('*')) return null;
  return readInteger(scanner.digits() ?? '', at) ?? scanner.fault('a length or an asterisk');
}

/** Writes a Content-Range value; `unit: null` leaves the unit out. Positions are inclusive, in bytes. */
export function writeContentRange(range: ContentRange): string {
  const { unit, first, last, complete } = range;
  const which = first === null ? '*' : `${first}-${last ?? ''}`;
  return `${unit === null ? '' : 'bytes '}${which}/${complete ?? '*'}`;
}
