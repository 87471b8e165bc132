// Several requests on one connection, written without waiting for answers (RFC 9112 §9.3.2), and what came of them. Never
// sends anything twice, and leaves it to its user which answer belongs to which request.

import { valueOf } from '../../shared/fields/value-of.ts';
import { createParser } from '../../shared/http1/parser.ts';
import type { Head } from '../../shared/http1/types.ts';
import { type FieldLines, writeRequest } from '../../shared/http1/writer.ts';
import { connect } from '../wire/connect.ts';
import type { Wire } from '../wire/types.ts';
import { fieldsOf } from './received-response.ts';
import type { Break } from './situation.ts';
import type { StrategyContext } from './strategy.ts';
import { connected, type Target } from './target.ts';

export interface PipelinedRequest {
  readonly method: string;
  /** Origin-form: path and query. */
  readonly path: string;
  /** Host and Content-Length are added where they are missing. */
  readonly fields: FieldLines;
  readonly content?: Uint8Array;
}

export interface PipelinedAnswer {
  readonly status: number;
  readonly reason: string;
  readonly fields: FieldLines;
  /** The first 64 KiB. */
  readonly content: Uint8Array;
  /** Interim responses that came before it, and behind the answer before. */
  readonly interims: readonly { readonly status: number; readonly fields: FieldLines }[];
  /** When it was whole, or broke off: milliseconds of the clock. */
  readonly at: number;
  readonly whole: boolean;
}

export interface Pipelined {
  readonly connection: number;
  /** When each request was handed to the kernel, in milliseconds of the clock; null: it was not. */
  readonly asked: readonly (number | null)[];
  /** In the order in which they came. */
  readonly answers: readonly PipelinedAnswer[];
  /** How the connection ended before all were answered; null: they are. `flood`, `endless`: we gave up. */
  readonly broke: Break | 'nonsense' | null;
  /** The server had said in its last answer that it would end the connection. */
  readonly announced: boolean;
}

export interface PipelineOptions {
  /** Milliseconds without a byte after which the server is taken for dead. */
  readonly patience: number;
  /**
   * After a connection that broke, the first request has to be answered before others follow: it may be what breaks the
   * connection.
   */
  readonly firstAlone: boolean;
}

const MOST_CONTENT = 64 * 1024;
/** Interim responses to all of them together. */
const MOST_INTERIM = 10_000;
/** How long (ms) the peer may take to end a connection that we have ended. */
const LEAVE_WITHIN = 1_000;
/** Patiences that all of them together may take. */
const LONGEST = 720;

/** A request as it goes out. @throws {HttpSyntaxError} for what is no HTTP */
export function bytesOf({ method, path, fields, content }: PipelinedRequest, host: string): Uint8Array {
  const has = (name: string): boolean => valueOf(fields, name) !== null;
  const head = writeRequest({
    method,
    target: path,
    fields: [
      ...(has('host') ? [] : [['Host', host] as const]),
      ...fields,
      ...(content === undefined || has('content-length')
        ? []
        : [['Content-Length', String(content.length)] as const]),
    ],
  });
  return content === undefined ? head : new Uint8Array(Buffer.concat([head, content]));
}

/** Opens a connection and sends the requests. Rejects with a WireError if there is no connection. */
export async function pipeline(
  target: Target,
  requests: readonly PipelinedRequest[],
  options: PipelineOptions,
  context: StrategyContext,
): Promise<Pipelined> {
  const wire = await connect(target.host, target.port, context, target.security);
  context.recorder.step(wire.connection, 'connect', connected(target));
  const run = new Run(wire, requests, options, context);
  const result = await run.go(target.hostField);
  const cancel = context.clock.after(LEAVE_WITHIN, () => wire.close('rst'));
  if (wire.open) wire.close('fin');
  await wire.over;
  cancel();
  return result;
}

class Run {
  readonly #wire: Wire;
  readonly #requests: readonly PipelinedRequest[];
  readonly #options: PipelineOptions;
  readonly #context: StrategyContext;
  readonly #asked: (number | null)[];
  readonly #answers: PipelinedAnswer[] = [];
  readonly #parser;
  #interims: { status: number; fields: FieldLines }[] = [];
  #told = 0;
  /** The answer that is being read. */
  #head: Head | null = null;
  #pieces: Uint8Array[] = [];
  #kept = 0;
  #moved = 0;
  #gaveUp: Exclude<Pipelined['broke'], null> | null = null;
  #done: (broke: Pipelined['broke']) => void = () => {};
  #followed = false;

