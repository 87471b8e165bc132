// What every byte-range media type says of a part, and whom its reader tells (draft-ietf-httpapi-patch-byterange).
// Types and limits only.

import type { ContentRange } from '../fields/content-range.ts';

/** Bytes of a part's head. */
export const PART_HEAD_LIMIT = 16 * 1024;

/** Fields of a part. */
export const PART_FIELDS_LIMIT = 256;

/** Parts of a patch. */
export const PARTS_LIMIT = 10_000;

export interface PartHead {
  /** A Content-Offset of N is a range from N on without a last byte. */
  readonly range: ContentRange;
  readonly said: 'content-range' | 'content-offset';
  /** Media type of the target, '' when not said. */
  readonly contentType: string;
  /** Content codings of the target, '' when not said. */
  readonly contentEncoding: string;
  /** Bytes of the part's body, by its Content-Length, its range or its framing; null for an end that is not known. */
  readonly length: number | null;
}

export type PartNoteCode =
  /** Content-Range without its unit: bytes are meant. */
  | 'missing-unit'
  /** The media type names no boundary: the first line does. */
  | 'boundary-from-content'
  /** The boundary is also in a body, whose end only its Content-Length tells. */
  | 'boundary-in-body';

/** What is not as it should be, and readable all the same. */
export interface PartNote {
  readonly code: PartNoteCode;
  /** One sentence for a person. */
  readonly message: string;
  /** Position as `feed` was told. */
  readonly at: number;
}

export type PartFaultCode =
  | 'head-too-large'
  | 'invalid-field'
  /** Neither Content-Range nor Content-Offset. */
  | 'missing-range'
  | 'invalid-range'
  /** Content-Range and Content-Offset. */
  | 'range-and-offset'
  | 'invalid-length'
  /** The Content-Length, or the length of the content, is not that of the range. */
  | 'differing-length'
  | 'body-too-long'
  | 'too-many-parts'
  /** The boundary parameter cannot be one, or there is none in the content either. */
  | 'invalid-boundary'
  /** A boundary goes on where its line must end. */
  | 'invalid-delimiter'
  /** A framing indicator other than those of the two kinds of message. */
  | 'invalid-framing'
  /** A number beyond 2^53 − 1. */
  | 'number-too-large';

/** Why a patch cannot be read on; nothing is reported after it. */
export interface PartFault {
  readonly code: PartFaultCode;
  /** One sentence for a person. */
  readonly message: string;
  /** Position, as `feed` was told, of the first byte that is wrong. */
  readonly at: number;
}

/** A part is told by its head, its body in pieces, and its end; then the next one is. */
export interface PatchSink {
  /** @param index 0 for the first part */
  head(head: PartHead, index: number): void;
  /** Bytes of the part's body, valid during the call; bytes[from] is at `at` of the stream that `feed` was told of. */
  body(bytes: Uint8Array, from: number, to: number, at: number): void;
  /** @param whole there were as many bytes as announced, or their end was marked; else it is an interruption there */
  partEnd(whole: boolean): void;
  note?(note: PartNote): void;
  fault(fault: PartFault): void;
}

export interface PatchReader {
  /** The next bytes[from … to) of the content; bytes[from] is at `at` (any count the caller likes, gaps included). */
  feed(bytes: Uint8Array, from: number, to: number, at: number): void;
  /**
   * The content is over, wherever it stopped: that is an interruption, and no fault.
   * @returns whether the patch is whole, and each of its parts
   */
  end(): boolean;
}
