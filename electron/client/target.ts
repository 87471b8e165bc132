// From a URL to where to connect and what the request line, Host and Authorization say.
// It never opens a connection and never shows a password in a message.

import { valueOf } from '../../shared/fields/value-of.ts';
import type { FieldLines } from '../../shared/http1/writer.ts';
import type { Security } from '../wire/types.ts';
import { ClientError } from './errors.ts';

/** One http or https URL, taken apart. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** `tls` for https (RFC 9110 §4.2.2). */
  readonly security: Security;
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
 * @throws {ClientError} `bad-url` for what is no absolute URL, or has another scheme
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
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new ClientError(
      'bad-url',
      `"${url.protocol}" is neither http nor https. Write the URL as http://host:port/path.`,
    );
  const security = url.protocol === 'https:' ? 'tls' : 'none';
  const bracketed = url.hostname.startsWith('[');
  return {
    host: bracketed ? url.hostname.slice(1, -1) : url.hostname,
    port: url.port === '' ? DEFAULT_PORTS[security] : Number(url.port),
    security,
    path: url.pathname + url.search,
    hostField: url.host,
    authorization:
      url.username === '' && url.password === ''
        ? null
        : `Basic ${Buffer.from(`${decoded(url.username)}:${decoded(url.password)}`).toString('base64')}`,
    href: shown(url),
  };
}

const DEFAULT_PORTS: Readonly<Record<Security, number>> = { none: 80, tls: 443 };

/**
 * Nothing is followed from https to http, where everybody could read it, nor the other way, which a server that means it
 * can say of the URL that people use.
 * @throws {ClientError} `scheme`
 */
export function refuseOtherScheme(target: Target, own: Target): void {
  if (target.security !== own.security)
    throw new ClientError(
      'scheme',
      `The server leads from ${SCHEMES[own.security]} to ${target.href}, which is not followed: send the request to a URL of the scheme that is wanted.`,
    );
}

const SCHEMES: Readonly<Record<Security, string>> = { none: 'http', tls: 'https' };

/** What a step says when there is a connection. */
export function connected({ hostField }: Target): string {
  return `A connection to ${hostField} is open.`;
}

/** A URL as sentences may show it; what is no URL stays as it is. */
export function withoutUserinfo(text: string): string {
  return URL.canParse(text) ? shown(new URL(text)) : text;
}

/**
 * Host and Authorization of a request, where its own fields do not have them. The user's credentials go to the user's own
 * origin only; a location that brings its own has those.
 * @param own where the user's request goes; `given`: its fields; `fields`: those of the request at hand
 */
export function originFields(target: Target, own: Target, given: FieldLines, fields: FieldLines): FieldLines {
  const has = new Set(fields.map(([name]) => name.toLowerCase()));
  const ours = target.host === own.host && target.port === own.port && target.security === own.security;
  const users = valueOf(given, 'authorization');
  const authorization = target.authorization ?? (ours ? (users ?? own.authorization) : null);
  return [
    ...(has.has('host') ? [] : [['Host', target.hostField] as const]),
    ...(authorization === null || has.has('authorization')
      ? []
      : [['Authorization', authorization] as const]),
  ];
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
