// Upload-Length: how many bytes an upload will have in all (draft-ietf-httpbis-resumable-upload). A structured field; that
// of tus is written with digits only (tus-number.ts).

import type { FieldFault } from './fault.ts';
import { parseWholeNumber } from './structured-item.ts';

/** Reads an Upload-Length value: bytes, 0 … 999,999,999,999,999. Who gets a fault ignores the whole field. */
export function parseUploadLength(value: string): number | FieldFault {
  return parseWholeNumber('Upload-Length', value);
}

/** Writes the field's value, for tus as well. @param bytes 0 … 999,999,999,999,999 */
export function writeUploadLength(bytes: number): string {
  return String(bytes);
}
