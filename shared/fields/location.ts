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

/** @param base absolute URI of the request that was answered */
export function resolveLocation(value: string, base: string): ResolvedLocation | FieldFault {
  const trimmed = value.trim();
  const bracketed = trimmed.startsWith('<') && trimmed.endsWith('>');
  const reference = bracketed ? trimmed.slice(1, -1) : trimmed;
  const bad = reference.search(/[^\x21\x23-\x3b\x3d\x3f-\x7e\u0080-\uffff]/);
  if (bad >= 0)
    return new FieldFault(
      'syntax',
      value.indexOf(reference) + bad,
      'A URI reference holds no such character.',
    );
  if (!URL.canParse(reference, base)) {
    return new FieldFault(
      'unresolvable',
      0,
      `${JSON.stringify(reference.slice(0, 60))} cannot be resolved against ${base}.`,
    );
  }
  const url = new URL(reference, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return new FieldFault(
      'unresolvable',
      0,
      `${url.protocol} is no scheme that is known here: only http and https.`,
    );
  }
  return { url: withoutFragment(url), userinfo: userinfoOf(url), bracketed };
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
