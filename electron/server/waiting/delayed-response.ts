// A response that is not ready yet: it waits, or says a space now and then so that nobody takes the connection for dead.
// What http-delayed-response does for node:http, over our own exchanges and on an injected clock. Knows no resource.

import { EventEmitter } from 'node:events';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { Clock } from '../../wire/types.ts';
import { ServerError } from '../errors.ts';
import type { Exchange } from '../http/exchange.ts';
import { PLAIN_TEXT, text } from '../http/refuse.ts';
import type { ResponseStream } from '../http/response-stream.ts';

/** What can be listened for; who listens for `done`, `error`, `cancel` or `abort` ends the response by `respond`. */
interface DelayedEvents {
  /** It ended without an error. Unheard: the data is the content. */
  done: [data: unknown];
  /** It ended with an error, or too late. Unheard: it goes to `next`, else it is the answer and is thrown. */
  error: [error: Error];
  /** It ended too late. Unheard: as an error. */
  cancel: [];
  /** The client is gone before the end. Unheard: the connection is ended. */
  abort: [];
  /** At each interval after `start`. */
  poll: [];
  /** The same, in the place of the space that is written otherwise. */
  heartbeat: [];
}

/** The callback that ends it: {@link DelayedResponse.end}. */
type End = (error?: unknown, data?: unknown) => Promise<unknown> | undefined;

const USUAL_INTERVAL = 100;
const SPACE = new Uint8Array([0x20]);
const JSON_TYPE = ['Content-Type', 'application/json'] as const;
const encoder = new TextEncoder();

export class DelayedResponse extends EventEmitter<DelayedEvents> {
  /** Of the response; without effect once its head is out. */
  status = 200;
  readonly #exchange: Exchange;
  readonly #clock: Clock;
  readonly #next: ((error: Error) => void) | null;
  #fields: FieldLines = [];
  #stream: ResponseStream | null = null;
  #started = false;
  #ended = false;
  #responded = false;
  #beating = false;
  #cancelTimeout: () => void = () => {};
  #cancelPoll: () => void = () => {};

  /** @param next takes an error that nobody listens for, as middleware hands it on */
  constructor(exchange: Exchange, clock: Clock, next: ((error: Error) => void) | null = null) {
    super();
    this.#exchange = exchange;
    this.#clock = clock;
    this.#next = next;
    exchange.whenOver(() => this.#left());
    // As node:http has it: who ends its side has gone.
    exchange.whenPeerEnded(() => this.#left());
  }

  /** The head of the response is out: its status cannot change any more. */
  get begun(): boolean {
    return this.#stream !== null;
  }

  /** It was ended, or the client left: another end is without effect. */
  get ended(): boolean {
    return this.#ended;
  }

  field(name: string, value: string): this {
    this.#fields = [...this.#fields, [name, value]];
    return this;
  }

  json(): this {
    return this.field(...JSON_TYPE);
  }

  /**
   * Waits silently. Returns the callback that ends it.
   * @param timeout ms after which it is cancelled, with status 202; 0: never
   * @throws {ServerError} `bad-option` when it was started before
   */
  wait(timeout = 0): End {
    this.#start();
    this.#limit(timeout, () => {
      this.status = 202;
    });
    return this.#end;
  }

  /**
   * Answers 202 and keeps the connection alive: a space at each interval after the initial delay, with the head before the
   * first. Returns the callback that ends it.
   * @param interval ms; 0 or none: 100
   * @param initialDelay ms before the first interval begins; default: one interval
   * @param timeout ms after which it is cancelled; 0: never
   * @throws {ServerError} `bad-option` when it was started before
   */
  start(interval = USUAL_INTERVAL, initialDelay?: number, timeout = 0): End {
    this.#start();
    const every = interval === 0 ? USUAL_INTERVAL : interval;
    this.status = 202;
    this.#cancelPoll = this.#clock.after(initialDelay ?? every, () => this.#pollAfter(every));
    this.#limit(timeout, () => {});
    return this.#end;
  }

