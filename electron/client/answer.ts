// What the fields of one exchange's responses mean to the client: locations, progress, acknowledgement, when to
// come back. Reads only; forms that are not valid but in use (bracketed references, 199) are understood.

import { parseAcknowledge, parseAcknowledgeReason } from '../../shared/fields/acknowledge.ts';
import { parseContentRange } from '../../shared/fields/content-range.ts';
import { FieldFault } from '../../shared/fields/fault.ts';
import { parseHttpDate } from '../../shared/fields/http-date.ts';
import { resolveLocation } from '../../shared/fields/location.ts';
import { parseProgress } from '../../shared/fields/progress.ts';
import type { Head } from '../../shared/http1/types.ts';
import type { Answer } from './situation.ts';

/** What was seen in the responses of one exchange, interim and final. */
export class Seen {
  /** Absolute URLs, null until named. */
  requestContent: string | null = null;
  responseMessage: string | null = null;
  status: string | null = null;
  /** The numerator of the last Progress, null without one. */
  jobStep: number | null = null;
  /** The largest offset that was acknowledged, null without one. */
  acknowledged: number | null = null;
  readonly #base: string;
  #unfinished = false;
  /** The last Progress, as it was written. */
  #told = '';

  /** @param base the absolute URL of the request: references are resolved against it */
  constructor(base: string) {
    this.#base = base;
  }

  /** @returns whether it told anything that was not known before */
  interim(head: Head): boolean {
    const before = this.#known();
    this.requestContent = this.#url(head, 'request-content-location') ?? this.requestContent;
    this.responseMessage = this.#url(head, 'response-message-location') ?? this.responseMessage;
    if (head.status === 102) this.status = this.#url(head, 'location') ?? this.status;
    const offset = acknowledged(head);
    if (offset !== null) this.acknowledged = Math.max(this.acknowledged ?? 0, offset);
    this.#progress(head);
    return this.#known() !== before;
  }

  #known(): string {
    const { requestContent, responseMessage, status, acknowledged } = this;
    return [requestContent, responseMessage, status, acknowledged, this.#told].join(' ');
  }

  final(head: Head): void {
    this.requestContent = this.#url(head, 'request-content-location') ?? this.requestContent;
    this.responseMessage = this.#url(head, 'response-message-location') ?? this.responseMessage;
    if (head.status === 202) this.status = this.#url(head, 'location') ?? this.status;
    this.#progress(head);
    // A Status-URI tells a result: the job is over whatever its fraction says.
    if (head.field('status-uri') !== null) this.#unfinished = false;
  }

  /** The final response as decisions see it. */
  answer(head: Head, whole: boolean): Answer {
    return {
      status: head.status,
      reason: head.reason,
      contentLength: digits(head.field('content-length')),
      contentRange: understood(head.field('content-range'), parseContentRange),
      location: this.#url(head, 'location'),
      age: ageOf(head),
      retryAfter: retryAfter(head),
      unfinished: this.#unfinished,
      whole,
    };
  }

  #url(head: Head, name: string): string | null {
    return resolved(head, name, this.#base);
  }

  #progress(head: Head): void {
    const value = head.field('progress');
    if (value === null) return;
    this.#told = value;
    const progress = parseProgress(value);
    if (progress instanceof FieldFault) return;
    const { numerator, denominator } = progress;
    this.jobStep = numerator;
    this.#unfinished = denominator === null || numerator < denominator;
  }
}

/** What a response acknowledges: the draft's field, or the reason of the proof of concept's 199. */
function acknowledged(head: Head): number | null {
  const value = head.field('acknowledge');
  if (value === null) return head.status === 199 ? parseAcknowledgeReason(head.reason) : null;
  const offset = parseAcknowledge(value);
  return offset instanceof FieldFault ? null : offset;
}

/** A count of bytes as Content-Length writes it; null for anything else. */
function digits(value: string | null): number | null {
  if (value === null || !/^\d{1,15}$/.test(value)) return null;
  return Number(value);
}

/** Retry-After in milliseconds: seconds, or a date (RFC 9110 §10.2.3); null for neither. */
export function retryAfter(head: Pick<Head, 'field'>): number | null {
  const value = head.field('retry-after');
  if (value === null) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = parseHttpDate(value);
  if (date instanceof FieldFault) return null;
  // The server's own clock, where it tells it.
  return Math.max(0, date - (understood(head.field('date'), parseHttpDate) ?? Date.now()));
}

/** From Last-Modified to Date, in milliseconds; null without either. */
export function ageOf(head: Pick<Head, 'field'>): number | null {
  const modified = understood(head.field('last-modified'), parseHttpDate);
  const date = understood(head.field('date'), parseHttpDate);
  return modified === null || date === null ? null : date - modified;
}

/** A location field as an absolute URL; null where there is none that can be resolved. */
export function resolved(head: Pick<Head, 'field'>, name: string, base: string): string | null {
  const value = head.field(name);
  const location = value === null ? null : resolveLocation(value, base);
  return location === null || location instanceof FieldFault ? null : location.url.href;
}

/** A field value as it is read; null without it, and where it cannot be. */
export function understood<T>(value: string | null, parse: (value: string) => T | FieldFault): T | null {
  const parsed = value === null ? null : parse(value);
  return parsed instanceof FieldFault ? null : parsed;
}
