// Location and the fields like it (Content-Location, Request-Content-Location, Response-Message-Location): a URI
// reference, resolved against the request's URI (RFC 9110 §10.2.2, RFC 3986 §5). The drafts' examples put it into < >.

import { FieldFault } from './fault.ts';

export interface ResolvedLocation {
  /** Absolute, without fragment; its userinfo is kept. */
  readonly url: URL;
  /** `user:password`, percent-decoded, for an Authorization field; null without. */
  readonly userinfo: string | null;
  /** It was written in < >, which is not valid in these fields: worth a note. */
  readonly bracketed: boolean;
}

/** What a URI reference may hold, and more that is in use; no backslash, which a URL parser would take for a slash. */
const FOREIGN = /[^\x21\x23-\x3b\x3d\x3f-\x5b\x5d-\x7e\u0080-\uffff]/;
/** RFC 9110 §4.2.1: no http URI without a host. A URL parser would take what comes next for the host. */
const WITHOUT_HOST = /^(?:https?:(?!\/\/[^/?#])|\/\/(?![^/?#]))/i;

/**
 * Resolves the value of a location field. Bytes above 0x7f, which no URI has, are percent-encoded as they came.
 * @param base absolute URI of the request that was answered
 */
export function resolveLocation(value: string, base: string): ResolvedLocation | FieldFault {
  let start = 0;
  let end = value.length;
  while (start < end && isBlankAt(value, start)) start++;
  while (start < end && isBlankAt(value, end - 1)) end--;
  const bracketed = value[start] === '<' && value[end - 1] === '>';
  if (bracketed) {
    start++;
    end--;
  }
  const reference = value.slice(start, end);
  const bad = reference.search(FOREIGN);
  if (bad >= 0) return new FieldFault('syntax', start + bad, 'A URI reference holds no such character.');
  const ascii = reference.replaceAll(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
  if (WITHOUT_HOST.test(reference) || !URL.canParse(ascii, base)) {
    const shown = JSON.stringify(reference.slice(0, 60));
    return new FieldFault('unresolvable', start, `${shown} cannot be resolved against ${base}.`);
  }
  const url = new URL(ascii, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return new FieldFault(
      'unresolvable',
      start,
      `${url.protocol} is no scheme that is known here: only http and https.`,
    );
  }
  return { url: withoutFragment(url), userinfo: userinfoOf(url), bracketed };
}

function isBlankAt(value: string, index: number): boolean {
  return value[index] === ' ' || value[index] === '\t';
}

function withoutFragment(url: URL): URL {
  return url.hash === '' ? url : new URL(url.href.slice(0, -url.hash.length));
}

function userinfoOf(url: URL): string | null {
  if (url.username === '' && url.password === '') return null;
  return `${decode(url.username)}:${decode(url.password)}`;
}

/** Percent-decodes; what is no valid UTF-8 stays as it is written. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
