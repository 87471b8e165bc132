// Entity tags: which version of a representation this is (RFC 9110 §8.8.3), alone in an ETag, listed in If-Match and
// If-None-Match. Nothing is known of a tag but whether it is the same as another.

import { FieldFault } from './fault.ts';
import { FieldScanner } from './scanner.ts';

export interface EntityTag {
  /** It stands for what means the same, not for the same bytes. */
  readonly weak: boolean;
  /** The text between the quotes; there is no escape in it. */
  readonly tag: string;
}

const WEAK = /W\//y;
const OPAQUE = /[\x21\x23-\x7e\x80-\xff]*/y;

/** Reads one entity tag: an ETag value. */
export function parseEntityTag(value: string): EntityTag | FieldFault {
  const scanner = new FieldScanner('entity tag', value);
  scanner.skipBlanks();
  const tag = scanEntityTag(scanner);
  if (tag instanceof FieldFault) return tag;
  scanner.skipBlanks();
  return scanner.done ? tag : scanner.fault('the end');
}

/** Reads an If-Match or If-None-Match value (its lines joined by commas): an asterisk, or at least one tag. */
export function parseEntityTags(value: string): '*' | readonly EntityTag[] | FieldFault {
  const scanner = new FieldScanner('list of entity tags', value);
  scanner.skipBlanks();
  if (scanner.skip('*')) {
    scanner.skipBlanks();
    return scanner.done ? '*' : scanner.fault('the end');
  }
  const tags: EntityTag[] = [];
  const fault = scanner.list(() => {
    const tag = scanEntityTag(scanner);
    if (tag instanceof FieldFault) return tag;
    tags.push(tag);
    return undefined;
  });
  if (fault !== undefined) return fault;
  return tags.length === 0 ? scanner.fault('an entity tag') : tags;
}

function scanEntityTag(scanner: FieldScanner): EntityTag | FieldFault {
  const weak = scanner.take(WEAK) !== null;
  if (!scanner.skip('"')) return scanner.fault(weak ? 'a quote' : 'an entity tag');
  const tag = scanner.take(OPAQUE)?.[0] ?? '';
  return scanner.skip('"') ? { weak, tag } : scanner.fault('a quote');
}

/** Writes one entity tag. */
export function writeEntityTag({ weak, tag }: EntityTag): string {
  return `${weak ? 'W/' : ''}"${tag}"`;
}

/** RFC 9110 §8.8.3.2: the same bytes. */
export function strongMatch(a: EntityTag, b: EntityTag): boolean {
  return !a.weak && !b.weak && a.tag === b.tag;
}

/** RFC 9110 §8.8.3.2: the same meaning. */
export function weakMatch(a: EntityTag, b: EntityTag): boolean {
  return a.tag === b.tag;
}
