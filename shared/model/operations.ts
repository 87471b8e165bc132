// Which exchanges make up one operation: read from the wire alone (location fields, upload URLs, a request sent
// again after a cut), so that the traffic of strangers tells its story too.

import { readUploadRequest } from '../byteranges/upload-request.ts';
import { assertNever } from '../capture/records.ts';
import { FieldFault } from '../fields/fault.ts';
import { resolveLocation } from '../fields/location.ts';
import type { Head } from '../http1/types.ts';
import type { NestedDocument } from './nested-document.ts';
import { OperationWatch } from './rules/watch.ts';
import type { Running } from './running.ts';
import type { Meaning } from './stream-items.ts';

/**
 * What a known location is to its operation. `target`: where an upload goes that is made by PUT or PATCH;
 * `result`: where what came of it can be had.
 */
export type Role = 'request-content' | 'response-message' | 'status' | 'target' | 'result';

interface Known {
  readonly operation: OperationFacts;
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
  /** It is asked again and again how it stands: answers are news, and no representation. */
  asked = false;
  /** It puts a representation together out of segments: it is done when all bytes are there. */
  segmented = false;
  /** The protocol of resumable uploads that it speaks; null: none of these, as far as is known. */
  protocol: 'ietf' | 'tus' | null = null;
  /** How far its download has come, where that counts. */
  downloaded = 0;
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
  /** It goes on behind what it was told before (Last-Event-ID). */
  readonly follows: boolean;
}

/** Who asks, and whom. */
export interface Asker {
  /** Address of the client. */
  readonly client: string;
  /** Of the connection, where Host is missing. */
  readonly authority: string;
}

/** Locations that are remembered, unless less is enough. */
const MAX_LOCATIONS = 100_000;
/** Segments of a path that the name of an operation can have. */
const NAME_SEGMENTS = 10;

/** Media types of content that is written into a resource at an offset. */
const PATCH_TYPES: ReadonlySet<string> = new Set([
  'message/byterange',
  'multipart/byteranges',
  'application/byteranges',
]);

/** The same, into an upload resource. */
const UPLOAD_TYPES: ReadonlySet<string> = new Set([
  'application/partial-upload',
  'application/offset+octet-stream',
]);

export class Operations {
  /** The one that was begun last; null before the first. */
  latest: OperationFacts | null = null;
  #begun = 0;
  readonly #most: number;
  /** Absolute URL → whose it is. Bounded: the oldest go first. */
  readonly #known = new Map<string, Known>();
  /** `METHOD url` of operations that were cut before anything was located. Bounded in the same way. */
  readonly #repeatable = new Map<string, OperationFacts>();
  /** By client and URL: what it was told to ask for again, and what it was told events of. Bounded as locations are. */
  readonly #asked = new Map<string, OperationFacts>();
  readonly #followed = new Map<string, OperationFacts>();
  /** By authority and name. */
  readonly #named = new Map<string, OperationFacts>();
  /** Who was asked last, and how URLs there begin. */
  #authority = '';
  #origin = 'http://';

  /** @param most how many locations are remembered of each kind */
  constructor(most = MAX_LOCATIONS) {
    this.#most = most;
  }

