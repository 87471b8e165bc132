// From a URL to where to connect and what the request line, Host and Authorization say.
// It never opens a connection and never shows a password in a message.

import { ClientError } from './errors.ts';

/** One http URL, taken apart. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** Origin-form: path and query (RFC 9112 §3.2.1). */
  readonly path: string;
  /** The value of the Host field (RFC 9110 §7.2); the default port is left out. */
  readonly hostField: string;
  /** `Basic …` where the URL has a userinfo part (RFC 7617), else null. */
  readonly authorization: string | null;
  /** The URL without userinfo and fragment, for sentences and for resolving references. */
  readonly href: string;
}

/**
 * Takes an absolute URL apart.
 * @throws {ClientError} `bad-url` for what is no absolute URL, `https` for a scheme that cannot be spoken yet
 */
export function parseTarget(text: string): Target {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ClientError(
      'bad-url',
      `"${text}" is not an absolute URL. Write it whole, such as http://127.0.0.1:18080/print.`,
    );
  }
  if (url.protocol === 'https:')
    throw new ClientError('https', `https is not yet supported. Use an http URL instead of ${shown(url)}.`);
  if (url.protocol !== 'http:')
    throw new ClientError(
      'bad-url',
      `"${url.protocol}" is not http. Write the URL as http://host:port/path.`,
    );
  const bracketed = url.hostname.startsWith('[');
  return {
    host: bracketed ? url.hostname.slice(1, -1) : url.hostname,
    port: url.port === '' ? 80 : Number(url.port),
    path: url.pathname + url.search,
    hostField: url.host,
    authorization:
      url.username === '' && url.password === ''
        ? null
        : `Basic ${Buffer.from(`${decoded(url.username)}:${decoded(url.password)}`).toString('base64')}`,
    href: shown(url),
  };
}

/** A URL as sentences may show it; what is no URL stays as it is. */
export function withoutUserinfo(text: string): string {
  return URL.canParse(text) ? shown(new URL(text)) : text;
}

function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}${url.search}`;
}

/** Percent-decoding that leaves alone what is no valid encoding, as browsers do. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
