// Where a request goes: a URL, and the options of http.request, which win over its parts. No option can change a part of
// the address that it does not name.

import { RequestError } from './errors.ts';
import type { RequestOptions } from './options.ts';

type Option = 'protocol' | 'hostname' | 'host' | 'port' | 'path';

/** What each part may look like, and how a sentence says it. */
const PARTS: Readonly<Record<Option, readonly [is: RegExp, words: string]>> = {
  protocol: [/^[a-z][a-z\d+.-]*:$/i, 'a scheme and a colon, such as http:'],
  hostname: [/^[^/?#@\\\s]+$/, 'a name or an address'],
  host: [/^[^/?#@\\\s]+$/, 'a name or an address'],
  port: [/^\d{1,5}$/, 'a number'],
  path: [/^\/[^#]*$/, 'a path that begins with /, and has no fragment'],
};

/**
 * The absolute URL, userinfo included. A text that is no URL stays as it is: what is wrong with it is said elsewhere.
 * @throws {RequestError} `bad-option`
 */
export function addressOf(url: string | URL | null, options: RequestOptions): string {
  if (typeof url === 'string' && !URL.canParse(url)) return url;
  const base = url === null ? null : new URL(url);
  const protocol = part('protocol', options);
  if (base !== null && base.protocol !== 'http:' && protocol === null) return base.href;
  // As http.request has it: `hostname` before `host`, wherever either comes from.
  const host = part('hostname', options) ?? base?.hostname ?? part('host', options) ?? 'localhost';
  const port = part('port', options) ?? (base?.port || '80');
  const path = part('path', options) ?? (base === null ? '/' : base.pathname + base.search);
  return (
    `${protocol ?? 'http:'}//${userinfoOf(base, options.auth ?? null)}` +
    `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}${path}`
  );
}

function part(name: Option, options: RequestOptions): string | null {
  const value = options[name] ?? null;
  if (value === null) return null;
  const [is, words] = PARTS[name];
  if (!is.test(String(value)))
    throw new RequestError('bad-option', `${name} is ${words}, not ${JSON.stringify(value)}.`);
  return String(value);
}

/** With its `@`; '' without any. */
function userinfoOf(base: URL | null, auth: string | null): string {
  if (auth !== null) {
    const [user = '', ...password] = auth.split(':').map(encodeURIComponent);
    return `${user}:${password.join('%3A')}@`;
  }
  if (base === null || (base.username === '' && base.password === '')) return '';
  return `${base.username}:${base.password}@`;
}
