// Who may use the resources of one operation where there are no users: whoever has the userinfo that was part of their
// URIs (draft-wright-http-resume-request, Privacy concerns). Keeps a hash of it only.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Exchange } from '../http/exchange.ts';
import { refuse } from '../http/refuse.ts';

/** credentials of RFC 9110 §11.4, for the scheme of RFC 7617 §2. */
const BASIC = /^basic +([a-z\d+/]+={0,2}) *$/i;
/** RFC 7617 §2.1 */
const CHALLENGE = 'Basic realm="Interim: one operation", charset="UTF-8"';

export class Access {
  readonly #hash: Buffer;

  /** @param credentials `user:password` */
  constructor(credentials: string) {
    this.#hash = hashOf(credentials);
  }

  /** Whether the request brings the credentials; takes as long for any others. */
  admits(exchange: Exchange): boolean {
    const credentials = credentialsOf(exchange);
    return credentials !== null && timingSafeEqual(hashOf(credentials), this.#hash);
  }
}

/** New ones: `user:password`, of 48 and 144 random bits, which need no percent-encoding in a URI. */
export function mintCredentials(): string {
  return `${randomBytes(6).toString('base64url')}:${randomBytes(18).toString('base64url')}`;
}

/** What the Authorization field says (RFC 7617); null: there is none, or it is not Basic. */
export function credentialsOf(exchange: Exchange): string | null {
  const encoded = BASIC.exec(exchange.field('Authorization') ?? '')?.[1];
  return encoded === undefined ? null : Buffer.from(encoded, 'base64').toString('utf8');
}

/** False: answered with 401, with the challenge that RFC 9110 §15.5.2 wants. @param access null: open to everyone */
export function isAdmitted(exchange: Exchange, access: Access | null): boolean {
  if (access === null || access.admits(exchange)) return true;
  refuse(
    exchange,
    401,
    'This belongs to one operation: send the user name and the password of its URI as Basic authorization.',
    [['WWW-Authenticate', CHALLENGE]],
  );
  return false;
}

function hashOf(credentials: string): Buffer {
  return createHash('sha256').update(credentials, 'utf8').digest();
}
