// text/uri-list (RFC 2483 §5): a POST that names a file which was uploaded before, instead of bringing its bytes
// (draft-wright-http-patch-byterange). Reads and decides only.

import { mediaType } from '../../../shared/byteranges/patch-reader.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { resolveLocation } from '../../../shared/fields/location.ts';

/** Bytes of a list. */
export const URI_LIST_LIMIT = 64 * 1024;

export type LinkDecision =
  | { readonly kind: 'file'; readonly path: string }
  /** 400: the list is not one of one URI; 422: it names what cannot be used. */
  | { readonly kind: 'refuse'; readonly status: 400 | 422; readonly sentence: string };

/** Whether a Content-Type is that of such a list. */
export function isUriList(contentType: string): boolean {
  return mediaType(contentType) === 'text/uri-list';
}

/**
 * Which file a list names.
 * @param base absolute URI of the request
 */
export function decideLink(list: string, base: string): LinkDecision {
  // Lines end with CRLF; those that begin with a number sign are comments.
  const lines = list.split(/\r?\n/).map((line) => line.trim());
  const references = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const [reference] = references;
  if (reference === undefined || references.length > 1) {
    return refused(
      400,
      `The list must name exactly one URI, of a file at /uploads/; it names ${references.length}.`,
    );
  }
  const location = resolveLocation(reference, base);
  if (location instanceof FieldFault) {
    return refused(400, `Line ${lines.indexOf(reference) + 1} of the list is no URI: ${location.message}`);
  }
  const { url, userinfo } = location;
  if (url.origin !== new URL(base).origin || userinfo !== null) {
    return refused(
      422,
      `${reference.slice(0, 200)} is not on this server: upload the file to /uploads/ first.`,
    );
  }
  if (!url.pathname.startsWith('/uploads/') || url.search !== '') {
    return refused(
      422,
      `${url.pathname.slice(0, 200)} is no file here: only those at /uploads/ can be linked to.`,
    );
  }
  return { kind: 'file', path: url.pathname };
}

function refused(status: 400 | 422, sentence: string): LinkDecision {
  return { kind: 'refuse', status, sentence };
}
