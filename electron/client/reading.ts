// What the content of an answer is to the final response that the user wants: all of it, its next bytes, or nothing.
// Pure; it reads heads and decides before any of the content is taken.

import { parseContentRange } from '../../shared/fields/content-range.ts';
import { parseEntityTag } from '../../shared/fields/entity-tag.ts';
import { assertNever } from '../../shared/capture/records.ts';
import { ageOf, resolved, understood } from './answer.ts';
import { callsIncomplete, passing } from './decision-shapes.ts';
import type { Answer, Purpose, Reading, Reception, Situation } from './situation.ts';

/** What is read of a head. */
export interface Readable {
  readonly status: number;
  readonly contentLength: number;
  field(name: string): string | null;
}

export function readingOf(purpose: Purpose, head: Readable, before: Reception): Reading | null {
  switch (purpose) {
    case 'delete':
    case 'discover':
      return null;
    case 'response':
      if (head.status === 206) return ofRange(head, before);
      return head.status === 200 && /^message\/http\s*(;|$)/i.test(head.field('content-type') ?? '')
        ? 'anew'
        : null;
    case 'post':
    case 'append':
    case 'status':
    case 'put':
    case 'segment':
    case 'result':
      return 'anew';
    // Their heads tell, and are the last word where the response to the upload itself was lost.
    case 'offset':
    case 'size':
      return 'ignored';
    case 'download':
    case 'rest':
      if (head.status === 206) return ofRange(head, before);
      if (head.status >= 300) return before.have === 0 && purpose === 'download' ? 'anew' : 'ignored';
      // The rest of a response must be of the same representation; a download may begin again with another.
      return purpose === 'rest' && !isAllOf(head, before) ? 'ignored' : 'anew';
    default:
      return assertNever(purpose);
  }
}

/** RFC 9110 §15.3.7: parts are combined only if both have the same strong validator, and each is held to its range. */
function ofRange(head: Readable, { have, complete, validator }: Reception): Reading {
  const range = understood(head.field('content-range'), parseContentRange);
  if (range?.first !== have) return 'ignored';
  if (head.contentLength > roomOf(head)) return 'ignored';
  if (have === 0) return 'anew';
  if (complete !== null && ((range.complete ?? complete) !== complete || (range.last ?? have) >= complete))
    return 'ignored';
  return isOther(head, validator) ? 'ignored' : 'continues';
}

/** Bytes of content that a 206 may have by its own range; of any other answer: any number. */
export function roomOf(head: Readable): number {
  const range = head.status === 206 ? understood(head.field('content-range'), parseContentRange) : null;
  if (range === null || range.first === null || range.last === null) return Infinity;
  return range.last + 1 - range.first;
}

/** A 206 may leave validators out (RFC 9110 §15.3.7), but what it tells must be the one by which the rest was asked for. */
function isOther(head: Readable, validator: string | null): boolean {
  if (validator === null) return false;
  const told = head.field(validator.startsWith('"') ? 'etag' : 'last-modified');
  return told !== null && told !== validator;
}

/** Is this 200 all of what a part of is here? */
function isAllOf(head: Readable, { complete, validator }: Reception): boolean {
  if (head.status !== 200 || validatorOf(head) !== validator) return false;
  return (completeOf(head) ?? complete) === complete || complete === null;
}

/** Does this 416 say that there is nothing behind the bytes that are here (RFC 9110 §15.5.17)? */
export function isNothingBehind(
  answer: { readonly status: number; readonly complete: number | null },
  { have, complete }: Reception,
): boolean {
  return (
    answer.status === 416 && have > 0 && answer.complete === have && (complete === null || complete === have)
  );
}

/** What a head that begins the final response anew says of its representation. @param base URL of the request */
export function receptionOf(head: Readable, base: string): Reception {
  return {
    have: 0,
    complete: completeOf(head),
    validator: validatorOf(head),
    at: resolved(head, 'content-location', base),
  };
}

/** The complete length that this head tells; null: none. */
export function completeOf(head: Readable): number | null {
  const range = understood(head.field('content-range'), parseContentRange);
  if (range !== null) return range.complete;
  return head.contentLength < 0 ? null : head.contentLength;
}

/** RFC 9110 §13.1.5: only what is strong goes into If-Range; §8.8.2.2: a date is, a second or more before the answer. */
function validatorOf(head: Readable): string | null {
  if (head.field('etag') !== null) return strongTag(head);
  const age = ageOf(head);
  return age === null || age < 1_000 ? null : head.field('last-modified');
}

function strongTag(head: Readable): string | null {
  const value = head.field('etag');
  const tag = understood(value, parseEntityTag);
  return tag === null || tag.weak ? null : value;
}

/** Will this head, as far as it can be known now, be that of the final response, whose content can be handed on? */
export function isFinal(
  purpose: Purpose,
  head: Pick<Answer, 'status' | 'reason'>,
  goal: number,
  now: Situation,
): boolean {
  const { status } = head;
  // No strategy has another answer to these than to end with them.
  if (status > 299)
    return (
      (purpose === 'post' || purpose === 'download') && !passing(status) && status !== 416 && status !== 417
    );
  if (status === 202 || callsIncomplete(head, now)) return false;
  switch (purpose) {
    case 'put':
    case 'result':
    case 'download':
      return true;
    // One that creates an upload resource may carry a part, or nothing.
    case 'post':
      return goal === now.length;
    case 'append':
    case 'segment':
      return goal === now.length && !now.legacyServer;
    case 'offset':
    case 'response':
    case 'status':
    case 'size':
    case 'rest':
    case 'delete':
    case 'discover':
      return false;
    default:
      return assertNever(purpose);
  }
}
