// A request as a stream, with the habits of http.request: write the content, end it, get a response. What breaks in
// between is the strategy's affair; it is told by events, and never shows in the content of the response.

import { Writable } from 'node:stream';
import type { Head } from '../../../shared/http1/types.ts';
import { windowContent } from '../content.ts';
import { runStrategy } from '../run-strategy.ts';
import type { FinalResponse, Observer, OperationResult } from '../strategy.ts';
import { contextOf } from './context.ts';
import { Delivery } from './delivery.ts';
import { RequestError } from './errors.ts';
import { type Asked } from './options.ts';
import { type Information, informationOf, ResumableResponse } from './response.ts';
import { WrittenContent } from './written-content.ts';

/** A step that was taken, and why: one sentence for a person. */
export interface TakenStep {
  readonly name: Parameters<NonNullable<Observer['step']>>[0];
  readonly why: string;
}

export interface RequestEvents {
  /** Every interim response, to any request that this one took. */
  information: [information: Information];
  /** A 100 Continue. */
  continue: [];
  step: [step: TakenStep];
  /** Once: the final response. Its content must be read, or thrown away by `resume()`. */
  response: [response: ResumableResponse];
  error: [error: RequestError];
  close: [];
  drain: [];
  finish: [];
}

/** The head of the final response, once it was told. */
interface Answering {
  readonly response: ResumableResponse;
  readonly delivery: Delivery;
}

export class ResumableRequest extends Writable {
  readonly method: string;
  /** Absolute URL, without userinfo. */
  readonly url: string;
  readonly strategy: Asked['strategy'];
  /** What came of it: resumes, digests, locations. Null before `close`. */
  result: OperationResult | null = null;
  readonly #asked: Asked;
  readonly #content: WrittenContent;
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;
  #answering: Answering | null = null;
  #abort: () => void = () => {};

  constructor(asked: Asked) {
    // It is over when the response is, not when the content was taken.
    super({ autoDestroy: false });
    this.#asked = asked;
    this.method = asked.method;
    const url = new URL(asked.url);
    url.username = '';
    url.password = '';
    this.url = url.href;
    this.strategy = asked.strategy;
    this.#content = new WrittenContent(asked.contentLength);
    const { signal } = asked.options;
    if (signal === undefined) return;
    this.#abort = () => this.destroy(new RequestError('aborted', 'The request was stopped by its signal.'));
    if (signal.aborted) process.nextTick(this.#abort);
    else signal.addEventListener('abort', this.#abort, { once: true });
  }

  override on<K extends keyof RequestEvents>(event: K, listener: (...args: RequestEvents[K]) => void): this;
  override on(event: string | symbol, listener: (...args: never[]) => void): this;
  override on(event: string | symbol, listener: (...args: never[]) => void): this {
    return super.on(event, listener as () => void);
  }

  override once<K extends keyof RequestEvents>(event: K, listener: (...args: RequestEvents[K]) => void): this;
  override once(event: string | symbol, listener: (...args: never[]) => void): this;
  override once(event: string | symbol, listener: (...args: never[]) => void): this {
    return super.once(event, listener as () => void);
  }

  override _write(chunk: Buffer, _encoding: string, taken: () => void): void {
    const { contentLength } = this.#asked;
    if (contentLength !== null && this.#content.written + chunk.length > contentLength) {
      this.#mislaid(`More was written than the ${contentLength} bytes that Content-Length announced.`);
      return;
    }
    if (contentLength !== null) this.#begin();
    this.#content.write(chunk).then(taken, (failure: unknown) => this.destroy(asRequestError(failure)));
  }

  override _final(ended: () => void): void {
    const { contentLength } = this.#asked;
    const { written } = this.#content;
    if (contentLength !== null && written < contentLength) {
      this.#mislaid(
        `Only ${written} of the ${contentLength} bytes were written that Content-Length announced.`,
      );
      return;
    }
    this.#content.end();
    this.#begin();
    ended();
  }

  #mislaid(sentence: string): void {
    this.destroy(new RequestError('length', sentence));
  }

  override _destroy(failure: Error | null, over: (failure?: Error | null) => void): void {
    this.#stop.abort();
    this.#content.fail(failure ?? new RequestError('aborted', 'The request was destroyed.'));
    this.#asked.options.signal?.removeEventListener('abort', this.#abort);
    this.#breakOff(failure);
    const running = this.#running ?? Promise.resolve();
    // 'close' when nothing of it is left: no connection, no file.
    running.then(() => this.#content.close()).then(() => over(failure), over);
  }

  /** Ends a response that is not whole. As with node:http, an error is told there only to who listens for it there. */
  #breakOff(failure: Error | null): void {
    const response = this.#answering?.response;
    if (response === undefined || response.complete || response.destroyed) return;
    const told =
      failure ?? new RequestError('aborted', 'The request was destroyed before its response was whole.');
    response.destroy(response.listenerCount('error') > 0 ? told : undefined);
  }

