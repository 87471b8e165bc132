// One HTTP/1.1 connection of the client: one exchange after the other, never two at once.
// It reports how an exchange ended and decides nothing about what to do then; it never waits for ever.

import type { CutKind } from '../../shared/capture/records.ts';
import { createParser } from '../../shared/http1/parser.ts';
import type { Head, Http1Parser, Violation } from '../../shared/http1/types.ts';
import { type FieldLines, writeRequest } from '../../shared/http1/writer.ts';
import type { ClosedNote } from '../wire/recorder.ts';
import type { Clock, Wire } from '../wire/types.ts';
import { type ContentSource, PIECE } from './content.ts';
import { ClientError } from './errors.ts';
import type { Break, Endless } from './situation.ts';

/** The content of one request: bytes from … to (exclusive) of a source, after a head of their own (a part's). */
export interface RequestContent {
  readonly prefix: Uint8Array;
  readonly source: ContentSource;
  readonly from: number;
  readonly to: number;
}

export interface ExchangeRequest {
  readonly method: string;
  readonly target: string;
  /** All of them, Host, Content-Length and Expect included: nothing is added here. */
  readonly fields: FieldLines;
  readonly content: RequestContent | null;
  /**
   * With Expect: how long to hold the content back, in ms; `patience`: until a response or the end of patience;
   * null: send at once.
   */
  readonly holdContent: number | 'patience' | null;
  /** Milliseconds without a byte received or handed over after which the server is taken for dead. */
  readonly patience: number;
  /** Milliseconds more once all is sent: the time the server was allowed to think (`Prefer: wait`). */
  readonly allowance: number;
  /** Milliseconds after which what tells nothing new does not keep the exchange alive any more. */
  readonly longest: number;
  /**
   * Of an answer that is a document about the operation: bytes of content at most, where it announces no length. Null:
   * it is what the user wants, however long it is.
   */
  readonly most: number | null;
}

/** Interim responses to one request, after which it is not going to end. */
const MOST_INTERIM = 10_000;
/** Bytes of a document that are news: what drips is none. */
const NEWS = 64 * 1024;

/** Told as it happens. A head is valid during the call only. */
export interface ExchangeListener {
  /** @returns whether it told anything new */
  interim?(head: Head): boolean;
  /** After an interim response: may content that was held back go, although it is no 100? */
  admits?(): boolean;
  final?(head: Head): void;
  /** Content of the final response: bytes[from … to). A promise: no more is read until it resolves. */
  content?(bytes: Uint8Array, from: number, to: number): Promise<void> | null;
  /** The trailer section, unless it is empty. */
  trailers?(trailers: Head): void;
}

export interface ExchangeResult {
  /** Null: the exchange is over as HTTP has it. */
  readonly broke: Break | null;
  /** What the server sent was no HTTP/1.1: a sentence. */
  readonly nonsense: string | null;
  /** A 100 Continue came. */
  readonly continued: boolean;
  /** Offset in the source up to which bytes were handed to the kernel. */
  readonly sentTo: number;
  /** The same for what was given to the wire, part of which the kernel may have taken all the same. */
  readonly issuedTo: number;
  readonly final: Head | null;
  /** The final response came whole. */
  readonly whole: boolean;
}

/** The first piece shares one write (at most 64 KiB) with the head: some servers want both in one read. */
const FIRST_PIECE = 32 * 1024;

/** How long (ms) the peer may take to end a connection that we have ended. */
const LEAVE_WITHIN = 1_000;

interface Running {
  readonly request: ExchangeRequest;
  readonly listener: ExchangeListener;
  readonly resolve: (result: ExchangeResult) => void;
  readonly reject: (error: unknown) => void;
  /** Lets the content go; called by a 100, a final response, or the end of the connection. */
  release: () => void;
  continued: boolean;
  final: Head | null;
  whole: boolean;
  /** No more content may be sent: answered early, or broken. */
  stopped: boolean;
  /** All of the content was given to the wire. */
  issued: boolean;
  /** The wire took all of it. */
  handedOver: boolean;
  /** Position in the stream of the content's first byte (behind the prefix); NaN before it is known. */
  contentAt: number;
  interims: number;
  /** When something new was told, sent or received. */
  news: number;
  /** The content's source, or the reader of the answer, keeps us waiting: that is no silence of the server. */
  waits: number;
  /** Bytes of content that came, and how many of them when they were news last. */
  content: number;
  told: number;
  endless: Endless | null;
}

export class ClientConnection {
  readonly #wire: Wire;
  readonly #clock: Clock;
  readonly #parser: Http1Parser;
  #running: Running | null = null;
  #spent = false;
  #leaving = false;
  /** Bytes given to the wire, over all exchanges. */
  #issued = 0;
  #moved = 0;
  #stopTimer: () => void = () => {};
  #nonsense: string | null = null;

