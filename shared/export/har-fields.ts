// What HAR wants taken apart: URLs, query parameters, cookies. It must never fail on what a peer sent.

import type { Cookie, QueryString } from 'har-format';
import type { FieldLines } from '../http1/writer.ts';

/**
 * The absolute URL of a request (RFC 9112 §3.3): the target where it is one itself, else with the authority from the
 * Host field, else with the endpoint.
 */
export function absoluteUrl(
  method: string,
  target: string,
  host: string | null,
  { scheme, endpoint }: { readonly scheme: 'http' | 'https'; readonly endpoint: string },
): string {
  const authority = host !== null && URL.canParse(`http://${host}/`) ? host : endpoint;
  let url: string;
  if (method === 'CONNECT') url = `${scheme}://${target}/`;
  else if (/^https?:/i.test(target)) url = target;
  else if (target === '*') url = `${scheme}://${authority}`;
  else url = `${scheme}://${authority}${target.startsWith('/') ? '' : '/'}${target}`;
  return URL.canParse(url) ? new URL(url).href : `${scheme}://${authority}/`;
}

/** Parameters of a URL's query, decoded where they can be. */
export function queryOf(url: string): QueryString[] {
  const { search } = new URL(url);
  if (search.length < 2) return [];
  return search
    .slice(1)
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      if (equals === -1) return { name: decoded(part), value: '' };
      return { name: decoded(part.slice(0, equals)), value: decoded(part.slice(equals + 1)) };
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Cookies that a request carries (RFC 6265 §4.2.1). */
export function requestCookies(fields: FieldLines): Cookie[] {
  return named(fields, 'cookie').flatMap((value) => value.split(';').flatMap(pair));
}

/** Cookies that a response sets (RFC 6265 §4.1.1). */
export function responseCookies(fields: FieldLines): Cookie[] {
  return named(fields, 'set-cookie').flatMap((value) => {
    const [first, ...attributes] = value.split(';');
    const [cookie] = pair(first!);
    if (cookie === undefined) return [];
    for (const attribute of attributes) {
      const equals = attribute.indexOf('=');
      const name = (equals === -1 ? attribute : attribute.slice(0, equals)).trim().toLowerCase();
      const text = equals === -1 ? '' : attribute.slice(equals + 1).trim();
      if (name === 'path') cookie.path = text;
      else if (name === 'domain') cookie.domain = text;
      else if (name === 'httponly') cookie.httpOnly = true;
      else if (name === 'secure') cookie.secure = true;
      else if (name === 'expires' && !Number.isNaN(Date.parse(text)))
        cookie.expires = new Date(text).toISOString();
    }
    return [cookie];
  });
}

function named(fields: FieldLines, wanted: string): string[] {
  return fields.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
}

function pair(text: string): Cookie[] {
  const equals = text.indexOf('=');
  if (equals === -1) return [];
  return [{ name: text.slice(0, equals).trim(), value: text.slice(equals + 1).trim() }];
}
