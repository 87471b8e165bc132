// multipart/byteranges: parts between lines with a boundary (RFC 2046 §5.1.1, RFC 9110 §14.6). Holds back what may be
// the beginning of a boundary, and never more: at most the boundary and four bytes. Preamble and epilogue are skipped.

import { CR, HTAB, LF, SP } from '../http1/grammar.ts';
import { Delimiter, isBoundary } from './delimiter.ts';
import { FirstLine } from './first-line.ts';
import { HeldBytes } from './held-bytes.ts';
import { PartBody } from './part-body.ts';
import { TextHead } from './part-head.ts';
import { PARTS_LIMIT, type PartFault, type PatchReader, type PatchSink } from './parts.ts';

const HYPHEN = 0x2d;

type Stage =
  /** The boundary is not known: the first line tells it. */
  | 'first-line'
  | 'preamble'
  /** Behind a boundary: two hyphens, or the end of the line. */
  | 'after-boundary'
  /** One hyphen behind a boundary. */
  | 'hyphen'
  /** Blanks behind a boundary: transport padding. */
  | 'padding'
  /** The CR of a boundary's line. */
  | 'line-end'
  | 'head'
  /** A body that goes on to the next boundary. */
  | 'body'
  /** A body whose Content-Length says where it ends. */
  | 'counted-body'
  /** A body that is said to be empty: the CRLF of the boundary may have been the head's. */
  | 'empty-body'
  /** Behind a body whose length was told: the boundary must come. */
  | 'boundary'
  | 'epilogue';

export class MultipartByterangesReader implements PatchReader {
  readonly #sink: PatchSink;
  #stage: Stage;
  #delimiter: Delimiter;
  readonly #firstLine = new FirstLine();
  readonly #held = new HeldBytes();
  #head = new TextHead();
  #body: PartBody | null = null;
  #parts = 0;
  /** Every part so far was whole. */
  #whole = true;
  #over = false;
  /** Position where the boundary began that is being matched in a counted body, or behind it. */
  #boundaryAt = 0;
  #noted = false;
  /** The boundary of the media type cannot be one: told with the first byte. */
  readonly #unusable: boolean;

  /** @param boundary that the media type names; null: it names none */
  constructor(boundary: string | null, sink: PatchSink) {
    this.#sink = sink;
    this.#unusable = boundary !== null && !isBoundary(boundary);
    this.#stage = boundary === null ? 'first-line' : 'preamble';
    this.#delimiter = new Delimiter(boundary === null || this.#unusable ? '' : boundary);
    this.#delimiter.atLineStart();
  }

