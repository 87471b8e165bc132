// Which exchanges make up one operation: read from the wire alone (location fields, upload URLs, a request sent
// again after a cut), so that the traffic of strangers tells its story too.

import type { Head } from '../http1/types.ts';
import type { Meaning } from './stream-track.ts';

/** What a known location is to its operation. */
export type Role = 'request-content' | 'response-message' | 'status';

interface Known {
  readonly operation: number;
  readonly role: Role;
}

export interface OperationFacts {
  readonly id: number;
  readonly title: string;
  readonly method: string;
  readonly url: string;
  /** Announced length of the first request's content; −1 unknown. */
  readonly contentLength: number;
  /** Nothing of a resumable nature was learned yet: the same request again means it was begun anew. */
  located: boolean;
  /** The cut that nobody has mended yet. */
  broken: { readonly exchange: number; readonly connection: number } | null;
  /** After a cut: exchanges have begun, but none has gone on with the operation yet. */
  recovering: boolean;
  settled: boolean;
}

/** What a request turned out to be. */
export interface Placement {
  readonly operation: OperationFacts;
  readonly isNew: boolean;
  readonly role: Role | null;
}

const MAX_LOCATIONS = 100_000;

export class Operations {
  readonly all: OperationFacts[] = [];
  /** Absolute URL → whose it is. Bounded: the oldest go first. */
  readonly #known = new Map<string, Known>();
  /** `METHOD url` of operations that were cut before anything was located. */
  readonly #repeatable = new Map<string, OperationFacts>();

  /** Finds the operation of a request, or begins one. `authority`: of the connection, where Host is missing. */
  place(head: Head, authority: string): Placement & { url: string } {
    const url = absolute(head.target, head.field('host') ?? authority);
    const known = this.#known.get(url);
    if (known !== undefined && head.method !== 'POST')
      return { operation: this.all[known.operation]!, isNew: false, role: known.role, url };
    const again = this.#repeatable.get(`${head.method} ${url}`);
    if (again !== undefined && again.broken !== null && again.contentLength === head.contentLength)
      return { operation: again, isNew: false, role: null, url };
    const operation = this.#begin(title(head), head.method, url, head.contentLength);
    return { operation, isNew: true, role: null, url };
  }

  /** The operation of a request whose head cannot be read. */
  unreadable(title: string): OperationFacts {
    return this.#begin(title, '', '', -1);
  }

  #begin(title: string, method: string, url: string, contentLength: number): OperationFacts {
    const operation: OperationFacts = {
      id: this.all.length,
      title,
      method,
      url,
      contentLength,
      located: false,
      broken: null,
      recovering: false,
      settled: false,
    };
    this.all.push(operation);
    return operation;
  }

  /** Takes the locations out of a response to a request for `url`. */
  learn(operation: OperationFacts, url: string, meaning: Meaning): void {
    const add = (reference: string | null, role: Role): void => {
      if (reference === null) return;
      const target = resolve(reference, url);
      if (target === null) return;
      if (this.#known.size >= MAX_LOCATIONS) this.#known.delete(this.#known.keys().next().value!);
      this.#known.set(target, { operation: operation.id, role });
      operation.located = true;
      this.#repeatable.delete(`${operation.method} ${operation.url}`);
    };
    add(meaning.requestContent, 'request-content');
    add(meaning.responseMessage, 'response-message');
    add(meaning.status, 'status');
  }

  /** An exchange of it ended without its response. */
  cut(operation: OperationFacts, exchange: number, connection: number): void {
    operation.broken = { exchange, connection };
    if (!operation.located) this.#repeatable.set(`${operation.method} ${operation.url}`, operation);
  }

  /** Nothing more is expected of it. */
  settle(operation: OperationFacts): void {
    operation.settled = true;
    operation.broken = null;
    operation.recovering = false;
    this.#repeatable.delete(`${operation.method} ${operation.url}`);
  }
}

/** The absolute URL of a target (RFC 9112 §3.2) as far as the wire tells; http is assumed. */
function absolute(target: string, authority: string): string {
  return target.startsWith('/') ? `http://${authority.toLowerCase()}${target}` : target;
}

/** Resolves a URI reference, tolerating the drafts' angle brackets; userinfo does not make it another place. */
function resolve(reference: string, base: string): string | null {
  const bare = reference.startsWith('<') && reference.endsWith('>') ? reference.slice(1, -1) : reference;
  if (!URL.canParse(bare, base)) return null;
  const url = new URL(bare, base);
  url.username = '';
  url.password = '';
  return url.href;
}

function title(head: Head): string {
  const path = head.target.length > 60 ? `${head.target.slice(0, 57)}…` : head.target;
  if (head.contentLength > 0 && (head.method === 'POST' || head.method === 'PUT'))
    return `Upload ${head.contentLength.toLocaleString('en-US')} bytes to ${path}`;
  return `${head.method} ${path}`;
}
