// A whole number or a boolean as an item of a structured field (RFC 9651 §3.3), as the Upload- fields of the IETF's
// resumable uploads are. Parameters are ignored (§3.1.2). Never takes a decimal for a whole number.

import { type BareItem, ParseError, parseItem } from 'structured-headers';
import { FieldFault } from './fault.ts';

/** Reads a non-negative Integer: 0 … 999,999,999,999,999 (RFC 9651 §3.3.1). @param what for its faults: `Upload-Offset` */
export function parseWholeNumber(what: string, value: string): number | FieldFault {
  const item = itemOf(what, value);
  if (item instanceof FieldFault) return item;
  const at = startOf(value);
  // The parser gives 5.0 as 5, so how it was written decides.
  if (typeof item !== 'number' || item < 0 || /^-?[0-9]+\./.test(value.slice(at))) {
    return new FieldFault('syntax', at, `${what} is a whole number of bytes, 0 or more.`);
  }
  return Math.abs(item);
}

/** Reads a Boolean: `?1` or `?0`. @param what for its faults: `Upload-Complete` */
export function parseBoolean(what: string, value: string): boolean | FieldFault {
  const item = itemOf(what, value);
  if (item instanceof FieldFault || typeof item === 'boolean') return item;
  return new FieldFault('syntax', startOf(value), `${what} is ?1 or ?0.`);
}

function itemOf(what: string, value: string): BareItem | FieldFault {
  try {
    return parseItem(value)[0];
  } catch (error) {
    if (error instanceof ParseError) return parseFault(what, value, error);
    throw error;
  }
}

function startOf(value: string): number {
  return Math.max(0, value.search(/[^ ]/));
}

/** What the parser says; it tells the position in its sentence only, and may stand one behind the wrong character. */
export function parseFault(what: string, value: string, error: ParseError): FieldFault {
  const [, reason, position] = /^Parse error: (.*) at offset ([0-9]+)$/s.exec(error.message) ?? [];
  const code = reason === 'Exceeded maximum integer length' ? 'number-too-large' : 'syntax';
  const at = Math.min(Number(position ?? 0), value.length);
  return new FieldFault(
    code,
    at,
    `This is no structured field as ${what} is one: ${reason ?? error.message}.`,
  );
}
