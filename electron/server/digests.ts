// Hashes of content: while it comes, against what it must hash to, and of all that is stored. Reads, and decides nothing.

import { createHash, type Hash, timingSafeEqual } from 'node:crypto';
import type { DigestAlgorithm } from '../../shared/fields/content-digest.ts';
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

/** What content must hash to, and what it does hash to. */
export class ContentCheck {
  readonly #checks: readonly { readonly name: string; readonly bytes: Uint8Array; readonly hash: Hash }[];

  /** @param checks each by the name that it is told by, with a hash of that algorithm */
  constructor(checks: readonly { readonly name: string; readonly bytes: Uint8Array; readonly hash: Hash }[]) {
    this.#checks = checks;
  }

  /** Of digests of RFC 9530; null: there are none. */
  static ofDigests(digests: ReadonlyMap<DigestAlgorithm, Uint8Array>): ContentCheck | null {
    if (digests.size === 0) return null;
    return new ContentCheck(
      Array.from(digests, ([name, bytes]) => ({ name, bytes, hash: createHash(NODE_NAMES[name]) })),
    );
  }

  update(bytes: Uint8Array, from: number, to: number): void {
    for (const { hash } of this.#checks) hash.update(bytes.subarray(from, to));
  }

  /** Names of those that the content does not hash to. Once, when all of it was seen. */
  mismatches(): string[] {
    return this.#checks.filter(({ bytes, hash }) => !isEqual(hash.digest(), bytes)).map(({ name }) => name);
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