  /** Finds the operation of a request, or begins one. @param method what it is meant to be */
  place(head: Head, method: string, asker: Asker): Placement {
    const { target } = head;
    const url = this.#absolute(target, head.field('host') ?? asker.authority);
    const at = { isNew: false, url, follows: false } as const;
    const known = this.#knownAt(url, method);
    if (known !== undefined && joins(method, known.role, known.operation.settled))
      return { ...at, operation: known.operation, role: known.role };
    if (method === 'GET') {
      const followed = this.#follows(head, url, asker);
      if (followed !== undefined) return { ...at, operation: followed, role: null, follows: true };
    }
    const again = this.#repeatable.size === 0 ? undefined : this.#again(method, url);
    const isOpen = again !== undefined && (again.broken !== null || again.recovering);
    if (isOpen && again.contentLength === head.contentLength) return { ...at, operation: again, role: null };
    const asked = method === 'GET' ? (this.#askedAt(asker.client, url) ?? this.#namedAt(url)) : undefined;
    if (asked !== undefined) return { ...at, operation: asked, role: 'status' };
    const operation = this.#begin(title(head, method, target), method, url, head.contentLength);
    const type = method === 'PATCH' ? bareType(head.field('content-type')) : '';
    if (method === 'PUT' || PATCH_TYPES.has(type)) this.#remember(url, { operation, role: 'target' });
    else if (UPLOAD_TYPES.has(type)) this.#remember(url, { operation, role: 'request-content' });
    return { ...at, operation, isNew: true, role: null };
  }

  /** What is known of a URL. A question about work may have its own query: how long to wait, what is known already. */
  #knownAt(url: string, method: string): Known | undefined {
    const known = this.#known.get(url);
    const query = method === 'GET' ? url.indexOf('?') : -1;
    if (known !== undefined || query === -1) return known;
    const plain = this.#known.get(url.slice(0, query));
    return plain?.role === 'status' || plain?.role === 'result' ? plain : undefined;
  }

  /** HTML, "Server-sent events": who comes back says what it heard last. */
  #follows(head: Head, url: string, { client }: Asker): OperationFacts | undefined {
    if (this.#followed.size === 0 || head.field('last-event-id') === null) return undefined;
    const operation = this.#followed.get(keyOf(client, url));
    if (operation === undefined) return undefined;
    const isOver = operation.settled || operation.broken !== null || operation.recovering;
    if (!isOver) return undefined;
    operation.settled = false;
    operation.recovering = true;
    return operation;
  }

  /** The answer to a GET says that it is to be asked again. */
  asks({ operation, client, url }: Running): void {
    operation.asked = true;
    this.#bounded(this.#asked).set(keyOf(client, url), operation);
  }

  /** The answer to a GET is the last word: who asks once more asks for something else. */
  answered({ client, url }: Running): void {
    if (this.#asked.size > 0) this.#asked.delete(keyOf(client, url));
  }

  #askedAt(client: string, url: string): OperationFacts | undefined {
    // No string is made to be looked for where nothing is.
    return this.#asked.size === 0 ? undefined : this.#asked.get(keyOf(client, url));
  }

  /** AIP-151: the work has a name, which the path of its status ends with. */
  named({ operation, url }: Running, name: string): void {
    if (!URL.canParse(url) || !/^[^\s/](?:[^\s]*[^\s/])?$/.test(name)) return;
    this.#bounded(this.#named).set(keyOf(new URL(url).host, name), operation);
  }

  /** The operation whose name the path ends with. */
  #namedAt(url: string): OperationFacts | undefined {
    if (this.#named.size === 0 || !URL.canParse(url)) return undefined;
    const { host, pathname } = new URL(url);
    const segments = pathname.split('/');
    for (let i = Math.max(1, segments.length - NAME_SEGMENTS); i < segments.length; i++) {
      const operation = this.#named.get(keyOf(host, segments.slice(i).join('/')));
      if (operation !== undefined) return operation;
    }
    return undefined;
  }

  /** The answer to a GET is a stream of events, which may go on in another exchange. */
  tellsEvents({ operation, client, url }: Running): void {
    this.#bounded(this.#followed).set(keyOf(client, url), operation);
  }

  /** A HEAD is answered with an offset: it was an upload resource that was asked, though nobody had said so. */
  isUpload(running: Running, status: number): void {
    const { method, role, url, operation } = running;
    if (method !== 'HEAD' || role !== null || status < 200 || status > 299) return;
    running.role = 'request-content';
    operation.located = true;
    this.#remember(url, { operation, role: 'request-content' });
  }

  /** The operation whose upload resource this reference names; null: nobody's. */
  uploadAt(reference: string, base: string): OperationFacts | null {
    const url = resolve(reference, base);
    const known = url === null ? undefined : this.#known.get(url);
    return known?.role === 'request-content' ? known.operation : null;
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
    const operation = new OperationFacts(this.#begun++, title, method, url, contentLength);
    this.latest = operation;
    return operation;
  }

  #remember(url: string, known: Known): void {
    this.#bounded(this.#known).set(url, known);
  }

