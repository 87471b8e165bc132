// Says where the bytes of representations lie in a stream of messages: which of them are content of a representation,
// and at which offset. A stage behind an Http1Sink. Never copies bytes, never holds more than a part's head.

import { type ContentRange, parseContentRange } from '../fields/content-range.ts';
import { FieldFault } from '../fields/fault.ts';
import type { Head } from '../http1/types.ts';
import type { PartFault, PartHead, PartNote, PatchReader } from './parts.ts';
import { createPatchReader, mediaType } from './patch-reader.ts';
import { readUploadRequest, type UploadRequest } from './upload-request.ts';

/** Bytes of a representation. */
export interface Piece {
  /** Of bytes[from], in the representation. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Absolute position in the stream of bytes[from]. */
  readonly at: number;
}

/** Told of the parts that content is made of, and what is wrong with them. */
export interface PartListener {
  head(head: PartHead, index: number): void;
  note(note: PartNote): void;
  fault(fault: PartFault): void;
}

/** Pass it each head, all content and each end of a message, as the parser reports them. Interim heads are ignored. */
export class ContentLocator {
  readonly #found: (piece: Piece) => void;
  readonly #length: (total: number) => void;
  /** Where the next byte of content belongs; −1: nowhere. */
  #offset = -1;
  #parts: PatchReader | null = null;
  /** The length that the parts of this message have told; −1 before. */
  #told = -1;
  readonly #listener: PartListener | null;
  readonly #sink = {
    head: (head: PartHead, index: number): void => {
      this.#listener?.head(head, index);
      this.#place(head.range);
    },
    body: (bytes: Uint8Array, from: number, to: number, at: number): void => this.#piece(bytes, from, to, at),
    partEnd: (): void => {
      this.#offset = -1;
    },
    note: (note: PartNote): void => this.#listener?.note(note),
    fault: (fault: PartFault): void => {
      this.#offset = -1;
      this.#listener?.fault(fault);
    },
  };

  /**
   * @param found called for every stretch of representation bytes, in stream order; the bytes are valid during the call
   * @param length called when a message tells how long the whole representation is
   * @param listener told of byte-range parts
   */
  constructor(
    found: (piece: Piece) => void,
    length: (total: number) => void = () => {},
    listener: PartListener | null = null,
  ) {
    this.#found = found;
    this.#length = length;
    this.#listener = listener;
  }

  head(head: Head): void {
    if (head.role === 'response' && head.status < 200) return;
    this.#offset = -1;
    this.#parts = null;
    if (head.role === 'response') {
      if (head.status === 206) {
        this.#partial(head);
        return;
      }
    } else {
      const type = head.field('content-type');
      if (type !== null) this.#parts = this.#read(type);
      if (this.#parts !== null) return;
      const upload = head.method === 'GET' ? null : readUploadRequest(head);
      if (upload !== null) {
        this.#append(upload, head.method);
        return;
      }
    }
    this.#offset = 0;
    if (head.framing === 'content-length') this.#length(head.contentLength);
  }

  content(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (this.#parts !== null) this.#parts.feed(bytes, from, to, at);
    else this.#piece(bytes, from, to, at);
  }

  messageEnd(): void {
    this.#parts?.end();
    this.#parts = null;
    this.#offset = -1;
  }

  #piece(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (this.#offset < 0 || to === from) return;
    this.#found({ offset: this.#offset, bytes, from, to, at });
    this.#offset += to - from;
  }

  /** Content of a resumable upload: where its offset says, or from the first byte on where it creates the upload. */
  #append({ offset, length }: UploadRequest, method: string): void {
    this.#offset = offset ?? (method === 'PATCH' ? -1 : 0);
    if (length !== null) this.#length(length);
  }

  /** The reader of content of this type; null: it has no parts. */
  #read(type: string): PatchReader | null {
    this.#told = -1;
    return createPatchReader(type, this.#sink);
  }

  /** RFC 9110 §15.3.7: one part by its Content-Range, or several as multipart. Others have no bytes to be placed. */
  #partial(head: Head): void {
    const value = head.field('content-range');
    if (value === null) {
      const type = head.field('content-type');
      if (type !== null && mediaType(type) === 'multipart/byteranges') this.#parts = this.#read(type);
      return;
    }
    this.#told = -1;
    const range = parseContentRange(value);
    if (!(range instanceof FieldFault)) this.#place(range);
  }

  #place({ first, complete }: ContentRange): void {
    this.#offset = first ?? -1;
    // Each part of a message may say so: once is enough.
    if (complete === null || complete === this.#told) return;
    this.#told = complete;
    this.#length(complete);
  }
}
