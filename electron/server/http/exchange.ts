// One request as a resource sees it, and the one place where its answers are written. Knows framing and the rules for
// interim responses; knows nothing of resources.

import type { Head } from '../../../shared/http1/types.ts';
import { type FieldLines, writeResponse } from '../../../shared/http1/writer.ts';
import { WireDuplex } from '../../wire/duplex.ts';
import type { Wire } from '../../wire/types.ts';
import type { ContentSource } from '../uploads/content-store.ts';
import { isHost } from './host.ts';
import { PLAIN_TEXT, text } from './refuse.ts';
import { ResponseStream, type StreamFraming, type StreamHead } from './response-stream.ts';

export interface FinalResponse {
  readonly status: number;
  /** Default: the registered reason phrase. */
  readonly reason?: string;
  /** Without Content-Length, Date and Connection: those are the exchange's own. */
  readonly fields: FieldLines;
  readonly content: Uint8Array | ContentSource;
  /** The connection ends after it. */
  readonly last?: true;
  /** Content of the request that is still to come is received after it, too; by default the connection ends instead. */
  readonly readsOn?: true;
  /** Written before the answers that are due before it: wrong on purpose (RFC 9112 §9.3.2). At most 64 KiB of content. */
  readonly outOfTurn?: true;
}

/** Who takes in the content of a request. */
export interface ContentConsumer {
  /** bytes[from … to), valid during the call only; `at`: absolute position of the first in the stream. */
  content(bytes: Uint8Array, from: number, to: number, at: number): void;
  /** No more content. `complete` false: it was cut short. */
  end(complete: boolean): void;
}

/** What the connection does for its exchanges. */
export interface ExchangeHost {
  readonly wire: Wire;
  /** Most interim responses to one request. */
  readonly interimLimit: number;
  /** Bytes behind the oldest request were read already, and taken for HTTP. */
  readonly readBehind: boolean;
  /** Writes in order; true when handed to the kernel. */
  write(bytes: Uint8Array): Promise<boolean>;
  /** The final response of an exchange was written, or could not be. */
  answered(exchange: Exchange): void;
  /** The connection is no HTTP any more: whatever comes from now on is the duplex's. */
  upgraded(duplex: WireDuplex): void;
}

/** A request as libraries that take a connection over want it: what `ws` reads of an `http.IncomingMessage`. */
export interface UpgradeRequest {
  readonly method: string;
  readonly url: string;
  readonly httpVersion: string;
  /** Names in lower case; values of one name joined (RFC 9110 §5.3). */
  readonly headers: Readonly<Record<string, string>>;
}

const SLICE = 64 * 1024;

export class Exchange {
  readonly head: Head;
  readonly method: string;
  /** Path of the target, without its query. */
  readonly path: string;
  /** Query without the question mark, '' if there is none. */
  readonly query: string;
  readonly #host: ExchangeHost;
  #consumer: ContentConsumer | null = null;
  #waitingContent: { bytes: Uint8Array; at: number }[] = [];
  #trailers: Head | null = null;
  #started = false;
  #ended: 'no' | 'complete' | 'cut' = 'no';
  #interims = 0;
  #final = false;
  /** Bytes of the final response were handed over. */
  #begun = false;
  #delivered = false;
  #over = false;
  #keepAlive: boolean;
  #leave: (() => void)[] = [];
  #peerEnded: (() => void)[] | null = [];
  /** Until the requests before this one are answered, nothing is written; null: they are, or nobody cares. */
  #turn: Promise<void> | null = null;
  #takeTurn = (): void => {};

  constructor(head: Head, host: ExchangeHost) {
    this.head = head;
    this.method = head.method;
    const { path, query } = splitTarget(head.target);
    this.path = path;
    this.query = query;
    this.#host = host;
    this.#keepAlive = head.keepAlive;
  }

  field(name: string): string | null {
    return this.head.field(name);
  }

  /** `http://127.0.0.1:18080`: the origin as the client named it, else as it was reached. */
  get origin(): string {
    // RFC 9112 §3.2.2: what the target names takes the place of Host.
    const { authority } = splitTarget(this.head.target);
    const host = authority !== '' && isHost(authority) ? authority : (this.field('Host') ?? '');
    return host !== '' && !host.startsWith(':') ? `http://${host}` : this.address;
  }

