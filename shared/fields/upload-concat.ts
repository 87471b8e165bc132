// Upload-Concat: that an upload is a part of another, or which parts it is made of (tus 1.0.0, concatenation). References
// are handed over as they are written: who resolves them decides where they may lead.

import { FieldFault } from './fault.ts';

/** Parts of one upload that are looked at. */
export const MOST_PARTIALS = 1000;

export type UploadConcat =
  | { readonly kind: 'partial' }
  | {
      readonly kind: 'final';
      /** URI references, at least one, in their order; the same may stand there twice. */
      readonly parts: readonly string[];
    };

/** Reads an Upload-Concat value. */
export function parseUploadConcat(value: string): UploadConcat | FieldFault {
  if (value === 'partial') return { kind: 'partial' };
  const list = /^final;[ ]*/.exec(value);
  if (list === null) {
    return new FieldFault(
      'syntax',
      0,
      'Upload-Concat is partial, or final; and the URLs of the partial uploads.',
    );
  }
  const parts = value
    .slice(list[0].length)
    .split(/ +/)
    .filter((part) => part !== '');
  if (parts.length === 0) {
    return new FieldFault(
      'syntax',
      value.length,
      'Behind final; stands at least one URL of a partial upload.',
    );
  }
  if (parts.length > MOST_PARTIALS) {
    return new FieldFault(
      'too-many',
      list[0].length,
      `An upload is made of ${MOST_PARTIALS} partial uploads at most here.`,
    );
  }
  return { kind: 'final', parts };
}

/** Writes the field's value. @param concat references without spaces (RFC 3986) */
export function writeUploadConcat(concat: UploadConcat): string {
  return concat.kind === 'partial' ? 'partial' : `final;${concat.parts.join(' ')}`;
}
