// Link (RFC 8288 §3): `</tus/7>; rel="duplicate"`. References are as written; who knows the request's URI resolves them.

import type { FieldFault } from './fault.ts';
import { FieldScanner } from './scanner.ts';

export interface Link {
  readonly reference: string;
  /** Relation types, in lower case; those of the first `rel` only (RFC 8288 §3.3). */
  readonly relations: readonly string[];
  /** It is about something else than the resource that was asked for (RFC 8288 §3.2). */
  readonly anchored: boolean;
}

/** Everything but `>`: what a URI reference holds is its resolver's business. */
const REFERENCE = /[^>]*/y;

/** Reads a Link value (its lines joined by commas). */
export function parseLink(value: string): readonly Link[] | FieldFault {
  const links: Link[] = [];
  const scanner = new FieldScanner('Link', value);
  const fault = scanner.list(() => {
    if (!scanner.skip('<')) return scanner.fault('a URI reference in < >');
    const reference = scanner.take(REFERENCE)?.[0] ?? '';
    if (!scanner.skip('>')) return scanner.fault('">"');
    let relations: readonly string[] | null = null;
    let anchored = false;
    for (;;) {
      scanner.skipBlanks();
      if (!scanner.skip(';')) break;
      scanner.skipBlanks();
      const name = scanner.token()?.toLowerCase();
      if (name === undefined) return scanner.fault('a parameter');
      scanner.skipBlanks();
      if (!scanner.skip('=')) continue;
      scanner.skipBlanks();
      const word = scanner.word();
      if (typeof word !== 'string') return word;
      if (name === 'anchor') anchored = true;
      if (name === 'rel') relations ??= word.toLowerCase().split(' ').filter(Boolean);
    }
    links.push({ reference, relations: relations ?? [], anchored });
    return undefined;
  });
  return fault ?? links;
}
