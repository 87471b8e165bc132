// Upload-Limit: what a server takes of an upload (draft-ietf-httpbis-resumable-upload). A dictionary of integers. Members
// of other names are ignored; one that is no whole number makes the whole field invalid, as the draft wants it.

import { type BareItem, ParseError, parseDictionary, serializeDictionary } from 'structured-headers';
import { FieldFault } from './fault.ts';
import { parseFault } from './structured-item.ts';

export interface UploadLimit {
  /** Most and fewest bytes of the whole upload; null: not told. */
  readonly maxSize: number | null;
  readonly minSize: number | null;
  /** Most and fewest bytes of content that one request may bring. */
  readonly maxAppendSize: number | null;
  readonly minAppendSize: number | null;
  /** Seconds that the upload resource will still be there. */
  readonly maxAge: number | null;
}

export const NO_UPLOAD_LIMIT: UploadLimit = {
  maxSize: null,
  minSize: null,
  maxAppendSize: null,
  minAppendSize: null,
  maxAge: null,
};

const MEMBERS = [
  ['max-size', 'maxSize'],
  ['min-size', 'minSize'],
  ['max-append-size', 'maxAppendSize'],
  ['min-append-size', 'minAppendSize'],
  ['max-age', 'maxAge'],
] as const;

/** Reads an Upload-Limit value. `expires` (interop version 6) is read as `max-age`, unless that is there, too. */
export function parseUploadLimit(value: string): UploadLimit | FieldFault {
  let dictionary;
  try {
    dictionary = parseDictionary(value);
  } catch (error) {
    if (error instanceof ParseError) return parseFault('Upload-Limit', value, error);
    throw error;
  }
  const limit: { -readonly [Name in keyof UploadLimit]: UploadLimit[Name] } = { ...NO_UPLOAD_LIMIT };
  for (const [name, key] of [['expires', 'maxAge'] as const, ...MEMBERS]) {
    const member = dictionary.get(name);
    if (member === undefined) continue;
    const [item] = member;
    if (typeof item !== 'number' || !isWhole(item, name, value)) return notWhole(name, value);
    limit[key] = Math.abs(item);
  }
  return limit;
}

/** The parser gives 5.0 as 5, so how it was written decides. */
function isWhole(item: number, name: string, value: string): boolean {
  return item >= 0 && Number.isInteger(item) && !/^[0-9]+\./.test(value.slice(placeOf(name, value)));
}

function notWhole(name: string, value: string): FieldFault {
  return new FieldFault('syntax', placeOf(name, value), `${name} is a whole number, 0 or more.`);
}

/** Where the value of the last member of that name begins, which is the one that counts (RFC 9651 §3.2). */
function placeOf(name: string, value: string): number {
  // What stands in a string names nothing.
  const masked = value.replaceAll(/%"[^"]*"|"(?:[^"\\]|\\.)*"/g, (text) => '"'.repeat(text.length));
  let place = 0;
  for (const found of masked.matchAll(/(?:^|,)[ \t]*([a-z0-9_.*-]+)=?/g)) {
    if (found[1] === name) place = found.index + found[0].length;
  }
  return place;
}

/**
 * Writes an Upload-Limit value; where there is no limit, `min-size=0`, as the draft wants it.
 * @param ageName `expires` for interop version 6
 */
export function writeUploadLimit(limit: UploadLimit, ageName: 'max-age' | 'expires' = 'max-age'): string {
  const members = new Map<string, [BareItem, Map<string, BareItem>]>();
  for (const [name, key] of MEMBERS) {
    const number = limit[key];
    if (number !== null) members.set(name === 'max-age' ? ageName : name, [number, new Map()]);
  }
  if (members.size === 0) members.set('min-size', [0, new Map()]);
  return serializeDictionary(members);
}
