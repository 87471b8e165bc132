// Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a string by which the client names one request, so that the
// server knows it again when it is sent again. A structured field (RFC 9651 §3.3.3); its parameters are ignored.

import { ParseError, parseItem, serializeItem } from 'structured-headers';
import { FieldFault } from './fault.ts';
import { parseFault } from './structured-item.ts';

/** Characters of a key: the draft leaves the bound to the server. */
const LONGEST = 255;

/** Reads a key of 1 to 255 characters. A key without its quotes is a fault: a UUID would be no token either. */
export function parseIdempotencyKey(value: string): string | FieldFault {
  try {
    const [item] = parseItem(value);
    if (typeof item === 'string' && item.length > 0 && item.length <= LONGEST) return item;
    return new FieldFault(
      'syntax',
      0,
      `An Idempotency-Key is a string of 1 to ${LONGEST} characters, in quotes.`,
    );
  } catch (error) {
    if (error instanceof ParseError) return parseFault('Idempotency-Key', value, error);
    throw error;
  }
}

/** @param key printable ASCII */
export function writeIdempotencyKey(key: string): string {
  return serializeItem(key);
}
