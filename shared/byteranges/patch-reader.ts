// Reads byte-range patches, whichever of the three media types they have (draft-ietf-httpapi-patch-byterange). Never
// copies a body, and holds no more than a part's head or the beginning of a boundary.

import { parameterOf } from '../fields/media-type.ts';
import { ApplicationByterangesReader } from './application-byteranges.ts';
import { MessageByterangeReader } from './message-byterange.ts';
import { MultipartByterangesReader } from './multipart-byteranges.ts';
import type { PatchReader, PatchSink } from './parts.ts';

/** In lower case, without parameters. */
export const PATCH_TYPES: readonly string[] = [
  'message/byterange',
  'multipart/byteranges',
  'application/byteranges',
];

/** @returns null for content of another media type. @param contentType a whole Content-Type value */
export function createPatchReader(contentType: string, sink: PatchSink): PatchReader | null {
  switch (mediaType(contentType)) {
    case 'message/byterange':
      return new MessageByterangeReader(sink);
    case 'multipart/byteranges':
      return new MultipartByterangesReader(parameterOf(contentType, 'boundary'), sink);
    case 'application/byteranges':
      return new ApplicationByterangesReader(sink);
    default:
      return null;
  }
}

/** The media type that a Content-Type value names, in lower case, without its parameters. */
export function mediaType(contentType: string): string {
  return contentType.split(';', 1)[0]!.trim().toLowerCase();
}
