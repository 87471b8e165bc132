// The rules of Location and the fields like it. Pure; a reference is resolved against the URL of the request.

import { FieldFault } from '../../fields/fault.ts';
import { resolveLocation } from '../../fields/location.ts';
import type { FieldOfInterest, FieldPlaces } from './field-places.ts';
import type { Tell } from './request-head.ts';
import type { ExchangeWatch } from './watch.ts';

const LOCATIONS = [
  'location',
  'content-location',
  'request-content-location',
  'response-message-location',
] as const satisfies readonly FieldOfInterest[];

/** @param url absolute URL of the request; what is none (an asterisk, an authority) resolves nothing */
export function checkLocations(
  status: number,
  url: string,
  places: FieldPlaces,
  watch: ExchangeWatch,
  tell: Tell,
): void {
  for (const name of LOCATIONS) {
    const value = places.first(name);
    if (value === null) continue;
    if (!URL.canParse(url)) return;
    const found = resolveLocation(value, url);
    if (found instanceof FieldFault) {
      if (!isOtherScheme(value)) tell('malformed-location', places.position(name, found.at));
      continue;
    }
    if (found.bracketed) tell('bracketed-location', places.position(name));
    if (name !== 'location') continue;
    if (status === 102) watch.statusUrl ??= found.url.href;
    else if (status === 202 && watch.statusUrl !== null && watch.statusUrl !== found.url.href)
      tell('accepted-elsewhere', places.position(name));
  }
  if (places.has('request-content-location') && !watch.expects && watch.prefers?.has('resume') !== true)
    tell('request-content-location-unasked', places.position('request-content-location'));
}

/** A location may well be of another scheme than http, though nothing here follows it. */
function isOtherScheme(value: string): boolean {
  return /^<?[a-z][a-z0-9+.-]*:/i.test(value) && !/^<?https?:/i.test(value) && URL.canParse(value);
}
