// Writes byte-range patches: which bytes go where, with the bodies as references into a source, so that one of any size
// takes no memory. Never writes what could not be read back.

import type { ContentRange } from '../fields/content-range.ts';
import { writeWord } from '../fields/scanner.ts';
import { fieldLines } from '../http1/writer.ts';
import { INDETERMINATE_LENGTH, KNOWN_LENGTH } from './application-byteranges.ts';
import { isBoundary } from './delimiter.ts';
import { type PartHeadToWrite, partFields, writePartHead } from './message-byterange.ts';
import { PARTS_LIMIT } from './parts.ts';
import { varintBytes } from './varint.ts';

export type PatchForm = 'message' | 'multipart' | 'application';

export interface PartToWrite {
  readonly range: Omit<ContentRange, 'unit'>;
  /** Media type of the target; left out when not given. */
  readonly contentType?: string;
  /** The body is the source's bytes from … to (exclusive). */
  readonly from: number;
  readonly to: number;
}

export interface PatchOptions {
  /** For multipart; must be in no body that is written without its length, which nobody looks up here. */
  readonly boundary?: string;
  /** Tell no length but the range's own: bodies end with the content, at a boundary, or after their chunks. */
  readonly indeterminate?: boolean;
  /** Say where a part begins by Content-Offset, and not where it ends. */
  readonly contentOffset?: boolean;
  /** Leave out the unit of ranges, for the server of the proof of concept. */
  readonly legacy?: boolean;
}

/** Bytes as they are, or the source's bytes from … to (exclusive). */
export type LayoutPiece = { readonly bytes: Uint8Array } | { readonly from: number; readonly to: number };

export interface PatchLayout {
  readonly contentType: string;
  /** Bytes of the whole content. */
  readonly length: number;
  /** In order, none empty. */
  readonly pieces: readonly LayoutPiece[];
}

const BOUNDARY = 'interim-byteranges-boundary';

/** Bytes of a chunk, and chunks of a part: what is larger has larger chunks. */
const CHUNK = 64 * 1024;
const MOST_CHUNKS = 256;

/**
 * Lays out a patch.
 * @throws RangeError for parts that make no patch, HttpSyntaxError for a media type that is no field value,
 *   SerializeError for an offset of more than fifteen digits
 */
export function layoutPatch(
  form: PatchForm,
  parts: readonly PartToWrite[],
  options: PatchOptions = {},
): PatchLayout {
  if (parts.length === 0 || parts.length > PARTS_LIMIT)
    throw new RangeError(`A patch has 1 to ${PARTS_LIMIT} parts, not ${parts.length}.`);
  for (const part of parts) checkPart(part);
  const writer = new PieceWriter();
  switch (form) {
    case 'message':
      if (parts.length > 1)
        throw new RangeError(`A message/byterange has one part, not ${parts.length}: use another form.`);
      writer.bytes(writePartHead(headOf(parts[0]!, options)));
      writer.source(parts[0]!.from, parts[0]!.to);
      return writer.layout('message/byterange');
    case 'multipart':
      return layoutMultipart(writer, parts, options);
    case 'application':
      for (const part of parts) layoutMessage(writer, part, options);
      return writer.layout('application/byteranges');
  }
}

/** A body is as long as its range: nothing else could be read back. */
function checkPart({ range, from, to }: PartToWrite): void {
  const { first, last } = range;
  const length = to - from;
  if (!Number.isSafeInteger(length) || length < 0)
    throw new RangeError(`The body of a part cannot be the bytes ${from} to ${to}.`);
  const ranged = first === null ? 0 : last === null ? length : last - first + 1;
  if (ranged !== length)
    throw new RangeError(`A part of ${ranged} bytes by its range cannot have ${length} bytes.`);
}

function headOf(part: PartToWrite, options: PatchOptions): PartHeadToWrite {
  const { range, contentType, from, to } = part;
  const { indeterminate = false, contentOffset = false, legacy = false } = options;
  // Content-Offset is for content whose end is not known.
  const open = indeterminate || (contentOffset && range.first !== null);
  return {
    range,
    ...(contentType === undefined ? {} : { contentType }),
    length: open ? null : to - from,
    legacy,
    contentOffset,
  };
}

function layoutMultipart(
  writer: PieceWriter,
  parts: readonly PartToWrite[],
  options: PatchOptions,
): PatchLayout {
  const { boundary = BOUNDARY } = options;
  if (!isBoundary(boundary))
    throw new RangeError(`A boundary has 1 to 70 visible characters, not ${JSON.stringify(boundary)}.`);
  parts.forEach((part, index) => {
    writer.text(`${index === 0 ? '' : '\r\n'}--${boundary}\r\n`);
    writer.bytes(writePartHead(headOf(part, options)));
    writer.source(part.from, part.to);
  });
  writer.text(`\r\n--${boundary}--`);
  return writer.layout(`multipart/byteranges; boundary=${writeWord(boundary)}`);
}

function layoutMessage(writer: PieceWriter, part: PartToWrite, options: PatchOptions): void {
  const { indeterminate = false } = options;
  // The framing tells the length of the content: no field needs to.
  const fields = partFields({ ...headOf(part, options), length: null });
  // The same fields must be possible as text.
  fieldLines(fields);
  const section: number[] = [];
  for (const [name, value] of fields) {
    for (const text of [name.toLowerCase(), value]) {
      section.push(...varintBytes(text.length), ...Array.from(text, (c) => c.charCodeAt(0)));
    }
  }
  const { from, to } = part;
  if (!indeterminate) {
    writer.numbers(KNOWN_LENGTH, section.length);
    writer.bytes(Uint8Array.from(section));
    writer.numbers(to - from);
    writer.source(from, to);
    return;
  }
  writer.numbers(INDETERMINATE_LENGTH);
  writer.bytes(Uint8Array.from(section));
  writer.numbers(0);
  const chunk = Math.max(CHUNK, Math.ceil((to - from) / MOST_CHUNKS));
  for (let at = from; at < to; at += chunk) {
    const end = Math.min(to, at + chunk);
    writer.numbers(end - at);
    writer.source(at, end);
  }
  writer.numbers(0);
}

/** Collects pieces; bytes that touch become one. */
class PieceWriter {
  readonly #pieces: LayoutPiece[] = [];
  #bytes: Uint8Array[] = [];
  #length = 0;

  bytes(bytes: Uint8Array): void {
    this.#bytes.push(bytes);
    this.#length += bytes.length;
  }

  text(text: string): void {
    this.bytes(new TextEncoder().encode(text));
  }

  numbers(...values: number[]): void {
    this.bytes(Uint8Array.from(values.flatMap(varintBytes)));
  }

  source(from: number, to: number): void {
    if (to === from) return;
    this.#join();
    this.#pieces.push({ from, to });
    this.#length += to - from;
  }

  layout(contentType: string): PatchLayout {
    this.#join();
    return { contentType, length: this.#length, pieces: this.#pieces };
  }

  #join(): void {
    const bytes = new Uint8Array(this.#bytes.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of this.#bytes) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.#bytes = [];
    if (at > 0) this.#pieces.push({ bytes });
  }
}
