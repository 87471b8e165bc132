// The rules of resumable uploads at the IETF and in tus: what a request says of the upload, and how it is answered. Pure.

import type { UploadRequest } from '../../byteranges/upload-request.ts';
import type { Head } from '../../http1/types.ts';
import type { FieldPlaces } from './field-places.ts';
import type { Tell } from './request-head.ts';

/** @param length what the upload's length was known to be; −1: nothing */
export function checkUploadRequest(
  upload: UploadRequest,
  length: number,
  places: FieldPlaces,
  tell: Tell,
): void {
  if (upload.protocol === 'tus' && !places.has('tus-resumable'))
    tell('tus-version-unsaid', places.position('tus-resumable'));
  const differs = upload.length !== null && length !== -1 && upload.length !== length;
  if (upload.contradicts || differs) tell('upload-length-differs', places.position('upload-length'));
}

/** A response to a request of an upload. @param upload what that request said; null: it was a plain question */
export function checkUploadAnswer(
  head: Head,
  method: string,
  upload: UploadRequest | null,
  places: FieldPlaces,
  tell: Tell,
): void {
  const { status } = head;
  if (method === 'HEAD' && status >= 200 && status < 300 && places.has('upload-offset')) {
    if (!/(?:^|[,\s])no-store\s*(?:,|$)/i.test(head.field('cache-control') ?? ''))
      tell('offset-cacheable', places.position('upload-offset'));
  }
  if (upload === null) return;
  if (status === 104) {
    const echoed = places.first('upload-draft-interop-version');
    if (upload.version !== null && echoed !== upload.version)
      tell('interop-version-not-echoed', places.position('upload-draft-interop-version'));
    if (upload.offset !== null && places.has('location'))
      tell('location-in-append', places.position('location'));
  }
  if (status === 409 && isAppend(upload) && !places.has('upload-offset'))
    tell('conflict-without-offset', head.start);
  if (upload.protocol === 'tus' && status >= 200 && method !== 'OPTIONS' && !places.has('tus-resumable'))
    tell('tus-version-unanswered', head.start);
}

/** At the IETF: tus asks for no offset in a 409. */
function isAppend({ protocol, offset }: UploadRequest): boolean {
  return protocol === 'ietf' && offset !== null;
}
