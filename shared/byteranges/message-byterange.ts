// message/byterange: one part, its fields, an empty line, its bytes (draft-wright-http-patch-byterange). The reader
// takes it piece by piece. Never copies the part's bytes; holds its head only, up to 16 KiB.

import { type ContentRange, writeContentRange } from '../fields/content-range.ts';
import { writeContentOffset } from '../fields/content-offset.ts';
import { fieldLines } from '../http1/writer.ts';
import { TextHead } from './part-head.ts';
import { PartBody } from './part-body.ts';
import type { PartFault, PatchReader, PatchSink } from './parts.ts';

export class MessageByterangeReader implements PatchReader {
  readonly #sink: PatchSink;
  #head = new TextHead();
  #body: PartBody | null = null;
  #over = false;

  constructor(sink: PatchSink) {
    this.#sink = sink;
  }

  feed(bytes: Uint8Array, from: number, to: number, at: number): void {
    let i = from;
    if (this.#body === null && !this.#over) {
      i = this.#head.feed(bytes, from, to, at);
      this.#headRead();
    }
    if (i === to || this.#over) return;
    const fault = this.#body?.take(bytes, i, to, at + (i - from)) ?? null;
    if (fault !== null) this.#fail(fault);
  }

  end(): boolean {
    if (this.#over || this.#body === null) return false;
    this.#over = true;
    // Only here: a byte more would have been a fault, and the part nothing to act upon.
    return this.#body.end(true);
  }

  #headRead(): void {
    const { read } = this.#head;
    if (read === null) return;
    if ('code' in read) this.#fail(read);
    else {
      if (read.note !== null) this.#sink.note?.(read.note);
      this.#body = new PartBody(read.head, this.#sink);
      this.#sink.head(read.head, 0);
    }
  }

  #fail(fault: PartFault): void {
    this.#over = true;
    this.#sink.fault(fault);
  }
}

export interface PartHeadToWrite {
  readonly range: Omit<ContentRange, 'unit'>;
  /** Media type of the target; left out when not given. */
  readonly contentType?: string;
  /** Bytes of the part's body; left out when null. */
  readonly length: number | null;
  /** Leave the unit out of Content-Range, for the server of the proof of concept. */
  readonly legacy?: boolean;
  /** Say where the part begins by Content-Offset; a part that only tells a length has its Content-Range all the same. */
  readonly contentOffset?: boolean;
}

/** The field lines of a part, in their order. */
export function partFields(part: PartHeadToWrite): (readonly [name: string, value: string])[] {
  const { range, contentType, length, legacy = false, contentOffset = false } = part;
  const fields: (readonly [string, string])[] = [
    contentOffset && range.first !== null
      ? ['Content-Offset', writeContentOffset({ offset: range.first, complete: range.complete })]
      : ['Content-Range', writeContentRange({ ...range, unit: legacy ? null : 'bytes' })],
  ];
  if (contentType !== undefined) fields.push(['Content-Type', contentType]);
  if (length !== null) fields.push(['Content-Length', String(length)]);
  return fields;
}

/** Writes the head of a part, its empty line included: to be sent in one write with what follows. */
export function writePartHead(part: PartHeadToWrite): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(`${fieldLines(partFields(part))}\r\n`, (character) => character.charCodeAt(0));
}
