// Range: which bytes of a representation are asked for (RFC 9110 §14.2). A unit other than bytes is told, not read:
// a server ignores it. Never says whether a range can be satisfied: that takes the length.

import { FieldFault } from './fault.ts';
import { FieldScanner } from './scanner.ts';

/** `first-last`, `first-` (last null: to the end) or `-suffix`. Positions in bytes, inclusive. */
export type RangeSpec =
  | { readonly first: number; readonly last: number | null }
  | { readonly suffix: number };

export interface Ranges {
  /** In lower case. */
  readonly unit: string;
  /** In the order of the value, at least one; none if the unit is not bytes. */
  readonly specs: readonly RangeSpec[];
}

/** How many ranges of one value are looked at: what asks for more is refused (RFC 9110 §17.15). */
export const RANGE_LIMIT = 1_000;

/** RFC 9110 §14.1.1: any visible character but the comma, which parts the elements. */
const OTHER_SET = /[\x21-\x7e](?:[\t \x21-\x7e]*)/y;

/**
 * Reads a Range value. A position beyond 2^53 − 1 is no fault but is taken as 2^53 − 1, which lies beyond every
 * representation just as well (RFC 9110 §14.1.2).
 */
export function parseRange(value: string): Ranges | FieldFault {
  const scanner = new FieldScanner('Range', value);
  scanner.skipBlanks();
  const unit = scanner.token()?.toLowerCase();
  if (unit === undefined) return scanner.fault('a range unit');
  if (!scanner.skip('=')) return scanner.fault('"="');
  if (unit !== 'bytes') {
    if (scanner.take(OTHER_SET) === null || !scanner.done) return scanner.fault('a range');
    return { unit, specs: [] };
  }
  const specs: RangeSpec[] = [];
  const fault = scanner.list(() => {
    if (specs.length === RANGE_LIMIT) {
      return new FieldFault(
        'too-many',
        scanner.at,
        `Of one Range value ${RANGE_LIMIT} ranges are looked at.`,
      );
    }
    const spec = scanSpec(scanner);
    if (spec instanceof FieldFault) return spec;
    specs.push(spec);
    return undefined;
  });
  if (fault !== undefined) return fault;
  return specs.length === 0 ? scanner.fault('a range') : { unit, specs };
}

function scanSpec(scanner: FieldScanner): RangeSpec | FieldFault {
  const first = scanner.digits();
  if (!scanner.skip('-')) return scanner.fault(first === null ? 'a range' : '"-"');
  const lastAt = scanner.at;
  const last = scanner.digits();
  if (first === null) return last === null ? scanner.fault('a number') : { suffix: position(last) };
  if (last === null) return { first: position(first), last: null };
  if (isLess(last, first)) {
    return new FieldFault('impossible-range', lastAt, 'The range ends before it begins.');
  }
  return { first: position(first), last: position(last) };
}

function position(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}

/** Compares two numbers of any size by their digits. */
function isLess(a: string, b: string): boolean {
  const x = a.replace(/^0+/, '');
  const y = b.replace(/^0+/, '');
  return x.length === y.length ? x < y : x.length < y.length;
}

/** Writes a Range value in bytes. @param specs at least one; numbers 0 … 2^53 − 1 */
export function writeRange(specs: readonly RangeSpec[]): string {
  return `bytes=${specs
    .map((spec) => ('suffix' in spec ? `-${spec.suffix}` : `${spec.first}-${spec.last ?? ''}`))
    .join(',')}`;
}
