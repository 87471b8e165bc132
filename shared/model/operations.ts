// Which exchanges make up one operation: read from the wire alone (location fields, upload URLs, a request sent
// again after a cut), so that the traffic of strangers tells its story too.

import { assertNever } from '../capture/records.ts';
import { FieldFault } from '../fields/fault.ts';
import { resolveLocation } from '../fields/location.ts';
import type { Head } from '../http1/types.ts';
import type { NestedDocument } from './nested-document.ts';
import { OperationWatch } from './rules/watch.ts';
import type { Meaning } from './stream-items.ts';

/**
 * What a known location is to its operation. `target`: where an upload goes that is made by PUT or PATCH;
 * `result`: where what came of it can be had.
 */
export type Role = 'request-content' | 'response-message' | 'status' | 'target' | 'result';

interface Known {
  readonly operation: number;
  readonly role: Role;
}

export class OperationFacts {
  readonly id: number;
  readonly title: string;
  readonly method: string;
  readonly url: string;
  /** Announced length of the first request's content; −1 unknown. */
  readonly contentLength: number;
  /** Nothing of a resumable nature was learned yet: the same request again means it was begun anew. */
  located = false;
  /** The cut that nobody has mended yet. */
  broken: { readonly exchange: number; readonly connection: number } | null = null;
  /** After a cut: exchanges have begun, but none has gone on with the operation yet. */
  recovering = false;
  /** It was cut at least once. */
  broke = false;
  /** Since the cut the server has told how much it has. */
  found = false;
  settled = false;
  /** It puts a representation together out of segments: it is done when all bytes are there. */
  segmented = false;
  /** Length of the representation that it uploads; −1 while unknown. */
  length = -1;
  /** The response document that is being fetched for it. */
  document: NestedDocument | null = null;
  #watch: OperationWatch | null = null;

  constructor(id: number, title: string, method: string, url: string, contentLength: number) {
    this.id = id;
    this.title = title;
    this.method = method;
    this.url = url;
    this.contentLength = contentLength;
  }

  /** What the rules remember of it: most operations give them nothing to remember. */
  get watch(): OperationWatch {
    return (this.#watch ??= new OperationWatch());
  }

  /** Nothing has been remembered so far. */
  get knowsNothing(): boolean {
    return this.#watch === null;
  }
}

/** What a request turned out to be. */
export interface Placement {
  readonly operation: OperationFacts;
  readonly isNew: boolean;
  readonly role: Role | null;
  readonly url: string;
}

const MAX_LOCATIONS = 100_000;

/** Media types of content that is written into a resource at an offset. */
const UPLOAD_TYPES: ReadonlySet<string> = new Set([
  'message/byterange',
  'multipart/byteranges',
  'application/byteranges',
  'application/partial-upload',
]);

export class Operations {
  readonly all: OperationFacts[] = [];
  /** Absolute URL → whose it is. Bounded: the oldest go first. */
  readonly #known = new Map<string, Known>();
  /** `METHOD url` of operations that were cut before anything was located. */
  readonly #repeatable = new Map<string, OperationFacts>();

  /** Finds the operation of a request, or begins one. `authority`: of the connection, where Host is missing. */
  place(head: Head, authority: string): Placement {
    const { method } = head;
    const url = absolute(head.target, head.field('host') ?? authority);
    const known = this.#known.get(url);
    if (known !== undefined && joins(method, known.role, this.all[known.operation]!.settled))
      return { operation: this.all[known.operation]!, isNew: false, role: known.role, url };
    const again = this.#repeatable.size === 0 ? undefined : this.#again(method, url);
    const isOpen = again !== undefined && (again.broken !== null || again.recovering);
    if (isOpen && again.contentLength === head.contentLength)
      return { operation: again, isNew: false, role: null, url };
    const operation = this.#begin(title(head), method, url, head.contentLength);
    if (method === 'PUT' || (method === 'PATCH' && isUpload(head.field('content-type'))))
      this.#remember(url, { operation: operation.id, role: 'target' });
    return { operation, isNew: true, role: null, url };
  }

