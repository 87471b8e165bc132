// application/byteranges: messages in binary, one after the other, of known or indeterminate length
// (draft-ietf-httpapi-patch-byterange, RFC 9292). Never copies content; a length that is claimed takes no memory.

import { BinaryHead } from './binary-head.ts';
import { PartBody } from './part-body.ts';
import { readPart } from './part-fields.ts';
import { PARTS_LIMIT, type PartFault, type PatchReader, type PatchSink } from './parts.ts';
import { VarintReader } from './varint.ts';

/** Framing indicators. */
export const KNOWN_LENGTH = 8;
export const INDETERMINATE_LENGTH = 10;

export class ApplicationByterangesReader implements PatchReader {
  readonly #sink: PatchSink;
  readonly #varint = new VarintReader();
  #stage: 'framing' | 'section-length' | 'fields' | 'content-length' | 'content' | 'chunk-length' | 'chunk' =
    'framing';
  #indeterminate = false;
  #fields: BinaryHead | null = null;
  #body: PartBody | null = null;
  /** Bytes of the content, or of its chunk, that are to come. */
  #left = 0;
  #parts = 0;
  /** Every part so far was whole. */
  #whole = true;
  #over = false;

  constructor(sink: PatchSink) {
    this.#sink = sink;
  }

  feed(bytes: Uint8Array, from: number, to: number, at: number): void {
    let i = from;
    while (i < to && !this.#over) {
      const position = at + (i - from);
      switch (this.#stage) {
        case 'fields':
          i = this.#readFields(bytes, i, to, position);
          break;
        case 'content':
        case 'chunk':
          i = this.#readContent(bytes, i, to, position);
          break;
        case 'framing':
        case 'section-length':
        case 'content-length':
        case 'chunk-length':
          if (this.#varint.take(bytes[i]!, position)) this.#numberRead(position + 1);
          i++;
          break;
      }
    }
  }

  end(): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.#body?.end(false);
    return this.#stage === 'framing' && !this.#varint.begun && this.#whole;
  }

  /** @param next position of the byte behind the number */
  #numberRead(next: number): void {
    const { value, at } = this.#varint;
    if (value > Number.MAX_SAFE_INTEGER) {
      this.#fail({ code: 'number-too-large', message: 'A length is more than 9007199254740991.', at });
      return;
    }
    switch (this.#stage) {
      case 'framing':
        this.#framingRead(value, at, next);
        return;
      case 'section-length':
        this.#beginFields(value, next);
        return;
      case 'content-length':
        this.#left = value;
        this.#stage = 'content';
        if (this.#partRead(value) && value === 0) this.#partEnd();
        return;
      case 'chunk-length':
        this.#left = value;
        this.#stage = 'chunk';
        if (value === 0) this.#partEnd();
        return;
      case 'fields':
      case 'content':
      case 'chunk':
    }
  }

  #framingRead(value: number, at: number, next: number): void {
    if (value !== KNOWN_LENGTH && value !== INDETERMINATE_LENGTH) {
      this.#fail({
        code: 'invalid-framing',
        message: `A message begins with ${KNOWN_LENGTH} or ${INDETERMINATE_LENGTH}, not with ${value}.`,
        at,
      });
    } else if (this.#parts === PARTS_LIMIT) {
      this.#fail({ code: 'too-many-parts', message: `The patch has more than ${PARTS_LIMIT} parts.`, at });
    } else {
      this.#indeterminate = value === INDETERMINATE_LENGTH;
      this.#stage = 'section-length';
      if (this.#indeterminate) this.#beginFields(null, next);
    }
  }

  #beginFields(length: number | null, at: number): void {
    this.#fields = new BinaryHead(length, at);
    this.#stage = 'fields';
    this.#fieldsRead();
  }

  #readFields(bytes: Uint8Array, from: number, to: number, at: number): number {
    const next = this.#fields!.feed(bytes, from, to, at);
    this.#fieldsRead();
    return next;
  }

  #fieldsRead(): void {
    const { complete, fault } = this.#fields!;
    if (fault !== null) this.#fail(fault);
    else if (complete && !this.#indeterminate) this.#stage = 'content-length';
    else if (complete && this.#partRead(null)) this.#stage = 'chunk-length';
  }

  /** All that is told ahead of the content is there. */
  #partRead(framed: number | null): boolean {
    const read = readPart(this.#fields!, framed);
    this.#fields = null;
    if ('code' in read) {
      this.#fail(read);
      return false;
    }
    if (read.note !== null) this.#sink.note?.(read.note);
    this.#body = new PartBody(read.head, this.#sink);
    this.#sink.head(read.head, this.#parts++);
    return true;
  }

  #readContent(bytes: Uint8Array, from: number, to: number, at: number): number {
    const end = Math.min(to, from + this.#left);
    const fault = this.#body!.take(bytes, from, end, at);
    if (fault !== null) {
      this.#fail(fault);
      return end;
    }
    this.#left -= end - from;
    if (this.#left === 0) {
      if (this.#indeterminate) this.#stage = 'chunk-length';
      else this.#partEnd();
    }
    return end;
  }

  #partEnd(): void {
    const body = this.#body!;
    this.#body = null;
    this.#stage = 'framing';
    if (!body.end(true)) this.#whole = false;
  }

  #fail(fault: PartFault): void {
    this.#over = true;
    this.#sink.fault(fault);
  }
}