  /** The origin as it was reached. */
  get address(): string {
    const { address, port } = this.#host.wire.local;
    return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  }

  get interimLimit(): number {
    return this.#host.interimLimit;
  }

  /** Interim responses that can still be sent: an HTTP/1.0 client gets none (RFC 9110 §15.2). */
  get interimsLeft(): number {
    return this.takesInterims ? Math.max(0, this.interimLimit - this.#interims) : 0;
  }

  /** Interim responses can be sent at all, however many were. */
  get takesInterims(): boolean {
    return this.head.minor > 0 && !this.#final && !this.#over;
  }

  /** A final response was begun. */
  get answered(): boolean {
    return this.#final;
  }

  /** All of the final response was handed to the kernel. */
  get delivered(): boolean {
    return this.#delivered;
  }

  /** Nothing more can be written: answered in full, or the connection is gone. */
  get over(): boolean {
    return this.#over;
  }

  /** A resource was asked. */
  get started(): boolean {
    return this.#started;
  }

  get requestEnded(): boolean {
    return this.#ended !== 'no';
  }

  /** Whether something came behind the request, which must be the oldest, and was read as another request. */
  get followed(): boolean {
    return this.#host.readBehind;
  }

  /** Whether the connection can carry another request after this one; known once it is over. */
  get keepAlive(): boolean {
    return this.#keepAlive;
  }

  /** Calls once when the exchange is over, at once if it is. */
  whenOver(call: () => void): void {
    if (this.#over) call();
    else this.#leave.push(call);
  }

  /**
   * Calls once when the client has sent its FIN, at once if it has: it says no more. It may still read (RFC 9112 §9.6), or
   * be gone, which only the next write tells.
   */
  whenPeerEnded(call: () => void): void {
    if (this.#peerEnded === null) call();
    else this.#peerEnded.push(call);
  }

  /** Sets who takes in the content; what came before is delivered now. Without one, content is thrown away. */
  receive(consumer: ContentConsumer): void {
    this.#consumer = consumer;
    const waiting = this.#waitingContent;
    this.#waitingContent = [];
    for (const { bytes, at } of waiting) consumer.content(bytes, 0, bytes.length, at);
    if (this.#ended !== 'no') consumer.end(this.#ended === 'complete');
  }

  /**
   * Sends an interim response. Resolves false if it was not sent: none is left, a final response was begun, or the
   * connection is gone. Never rejects: one that cannot be written is answered with 500.
   * @param manner another reason than the registered one; more than the limit, to find out what survives
   */
  async interim(
    status: number,
    fields: FieldLines,
    manner: { readonly reason?: string; readonly pastLimit?: true } = {},
  ): Promise<boolean> {
    const { pastLimit, ...reason } = manner;
    if (pastLimit === true ? !this.takesInterims : this.interimsLeft === 0) return false;
    this.#interims++;
    try {
      return await this.#write(writeResponse({ status, fields, ...reason }));
    } catch (error) {
      void this.final(failure(error));
      return false;
    }
  }

  /**
   * Sends the final response; the second one for an exchange is ignored. Resolves whether all of it was sent. Never
   * rejects: one that cannot be written becomes a 500, one that cannot be written on a broken connection.
   */
  async final(response: FinalResponse): Promise<boolean> {
    if (this.#final || this.#over) return false;
    this.#final = true;
    if (response.outOfTurn === true) this.#turn = null;
    try {
      this.#delivered = await this.#answer(response);
    } catch (error) {
      await this.#answerFailure(error);
    }
    try {
      this.leave();
      this.#host.answered(this);
    } catch {
      // Nobody waits for this answer any more who could be told: what is wrong shows by the broken connection.
      this.destroy();
    }
    return this.#delivered;
  }

  /**
   * Begins a final response whose content is written as it comes to be. For an exchange that has a final response already,
   * or that nobody waits for, the stream is over from the start.
   */
  stream(response: StreamHead): ResponseStream {
    const first = !this.#final && !this.#over;
    this.#final = true;
    if (this.#ended !== 'complete' || response.last === true) this.#keepAlive = false;
    const framing = this.#framingOf(response);
    if (framing === 'close') this.#keepAlive = false;
    const stream: ResponseStream = new ResponseStream({
      framing,
      head: writeResponse({
        status: response.status,
        ...(response.reason === undefined ? {} : { reason: response.reason }),
        fields: [
          ['Date', new Date().toUTCString()],
          ...response.fields,
          ...(response.trailers === undefined ? [] : [['Trailer', response.trailers.join(', ')] as const]),
          ...(response.length === undefined ? [] : [['Content-Length', String(response.length)] as const]),
          ...(framing === 'chunked' ? [['Transfer-Encoding', 'chunked'] as const] : []),
          ...this.#connectionField(),
        ],
      }),
      write: (bytes) => {
        this.#begun = true;
        return this.#write(bytes);
      },
      done: (whole) => {
        this.#delivered = whole;
        this.leave();
        this.#host.answered(this);
      },
      close: (how) => this.#host.wire.close(how),
      gone: () => !first || this.#over,
    });
    return stream;
  }

  #framingOf({ status, length, toClose }: StreamHead): StreamFraming {
    if (this.method === 'HEAD' || isBodiless(status)) return 'none';
    if (length !== undefined) return 'length';
    // RFC 9112 §6.1: no transfer coding for a client of HTTP/1.0.
    return this.head.minor === 0 || toClose === true ? 'close' : 'chunked';
  }

  /** What a library that takes the connection over reads of the request. */
  upgradeRequest(): UpgradeRequest {
    const { head } = this;
    const headers: Record<string, string> = Object.create(null) as Record<string, string>;
    for (let index = 0; index < head.fieldCount; index++) {
      const name = head.fieldName(index).toLowerCase();
      const value = head.fieldValue(index);
      headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
    }
    return { method: this.method, url: head.target, httpVersion: `1.${head.minor}`, headers };
  }

  /**
   * Takes the connection out of HTTP: whoever takes it writes the 101 itself, as `ws` does (RFC 9110 §7.8). Must be called
   * while the request is being handled, before anything that follows it is read. The exchange is over with the connection.
   */
  upgrade(): WireDuplex {
    this.#final = true;
    this.#keepAlive = false;
    const duplex = new WireDuplex(this.#host.wire);
    this.#host.upgraded(duplex);
    return duplex;
  }

  async #answer(response: FinalResponse): Promise<boolean> {
    const { content } = response;
    const source = content instanceof Uint8Array ? bytesSource(content) : content;
    const length = source.length;
    // Content that was not read must not be taken for the next request: the connection ends with this answer.
    const unread = this.#ended !== 'complete' && response.readsOn !== true;
    if (unread || response.last === true) this.#keepAlive = false;
    const head = writeResponse({
      status: response.status,
      ...(response.reason === undefined ? {} : { reason: response.reason }),
      fields: [
        ['Date', new Date().toUTCString()],
        ...response.fields,
        ...(isBodiless(response.status) ? [] : [['Content-Length', String(length)] as const]),
        ...this.#connectionField(),
      ],
    });
    const bodiless = this.method === 'HEAD' || isBodiless(response.status);
    return this.#send(head, source, bodiless ? 0 : length);
  }

  /** A failure of ours is the answer as long as there is none; behind the first byte of one, only an end can tell it. */
  async #answerFailure(error: unknown): Promise<void> {
    if (!this.#begun) {
      try {
        await this.#answer(failure(error));
        return;
      } catch {
        // The connection itself fails.
      }
    }
    this.destroy();
  }

  /** What a field behind the content says, once {@link ContentConsumer.end} was called; null: there is none. */
  trailer(name: string): string | null {
    return this.#trailers?.field(name) ?? null;
  }

  /** Breaks the connection that carries this exchange. */
  destroy(): void {
    this.#host.wire.close('rst');
  }

  /**
   * The test server's own fault: a reset when `at`, an absolute position of the request stream, is reached.
   * @param content the same as an offset in the representation
   */
  cutAt(at: number, content: number): void {
    this.#host.wire.cutAt(at, 'rst', 'in', 'server', content);
  }

  /** The same, now: for content whose position was not known ahead. */
  cut(): void {
    this.#host.wire.cut('rst', 'in', 'server');
  }

  // The connection's side.

  /**
   * The resource is asked, and content is delivered from now on: because the exchange has become the oldest of its
   * connection, or `ahead` of that; what it writes then waits for its turn.
   */
  start(handle: (exchange: Exchange) => void, when: 'in turn' | 'ahead' = 'in turn'): void {
    this.#started = true;
    if (when === 'ahead') this.#turn = new Promise((resolve) => (this.#takeTurn = resolve));
    handle(this);
    this.#waitingContent = [];
  }

  deliver(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (this.#consumer !== null) this.#consumer.content(bytes, from, to, at);
    else if (!this.#started) this.#waitingContent.push({ bytes: bytes.slice(from, to), at });
  }

  /** The trailer section of the request; its end follows. */
  trail(trailers: Head): void {
    this.#trailers = trailers;
  }

  end(complete: boolean): void {
    if (this.#ended !== 'no') return;
    this.#ended = complete ? 'complete' : 'cut';
    this.#consumer?.end(complete);
  }

  /** The client's FIN. */
  peerHasEnded(): void {
    const calls = this.#peerEnded ?? [];
    this.#peerEnded = null;
    for (const call of calls) call();
  }

  /** The requests before it are answered: what waits to be written goes now. */
  takeTurn(): void {
    this.#turn = null;
    this.#takeTurn();
  }

  leave(): void {
    if (this.#over) return;
    this.#over = true;
    this.takeTurn();
    const leave = this.#leave;
    this.#leave = [];
    for (const call of leave) call();
  }

  #connectionField(): FieldLines {
    if (!this.#keepAlive) return [['Connection', 'close']];
    return this.head.minor === 0 ? [['Connection', 'keep-alive']] : [];
  }

  #write(bytes: Uint8Array): Promise<boolean> {
    return this.#turn === null ? this.#host.write(bytes) : this.#writeInTurn(bytes, this.#turn);
  }

  async #writeInTurn(bytes: Uint8Array, turn: Promise<void>): Promise<boolean> {
    await turn;
    return this.#over ? false : this.#host.write(bytes);
  }

  async #send(head: Uint8Array, source: ContentSource, length: number): Promise<boolean> {
    // The first write carries head and content together: clients exist that need a small message in one piece.
    let next = Math.min(length, SLICE);
    let piece = source.read(0, next);
    let bytes = piece === null ? head : joined(head, piece);
    this.#begun = true;
    for (;;) {
      if (!(await this.#write(bytes))) return false;
      if (piece === null) {
        // Deleted while it was being sent: the announced length cannot be met any more.
        this.destroy();
        return false;
      }
      if (next >= length) return true;
      const to = Math.min(length, next + SLICE);
      piece = source.read(next, to);
      bytes = piece ?? new Uint8Array(0);
      next = to;
    }
  }
}

/** RFC 9112 §6.3: these have no content, whatever they say of its length. */
function isBodiless(status: number): boolean {
  return status === 204 || status === 304;
}

function failure(error: unknown): FinalResponse {
  const why = error instanceof Error ? error.message : String(error);
  return { status: 500, fields: [PLAIN_TEXT], content: text(`The test server failed: ${why}`) };
}

export function bytesSource(bytes: Uint8Array): ContentSource {
  return { length: bytes.length, read: (from, to) => bytes.subarray(from, to) };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

/** Origin-form and absolute-form (RFC 9112 §3.2). */
function splitTarget(target: string): { authority: string; path: string; query: string } {
  const origin = /^https?:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(target);
  const authority = origin?.[1] ?? '';
  const rest = origin === null ? target : target.slice(origin[0].length) || '/';
  const mark = rest.indexOf('?');
  if (mark < 0) return { authority, path: rest, query: '' };
  return { authority, path: rest.slice(0, mark), query: rest.slice(mark + 1) };
}
