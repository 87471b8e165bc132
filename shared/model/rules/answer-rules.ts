// The rules of how a request is answered: statuses with the fields that belong to them, interim responses, preferences.
// Pure.

import { parseAcknowledge } from '../../fields/acknowledge.ts';
import { FieldFault } from '../../fields/fault.ts';
import { parsePrefer } from '../../fields/prefer.ts';
import type { Head } from '../../http1/types.ts';
import type { FieldOfInterest, FieldPlaces } from './field-places.ts';
import type { Tell } from './request-head.ts';
import type { ExchangeWatch, OperationWatch } from './watch.ts';

/** Proxies that were measured drop interim responses beyond ten in a row, or the whole answer. */
const MANY = 10;

/** Any of these, and a 100 says more than that the client may go on. */
const TELLING: readonly FieldOfInterest[] = [
  'acknowledge',
  'content-location',
  'location',
  'preference-applied',
  'progress',
  'request-content-location',
  'response-message-location',
  'upload-offset',
];

/** A field without which a status is not complete. */
const NEEDED = [
  { status: 405, field: 'allow', rule: 'method-not-allowed-without-allow', method: null },
  { status: 415, field: 'accept-patch', rule: 'patch-refused-without-accept-patch', method: 'PATCH' },
  { status: 401, field: 'www-authenticate', rule: 'unauthorized-without-challenge', method: null },
] as const;

/**
 * Counts an interim response and checks what every one must keep to. Numbers only.
 * @param telling it says more than its status and progress
 * @param located it has a Location
 */
export function checkInterim(
  status: number,
  start: number,
  telling: boolean,
  located: boolean,
  watch: ExchangeWatch,
  tell: Tell,
): void {
  if (++watch.interims === MANY + 1) tell('many-interim-responses', start);
  if (status === 100 && !watch.expects && !telling) tell('continue-not-expected', start);
  if (status === 102) {
    if (!watch.processing && watch.follows && !located) tell('processing-without-location', start);
    watch.processing = true;
  }
}

export function isTelling(places: FieldPlaces): boolean {
  return places.count > 0 && TELLING.some((name) => places.has(name));
}

/** Checks a final response for the fields that its status needs. */
export function checkFinal(
  head: Head,
  method: string,
  places: FieldPlaces,
  watch: ExchangeWatch,
  tell: Tell,
): void {
  for (const needed of NEEDED)
    if (
      head.status === needed.status &&
      (needed.method === null || needed.method === method) &&
      !places.has(needed.field)
    )
      tell(needed.rule, head.start);
  // RFC 7240 §4.1: the work goes on where nobody is told about it.
  if (head.status === 202 && watch.prefers?.has('respond-async') === true && !places.has('location'))
    tell('accepted-without-location', head.start);
}

/** Checks that preferences were sent before they are applied: in this request, or in another of its operation. */
export function checkApplied(places: FieldPlaces, operation: OperationWatch, tell: Tell): void {
  const value = places.all('preference-applied');
  if (value === null) return;
  const applied = parsePrefer(value);
  // What cannot be read names nothing that was sent.
  if (applied instanceof FieldFault)
    tell('preference-not-sent', places.position('preference-applied', applied.at));
  else if ([...applied.keys()].some((name) => !operation.preferred(name)))
    tell('preference-not-sent', places.position('preference-applied'));
}

export function checkAcknowledge(places: FieldPlaces, tell: Tell): void {
  const value = places.first('acknowledge');
  if (value === null) return;
  const bytes = parseAcknowledge(value);
  if (bytes instanceof FieldFault) tell('malformed-acknowledge', places.position('acknowledge', bytes.at));
}