  feed(bytes: Uint8Array, from: number, to: number, at: number): void {
    let i = from;
    while (i < to && !this.#over && this.#stage !== 'epilogue') {
      if (this.#unusable) {
        this.#fail({
          code: 'invalid-boundary',
          message: 'The boundary parameter of the media type has 1 to 70 visible characters.',
          at,
        });
        return;
      }
      i = this.#step(bytes, i, to, at + (i - from));
    }
  }

  end(): boolean {
    if (this.#over) return false;
    this.#over = true;
    // What is held back may be the boundary's beginning: it is no byte of a body that anybody could rely on.
    this.#held.clear();
    this.#partEnd(false);
    return this.#stage === 'epilogue' && this.#whole;
  }

  /** @returns index behind what was used */
  #step(bytes: Uint8Array, from: number, to: number, at: number): number {
    switch (this.#stage) {
      case 'first-line':
        return this.#readFirstLine(bytes, from, to, at);
      case 'preamble': {
        const found = this.#delimiter.find(bytes, from, to);
        if (found !== -1) this.#stage = 'after-boundary';
        return found === -1 ? to : found;
      }
      case 'after-boundary':
      case 'hyphen':
      case 'padding':
      case 'line-end':
        this.#boundaryLine(bytes[from]!, at);
        return from + 1;
      case 'head':
        return this.#readHead(bytes, from, to, at);
      case 'body':
        return this.#readBody(bytes, from, to, at);
      case 'counted-body':
        return this.#readCounted(bytes, from, to, at);
      case 'empty-body':
        if (bytes[from] === CR) this.#delimiter.matched = 0;
        this.#boundaryAt = at;
        this.#stage = 'boundary';
        return from;
      case 'boundary':
        this.#readBoundary(bytes[from]!, at);
        return from + 1;
      case 'epilogue':
        return to;
    }
  }

  #readFirstLine(bytes: Uint8Array, from: number, to: number, at: number): number {
    const next = this.#firstLine.feed(bytes, from, to, at);
    const { read } = this.#firstLine;
    if (read === null) return next;
    if (read.boundary === null) {
      this.#fail({
        code: 'invalid-boundary',
        message: 'The media type names no boundary, and the first line of the content is none either.',
        at: read.at,
      });
      return next;
    }
    this.#sink.note?.({
      code: 'boundary-from-content',
      message: 'The media type names no boundary: it is taken from the first line.',
      at: read.at,
    });
    this.#delimiter = new Delimiter(read.boundary);
    this.#nextPart(read.at);
    return next;
  }

  /** The rest of a boundary's line, a byte at a time. A bare LF ends it as well. */
  #boundaryLine(byte: number, at: number): void {
    const stage = this.#stage;
    if (byte === HYPHEN && stage === 'after-boundary') this.#stage = 'hyphen';
    else if (byte === HYPHEN && stage === 'hyphen') this.#stage = 'epilogue';
    else if ((byte === SP || byte === HTAB) && (stage === 'after-boundary' || stage === 'padding')) {
      this.#stage = 'padding';
    } else if (byte === CR && (stage === 'after-boundary' || stage === 'padding')) this.#stage = 'line-end';
    else if (byte === LF && stage !== 'hyphen') this.#nextPart(at + 1);
    else {
      this.#fail({
        code: 'invalid-delimiter',
        message: 'A boundary is followed by two hyphens or by the end of its line, and this one by neither.',
        at,
      });
    }
  }

  #nextPart(at: number): void {
    if (this.#parts === PARTS_LIMIT) {
      this.#fail({
        code: 'too-many-parts',
        message: `The patch has more than ${PARTS_LIMIT} parts.`,
        at,
      });
      return;
    }
    this.#head = new TextHead();
    this.#stage = 'head';
  }

  #readHead(bytes: Uint8Array, from: number, to: number, at: number): number {
    const next = this.#head.feed(bytes, from, to, at);
    const { read } = this.#head;
    if (read === null) return next;
    if ('code' in read) {
      this.#fail(read);
      return next;
    }
    if (read.note !== null) this.#sink.note?.(read.note);
    this.#body = new PartBody(read.head, this.#sink);
    // The empty line's CRLF may be the boundary's already.
    this.#delimiter.atLineStart();
    this.#noted = false;
    // Content-Range says nothing of where the body ends here, only Content-Length does.
    if (!read.saysLength) this.#stage = 'body';
    else this.#stage = read.head.length === 0 ? 'empty-body' : 'counted-body';
    this.#sink.head(read.head, this.#parts++);
    return next;
  }

  #readBody(bytes: Uint8Array, from: number, to: number, at: number): number {
    const found = this.#delimiter.find(bytes, from, to);
    const dataEnd = found === -1 ? to - this.#delimiter.matched : found - this.#delimiter.length;
    if (dataEnd >= from) {
      // What was held back was data.
      this.#held.release((held, start, end, position) => this.#take(held, start, end, position));
      this.#take(bytes, from, dataEnd, at);
    }
    if (this.#over) return to;
    if (found === -1) {
      const begin = Math.max(from, dataEnd);
      this.#held.push(bytes, begin, to, at + (begin - from));
      return to;
    }
    this.#held.clear();
    this.#boundaryRead();
    return found;
  }

  #take(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (this.#over || this.#body === null) return;
    const fault = this.#body.take(bytes, from, to, at);
    if (fault !== null) this.#fail(fault);
  }

  #readCounted(bytes: Uint8Array, from: number, to: number, at: number): number {
    const body = this.#body!;
    const end = Math.min(to, from + body.left);
    if (!this.#noted) this.#noteBoundary(bytes, from, end, at);
    body.take(bytes, from, end, at);
    if (body.left === 0) {
      this.#delimiter.matched = 0;
      this.#stage = 'boundary';
    }
    return end;
  }

  /** A body whose length is told may hold the boundary: an error of whoever chose it (RFC 2046 §5.1.1). */
  #noteBoundary(bytes: Uint8Array, from: number, to: number, at: number): void {
    const found = this.#delimiter.find(bytes, from, to);
    const { length, matched } = this.#delimiter;
    const begin = found === -1 ? to - matched : found - length;
    // The line end in front of a body is none of its bytes.
    if (begin >= from || this.#body?.received === 0) this.#boundaryAt = at + Math.max(0, begin - from);
    if (found === -1) return;
    this.#noted = true;
    this.#sink.note?.({
      code: 'boundary-in-body',
      message: 'The boundary is also in the body of a part: only its Content-Length tells where it ends.',
      at: this.#boundaryAt,
    });
  }

  #readBoundary(byte: number, at: number): void {
    const delimiter = this.#delimiter;
    if (delimiter.matched === 0) this.#boundaryAt = at;
    if (byte !== delimiter.bytes[delimiter.matched]) {
      this.#fail(this.#body!.tooLong(this.#boundaryAt));
      return;
    }
    delimiter.matched++;
    if (delimiter.matched === delimiter.length) {
      delimiter.matched = 0;
      this.#boundaryRead();
    }
  }

  #boundaryRead(): void {
    this.#partEnd(true);
    this.#stage = 'after-boundary';
  }

  #partEnd(marked: boolean): void {
    const body = this.#body;
    this.#body = null;
    if (body !== null && !body.end(marked)) this.#whole = false;
  }

  #fail(fault: PartFault): void {
    this.#over = true;
    this.#held.clear();
    this.#sink.fault(fault);
  }
}