  #begin(): void {
    if (this.#running !== null || this.destroyed) return;
    const { method, url, fields, contentLength, strategy, options } = this.#asked;
    const none = contentLength === null && this.#content.written === 0 && WITHOUT_CONTENT.has(method);
    this.#running = runStrategy(
      strategy,
      { method, url, fields, content: none ? null : windowContent(this.#content) },
      options,
      {
        ...contextOf(options.context),
        random: Math.random,
        signal: this.#stop.signal,
        observer: this.#observer(),
        keep: MOST_KEPT,
      },
    ).then(
      (result) => this.#over(result),
      (error: unknown) => this.#fail(asRequestError(error)),
    );
  }

  #observer(): Observer {
    return {
      step: (name, why) => this.#tell('step', { name, why }),
      interim: (head) => {
        const information = ofHead(head);
        if (head.status === 100) this.#tell('continue');
        this.#tell('information', information);
      },
      final: (response) => this.#final(response),
      restart: () => this.#answering?.delivery.restart(),
      content: (bytes, from, to) => this.#taken(bytes, from, to),
    };
  }

  #final({ status, reason, fields }: Omit<FinalResponse, 'content'>): void {
    const information = informationOf(status, reason, fields);
    if (this.#answering === null) {
      const response = new ResumableResponse(information, () => this.#left());
      this.#answering = { response, delivery: new Delivery() };
      // Who does not listen does not want it.
      if (this.listenerCount('response') === 0) response.resume();
      this.#tell('response', response);
    } else if (this.#answering.response.statusCode === status) {
      this.#answering.delivery.restart();
    } else {
      this.#fail(
        new RequestError(
          'changed',
          `The response was ${this.#answering.response.statusCode} and is ${status} now: its content cannot go on.`,
        ),
      );
    }
  }

  #taken(bytes: Uint8Array, from: number, to: number): Promise<void> | null {
    const answering = this.#answering;
    if (answering === null || this.destroyed) return null;
    const begin = answering.delivery.take(bytes, from, to);
    if (begin === 'changed') {
      this.#fail(
        new RequestError(
          'changed',
          'The content that was read again after a break is not what came before. Ask for it anew.',
        ),
      );
      return null;
    }
    return begin === to ? null : answering.response.hand(bytes.subarray(begin, to));
  }

  /** The reader wants no more of the response. */
  #left(): void {
    if (this.result === null && !this.destroyed)
      this.#fail(new RequestError('aborted', 'The response was destroyed before its end.'));
  }

  #over(result: OperationResult): void {
    this.result = result;
    // Whoever still writes is let go on: nothing of it is wanted any more.
    this.#content.drop();
    if (this.destroyed) return;
    const { final, outcome, reason } = result;
    if (outcome === 'failed') this.#fail(new RequestError('gave-up', reason));
    else if (final === null)
      this.#fail(new RequestError(outcome === 'completed' ? 'gave-up' : 'unreachable', reason));
    else this.#finish(final, result);
  }

  #finish(final: FinalResponse, { download, cutShort, reason }: OperationResult): void {
    if (this.#answering === null) {
      if (download !== null && download.length > final.content.length) {
        const kept = final.content.length;
        this.#fail(
          new RequestError(
            'truncated',
            `The response ${final.status} has ${download.length} bytes; ${kept} were kept.`,
          ),
        );
        return;
      }
      this.#final(final);
      void this.#taken(final.content, 0, final.content.length);
    }
    const { response, delivery } = this.#answering!;
    if (response.statusCode !== final.status || !delivery.caughtUp) {
      this.#fail(
        new RequestError('changed', 'The final response is another one than the one that was begun.'),
      );
      return;
    }
    if (cutShort) {
      this.#fail(new RequestError('gave-up', reason));
      return;
    }
    response.finish();
    // 'close' comes after the response, as with node:http.
    if (response.readableEnded || response.destroyed) this.destroy();
    else response.once('close', () => this.destroy());
  }

  /** Later, so that neither a listener's mistake nor its wishes meet the client in the middle of a read. */
  #tell<K extends keyof RequestEvents>(event: K, ...args: RequestEvents[K]): void {
    process.nextTick(() => this.emit(event, ...args));
  }

  #fail(error: RequestError): void {
    process.nextTick(() => this.destroy(error));
  }
}

/** Bytes of a response that are kept where only its end tells that it is the final one. */
const MOST_KEPT = 64 * 1024 * 1024;

/** RFC 9110 §9.3: a request by these has no content unless some is written. */
const WITHOUT_CONTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE', 'TRACE']);

function ofHead(head: Head): Information {
  const fields = Array.from(
    { length: head.fieldCount },
    (_, index) => [head.fieldName(index), head.fieldValue(index)] as const,
  );
  return informationOf(head.status, head.reason, fields, head.minor);
}

function asRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  return new RequestError('content', error instanceof Error ? error.message : String(error));
}