  constructor(
    wire: Wire,
    requests: readonly PipelinedRequest[],
    options: PipelineOptions,
    context: StrategyContext,
  ) {
    this.#wire = wire;
    this.#requests = requests;
    this.#options = options;
    this.#context = context;
    this.#asked = requests.map(() => null);
    this.#parser = createParser('response', {
      head: (head) => this.#take(head),
      content: (bytes, from, to) => this.#content(bytes, from, to),
      messageEnd: (_end, complete) => this.#ended(complete),
      error: ({ code }) => {
        if (code !== 'closed-before-head' && code !== 'closed-in-body') this.#giveUp('nonsense');
      },
    });
  }

  async go(host: string): Promise<Pipelined> {
    const { clock, signal } = this.#context;
    const stop = (): void => this.#wire.close('rst');
    const broke = new Promise<Pipelined['broke']>((resolve) => (this.#done = resolve));
    this.#wire.handle({
      data: (bytes) => {
        this.#moved = clock.now();
        this.#parser.feed(bytes);
        if (this.#followed || this.#answers.length === 0) return;
        this.#followed = true;
        this.#send(host, 1, this.#requests.length);
      },
      end: () => this.#wire.close('fin'),
      closed: ({ how, by }) => {
        // Only an orderly end completes content that is delimited by it (RFC 9112 §8).
        if (how === 'fin' && by !== 'fault') this.#parser.end();
        else if (this.#head !== null) this.#ended(false);
        this.#done(this.#complete ? null : (this.#gaveUp ?? how));
      },
    });
    for (const { method } of this.#requests) this.#parser.expect(method);
    this.#followed = !this.#options.firstAlone;
    this.#send(host, 0, this.#followed ? this.#requests.length : 1);
    const unwatch = this.#watch();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const result = await broke;
    signal.removeEventListener('abort', stop);
    unwatch();
    const last = this.#answers.findLast(({ whole }) => whole);
    return {
      connection: this.#wire.connection,
      asked: this.#asked,
      answers: this.#answers,
      broke: result,
      announced: last?.fields.some(isClose) ?? false,
    };
  }

  get #complete(): boolean {
    return this.#answers.filter(({ whole }) => whole).length === this.#requests.length;
  }

  #send(host: string, from: number, to: number): void {
    for (let index = from; index < to; index++) {
      const bytes = bytesOf(this.#requests[index]!, host);
      void this.#wire.write(bytes).then((sent) => {
        if (sent) this.#asked[index] = this.#context.clock.now();
      });
    }
  }

  #take(head: Head): void {
    if (head.status >= 200) {
      this.#head = head.keep();
      return;
    }
    this.#interims.push({ status: head.status, fields: fieldsOf(head) });
    if (++this.#told > MOST_INTERIM) this.#giveUp('flood');
  }

  #content(bytes: Uint8Array, from: number, to: number): void {
    const piece = new Uint8Array(bytes.subarray(from, Math.min(to, from + MOST_CONTENT - this.#kept)));
    this.#kept += piece.length;
    if (piece.length > 0) this.#pieces.push(piece);
  }

  #ended(whole: boolean): void {
    const head = this.#head;
    // What is read after we gave up belongs to nothing, as does the end of a 101.
    if (head === null) return;
    this.#answers.push({
      status: head.status,
      reason: head.reason,
      fields: fieldsOf(head),
      content: new Uint8Array(Buffer.concat(this.#pieces)),
      interims: this.#interims,
      at: this.#context.clock.now(),
      whole,
    });
    this.#head = null;
    this.#pieces = [];
    this.#kept = 0;
    this.#interims = [];
    if (this.#complete) this.#done(null);
  }

  #giveUp(why: 'flood' | 'endless' | 'nonsense'): void {
    this.#gaveUp ??= why;
    if (this.#wire.open) this.#wire.close(why === 'nonsense' ? 'fin' : 'silence');
  }

  #watch(): () => void {
    const { clock } = this.#context;
    const { patience } = this.#options;
    this.#moved = clock.now();
    let cancel = (): void => {};
    const look = (): void => {
      const left = this.#moved + patience - clock.now();
      if (left <= 0) this.#wire.close('silence');
      else cancel = clock.after(left, look);
    };
    cancel = clock.after(patience, look);
    const cancelAll = clock.after(patience * LONGEST, () => this.#giveUp('endless'));
    return () => {
      cancel();
      cancelAll();
    };
  }
}

function isClose([name, value]: readonly [string, string]): boolean {
  return name.toLowerCase() === 'connection' && /(?:^|,)\s*close\s*(?:,|$)/i.test(value);
}