  #again(method: string, url: string): OperationFacts | undefined {
    const same = this.#repeatable.get(`${method} ${url}`);
    // A HEAD may come between a download that broke and the request for the rest of it.
    return same ?? (method === 'HEAD' ? this.#repeatable.get(`GET ${url}`) : undefined);
  }

  /** The operation of a request whose head cannot be read. */
  unreadable(title: string): OperationFacts {
    return this.#begin(title, '', '', -1);
  }

  #begin(title: string, method: string, url: string, contentLength: number): OperationFacts {
    const operation = new OperationFacts(this.all.length, title, method, url, contentLength);
    this.all.push(operation);
    return operation;
  }

  #remember(url: string, known: Known): void {
    if (this.#known.size >= MAX_LOCATIONS) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(url, known);
  }

  /** Takes the locations out of a response to a request for `url`. */
  learn(operation: OperationFacts, url: string, meaning: Meaning): void {
    const add = (reference: string | null, role: Role): void => {
      if (reference === null) return;
      const target = resolve(reference, url);
      if (target === null) return;
      if (role === 'result' && !this.#isFree(target, operation)) return;
      this.#remember(target, { operation: operation.id, role });
      if (role === 'result') return;
      operation.located = true;
      this.#repeatable.delete(`${operation.method} ${operation.url}`);
    };
    add(meaning.requestContent, 'request-content');
    add(meaning.responseMessage, 'response-message');
    add(meaning.status, 'status');
    add(meaning.result, 'result');
    add(meaning.content, 'result');
  }

  /** RFC 4918 §9.9: where a MOVE puts what was uploaded. */
  moved(operation: OperationFacts, url: string, destination: string): void {
    const target = resolve(destination, url);
    if (target !== null && this.#isFree(target, operation))
      this.#remember(target, { operation: operation.id, role: 'result' });
  }

  /** What this location is to the operation; null for nothing. */
  roleOf(operation: OperationFacts, reference: string, url: string): Role | null {
    const target = resolve(reference, url);
    const known = target === null ? undefined : this.#known.get(target);
    return known?.operation === operation.id ? known.role : null;
  }

  /** A result is the least that a location can be: it takes the place of other results, and of what is over. */
  #isFree(url: string, operation: OperationFacts): boolean {
    if (url === operation.url) return false;
    const known = this.#known.get(url);
    if (known === undefined || known.role === 'result') return true;
    return known.operation !== operation.id && this.all[known.operation]!.settled;
  }

  /** An exchange of it ended without its response. */
  cut(operation: OperationFacts, exchange: number, connection: number): void {
    operation.broken = { exchange, connection };
    operation.broke = true;
    operation.found = false;
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

/** Whether a request for a known location goes on with the operation that it belongs to. */
function joins(method: string, role: Role, settled: boolean): boolean {
  switch (role) {
    case 'request-content':
    case 'response-message':
    case 'status':
      return method !== 'POST';
    case 'target':
      // What is there in the end is a resource like any other: a later request for it is another operation.
      return method === 'MOVE' || (!settled && method !== 'POST');
    case 'result':
      return method === 'GET' || method === 'HEAD';
    default:
      return assertNever(role);
  }
}

function isUpload(type: string | null): boolean {
  const bare = type?.split(';', 1)[0]!.trim().toLowerCase();
  return bare !== undefined && UPLOAD_TYPES.has(bare);
}

/** The absolute URL of a target (RFC 9112 §3.2) as far as the wire tells; http is assumed. */
function absolute(target: string, authority: string): string {
  return target.startsWith('/') ? `http://${authority.toLowerCase()}${target}` : target;
}

/** Resolves a URI reference; userinfo does not make it another place. */
function resolve(reference: string, base: string): string | null {
  if (!URL.canParse(base)) return null;
  const location = resolveLocation(reference, base);
  if (location instanceof FieldFault) return null;
  const { url } = location;
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
