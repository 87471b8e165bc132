// Upload-Draft-Interop-Version: which drafts of the IETF's resumable uploads a peer speaks, and what they differ in on the
// wire. Drafts only: the RFC that comes of them will not have the field.

import type { FieldFault } from './fault.ts';
import { parseWholeNumber } from './structured-item.ts';

/** draft-ietf-httpbis-resumable-upload: 3 is -01; 4 -02; 5 -03; 6 -04 and -05; 7 -06 to -08; 8 since -09. */
export const INTEROP_VERSIONS = [3, 4, 5, 6, 7, 8] as const;

export type InteropVersion = (typeof INTEROP_VERSIONS)[number];

export const CURRENT_INTEROP_VERSION = 8;

/** Reads the field's value; a version that is not known here is a number, too. */
export function parseInteropVersion(value: string): number | FieldFault {
  return parseWholeNumber('Upload-Draft-Interop-Version', value);
}

/** The version that both sides can speak; null: that one is not known here. */
export function knownInteropVersion(version: number): InteropVersion | null {
  return INTEROP_VERSIONS.find((known) => known === version) ?? null;
}

/** What the versions differ in on the wire. */
export interface UploadDialect {
  readonly version: InteropVersion;
  /** Says whether there is more: with 3 it is `Upload-Incomplete`, whose sense is the opposite. */
  readonly completeField: 'Upload-Complete' | 'Upload-Incomplete';
  /** Media type of a PATCH; null: any (before 6). */
  readonly partialType: 'application/partial-upload' | null;
  /** Upload-Limit and problem types exist (since 6). */
  readonly limits: boolean;
  /** Name of the remaining lifetime among the limits. */
  readonly ageLimit: 'max-age' | 'expires';
  /** 104s tell the offset while content arrives (since 5). */
  readonly progress: boolean;
  /** Upload-Length exists (since 6, draft -05). */
  readonly length: boolean;
  /** HEAD and DELETE with Upload-Offset or Upload-Complete are answered with 400 (until 6). */
  readonly strictQueries: boolean;
}

export function uploadDialect(version: InteropVersion): UploadDialect {
  return {
    version,
    completeField: version === 3 ? 'Upload-Incomplete' : 'Upload-Complete',
    partialType: version >= 6 ? 'application/partial-upload' : null,
    limits: version >= 6,
    ageLimit: version >= 7 ? 'max-age' : 'expires',
    progress: version >= 5,
    length: version >= 6,
    strictQueries: version <= 6,
  };
}
