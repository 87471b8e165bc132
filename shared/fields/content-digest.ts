// Content-Digest and Repr-Digest, Want-Content-Digest and Want-Repr-Digest (RFC 9530): what bytes hash to, and which
// hashes are wanted. Dictionaries (RFC 9651 §3.2). Names algorithms only; computing one is for whoever has the bytes.

import {
  type BareItem,
  type Dictionary,
  ParseError,
  parseDictionary,
  serializeDictionary,
} from 'structured-headers';
import { FieldFault } from './fault.ts';
import { parseFault } from './structured-item.ts';

/** Algorithms of RFC 9530 §5 that are known here, best first; the last two are insecure. Bytes of each digest. */
export const DIGEST_LENGTHS = { 'sha-512': 64, 'sha-256': 32, sha: 20, md5: 16 } as const;

export type DigestAlgorithm = keyof typeof DIGEST_LENGTHS;

export const DIGEST_ALGORITHMS = Object.keys(DIGEST_LENGTHS) as readonly DigestAlgorithm[];

export function isDigestAlgorithm(name: string): name is DigestAlgorithm {
  return Object.hasOwn(DIGEST_LENGTHS, name);
}

/**
 * Reads a Content-Digest or Repr-Digest value: digests by the names of their algorithms, known or not, in their order.
 * @param what for its faults: `Content-Digest`
 */
export function parseDigest(what: string, value: string): Map<string, Uint8Array> | FieldFault {
  const dictionary = dictionaryOf(what, value);
  if (dictionary instanceof FieldFault) return dictionary;
  const digests = new Map<string, Uint8Array>();
  for (const [name, [item]] of dictionary) {
    // The parser gives a byte sequence as an ArrayBuffer, which nothing else that it gives is.
    if (!(item instanceof ArrayBuffer)) {
      return new FieldFault(
        'syntax',
        placeOf(name, value),
        `The digest ${name} is a byte sequence, between two colons.`,
      );
    }
    digests.set(name, new Uint8Array(item));
  }
  return digests;
}

/**
 * Reads a Want-Content-Digest or Want-Repr-Digest value: names, the most wanted first; what is not acceptable (0) is left
 * out. @param what for its faults: `Want-Repr-Digest`
 */
export function parseWantDigest(what: string, value: string): string[] | FieldFault {
  const dictionary = dictionaryOf(what, value);
  if (dictionary instanceof FieldFault) return dictionary;
  const wanted: [name: string, weight: number][] = [];
  for (const [name, [item]] of dictionary) {
    // RFC 9530 §4: an Integer of 0 … 10.
    if (typeof item !== 'number' || !Number.isInteger(item) || item < 0 || item > 10) {
      return new FieldFault(
        'syntax',
        placeOf(name, value),
        `The preference for ${name} is a whole number from 0 to 10.`,
      );
    }
    if (item > 0) wanted.push([name, item]);
  }
  return wanted.toSorted(([, a], [, b]) => b - a).map(([name]) => name);
}

/** Writes a Content-Digest or Repr-Digest value. @param digests at least one; names as keys of a dictionary are */
export function writeDigest(digests: ReadonlyMap<string, Uint8Array>): string {
  const members = new Map<string, [BareItem, Map<string, BareItem>]>();
  // A copy: the serializer takes no view of a larger buffer of any kind.
  for (const [name, bytes] of digests) members.set(name, [Uint8Array.from(bytes), new Map()]);
  return serializeDictionary(members);
}

/** Writes a Want-Content-Digest or Want-Repr-Digest value. @param names at most ten, the most wanted first */
export function writeWantDigest(names: readonly string[]): string {
  const members = new Map<string, [BareItem, Map<string, BareItem>]>();
  for (const [index, name] of names.entries()) members.set(name, [10 - index, new Map()]);
  return serializeDictionary(members);
}

function dictionaryOf(what: string, value: string): Dictionary | FieldFault {
  try {
    return parseDictionary(value);
  } catch (error) {
    if (error instanceof ParseError) return parseFault(what, value, error);
    throw error;
  }
}

/** Where a member of that name begins, outside of strings and byte sequences. */
function placeOf(name: string, value: string): number {
  const masked = value.replaceAll(/%"[^"]*"|"(?:[^"\\]|\\.)*"|:[^:]*:/g, (text) => '"'.repeat(text.length));
  let place = 0;
  for (const found of masked.matchAll(/(?:^|,)[ \t]*([a-z0-9_.*-]+)/g)) {
    if (found[1] === name) place = found.index + found[0].length - name.length;
  }
  return place;
}
