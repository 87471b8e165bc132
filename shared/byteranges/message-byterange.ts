// message/byterange: one part, its fields, an empty line, its bytes (draft-wright-http-patch-byterange). The reader
// takes it piece by piece. Never copies the part's bytes; holds its head only, up to 16 KiB.

import { parseContentRange, writeContentRange } from '../fields/content-range.ts';
import type { ContentRange } from '../fields/content-range.ts';
import { FieldFault } from '../fields/fault.ts';
import { FieldLineReader } from '../http1/field-lines.ts';
import { CR, LF } from '../http1/grammar.ts';
import { Section } from '../http1/head.ts';
import { fieldLines } from '../http1/writer.ts';

/** Bytes of a part's head. */
export const PART_HEAD_LIMIT = 16 * 1024;

export interface PartHead {
  readonly range: ContentRange;
  /** Media type of the target, '' when not said. */
  readonly contentType: string;
  /** Bytes of the part's body, by its Content-Length or its range; null for an end that is not known. */
  readonly length: number | null;
}

export type PartFaultCode =
  | 'head-too-large'
  | 'invalid-field'
  | 'missing-range'
  | 'invalid-range'
  | 'invalid-length'
  | 'differing-length'
  | 'body-too-long'
  | 'no-head';

/** Why a part cannot be used; nothing is reported after it. */
export interface PartFault {
  readonly code: PartFaultCode;
  /** One sentence for a person. */
  readonly message: string;
}

export interface PartSink {
  head(head: PartHead): void;
  /** Bytes of the part's body, never copied; bytes[from] is at `at` of the stream that `feed` was told of. */
  body(bytes: Uint8Array, from: number, to: number, at: number): void;
  fault(fault: PartFault): void;
}

export class MessageByterangeReader {
  readonly #sink: PartSink;
  #held = new Uint8Array(0);
  #heldLength = 0;
  /** Index in what is held of the line that is not whole yet. */
  #line = 0;
  #head: PartHead | null = null;
  #received = 0;
  #fault: PartFault | null = null;

  constructor(sink: PartSink) {
    this.#sink = sink;
  }

  /** The next bytes[from … to) of the content; bytes[from] is at `at` (any count the caller likes). */
  feed(bytes: Uint8Array, from: number, to: number, at: number): void {
    let i = from;
    while (i < to && this.#head === null && this.#fault === null) {
      const lf = bytes.indexOf(LF, i);
      const end = lf === -1 || lf >= to ? to : lf + 1;
      this.#hold(bytes, i, end);
      if (this.#fault === null && bytes[end - 1] === LF) this.#lineRead();
      i = end;
    }
    if (i < to && this.#head !== null && this.#fault === null) this.#body(bytes, i, to, at + (i - from));
  }

  /**
   * The content is over.
   * @returns whether the part is whole: a shorter body is an interruption at the shorter length, and no fault
   */
  end(): boolean {
    if (this.#head === null && this.#fault === null) {
      this.#fail('no-head', 'The content ends within the head of its part.');
    }
    if (this.#fault !== null || this.#head === null) return false;
    return this.#head.length === null || this.#received === this.#head.length;
  }

  #body(bytes: Uint8Array, from: number, to: number, at: number): void {
    const left = (this.#head!.length ?? Infinity) - this.#received;
    const end = Math.min(to, from + left);
    if (end > from) {
      this.#received += end - from;
      this.#sink.body(bytes, from, end, at);
    }
    if (end < to) {
      this.#fail(
        'body-too-long',
        `The part's body goes on after the ${this.#head!.length} bytes it announced.`,
      );
    }
  }

  #hold(bytes: Uint8Array, from: number, to: number): void {
    const length = this.#heldLength + to - from;
    if (length > PART_HEAD_LIMIT) {
      this.#fail('head-too-large', `The head of the part is longer than ${PART_HEAD_LIMIT} bytes.`);
      return;
    }
    if (length > this.#held.length) {
      const grown = new Uint8Array(Math.max(length, this.#held.length * 2, 256));
      grown.set(this.#held.subarray(0, this.#heldLength));
      this.#held = grown;
    }
    this.#held.set(bytes.subarray(from, to), this.#heldLength);
    this.#heldLength = length;
  }

  /** A line is whole; at the empty one, the head is. */
  #lineRead(): void {
    const length = this.#heldLength - this.#line;
    const empty = length === 1 || (length === 2 && this.#held[this.#line] === CR);
    this.#line = this.#heldLength;
    if (!empty) return;
    const head = readPartHead(this.#held, this.#heldLength);
    this.#held = new Uint8Array(0);
    if ('code' in head) this.#fail(head.code, head.message);
    else {
      this.#head = head;
      this.#sink.head(head);
    }
  }

  #fail(code: PartFaultCode, message: string): void {
    this.#fault = { code, message };
    this.#held = new Uint8Array(0);
    this.#sink.fault(this.#fault);
  }
}

function readPartHead(bytes: Uint8Array, to: number): PartHead | PartFault {
  let broken: string | null = null;
  const section = new Section('request');
  section.begin(bytes, 0, 0);
  const reader = new FieldLineReader(
    { section: PART_HEAD_LIMIT, sectionCode: 'head-too-large', fields: 256 },
    {
      // Slips that a message is forgiven, a part is too.
      note: () => {},
      fail: (code) => {
        broken = code;
      },
    },
  );
  if (!reader.read(section, bytes, 0, to)) {
    return { code: 'invalid-field', message: `The head of the part is malformed (${broken}).` };
  }
  const rangeText = section.field('content-range');
  if (rangeText === null) return { code: 'missing-range', message: 'The part has no Content-Range field.' };
  const range = parseContentRange(rangeText);
  if (range instanceof FieldFault) return { code: 'invalid-range', message: range.message };
  const ranged = range.first === null ? 0 : range.last === null ? null : range.last - range.first + 1;
  const lengthText = section.field('content-length');
  if (lengthText !== null) {
    if (!/^[0-9]+$/.test(lengthText) || Number(lengthText) > Number.MAX_SAFE_INTEGER) {
      return {
        code: 'invalid-length',
        message: `${JSON.stringify(lengthText.slice(0, 40))} is no Content-Length.`,
      };
    }
    if (ranged !== null && ranged !== Number(lengthText)) {
      return {
        code: 'differing-length',
        message: `The part's Content-Length is ${lengthText}, its Content-Range is of ${ranged} bytes.`,
      };
    }
  }
  const length = lengthText === null ? ranged : Number(lengthText);
  return { range, contentType: section.field('content-type') ?? '', length };
}

export interface PartHeadToWrite {
  readonly range: Omit<ContentRange, 'unit'>;
  /** Media type of the target; left out when not given. */
  readonly contentType?: string;
  /** Bytes of the part's body; left out when null. */
  readonly length: number | null;
  /** Leave the unit out of Content-Range, for the server of the proof of concept. */
  readonly legacy?: boolean;
}

/** Writes the head of a part, its empty line included: to be sent in one write with what follows. */
export function writePartHead(part: PartHeadToWrite): Uint8Array<ArrayBuffer> {
  const fields: [string, string][] = [
    ['Content-Range', writeContentRange({ ...part.range, unit: part.legacy === true ? null : 'bytes' })],
  ];
  if (part.contentType !== undefined) fields.push(['Content-Type', part.contentType]);
  if (part.length !== null) fields.push(['Content-Length', String(part.length)]);
  return new TextEncoder().encode(`${fieldLines(fields)}\r\n`);
}
