// The byte ranges that content of the three byte-range media types writes or brings (draft-ietf-httpapi-patch-byterange),
// each with its bytes. Holds no more than the content it was given, and stops where that cannot be read on.

import { createPatchReader } from '../byteranges/patch-reader.ts';
import type { PartHead } from '../byteranges/parts.ts';

export interface RangePart {
  readonly head: PartHead;
  readonly bytes: Uint8Array;
  /** All of its bytes have come. */
  readonly whole: boolean;
}

export interface RangeContent {
  readonly parts: readonly RangePart[];
  /** One sentence: why it cannot be read on; null: it can. */
  readonly fault: string | null;
}

/** @returns null for content of another media type. @param contentType a whole Content-Type value */
export function readRanges(contentType: string, content: Uint8Array): RangeContent | null {
  const parts: { head: PartHead; bytes: Uint8Array; whole: boolean }[] = [];
  let pieces: Uint8Array[] = [];
  let fault: string | null = null;
  const close = (whole: boolean): void => {
    const part = parts.at(-1);
    if (part !== undefined && pieces.length > 0) part.bytes = joined(pieces);
    if (part !== undefined) part.whole = whole;
    pieces = [];
  };
  const reader = createPatchReader(contentType, {
    head: (head) => parts.push({ head, bytes: new Uint8Array(0), whole: false }),
    body: (bytes, from, to) => pieces.push(bytes.slice(from, to)),
    partEnd: close,
    fault: ({ message }) => {
      fault = message;
      close(false);
    },
  });
  if (reader === null) return null;
  reader.feed(content, 0, content.length, 0);
  reader.end();
  return { parts, fault };
}

/** Pieces behind each other, as one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
