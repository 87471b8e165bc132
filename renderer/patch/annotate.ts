// What each stretch of an application/byteranges message is: framing indicators, lengths, names, values, content.
// Reads bytes as they will be sent; what cannot be read is told as such, never guessed.

import { VarintReader } from '../../shared/byteranges/varint.ts';

/** Bytes from … to (exclusive) of the content of a request. */
export interface Annotation {
  readonly from: number;
  readonly to: number;
  readonly kind: 'framing' | 'length' | 'name' | 'value' | 'content' | 'unknown';
  /** A few words. */
  readonly says: string;
}

/** The framing indicator of a message whose lengths are known (as in RFC 9292 §3.3). */
const KNOWN_LENGTH = 8;

interface Varint {
  readonly value: number;
  /** Position behind it. */
  readonly end: number;
}

/** A variable-length integer; null where it is cut short. */
function readVarint(bytes: Uint8Array, from: number): Varint | null {
  const reader = new VarintReader();
  for (let at = from; at < bytes.length; at++)
    if (reader.take(bytes[at]!, at)) return { value: reader.value, end: at + 1 };
  return null;
}

/** Every byte is in exactly one annotation, in order. */
export function annotate(bytes: Uint8Array): readonly Annotation[] {
  const found: Annotation[] = [];
  let at = 0;
  const add = (to: number, kind: Annotation['kind'], says: string): void => {
    found.push({ from: at, to, kind, says });
    at = to;
  };
  while (at < bytes.length && readMessage(bytes, () => at, add)) continue;
  if (at < bytes.length) add(bytes.length, 'unknown', 'not read');
  return found;
}

/** One message; false where it cannot be read on. */
function readMessage(
  bytes: Uint8Array,
  at: () => number,
  add: (to: number, kind: Annotation['kind'], says: string) => void,
): boolean {
  const framing = readVarint(bytes, at());
  if (framing === null || framing.value !== KNOWN_LENGTH) return false;
  add(framing.end, 'framing', 'framing: known length');
  const section = readVarint(bytes, at());
  if (section === null || section.end + section.value > bytes.length) return false;
  add(section.end, 'length', `fields: ${section.value} bytes`);
  const end = at() + section.value;
  while (at() < end) {
    for (const kind of ['name', 'value'] as const) {
      const length = readVarint(bytes, at());
      if (length === null || length.end + length.value > end) return false;
      add(length.end, 'length', `${kind}: ${length.value} bytes`);
      if (length.value > 0) add(at() + length.value, kind, ascii(bytes, at(), at() + length.value));
    }
  }
  const content = readVarint(bytes, at());
  if (content === null || content.end + content.value > bytes.length) return false;
  add(content.end, 'length', `content: ${content.value} bytes`);
  if (content.value > 0) add(at() + content.value, 'content', 'content');
  return true;
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, Math.min(to, from + 200)));
}
