// The parts of multipart content of any subtype (RFC 2046 §5.1), each with its fields and where its body lies. Reads what
// is there, whole or not; never copies a body, never tells more parts than its bound.

import { Delimiter, isBoundary } from '../byteranges/delimiter.ts';
import { FieldLineReader } from '../http1/field-lines.ts';
import { CR, LF } from '../http1/grammar.ts';
import { Section } from '../http1/head.ts';

/** Parts that are told. */
export const MULTIPART_PARTS = 1000;
const HEAD_LIMIT = 16 * 1024;
const HYPHEN = 0x2d;

export interface MultipartPart {
  /** In order; none where they cannot be read. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Its body is the content's bytes from … to (exclusive). */
  readonly from: number;
  readonly to: number;
  /** The boundary behind it has come. */
  readonly whole: boolean;
}

export interface MultipartContent {
  readonly parts: readonly MultipartPart[];
  /** The last boundary has come, the one with two hyphens. */
  readonly closed: boolean;
  /** There are more parts than {@link MULTIPART_PARTS}. */
  readonly more: boolean;
}

/** @returns null: the boundary is none, or not in the content. @param boundary parameter of the media type */
export function splitMultipart(bytes: Uint8Array, boundary: string | null): MultipartContent | null {
  if (boundary === null || !isBoundary(boundary)) return null;
  const delimiter = new Delimiter(boundary);
  delimiter.atLineStart();
  const parts: MultipartPart[] = [];
  let at = delimiter.find(bytes, 0, bytes.length);
  if (at === -1) return null;
  while (!(bytes[at] === HYPHEN && bytes[at + 1] === HYPHEN)) {
    if (parts.length === MULTIPART_PARTS) return { parts, closed: false, more: true };
    const line = bytes.indexOf(LF, at);
    if (line === -1) return { parts, closed: false, more: false };
    const { fields, end } = readFields(bytes, line + 1);
    // The empty line's CRLF may be the boundary's already.
    const from = end;
    delimiter.atLineStart();
    const behind = delimiter.find(bytes, from, bytes.length);
    if (behind === -1) {
      parts.push({ fields, from, to: Math.max(from, bytes.length), whole: false });
      return { parts, closed: false, more: false };
    }
    parts.push({ fields, from, to: Math.max(from, behind - delimiter.length), whole: true });
    at = behind;
  }
  return { parts, closed: true, more: false };
}

/** The fields that begin at an index, and the index behind the empty line that ends them. */
function readFields(bytes: Uint8Array, from: number): { fields: [string, string][]; end: number } {
  const section = new Section('request');
  section.begin(bytes, from, 0);
  const reader = new FieldLineReader(
    { section: HEAD_LIMIT, sectionCode: 'head-too-large', fields: 256 },
    { note: () => {}, fail: () => {} },
  );
  if (reader.read(section, bytes, from, bytes.length) && reader.complete) {
    const fields = Array.from({ length: section.fieldCount }, (_, i): [string, string] => [
      section.fieldName(i),
      section.fieldValue(i),
    ]);
    return { fields, end: reader.next };
  }
  return { fields: [], end: emptyLine(bytes, from) };
}

/** Index behind the first empty line; the end without one. */
function emptyLine(bytes: Uint8Array, from: number): number {
  let line = from;
  while (line < bytes.length) {
    const lf = bytes.indexOf(LF, line);
    if (lf === -1) break;
    if (lf === line || (lf === line + 1 && bytes[line] === CR)) return lf + 1;
    line = lf + 1;
  }
  return bytes.length;
}
