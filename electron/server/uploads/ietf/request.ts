// What a request says of an upload in the fields of draft-ietf-httpbis-resumable-upload, in the words of the interop
// version that it names. A field that cannot be read is as good as none, as the draft wants it.

import {
  DIGEST_ALGORITHMS,
  DIGEST_LENGTHS,
  type DigestAlgorithm,
  isDigestAlgorithm,
  parseDigest,
  parseWantDigest,
} from '../../../../shared/fields/content-digest.ts';
import { FieldFault } from '../../../../shared/fields/fault.ts';
import { parseUploadComplete, parseUploadIncomplete } from '../../../../shared/fields/upload-complete.ts';
import {
  CURRENT_INTEROP_VERSION,
  knownInteropVersion,
  parseInteropVersion,
  type UploadDialect,
  uploadDialect,
} from '../../../../shared/fields/upload-draft-interop-version.ts';
import { parseUploadLength } from '../../../../shared/fields/upload-length.ts';
import { parseUploadOffset } from '../../../../shared/fields/upload-offset.ts';
import { ContentCheck, nodeNamesOf } from '../digests.ts';
import { announcedLength, announcesTrailer } from '../../http/announced.ts';
import type { Exchange } from '../../http/exchange.ts';

export interface UploadRequest {
  /** Of the version that the request names; the current one, where it names none that is known. */
  readonly dialect: UploadDialect;
  /** It names a known version: only then are there 104s. */
  readonly spoken: boolean;
  /** Its content is the end of the upload; null: it does not say. */
  readonly complete: boolean | null;
  readonly offset: number | null;
  /** Bytes of the whole upload. */
  readonly length: number | null;
  /** Bytes of its content; null: chunked. */
  readonly content: number | null;
}

export function readUploadRequest(exchange: Exchange): UploadRequest {
  const named = read(exchange, 'Upload-Draft-Interop-Version', parseInteropVersion);
  const version = named === null ? null : knownInteropVersion(named);
  const dialect = uploadDialect(version ?? CURRENT_INTEROP_VERSION);
  const announced = announcedLength(exchange);
  return {
    dialect,
    spoken: version !== null,
    complete: readComplete(exchange, dialect),
    offset: read(exchange, 'Upload-Offset', parseUploadOffset),
    length: read(exchange, 'Upload-Length', parseUploadLength),
    content: announced === 'none' ? 0 : announced,
  };
}

function readComplete(exchange: Exchange, { completeField }: UploadDialect): boolean | null {
  if (completeField === 'Upload-Complete') return read(exchange, completeField, parseUploadComplete);
  const incomplete = read(exchange, completeField, parseUploadIncomplete);
  return incomplete === null ? null : !incomplete;
}

function read<T>(exchange: Exchange, name: string, parse: (value: string) => T | FieldFault): T | null {
  const value = exchange.field(name);
  const parsed = value === null ? null : parse(value);
  return parsed instanceof FieldFault ? null : parsed;
}

/** Digests that a field tells and that can be computed here; those of other algorithms may be ignored (RFC 9530 §2). */
export function readDigests(exchange: Exchange, name: string): Map<DigestAlgorithm, Uint8Array> {
  return digestsIn(name, exchange.field(name)) ?? new Map();
}

/** Null: there are none, or none that can be read. */
function digestsIn(name: string, value: string | null): Map<DigestAlgorithm, Uint8Array> | null {
  const told = value === null ? null : parseDigest(name, value);
  if (told === null || told instanceof FieldFault) return null;
  const known = new Map<DigestAlgorithm, Uint8Array>();
  for (const [algorithm, bytes] of told) if (isDigestAlgorithm(algorithm)) known.set(algorithm, bytes);
  return known;
}

/** What the content must hash to, by Content-Digest before it or, announced, behind it; null: that is not told. */
export function readContentCheck(exchange: Exchange): ContentCheck | null {
  const digests = readDigests(exchange, 'Content-Digest');
  if (digests.size > 0) return new ContentCheck(nodeNamesOf(Array.from(digests.keys())), () => digests);
  if (!announcesTrailer(exchange, 'content-digest')) return null;
  return new ContentCheck(
    nodeNamesOf(DIGEST_ALGORITHMS),
    () =>
      digestsIn('Content-Digest', exchange.trailer('Content-Digest')) ??
      'The Content-Digest that was to follow the content did not come: send it again.',
  );
}

/** Those of them that cannot be, with the length that they should have. */
export function impossibleDigests(digests: ReadonlyMap<DigestAlgorithm, Uint8Array>): Map<string, number> {
  const impossible = new Map<string, number>();
  for (const [algorithm, bytes] of digests) {
    if (bytes.length !== DIGEST_LENGTHS[algorithm]) impossible.set(algorithm, DIGEST_LENGTHS[algorithm]);
  }
  return impossible;
}

/** Digests that the client wants to be told, and that can be computed here; the most wanted first. */
export function readWantedDigests(exchange: Exchange, name: string): DigestAlgorithm[] {
  return (read(exchange, name, (value) => parseWantDigest(name, value)) ?? []).filter(isDigestAlgorithm);
}
