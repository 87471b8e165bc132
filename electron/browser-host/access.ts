// Who may talk to the browser host: the page that was opened with the one-time token, from this machine's own name.
// Everything that is not expressly allowed is refused with one sentence.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** 256 bits, in the alphabet of URLs. */
function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares digests, so that neither length nor content shows in the time. */
function same(given: string | null | undefined, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given ?? ''), digest(expected)) && given !== null && given !== undefined;
}

export const REFUSED = {
  host: 'This address is not Interim’s: open the one that it printed.',
  token:
    'This link was used already or is not the one that Interim printed: start Interim again for a new one.',
  origin: 'This request came from another page and was refused.',
} as const;

export class Access {
  readonly #hosts: ReadonlySet<string>;
  readonly #cookieName: string;
  /** Good once, in the printed URL; null afterwards. */
  #oneTime: string | null = secret();
  readonly #cookie = secret();
  /** In the page; goes with every WebSocket, upload and download. */
  readonly pageToken = secret();

  constructor(port: number) {
    this.#hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
    // Cookies know no ports: two hosts on one machine must not overwrite each other's.
    this.#cookieName = `interim-${port}`;
  }

  /** The token to print; only before it was used. */
  get oneTimeToken(): string {
    return this.#oneTime ?? '';
  }

  /** Against DNS rebinding: the request names us by an address that only this machine gives us. */
  hostAllowed(request: IncomingMessage): boolean {
    return this.#hosts.has(request.headers.host ?? '');
  }

  /** The browser has been let in before. */
  known(request: IncomingMessage): boolean {
    for (const pair of (request.headers.cookie ?? '').split(';')) {
      const [name, value] = pair.trim().split('=', 2);
      if (name === this.#cookieName) return same(value, this.#cookie);
    }
    return false;
  }

  /** Trades the one-time token for a cookie: the field's value, or null when it is wrong or was used. */
  enter(token: string | null): string | null {
    if (this.#oneTime === null || !same(token, this.#oneTime)) return null;
    this.#oneTime = null;
    return `${this.#cookieName}=${this.#cookie}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /**
   * May this request of the page do something? It needs the cookie, the page's own token and our own origin.
   * Downloads are navigations, which carry no Origin; then Sec-Fetch-Site must not say otherwise.
   */
  pageRequest(request: IncomingMessage, token: string | null, origin: 'required' | 'optional'): boolean {
    const given = request.headers.origin;
    if (given === undefined ? origin === 'required' : given !== `http://${request.headers.host}`)
      return false;
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin') return false;
    return this.known(request) && same(token, this.pageToken);
  }
}
