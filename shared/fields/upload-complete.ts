// Upload-Complete: whether a request brings the end of an upload, and whether an answer is that of the resource the upload
// was for (draft-ietf-httpbis-resumable-upload). Interop version 3 says the opposite by Upload-Incomplete.

import type { FieldFault } from './fault.ts';
import { parseBoolean } from './structured-item.ts';

/** Reads an Upload-Complete value. Who gets a fault ignores the whole field. */
export function parseUploadComplete(value: string): boolean | FieldFault {
  return parseBoolean('Upload-Complete', value);
}

/** Reads an Upload-Incomplete value. @returns true: more is to come */
export function parseUploadIncomplete(value: string): boolean | FieldFault {
  return parseBoolean('Upload-Incomplete', value);
}

/** Writes the value of either field. */
export function writeUploadComplete(complete: boolean): string {
  return complete ? '?1' : '?0';
}
