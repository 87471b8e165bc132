// The rules of what an upload has stored: what the server tells of it, and where the client writes. Works on offsets
// in the representation; never looks at a message.

import type { RuleId } from './rules.ts';
import type { ExchangeWatch, UploadWatch } from './watch.ts';

/**
 * The server tells how much of the upload it has.
 * @param bytes of its content, from the first on
 * @param own the upload was seen from its beginning, so that what can have arrived is known
 */
export function checkTold(
  bytes: number,
  own: boolean,
  watch: ExchangeWatch,
  upload: UploadWatch,
): RuleId | null {
  // Told to a request that began before another answer came: it may be the older news.
  const before = watch.told;
  watch.told = bytes;
  upload.told = Math.max(upload.told, bytes);
  if (bytes < before) {
    upload.told = bytes;
    return 'offset-backwards';
  }
  return own && bytes > upload.top ? 'acknowledged-beyond-received' : null;
}

/** Where a piece of a patch lies that breaks a rule. */
export interface PieceBreach {
  readonly rule: RuleId;
  /** Index in the piece of its first offending byte. */
  readonly skip: number;
}

/** A piece of a patch: bytes first … end of the representation, as they are sent. */
export function checkPiece(first: number, end: number, upload: UploadWatch): PieceBreach | null {
  const { found, stored } = upload;
  if (found !== -1) {
    upload.found = -1;
    if (first > found && !upload.sparse && stored.covered(found, first) < first - found)
      return { rule: 'resume-gap', skip: 0 };
  }
  if (stored.covered(first, end) === 0) return null;
  const at = stored.has(first, first + 1) ? first : firstCovered(upload, first, end);
  return { rule: 'bytes-overwritten', skip: at - first };
}

/** The first byte of first … end that is stored already. */
function firstCovered({ stored }: UploadWatch, first: number, end: number): number {
  for (const [from, to] of stored.list()) if (to > first && from < end) return Math.max(from, first);
  return end;
}

/**
 * Bytes of the upload that the server sends back, where it was uploaded from nothing: what never arrived is zero.
 * @returns the index in bytes of the first that is not; −1 without
 */
export function disclosed(
  upload: UploadWatch,
  bytes: Uint8Array,
  from: number,
  to: number,
  offset: number,
): number {
  const { arrived } = upload;
  if (arrived.covered(offset, offset + (to - from)) === to - from) return -1;
  for (let i = from; i < to; i++) {
    const at = offset + (i - from);
    if (bytes[i] !== 0 && !arrived.has(at, at + 1)) return i;
  }
  return -1;
}
