// The item that several experiments add to the collection: small, so that every byte of it can be looked at.

import { type ContentSource, bytesContent } from '../client/content.ts';

const encoder = new TextEncoder();

/** JSON of exactly 100 bytes: the offsets of the five steps depend on it. */
export function item(): ContentSource {
  return bytesContent(
    encoder.encode(
      JSON.stringify({
        title: 'A landscape at dusk',
        camera: 'Wooden pinhole',
        note: 'three steps, one cut, one resume!',
      }),
    ),
  );
}

export const ITEM_FIELDS = [['Content-Type', 'application/json']] as const;