  /** Takes the locations out of a response to a request for `url`. */
  learn(operation: OperationFacts, url: string, meaning: Meaning): void {
    const add = (reference: string | null, role: Role): void => {
      if (reference === null) return;
      const target = resolve(reference, url);
      if (target === null) return;
      if (role === 'result' && !this.#isFree(target, operation)) return;
      this.#remember(target, { operation, role });
      if (role === 'result') return;
      operation.located = true;
      this.#mended(operation);
    };
    add(meaning.requestContent, 'request-content');
    add(meaning.responseMessage, 'response-message');
    add(meaning.status, 'status');
    add(meaning.result, 'result');
    add(meaning.content, 'result');
    for (const reference of meaning.duplicates) {
      const target = resolve(reference, url);
      if (target !== null && this.#isNobodys(target, operation)) add(reference, 'request-content');
    }
  }

  /** RFC 4918 §9.9: where a MOVE puts what was uploaded. */
  moved(operation: OperationFacts, url: string, destination: string): void {
    const target = resolve(destination, url);
    if (target !== null && this.#isFree(target, operation))
      this.#remember(target, { operation, role: 'result' });
  }

  /** What this location is to the operation; null for nothing. */
  roleOf(operation: OperationFacts, reference: string, url: string): Role | null {
    const target = resolve(reference, url);
    const known = target === null ? undefined : this.#known.get(target);
    return known?.operation === operation ? known.role : null;
  }

  /** A result is the least that a location can be: it takes the place of other results, and of what is over. */
  #isFree(url: string, operation: OperationFacts): boolean {
    return this.#known.get(url)?.role === 'result' ? url !== operation.url : this.#isNobodys(url, operation);
  }

  /** It is no place of an operation that lasts. */
  #isNobodys(url: string, operation: OperationFacts): boolean {
    if (url === operation.url) return false;
    const known = this.#known.get(url);
    if (known === undefined) return true;
    return known.operation !== operation && known.operation.settled;
  }

  /** An exchange of it ended without its response. */
  cut(operation: OperationFacts, exchange: number, connection: number): void {
    operation.broken = { exchange, connection };
    operation.broke = true;
    operation.found = false;
    if (!operation.located)
      this.#bounded(this.#repeatable).set(`${operation.method} ${operation.url}`, operation);
  }

  /** Makes room for one more: the oldest goes first. */
  #bounded<Value>(map: Map<string, Value>): Map<string, Value> {
    if (map.size >= this.#most) map.delete(map.keys().next().value!);
    return map;
  }

  /** Nothing more is expected of it. */
  settle(operation: OperationFacts): void {
    operation.settled = true;
    operation.broken = null;
    operation.recovering = false;
    this.#mended(operation);
  }

  #mended({ method, url }: OperationFacts): void {
    if (this.#repeatable.size > 0) this.#repeatable.delete(`${method} ${url}`);
  }

  /** The absolute URL of a target (RFC 9112 §3.2) as far as the wire tells; http is assumed. */
  #absolute(target: string, authority: string): string {
    if (!target.startsWith('/')) return target;
    // One after the other asks the same server.
    if (authority !== this.#authority) {
      this.#authority = authority;
      this.#origin = `http://${authority.toLowerCase()}`;
    }
    return this.#origin + target;
  }
}

function keyOf(client: string, url: string): string {
  return `${client} ${url}`;
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

function bareType(type: string | null): string {
  return type?.split(';', 1)[0]!.trim().toLowerCase() ?? '';
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

function title(head: Head, method: string, target: string): string {
  const path = target.length > 60 ? `${target.slice(0, 57)}…` : target;
  const length = method === 'POST' || method === 'PUT' ? uploadLength(head) : 0;
  return length > 0 ? `Upload ${length.toLocaleString('en-US')} bytes to ${path}` : `${method} ${path}`;
}

/** Of the whole upload, where the request says how long that will be. */
function uploadLength(head: Head): number {
  return Math.max(head.contentLength, readUploadRequest(head)?.length ?? 0);
}
