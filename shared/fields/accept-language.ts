// Accept-Language: what the user reads, most wanted first (RFC 9110 §12.5.4), and which of several languages that
// chooses (RFC 4647 §3.4, lookup). A wish, never a condition: what cannot be read is as good as not sent.

import { FieldFault } from './fault.ts';
import { FieldScanner } from './scanner.ts';

export interface LanguageRange {
  /** A language tag or its beginning, or an asterisk; as it was written. */
  readonly range: string;
  /** 0 (not wanted) … 1, in thousandths. */
  readonly weight: number;
}

const RANGE = /(?:[A-Za-z]{1,8}(?:-[0-9A-Za-z]{1,8})*|\*)(?![0-9A-Za-z*-])/y;
const WEIGHT = /(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)(?![0-9.])/y;

/** Reads an Accept-Language value (its lines joined by commas), in its order. */
export function parseAcceptLanguage(value: string): readonly LanguageRange[] | FieldFault {
  const ranges: LanguageRange[] = [];
  const scanner = new FieldScanner('Accept-Language', value);
  const fault = scanner.list(() => {
    const range = scanner.take(RANGE);
    if (range === null) return scanner.fault('a language range');
    scanner.skipBlanks();
    let weight = 1;
    if (scanner.skip(';')) {
      scanner.skipBlanks();
      if (!(scanner.skip('q') || scanner.skip('Q'))) return scanner.fault('"q="');
      if (!scanner.skip('=')) return scanner.fault('"="');
      const digits = scanner.take(WEIGHT);
      if (digits === null) return scanner.fault('a weight from 0 to 1 with at most three decimals');
      weight = Number(digits[0]);
    }
    ranges.push({ range: range[0], weight });
    return undefined;
  });
  return fault ?? ranges;
}

/**
 * Chooses a language. Without a wish (no field, or none that can be read) the first that is offered; null if none of
 * them is wanted, so that the caller decides what then.
 * @param offered language tags, the default first
 */
export function chooseLanguage(value: string | null, offered: readonly string[]): string | null {
  const parsed = value === null ? [] : parseAcceptLanguage(value);
  const ranges = parsed instanceof FieldFault ? [] : parsed;
  if (ranges.length === 0) return offered[0] ?? null;
  const allowed = offered.filter((tag) => weightOf(tag, ranges) !== 0);
  const wanted = ranges.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  for (const { range } of wanted) {
    const tag = range === '*' ? allowed[0] : lookUp(range.toLowerCase(), allowed);
    if (tag !== undefined) return tag;
  }
  return null;
}

/** RFC 4647 §3.4: the range is shortened from its end until it is one of the tags. */
function lookUp(range: string, tags: readonly string[]): string | undefined {
  for (let subtags = range.split('-'); subtags.length > 0; subtags = shortened(subtags)) {
    const wanted = subtags.join('-');
    const tag = tags.find((offered) => offered.toLowerCase() === wanted);
    if (tag !== undefined) return tag;
  }
  return undefined;
}

/** Without its last subtag, nor a single character that would then be the last. */
function shortened(subtags: readonly string[]): string[] {
  const rest = subtags.slice(0, -1);
  return rest.at(-1)?.length === 1 ? rest.slice(0, -1) : rest;
}

/** The weight that the longest range which covers the tag gives it (RFC 4647 §3.3.1); null if none covers it. */
function weightOf(tag: string, ranges: readonly LanguageRange[]): number | null {
  const name = tag.toLowerCase();
  let weight: number | null = null;
  let length = -1;
  for (const range of ranges) {
    const prefix = range.range === '*' ? '' : range.range.toLowerCase();
    if (prefix.length <= length) continue;
    if (prefix !== '' && name !== prefix && !name.startsWith(`${prefix}-`)) continue;
    length = prefix.length;
    weight = range.weight;
  }
  return weight;
}
