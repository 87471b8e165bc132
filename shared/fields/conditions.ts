// Conditional requests: whether a request is to be carried out, given the state of its target (RFC 9110 §13). The order
// is that of §13.2.2. Never looks at the state itself and answers nothing: it decides.

import { parseEntityTag, parseEntityTags, strongMatch, weakMatch } from './entity-tag.ts';
import type { EntityTag } from './entity-tag.ts';
import { FieldFault } from './fault.ts';
import { parseHttpDate } from './http-date.ts';

export interface ConditionalRequest {
  readonly method: string;
  /** The value of all field lines of that name (any case) joined by commas, or null. */
  field(name: string): string | null;
}

export interface TargetState {
  /** The target has a current representation. */
  readonly exists: boolean;
  /** Its ETag as it would be sent, with quotes; null if it has none. */
  readonly etag: string | null;
  /** Milliseconds since 1970; null if it is not known. */
  readonly lastModified: number | null;
}

export type Decision =
  /** Carry it out; `range`: a Range field, if there is one, applies (it never does but to a GET). */
  | { readonly kind: 'proceed'; readonly range: boolean }
  /** 304 */
  | { readonly kind: 'not-modified' }
  /** 412, because of this field. */
  | { readonly kind: 'failed'; readonly field: string }
  /** 400: this field cannot be read, and to act as if it were not there might do harm. */
  | { readonly kind: 'invalid'; readonly field: string; readonly fault: FieldFault };

/** RFC 9110 §13.2.1: these select and modify no representation. */
const UNCONDITIONAL: readonly string[] = ['CONNECT', 'OPTIONS', 'TRACE'];

/** Decides what the conditional fields of a request make of it. Dates that cannot be read are ignored (RFC 9110 §13.1.3). */
export function decideConditions(request: ConditionalRequest, state: TargetState): Decision {
  if (UNCONDITIONAL.includes(request.method)) return { kind: 'proceed', range: false };
  return checkUnchanged(request, state) ?? checkNew(request, state) ?? proceed(request, state);
}

/** Steps 1 and 2: If-Match, or else If-Unmodified-Since. */
function checkUnchanged(request: ConditionalRequest, state: TargetState): Decision | null {
  const value = request.field('if-match');
  if (value !== null) {
    const tags = parseEntityTags(value);
    if (tags instanceof FieldFault) return { kind: 'invalid', field: 'If-Match', fault: tags };
    return isAmong(tags, state, strongMatch) ? null : { kind: 'failed', field: 'If-Match' };
  }
  const since = dateOf(request.field('if-unmodified-since'));
  if (since === null || !state.exists || state.lastModified === null) return null;
  return wholeSeconds(state.lastModified) <= since ? null : { kind: 'failed', field: 'If-Unmodified-Since' };
}

/** Steps 3 and 4: If-None-Match, or else If-Modified-Since. */
function checkNew(request: ConditionalRequest, state: TargetState): Decision | null {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const value = request.field('if-none-match');
  if (value !== null) {
    const tags = parseEntityTags(value);
    if (tags instanceof FieldFault) return { kind: 'invalid', field: 'If-None-Match', fault: tags };
    if (!isAmong(tags, state, weakMatch)) return null;
    return reads ? { kind: 'not-modified' } : { kind: 'failed', field: 'If-None-Match' };
  }
  const since = reads ? dateOf(request.field('if-modified-since')) : null;
  if (since === null || !state.exists || state.lastModified === null) return null;
  return wholeSeconds(state.lastModified) > since ? null : { kind: 'not-modified' };
}

/** Step 5: If-Range. What cannot be read matches nothing, and the whole is sent: that does no harm. */
function proceed(request: ConditionalRequest, state: TargetState): Decision {
  if (request.method !== 'GET') return { kind: 'proceed', range: false };
  const value = request.field('if-range');
  return { kind: 'proceed', range: value === null || isCurrent(value, state) };
}

/**
 * RFC 9110 §13.1.5: an entity tag must be the same by strong comparison, a date exactly the time of the last change. Whether
 * the date is a strong validator only its sender knows, who must not send another.
 */
function isCurrent(value: string, state: TargetState): boolean {
  const date = parseHttpDate(value);
  if (!(date instanceof FieldFault)) {
    return state.lastModified !== null && wholeSeconds(state.lastModified) === date;
  }
  const tag = parseEntityTag(value);
  return !(tag instanceof FieldFault) && isAmong([tag], state, strongMatch);
}

function isAmong(
  tags: '*' | readonly EntityTag[],
  state: TargetState,
  match: (a: EntityTag, b: EntityTag) => boolean,
): boolean {
  if (!state.exists || tags === '*') return state.exists;
  const current = state.etag === null ? null : parseEntityTag(state.etag);
  if (current === null || current instanceof FieldFault) return false;
  return tags.some((tag) => match(tag, current));
}

function dateOf(value: string | null): number | null {
  const date = value === null ? null : parseHttpDate(value);
  return date instanceof FieldFault ? null : date;
}

/** As precise as an HTTP-date is. */
function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}