  /**
   * Ends it: with an error, with data, or as a promise does that stands in the error's place. A second end is without
   * effect.
   * @returns for a promise: the same, rejected where nobody took its error
   * @throws the error, where nobody listens for it and there is no `next`; the response says it, too
   */
  end(error?: unknown, data?: unknown): Promise<unknown> | undefined {
    if (isPromise(error))
      return error.then(
        (result) => {
          void this.end(null, result);
          return result;
        },
        (reason: unknown) => void this.end(asError(reason)),
      );
    if (this.#ended) return undefined;
    this.#ended = true;
    this.stop();
    if (error !== undefined && error !== null) {
      const failure = asError(error);
      if (!this.#hand(failure)) {
        this.fail(failure);
        throw failure;
      }
    } else if (!this.emit('done', data)) this.#render(data);
    return undefined;
  }

  /** Stops polling and timing out. The response is as it was. */
  stop(): void {
    this.#cancelPoll();
    this.#cancelTimeout();
  }

  /** Writes content, with the head before the first. Resolves whether it was handed to the kernel. */
  write(content: string | Uint8Array): Promise<boolean> {
    return this.#opened().write(bytesOf(content));
  }

  /** Ends the response, with this content where it has none yet, else behind it. */
  respond(content: string | Uint8Array = ''): void {
    if (this.#responded) return;
    this.#responded = true;
    this.stop();
    const bytes = bytesOf(content);
    const stream = this.#stream;
    if (stream === null)
      void this.#exchange.final({ status: this.status, fields: this.#fields, content: bytes });
    else {
      if (bytes.length > 0) void stream.write(bytes);
      void stream.end();
    }
  }

  /**
   * Says that it went wrong: by a 500; once the head is out, by ending the connection in the middle of the content, since
   * the status has been said and an end would make it whole (RFC 9112 §8).
   */
  fail(error: Error): void {
    if (this.#responded) return;
    this.#ended = true;
    this.#responded = true;
    this.stop();
    if (this.#stream !== null) this.#stream.abort('rst');
    else void this.#exchange.final({ status: 500, fields: [PLAIN_TEXT], content: text(error.message) });
  }

  readonly #end: End = (error, data) => this.end(error, data);

  #start(): void {
    if (this.#started) throw new ServerError('bad-option', 'instance already started');
    this.#started = true;
  }

  #limit(timeout: number, passed: () => void): void {
    if (timeout === 0) return;
    this.#cancelTimeout = this.#clock.after(timeout, () => {
      if (this.#ended) return;
      passed();
      this.#ended = true;
      this.stop();
      const failure = new ServerError('timed-out', 'timeout occurred');
      // Nobody called who could be thrown at.
      if (!this.emit('cancel') && !this.#hand(failure)) this.fail(failure);
    });
  }

  /** False: nobody takes the error. */
  #hand(error: Error): boolean {
    if (this.listenerCount('error') > 0) this.emit('error', error);
    else if (this.#next === null) return false;
    else this.#next(error);
    return true;
  }

  #pollAfter(interval: number): void {
    this.#cancelPoll = this.#clock.after(interval, () => {
      this.#pollAfter(interval);
      this.emit('poll');
      if (!this.#ended && !this.emit('heartbeat')) void this.#beat();
    });
  }

  /** A client that reads nothing is written no more than one space at a time. */
  async #beat(): Promise<void> {
    if (this.#beating) return;
    this.#beating = true;
    await this.write(SPACE);
    this.#beating = false;
  }

  #left(): void {
    if (this.#ended || this.#responded || this.#exchange.answered !== this.begun) return;
    this.#ended = true;
    this.stop();
    if (!this.emit('abort')) this.#exchange.destroy();
  }

  #render(data: unknown): void {
    if (data === undefined || data === null) this.respond();
    else if (typeof data === 'string' || data instanceof Uint8Array) this.respond(data);
    else if (isStream(data)) void this.#pipe(data);
    else this.#renderJson(data);
  }

  #renderJson(data: unknown): void {
    let json: string | undefined;
    try {
      json = JSON.stringify(data);
    } catch (error) {
      this.fail(asError(error));
      return;
    }
    this.respond(json);
  }

  async #pipe(pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
    try {
      for await (const piece of pieces) if (!(await this.write(piece))) return;
      this.respond();
    } catch (error) {
      this.fail(asError(error));
    }
  }

  #opened(): ResponseStream {
    this.#stream ??= this.#exchange.stream({ status: this.status, fields: this.#fields });
    return this.#stream;
  }
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? encoder.encode(content) : content;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function isStream(value: unknown): value is AsyncIterable<string | Uint8Array> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