  constructor(wire: Wire, clock: Clock) {
    this.#wire = wire;
    this.#clock = clock;
    this.#parser = createParser('response', {
      head: (head) => this.#head(head),
      content: (bytes, from, to) => this.#content(bytes, from, to),
      trailers: (trailers) => this.#running?.listener.trailers?.(trailers),
      messageEnd: (_end, complete) => this.#messageEnd(complete),
      error: (violation) => this.#error(violation),
    });
    wire.handle({
      data: (bytes) => {
        this.#moved = this.#clock.now();
        this.#parser.feed(bytes);
      },
      // The peer says no more: nothing we could add would be answered. After our own FIN all is said anyway.
      end: () => {
        if (!this.#leaving) this.#wire.close('fin');
      },
      closed: (note) => this.#closed(note),
    });
  }

  /** The connection's number in the records. */
  get id(): number {
    return this.#wire.connection;
  }

  /** May another request be sent on it (RFC 9112 §9.3)? */
  get reusable(): boolean {
    return !this.#spent && this.#running === null && this.#wire.open;
  }

  /**
   * Sends a request and awaits its final response. Rejects with a {@link ClientError}: `content` if the source
   * fails, `busy` if the connection is not {@link reusable}.
   */
  exchange(request: ExchangeRequest, listener: ExchangeListener): Promise<ExchangeResult> {
    if (this.#running !== null)
      return Promise.reject(
        new ClientError('busy', 'This connection still waits for a response. Open another.'),
      );
    return new Promise((resolve, reject) => {
      const running: Running = {
        request,
        listener,
        resolve,
        reject,
        release: () => {},
        continued: false,
        final: null,
        whole: false,
        stopped: false,
        issued: false,
        handedOver: false,
        contentAt: NaN,
        interims: 0,
        news: this.#clock.now(),
        waits: 0,
        content: 0,
        told: 0,
        endless: null,
      };
      this.#running = running;
      if (!this.#wire.open) {
        this.#finish(running, 'fin');
        return;
      }
      this.#parser.expect(request.method);
      this.#watch(running);
      this.#send(running).then(
        () => this.#settle(running),
        (error: unknown) => this.#fail(running, error),
      );
    });
  }

  /** Resolves once its end is on record. */
  get over(): Promise<void> {
    return this.#wire.over;
  }

  /**
   * Ends it in good order, unless it is ending already, and resolves when the peer has, too, or after a second without
   * that: then its end is on record.
   */
  async leave(): Promise<void> {
    this.#spent = true;
    this.#leaving = true;
    const cancel = this.#clock.after(LEAVE_WITHIN, () => {
      this.#wire.close('fin');
      this.#wire.close('rst');
    });
    if (this.#wire.open) this.#wire.finish();
    await this.#wire.over;
    cancel();
  }

  /** Ends it without waiting: `fin` in good order, `rst` at once. */
  close(how: 'fin' | Extract<CutKind, 'rst'>): void {
    this.#spent = true;
    if (this.#wire.open) this.#wire.close(how);
  }

  // Sending

  async #send(running: Running): Promise<void> {
    const { request } = running;
    const { content } = request;
    let lead: Uint8Array = writeRequest({
      method: request.method,
      target: request.target,
      fields: request.fields,
    });
    if (content === null) {
      running.issued = true;
      running.handedOver = await this.#write(lead);
      return;
    }
    if (request.holdContent !== null) {
      if (!(await this.#write(lead))) return;
      await this.#hold(running, request.holdContent);
      lead = new Uint8Array(0);
    }
    if (content.prefix.length > 0) lead = joined(lead, content.prefix);
    running.contentAt = this.#issued + lead.length;
    let at = content.from;
    do {
      if (running.stopped) return;
      const size = lead.length > 0 ? FIRST_PIECE : PIECE;
      const piece = at < content.to ? await this.#read(running, content, at, size) : new Uint8Array(0);
      if (running.stopped) return;
      at += piece.length;
      running.issued = at === content.to;
      if (!(await this.#write(lead.length > 0 ? joined(lead, piece) : piece))) return;
      lead = new Uint8Array(0);
      this.#news(running);
    } while (at < content.to);
    running.handedOver = true;
  }

  async #read(running: Running, content: RequestContent, at: number, size: number): Promise<Uint8Array> {
    running.waits++;
    try {
      return await content.source.read(at, Math.min(at + size, content.to));
    } finally {
      running.waits--;
      this.#news(running);
    }
  }

  /** Something moved that was not known before. */
  #news(running: Running): void {
    this.#moved = this.#clock.now();
    running.news = this.#moved;
  }

  #write(bytes: Uint8Array): Promise<boolean> {
    this.#issued += bytes.length;
    return bytes.length === 0 ? Promise.resolve(true) : this.#wire.write(bytes);
  }

  /** Waits until the content may go, or until it will never have to. RFC 9110 §10.1.1 */
  #hold(running: Running, limit: number | 'patience'): Promise<void> {
    if (running.continued || running.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = limit === 'patience' ? () => {} : this.#clock.after(limit, () => running.release());
      running.release = () => {
        running.release = () => {};
        cancel();
        resolve();
      };
    });
  }

  // Receiving

  #head(head: Head): void {
    const running = this.#running;
    if (running === null) return;
    if (head.status < 200) {
      if (head.status === 100) running.continued = true;
      if (running.listener.interim?.(head) === true) running.news = this.#moved;
      if (++running.interims > MOST_INTERIM) this.#end(running, 'flood');
      if (head.status === 100 || running.listener.admits?.() === true) running.release();
      return;
    }
    running.final = head.keep();
    running.news = this.#moved;
    if (!running.issued) running.stopped = true;
    running.listener.final?.(head);
    running.release();
  }

  #content(bytes: Uint8Array, from: number, to: number): void {
    const running = this.#running;
    if (running === null) return;
    this.#count(running, to - from);
    const taken = running.listener.content?.(bytes, from, to) ?? null;
    if (taken === null) return;
    if (running.waits++ === 0) this.#wire.flow(false);
    void taken.then(() => {
      if (--running.waits === 0) this.#wire.flow(true);
      this.#news(running);
    });
  }

  /** Content of the user's own is news, byte by byte; of a document, a piece is. */
  #count(running: Running, bytes: number): void {
    const { most } = running.request;
    running.content += bytes;
    if (most === null || running.content >= running.told + NEWS) {
      running.news = this.#moved;
      running.told = running.content;
    }
    if (most !== null && running.content > most && (running.final?.contentLength ?? -1) < 0)
      this.#end(running, 'overlong');
  }

  /** The server will not come to an end: we do. */
  #end(running: Running, why: Endless): void {
    running.endless ??= why;
    if (this.#wire.open) this.#wire.close('silence');
  }

  #messageEnd(complete: boolean): void {
    const running = this.#running;
    if (running === null || !complete) return;
    running.whole = true;
    this.#settle(running);
  }

  #error(violation: Violation): void {
    // The end of the stream is told by the wire, which knows a reset from a FIN.
    if (violation.code === 'closed-before-head' || violation.code === 'closed-in-body') return;
    this.#spent = true;
    if (this.#running !== null && !this.#running.whole)
      this.#nonsense =
        `The server's answer is not HTTP/1.1 (${violation.code} at byte ${violation.at}, ${violation.rfc}). ` +
        'Check that the URL names an HTTP server.';
    if (this.#wire.open) this.#wire.close('fin');
  }

  #closed(note: ClosedNote): void {
    this.#spent = true;
    const running = this.#running;
    if (running === null) return;
    running.stopped = true;
    running.release();
    // Only an orderly end completes content that is delimited by it (RFC 9112 §8).
    if (note.how === 'fin' && note.by !== 'fault' && this.#nonsense === null) this.#parser.end();
    if (this.#running === running)
      this.#finish(running, running.whole ? null : (running.endless ?? note.how));
  }

  // The end of an exchange

  /** Resolves once the response is whole and no write of the request hangs any more. */
  #settle(running: Running): void {
    if (this.#running !== running || !running.whole) return;
    if (running.handedOver || running.stopped || (running.final?.status ?? 0) >= 400)
      this.#finish(running, null);
  }

  #finish(running: Running, broke: Break | null): void {
    this.#running = null;
    this.#stopTimer();
    running.stopped = true;
    running.release();
    if (!running.handedOver || broke !== null || running.final?.keepAlive !== true) this.close('fin');
    running.resolve({
      broke,
      nonsense: running.whole ? null : this.#nonsense,
      continued: running.continued,
      sentTo: this.#offset(running, this.#wire.sent),
      issuedTo: this.#offset(running, this.#issued),
      final: running.final,
      whole: running.whole,
    });
  }

  #fail(running: Running, error: unknown): void {
    if (this.#running !== running) return;
    this.#running = null;
    this.#stopTimer();
    this.close('rst');
    running.reject(error);
  }

  /** Of the byte at that position of the stream, in the content. */
  #offset(running: Running, position: number): number {
    const { content } = running.request;
    if (content === null) return 0;
    if (Number.isNaN(running.contentAt)) return content.from;
    return Math.min(content.to, content.from + Math.max(0, position - running.contentAt));
  }

  /**
   * One timer an exchange: when it rings, it looks how long ago anything moved and sleeps for the rest. Before it gives
   * up it looks once more after a turn of the event loop: where it was we who were held up (a busy or sleeping
   * machine), the timer rings before what has long arrived is read.
   */
  #watch(running: Running): void {
    this.#moved = this.#clock.now();
    let late = false;
    const look = (): void => {
      const now = this.#clock.now();
      if (running.waits > 0) this.#news(running);
      if (now - running.news >= running.request.longest) {
        this.#end(running, 'endless');
        return;
      }
      const allowed = running.request.patience + (running.handedOver ? running.request.allowance : 0);
      const left = this.#moved + allowed - now;
      if (left <= 0 && late) {
        this.#wire.close('silence');
        return;
      }
      late = left <= 0;
      this.#stopTimer = this.#clock.after(Math.max(left, 0), look);
    };
    this.#stopTimer = this.#clock.after(running.request.patience, look);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
