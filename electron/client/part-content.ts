// A stretch of other content, as the content of an operation of its own. What of it was read and kept is counted where it
// comes from.

import type { ContentSource, WindowedContent } from './content.ts';

/** @param prefix bytes of its own before those from … to (exclusive) of the source: a part's head */
export function partContent(
  source: ContentSource,
  from: number,
  to: number,
  prefix: Uint8Array = new Uint8Array(0),
): WindowedContent {
  return {
    length: prefix.length + to - from,
    heldMost: 0,
    released: 0,
    read: (first, end) =>
      first < prefix.length
        ? Promise.resolve(prefix.subarray(first, Math.min(end, prefix.length)))
        : source.read(from + first - prefix.length, from + end - prefix.length),
    release: () => {},
    digest: () => Promise.resolve(null),
    close: () => Promise.resolve(),
  };
}
