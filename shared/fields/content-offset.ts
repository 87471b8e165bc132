// Content-Offset: where a part's bytes go when their end is not known (draft-ietf-httpapi-patch-byterange). A
// structured field (RFC 9651), read by a parser of structured fields. Never takes a decimal for a whole number.

import { ParseError, Token, parseItem, serializeItem } from 'structured-headers';
import type { BareItem } from 'structured-headers';
import { FieldFault } from './fault.ts';
import { parseFault } from './structured-item.ts';

export interface ContentOffset {
  /** First byte to be written, 0 … 999,999,999,999,999 (RFC 9651 §3.3.1). */
  readonly offset: number;
  readonly unit: 'bytes';
  /** Length of the whole representation, in the same limits; null while it is unknown. */
  readonly complete: number | null;
}

/** Reads a Content-Offset value. Parameters with other names are ignored (RFC 9651 §3.1.2). */
export function parseContentOffset(value: string): ContentOffset | FieldFault {
  let item;
  try {
    item = parseItem(value);
  } catch (error) {
    if (error instanceof ParseError) return parseFault('Content-Offset', value, error);
    throw error;
  }
  const [number, parameters] = item;
  const offset = wholeNumber(number, value.trimStart());
  if (offset === null) return notWhole('Content-Offset', value.search(/[^ ]/));
  const unit = parameters.get('unit');
  const unitFault = unit === undefined ? null : checkUnit(unit, placeOf(value, 'unit'));
  if (unitFault !== null) return unitFault;
  const said = parameters.get('complete-length');
  if (said === undefined) return { offset, unit: 'bytes', complete: null };
  const completeAt = placeOf(value, 'complete-length');
  const complete = wholeNumber(said, value.slice(completeAt));
  if (complete === null) return notWhole('complete-length', completeAt);
  if (complete < offset) {
    return new FieldFault(
      'impossible-range',
      completeAt,
      `The offset of ${offset} lies beyond the complete length of ${complete}.`,
    );
  }
  return { offset, unit: 'bytes', complete };
}

/** The parser gives 5.0 as 5, so how it was written decides. @param written the value from where the number begins */
function wholeNumber(item: BareItem, written: string): number | null {
  if (typeof item !== 'number' || item < 0 || /^-?[0-9]+\./.test(written)) return null;
  return Math.abs(item);
}

function notWhole(what: string, at: number): FieldFault {
  return new FieldFault('syntax', at, `${what} is a whole number of bytes, 0 or more.`);
}

function checkUnit(unit: BareItem, at: number): FieldFault | null {
  if (!(unit instanceof Token || typeof unit === 'string')) {
    return new FieldFault('syntax', at, 'The unit of a Content-Offset is a token such as bytes.');
  }
  if (String(unit).toLowerCase() === 'bytes') return null;
  return new FieldFault(
    'unknown-unit',
    at,
    `${String(unit)} is no range unit that is known here: only bytes.`,
  );
}

/** Where the value of the last parameter of that name begins, which is the one that counts (RFC 9651 §3.1.2). */
function placeOf(value: string, name: string): number {
  // A ";" within a string or a display string begins no parameter.
  const masked = value.replaceAll(/%"[^"]*"|"(?:[^"\\]|\\.)*"/g, (text) => '"'.repeat(text.length));
  let place = 0;
  for (const found of masked.matchAll(/; *([a-z0-9_.*-]+)=?/g)) {
    if (found[1] === name) place = found.index + found[0].length;
  }
  return place;
}

/** Writes a Content-Offset value. Throws the library's SerializeError for numbers beyond {@link ContentOffset}'s limits. */
export function writeContentOffset({ offset, complete }: Omit<ContentOffset, 'unit'>): string {
  const parameters = new Map<string, BareItem>([['unit', new Token('bytes')]]);
  if (complete !== null) parameters.set('complete-length', complete);
  return serializeItem(offset, parameters);
}
