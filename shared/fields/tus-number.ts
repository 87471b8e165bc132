// The whole numbers of tus 1.0.0: Upload-Offset, Upload-Length and Tus-Max-Size are digits and nothing else, unlike the
// structured fields of the same names at the IETF.

import { FieldFault, readInteger } from './fault.ts';

/** Reads 0 … 2^53 − 1 bytes. @param what for its faults: `Upload-Length` */
export function parseTusNumber(what: string, value: string): number | FieldFault {
  const number = readInteger(value, 0);
  if (number !== null) return number;
  const at = value.search(/[^0-9]/);
  return new FieldFault('syntax', Math.max(0, at), `${what} is a number of bytes: digits, and nothing else.`);
}
