// What a request says of a resumable upload: at the IETF (draft-ietf-httpbis-resumable-upload, with the older drafts in
// use) and in tus 1.0.0. Reads fields, decides nothing; a field that cannot be read is none.

import { FieldFault } from '../fields/fault.ts';
import { parseUploadComplete, parseUploadIncomplete } from '../fields/upload-complete.ts';
import { parseUploadConcat, type UploadConcat } from '../fields/upload-concat.ts';
import { parseUploadLength } from '../fields/upload-length.ts';
import { parseUploadOffset } from '../fields/upload-offset.ts';
import type { Head } from '../http1/types.ts';
import { mediaType } from './patch-reader.ts';

export interface UploadRequest {
  readonly protocol: 'ietf' | 'tus';
  /** Where its content goes; null: it does not say. */
  readonly offset: number | null;
  /** Bytes of the whole upload, as far as this request tells; null: it does not. */
  readonly length: number | null;
  /** It tells two lengths, and they differ. */
  readonly contradicts: boolean;
  /** The draft that it speaks (Upload-Draft-Interop-Version), as it is written; null: it does not say. */
  readonly version: string | null;
  /** Its content is the rest of the upload; null: it does not say, as in tus. */
  readonly last: boolean | null;
  readonly concat: UploadConcat | null;
  /** Its content is kept only if its checksum is met. */
  readonly checked: boolean;
}

const FIELDS = [
  'tus-resumable',
  'upload-complete',
  'upload-concat',
  'upload-defer-length',
  'upload-incomplete',
  'upload-length',
  'upload-offset',
] as const;

/** Null: it is no such request. */
export function readUploadRequest(head: Head): UploadRequest | null {
  if (!isUpload(head)) return null;
  const offset = read(head, 'upload-offset', parseUploadOffset);
  const last = lastOf(head);
  const isTus =
    TUS_ONLY.some((name) => head.field(name) !== null) ||
    mediaType(head.field('content-type') ?? '') === 'application/offset+octet-stream';
  const told = read(head, 'upload-length', parseUploadLength);
  // draft-ietf-httpbis-resumable-upload, "Length": what is left, and where it goes, tell how long the whole is.
  const rest = last === true && head.framing !== 'chunked';
  const summed = rest ? (offset ?? 0) + Math.max(0, head.contentLength) : null;
  return {
    protocol: isTus ? 'tus' : 'ietf',
    offset,
    length: told ?? summed,
    contradicts: told !== null && summed !== null && told !== summed,
    version: head.field('upload-draft-interop-version'),
    last,
    concat: read(head, 'upload-concat', parseUploadConcat),
    checked: head.field('upload-checksum') !== null || head.field('content-digest') !== null,
  };
}

const TUS_ONLY = ['tus-resumable', 'upload-concat', 'upload-defer-length'] as const;

function isUpload(head: Head): boolean {
  for (let i = 0; i < head.fieldCount; i++) for (const name of FIELDS) if (head.isField(i, name)) return true;
  return false;
}

/** Interop version 3 says the opposite, in a field of another name. */
function lastOf(head: Head): boolean | null {
  const complete = read(head, 'upload-complete', parseUploadComplete);
  if (complete !== null) return complete;
  const incomplete = read(head, 'upload-incomplete', parseUploadIncomplete);
  return incomplete === null ? null : !incomplete;
}

function read<Value>(head: Head, name: string, parse: (value: string) => Value | FieldFault): Value | null {
  const value = head.field(name);
  if (value === null) return null;
  const found = parse(value);
  return found instanceof FieldFault ? null : found;
}
