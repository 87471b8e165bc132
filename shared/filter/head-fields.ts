// The fields of one head, for the terms that ask for them. Takes a head as it was captured, whatever is wrong with it;
// the parser has judged it before.

import { latin1 } from '../http1/grammar.ts';
import type { Matcher } from './matcher.ts';

/** One field of a head; the name in small letters, the value without white space around it. */
export interface HeadField {
  readonly name: string;
  readonly value: string;
}

/**
 * The fields of a head with its start line. RFC 9112 §2.2: a bare LF ends a line too; §5.2: a line that begins with
 * white space goes on with the value before.
 */
export function fieldsOf(bytes: Uint8Array): HeadField[] {
  const lines = latin1(bytes, 0, bytes.length).split(/\r?\n/);
  const fields: { name: string; value: string }[] = [];
  for (const line of lines.slice(1)) {
    if (line === '') break;
    const last = fields.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last !== undefined) last.value = `${last.value} ${line.trim()}`.trim();
      continue;
    }
    const colon = line.indexOf(':');
    if (colon > 0)
      fields.push({ name: line.slice(0, colon).toLowerCase(), value: line.slice(colon + 1).trim() });
  }
  return fields;
}

/** The terms that fields answer. */
export type FieldTerms = Matcher['fields'];

/** The bits of the terms that a head answers. */
export function fieldBits(fields: readonly HeadField[], terms: FieldTerms): number {
  let bits = 0;
  for (const { term, bit } of terms)
    if (
      fields.some(
        ({ name, value }) => name === term.field && (term.value === null || fits(value, term.value)),
      )
    )
      bits |= bit;
  return bits;
}

/** The whole value, without regard to case; a `*` stands for anything. */
function fits(value: string, wanted: string): boolean {
  const parts = wanted.toLowerCase().split('*');
  let rest = value.toLowerCase();
  const [first = '', ...others] = parts;
  if (others.length === 0) return rest === first;
  if (!rest.startsWith(first)) return false;
  rest = rest.slice(first.length);
  const last = others.pop()!;
  for (const part of others) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return rest.endsWith(last) && rest.length >= last.length;
}
