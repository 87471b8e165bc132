// The limits of uploads (Upload-Limit of draft-ietf-httpbis-resumable-upload): which hold for one, and whether a request
// keeps to them. Decides, and answers nothing.

import type { UploadDialect } from '../../../../shared/fields/upload-draft-interop-version.ts';
import { type UploadLimit, writeUploadLimit } from '../../../../shared/fields/upload-limit.ts';
import type { FieldLines } from '../../../../shared/http1/writer.ts';
import type { Operation } from '../../operations/operation.ts';
import type { Query } from '../../http/query.ts';
import type { ServerCore } from '../../router.ts';
import type { UploadRequest } from './request.ts';

/** Limits that the server has for all uploads; null: none. */
export type UploadLimits = Omit<UploadLimit, 'maxSize' | 'maxAge'>;

/** The limits of uploads that were begun with others than the server's own. */
const LIMITS = new WeakMap<Operation, UploadLimit>();

const MOST = 999_999_999_999_999;

/** The server's limits, made narrower by the query of an upload's creation: `?max-append-size=1000&max-age=60`. */
export function limitsFromQuery(core: ServerCore, query: Query): UploadLimit {
  const { minSize, maxAppendSize, minAppendSize } = core.uploadLimits;
  return {
    maxSize: query.whole('max-size', core.uploadLimit, 0, core.uploadLimit),
    minSize: query.whole('min-size', minSize, 0, MOST),
    maxAppendSize: query.whole('max-append-size', maxAppendSize, 1, MOST),
    minAppendSize: query.whole('min-append-size', minAppendSize, 0, MOST),
    maxAge: query.whole('max-age', null, 1, Math.floor(core.operations.lifetime / 1000)),
  };
}

export function keepLimits(operation: Operation, limits: UploadLimit): void {
  LIMITS.set(operation, limits);
}

export function limitsOf(core: ServerCore, operation: Operation): UploadLimit {
  const kept = LIMITS.get(operation) ?? { ...core.uploadLimits, maxSize: core.uploadLimit, maxAge: null };
  return { ...kept, maxAge: Math.floor(operation.remaining / 1000) };
}

/** Upload-Limit, where the version has it. */
export function limitFields({ limits, ageLimit }: UploadDialect, limit: UploadLimit): FieldLines {
  return limits ? [['Upload-Limit', writeUploadLimit(limit, ageLimit)]] : [];
}

export type LimitFault = { readonly status: 400 | 413; readonly sentence: string };

/** Whether the sizes that a request announces keep to the limits; null: they do. @param have bytes there are before it */
export function checkSizes(request: UploadRequest, limit: UploadLimit, have: number): LimitFault | null {
  const { complete, content } = request;
  const { maxSize, maxAppendSize, minAppendSize } = limit;
  const length = lengthOf(request, have) ?? have + (content ?? 0);
  if (maxSize !== null && length > maxSize) {
    return { status: 413, sentence: `An upload may have ${maxSize} bytes here, not ${length}.` };
  }
  if (content === null) return null;
  if (maxAppendSize !== null && content > maxAppendSize) {
    const sentence = `A request may bring ${maxAppendSize} bytes here, not ${content}: send less at a time.`;
    return { status: 413, sentence };
  }
  // The last one may be smaller, and one that begins an upload may have no content.
  const free = complete === true || (content === 0 && have === 0);
  if (minAppendSize !== null && content < minAppendSize && !free) {
    const sentence = `A request brings ${minAppendSize} bytes or more here, not ${content}, unless it is the last one.`;
    return { status: 400, sentence };
  }
  return null;
}

/** Bytes of the whole upload as the request tells them, by either of the two ways; null: it does not. */
export function lengthOf({ complete, content, length }: UploadRequest, have: number): number | null {
  return length ?? (complete === true && content !== null ? have + content : null);
}

/** What is inconsistent in the lengths that are told, as a sentence; null: nothing. @param known length told before */
export function checkLengths(request: UploadRequest, known: number | null, have: number): string | null {
  const { complete, content, length } = request;
  const byContent = complete === true && content !== null ? have + content : null;
  const told = [
    ['Upload-Length', length],
    ['Content-Length of a request that completes it', byContent],
    ['request before', known],
  ] as const;
  let first: (typeof told)[number] | null = null;
  for (const one of told) {
    if (one[1] === null) continue;
    if (first !== null && first[1] !== one[1]) {
      return `By the ${first[0]} the upload has ${first[1]} bytes, and by the ${one[0]} ${one[1]}.`;
    }
    first ??= one;
  }
  if (length !== null && length < have) {
    return `There are ${have} bytes already: the upload cannot have ${length} in all.`;
  }
  return null;
}
