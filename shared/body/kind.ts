// What kind of body content is, by its media type and, where that tells nothing, by its first bytes: how it is shown.

import { mediaType, PATCH_TYPES } from '../byteranges/patch-reader.ts';
import { isText } from './text.ts';

export type BodyKind =
  | 'empty'
  | 'json'
  | 'text'
  | 'form'
  | 'multipart'
  | 'byteranges'
  | 'message'
  | 'events'
  | 'image'
  | 'binary';

/** Images that browsers show, and that are no programs. */
const IMAGES = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'image/svg+xml',
  'image/x-icon',
  'image/vnd.microsoft.icon',
]);

const TEXTS =
  /^(?:text\/.*|application\/(?:xml|javascript|ecmascript|yaml|x-ndjson|sql|graphql)|.*\+(?:xml|yaml))$/;
/** Types that say no more than that there are bytes. */
const OPEN = new Set([
  '',
  'application/octet-stream',
  'application/partial-upload',
  'application/offset+octet-stream',
]);
/** Bytes that are looked at. */
const LOOK = 4096;

/** @param contentType a Content-Type value, '' without one @param first the first bytes of the content */
export function kindOf(contentType: string, first: Uint8Array): BodyKind {
  const type = mediaType(contentType);
  if (first.length === 0) return 'empty';
  if (type === 'application/json' || type.endsWith('+json') || type === 'text/json') return 'json';
  if (type === 'text/event-stream') return 'events';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (PATCH_TYPES.includes(type)) return 'byteranges';
  if (type.startsWith('multipart/')) return 'multipart';
  if (type === 'message/http') return 'message';
  if (IMAGES.has(type)) return 'image';
  const look = first.subarray(0, LOOK);
  if (TEXTS.test(type)) return 'text';
  return OPEN.has(type) && isText(look) ? 'text' : 'binary';
}

/** Whether a type is that of a representation itself: it says something, and not only how bytes of one are sent. */
export function isOfTarget(contentType: string): boolean {
  const type = mediaType(contentType);
  return !OPEN.has(type) && !PATCH_TYPES.includes(type);
}
