// Hashes of content: while it comes, against what it must hash to, and of all that is stored. Reads, and decides nothing.

import { createHash, type Hash, timingSafeEqual } from 'node:crypto';
import type { DigestAlgorithm } from '../../../shared/fields/content-digest.ts';
import type { ContentSource } from './content-store.ts';

/** Read at a time; the others get their turn in between. */
const PIECE = 1024 * 1024;

/** Node's names of the algorithms of RFC 9530. */
const NODE_NAMES: Readonly<Record<DigestAlgorithm, string>> = {
  'sha-512': 'sha512',
  'sha-256': 'sha256',
  sha: 'sha1',
  md5: 'md5',
};

/** The same, of some of them. */
export function nodeNamesOf(algorithms: readonly DigestAlgorithm[]): ReadonlyMap<string, string> {
  return new Map(algorithms.map((name) => [name, NODE_NAMES[name]]));
}

/** Digests by the names that they are told by. */
type Told = ReadonlyMap<string, Uint8Array>;

export type Verdict =
  | { readonly kind: 'same' }
  /** It does not hash to these. */
  | { readonly kind: 'different'; readonly names: readonly string[]; readonly told: Told }
  /** It cannot be compared, for the reason that the sentence gives. */
  | { readonly kind: 'unknown'; readonly sentence: string };

/** What content must hash to, told before it or behind it, and what it does hash to. */
export class ContentCheck {
  readonly #hashes: ReadonlyMap<string, Hash>;
  readonly #told: () => Told | string;

  /**
   * @param nodeNames algorithms that digests are told by, with Node's names
   * @param told asked once, when all of the content was seen; a sentence: why there are none
   */
  constructor(nodeNames: ReadonlyMap<string, string>, told: () => Told | string) {
    this.#hashes = new Map(Array.from(nodeNames, ([name, nodeName]) => [name, createHash(nodeName)]));
    this.#told = told;
  }

  update(bytes: Uint8Array, from: number, to: number): void {
    for (const hash of this.#hashes.values()) hash.update(bytes.subarray(from, to));
  }

  /** Once, when all of it was seen. */
  verdict(): Verdict {
    const told = this.#told();
    if (typeof told === 'string') return { kind: 'unknown', sentence: told };
    const names = Array.from(told.keys()).filter((name) => {
      const digest = this.#hashes.get(name)?.digest();
      return digest === undefined || !isEqual(digest, told.get(name) ?? new Uint8Array(0));
    });
    return names.length === 0 ? { kind: 'same' } : { kind: 'different', names, told };
  }
}

function isEqual(digest: Uint8Array, bytes: Uint8Array): boolean {
  return digest.length === bytes.length && timingSafeEqual(digest, bytes);
}

/** Digests of all bytes there are when it begins; null: they were thrown away before it was done. */
export async function digestsOf(
  content: ContentSource,
  algorithms: readonly DigestAlgorithm[],
): Promise<Map<DigestAlgorithm, Uint8Array> | null> {
  const hashes = algorithms.map((name) => [name, createHash(NODE_NAMES[name])] as const);
  const { length } = content;
  for (let at = 0; at < length; at += PIECE) {
    const piece = content.read(at, Math.min(length, at + PIECE));
    if (piece === null) return null;
    for (const [, hash] of hashes) hash.update(piece);
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
  return new Map(hashes.map(([name, hash]) => [name, Uint8Array.from(hash.digest())]));
}
