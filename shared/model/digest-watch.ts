// Whether content is what its head said it would hash to (RFC 9530): SHA-256 of what passes, up to a bound, compared at
// its end. Holds no content.

import { Sha256 } from '../digest/sha-256.ts';
import { parseDigest } from '../fields/content-digest.ts';
import { FieldFault } from '../fields/fault.ts';

/** Bytes of content that are hashed: hashing more would hold up everything else. */
const MOST = 16 * 1024 * 1024;

/** A digest that was announced, and where in the stream. */
export interface Announced {
  readonly digest: Uint8Array;
  readonly at: number;
}

/** The SHA-256 in the value of Content-Digest or Repr-Digest; null: there is none, or it cannot be read. */
export function sha256In(name: string, value: string): Uint8Array | null {
  const digests = parseDigest(name, value);
  return digests instanceof FieldFault ? null : (digests.get('sha-256') ?? null);
}

export class DigestWatch {
  readonly #announced: readonly Announced[];
  readonly #hash = new Sha256();
  #length = 0;

  constructor(announced: readonly Announced[]) {
    this.#announced = announced;
  }

  /** The next bytes[from … to) of the content. */
  feed(bytes: Uint8Array, from: number, to: number): void {
    this.#length += to - from;
    if (this.#length <= MOST) this.#hash.update(bytes, from, to);
  }

  /** The content came whole. @returns where a digest was announced that it does not have */
  end(): number[] {
    if (this.#length > MOST) return [];
    const digest = this.#hash.digest();
    const differs = ({ digest: announced }: Announced): boolean =>
      announced.length !== digest.length || announced.some((byte, i) => byte !== digest[i]);
    return this.#announced.filter(differs).map(({ at }) => at);
  }
}
