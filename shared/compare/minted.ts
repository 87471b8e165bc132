// What a server mints (upload addresses, entity tags) is called otherwise in each session: learnt from the responses of
// two exchanges that belong together, and put into texts of the first to get what the second would say. Pure; bounded.

import type { Field } from './facts.ts';

/** Fields whose value, or a part of it, is made by the server to be sent back later. Lower case. */
const MINTING: ReadonlySet<string> = new Set([
  'location',
  'content-location',
  'request-content-location',
  'response-message-location',
  'status-uri',
  'status-location',
  'operation-location',
  'azure-asyncoperation',
  'link',
  'etag',
]);

/** Names that are remembered; the oldest go first. */
const REMEMBERED = 1_000;
/** A reference as field values hold it: `</uploads/1>; rel=…`, `"etag"`, a bare one. */
const REFERENCE = /"(?:[^"\\]|\\.)*"|<[^>]*>|[^\s,;<>"]+/g;

/** Whether a response field names what a server minted. */
export function isMinting(name: string): boolean {
  return MINTING.has(name.toLowerCase());
}

export class Minted {
  readonly #names = new Map<string, string>();
  #pattern: RegExp | null = null;

  /** Learns from the minting fields of two exchanges, in order: those of the same name belong together. */
  learn(one: readonly Field[], other: readonly Field[]): void {
    const theirs = new Map<string, string[]>();
    for (const [name, value] of other) {
      const key = name.toLowerCase();
      theirs.set(key, [...(theirs.get(key) ?? []), value]);
    }
    for (const [name, value] of one) {
      const there = theirs.get(name.toLowerCase())?.shift();
      if (there !== undefined) this.#pair(value, there);
    }
  }

  /** Learns that an authority (`host:port`) is another one there. */
  authority(one: string, other: string): void {
    this.#remember(one, other);
  }

  /** The text as the second session would say it. */
  translate = (text: string): string => {
    if (this.#names.size === 0) return text;
    this.#pattern ??= new RegExp(
      // A name ends where the next character could not go on with it.
      `(?:${[...this.#names.keys()]
        .sort((x, y) => y.length - x.length)
        .map((name) => name.replaceAll(/[^\w]/g, '\\$&'))
        .join('|')})(?![\\w~%-])`,
      'g',
    );
    return text.replaceAll(this.#pattern, (name) => this.#names.get(name) ?? name);
  };

  #pair(one: string, other: string): void {
    const ours = one.match(REFERENCE) ?? [];
    const theirs = other.match(REFERENCE) ?? [];
    if (ours.length !== theirs.length) return;
    ours.forEach((reference, i) => {
      const [left, right] = [partsOf(reference), partsOf(theirs[i]!)];
      if (left.authority !== null && right.authority !== null)
        this.#remember(left.authority, right.authority);
      this.#remember(left.name, right.name);
    });
  }

  #remember(one: string, other: string): void {
    // A name of a character or two stands everywhere, and means nothing.
    if (one === other || one.length < 3 || other.length === 0) return;
    this.#names.delete(one);
    this.#names.set(one, other);
    this.#pattern = null;
    if (this.#names.size > REMEMBERED) this.#names.delete(this.#names.keys().next().value!);
  }
}

/** A reference without its brackets, and of an absolute one the path by itself: requests name it so (RFC 9112 §3.2.1). */
function partsOf(reference: string): { readonly authority: string | null; readonly name: string } {
  const bare = reference.startsWith('<') ? reference.slice(1, -1) : reference;
  const [, authority, path] = /^https?:\/\/([^/?#]+)([^#]*)/i.exec(bare) ?? [];
  return authority === undefined ? { authority: null, name: bare } : { authority, name: path ?? '/' };
}
