// Carries out what the decisions decide: opens connections, sends requests, waits, and tells back what happened.
// Decides nothing itself, and records every step with its reason.

import type { Head } from '../../shared/http1/types.ts';
import { HttpSyntaxError } from '../../shared/http1/writer.ts';
import { connect } from '../wire/connect.ts';
import { WireError } from '../wire/types.ts';
import { Seen } from './answer.ts';
import { ClientConnection, type ExchangeResult, type Fields } from './connection.ts';
import { bytesContent, contentDigest } from './content.ts';
import { type Doable, type Errand, errandFor } from './errands.ts';
import { ClientError } from './errors.ts';
import { ReceivedResponse, ResponseDocument } from './received-response.ts';
import { type Ended, type Happening, type Situation, type Step, beginning } from './situation.ts';
import {
  DEFAULT_PATIENCE,
  type FinalResponse,
  type OperationRequest,
  type OperationResult,
  type Strategy,
  type StrategyContext,
  type StrategyOptions,
} from './strategy.ts';
import { type Target, parseTarget, withoutUserinfo } from './target.ts';

const STOPPED = 'It was stopped.';
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** One wish of the user, over all its exchanges and connections. Run it once. */
export class Operation {
  readonly #strategy: Strategy;
  readonly #request: OperationRequest;
  readonly #options: StrategyOptions;
  readonly #context: StrategyContext;
  readonly #target: Target;
  #situation: Situation;
  #connection: ClientConnection | null = null;
  /** Whose end is not on record yet. */
  readonly #connections = new Set<ClientConnection>();
  #origin = '';
  /** Number of the connection that was used last; 0 before the first. */
  #lastConnection = 0;
  /** The last whole or partial answer to the request itself or of the status document. */
  #answer: FinalResponse | null = null;
  #document: ResponseDocument;
  #etag: string | null = null;
  /** The furthest step of the job that was told; −1 before any. */
  #jobStep = -1;
  #acknowledged = 0;

  /** @throws {ClientError} for a URL that cannot be used */
  constructor(
    request: OperationRequest,
    options: StrategyOptions,
    context: StrategyContext,
    strategy: Strategy,
  ) {
    this.#strategy = strategy;
    this.#request = request;
    this.#options = options;
    this.#context = context;
    this.#target = parseTarget(request.url);
    this.#document = new ResponseDocument(request.method);
    this.#situation = beginning(request.content?.length ?? 0, {
      resumable: strategy.resumable,
      idempotent: IDEMPOTENT.has(request.method),
      segments: options.segments ?? [],
      deleteWhenDone: options.deleteWhenDone ?? false,
    });
  }

  async run(): Promise<OperationResult> {
    const stop = (): void => this.#connection?.close('rst');
    this.#context.signal.addEventListener('abort', stop);
    try {
      return await this.#loop();
    } finally {
      await Promise.all(Array.from(this.#connections, (connection) => connection.leave()));
      this.#context.signal.removeEventListener('abort', stop);
    }
  }

  async #loop(): Promise<OperationResult> {
    let happening: Happening = { kind: 'begin' };
    for (;;) {
      if (this.#context.signal.aborted) return this.#result('failed', STOPPED, null);
      const decision = this.#strategy.decide(this.#situation, happening, this.#context.random());
      this.#situation = decision.situation;
      this.#tell(decision.steps, 'last');
      const { action } = decision;
      if (action.do === 'end') {
        const response = action.final === 'document' ? this.#document.response.get() : this.#answer;
        return this.#result(action.outcome, action.reason, action.final === 'none' ? null : response);
      }
      await this.#wait(decision.delay);
      if (this.#context.signal.aborted) continue;
      try {
        happening = await this.#perform(action, decision.steps);
      } catch (error) {
        if (!(error instanceof ClientError || error instanceof HttpSyntaxError)) throw error;
        this.#step('give-up', error.message);
        return this.#result('failed', error.message, null);
      }
    }
  }

  async #perform(action: Doable, steps: readonly Step[]): Promise<Happening> {
    if (action.do === 'fetch-response' && action.restart)
      this.#document = new ResponseDocument(this.#request.method);
    const errand = errandFor(action, this.#situation, this.#request, this.#options, {
      position: this.#document.position,
      etag: this.#etag,
    });
    const target = parseTarget(errand.url);
    let connection: ClientConnection;
    try {
      connection = await this.#connectTo(target);
    } catch (error) {
      this.#tell(steps, 'next');
      if (!(error instanceof WireError)) throw error;
      return { kind: 'unreachable', purpose: errand.purpose, sentence: error.message };
    }
    this.#tell(steps, 'next');
    if (this.#context.signal.aborted) connection.close('rst');
    return this.#exchange(connection, target, errand);
  }

  async #connectTo(target: Target): Promise<ClientConnection> {
    const origin = `${target.host}:${target.port}`;
    if (this.#connection?.reusable === true && this.#origin === origin) return this.#connection;
    this.#connection?.close('fin');
    const wire = await connect(target.host, target.port, this.#context);
    const connection = new ClientConnection(wire, this.#context.clock);
    this.#connections.add(connection);
    void connection.over.then(() => this.#connections.delete(connection));
    this.#connection = connection;
    this.#origin = origin;
    this.#lastConnection = this.#connection.id;
    this.#step('connect', `A connection to ${target.hostField} is open.`);
    return this.#connection;
  }

  async #exchange(connection: ClientConnection, target: Target, errand: Errand): Promise<Happening> {
    const seen = new Seen(target.href);
    const response = new ReceivedResponse();
    const before = this.#document.position;
    const document: { reading: ResponseDocument | null } = { reading: null };
    if (errand.holdContent !== null)
      this.#step('await-continue', `The client waits for 100 Continue before it sends ${errand.goal} bytes.`);
    const result = await connection.exchange(
      {
        method: errand.method,
        target: target.path,
        fields: this.#fields(target, errand),
        content: errand.content,
        holdContent: errand.holdContent,
        patience: this.#options.patience ?? DEFAULT_PATIENCE,
        allowance: errand.goal > 0 ? waitOf(this.#options.preferences ?? []) : 0,
      },
      {
        interim: (head) => this.#interim(head, errand, seen),
        final: (head) => {
          response.head(head);
          seen.final(head);
          if (errand.purpose === 'response') document.reading = this.#readsDocument(head);
        },
        content: (bytes, from, to) => {
          response.content(bytes, from, to);
          document.reading?.feed(bytes, from, to);
        },
      },
    );
    if (result.nonsense !== null) return { kind: 'nonsense', sentence: result.nonsense };
    if (response.begun && ['post', 'append', 'status'].includes(errand.purpose))
      this.#answer = response.get();
    const progressed =
      (seen.jobStep !== null && seen.jobStep > this.#jobStep) || this.#document.position > before;
    this.#jobStep = Math.max(this.#jobStep, seen.jobStep ?? -1);
    return { kind: 'ended', end: this.#ended(errand, result, seen, document.reading, progressed) };
  }

  #ended(
    errand: Errand,
    result: ExchangeResult,
    seen: Seen,
    reading: ResponseDocument | null,
    progressed: boolean,
  ): Ended {
    const whole = reading !== null && result.whole && reading.end();
    const inside = reading?.response.get() ?? null;
    return {
      purpose: errand.purpose,
      broke: result.broke,
      continued: result.continued,
      sentTo: result.sentTo,
      goal: errand.goal,
      answer: result.final === null ? null : seen.answer(result.final, result.whole),
      requestContent: seen.requestContent,
      responseMessage: seen.responseMessage,
      status: seen.status,
      document: inside === null ? null : { status: inside.status, reason: inside.reason, whole },
      progressed,
    };
  }

  /** Whether this answer is the response document, from where we want it on; if so, what reads it. */
  #readsDocument(head: Head): ResponseDocument | null {
    if (head.status !== 200 && head.status !== 206) return null;
    const type = head.field('content-type') ?? '';
    if (head.status === 206) {
      if (!(head.field('content-range') ?? '').startsWith(`bytes ${this.#document.position}-`)) return null;
      return this.#document;
    }
    if (!/^message\/http\s*(;|$)/i.test(type)) return null;
    if (this.#document.position > 0) this.#document = new ResponseDocument(this.#request.method);
    const etag = head.field('etag');
    this.#etag = etag !== null && !etag.startsWith('W/') ? etag : null;
    return this.#document;
  }

  #interim(head: Head, errand: Errand, seen: Seen): void {
    const known = seen.requestContent;
    seen.interim(head);
    this.#acknowledged = Math.max(this.#acknowledged, seen.acknowledged ?? 0);
    if (head.status !== 100 || errand.purpose !== 'post') return;
    if (known === null && seen.requestContent !== null)
      this.#step(
        'learn-locations',
        `The server keeps the content at ${withoutUserinfo(seen.requestContent)}` +
          (seen.responseMessage === null
            ? '.'
            : ` and will keep the response at ${withoutUserinfo(seen.responseMessage)}.`),
      );
    else if (seen.acknowledged === null && this.#situation.resumable)
      this.#step('learn-locations', 'The server named no place to resume at: a break cannot be mended.');
    if (seen.acknowledged === null)
      this.#step('send', `The server wants the content: ${errand.goal} bytes follow.`);
  }

  #fields(target: Target, errand: Errand): Fields {
    const given = new Set(errand.fields.map(([name]) => name.toLowerCase()));
    const ours = target.host === this.#target.host && target.port === this.#target.port;
    const authorization = target.authorization ?? (ours ? this.#target.authorization : null);
    return [
      ...(given.has('host') ? [] : [['Host', target.hostField] as const]),
      ...(authorization === null || given.has('authorization')
        ? []
        : [['Authorization', authorization] as const]),
      ...errand.fields,
    ];
  }

  // Telling, waiting, the result

  #tell(steps: readonly Step[], about: Step['about']): void {
    for (const step of steps) if (step.about === about) this.#step(step.name, step.why);
  }

  #step(name: Step['name'], why: string): void {
    this.#context.recorder.step(this.#lastConnection, name, why);
  }

  #wait(milliseconds: number): Promise<void> {
    const { clock, signal } = this.#context;
    if (milliseconds <= 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = clock.after(milliseconds, done);
      signal.addEventListener('abort', done);
    });
  }

  async #result(
    outcome: OperationResult['outcome'],
    reason: string,
    final: FinalResponse | null,
  ): Promise<OperationResult> {
    const { requestContent, responseMessage, status, resumes } = this.#situation;
    return {
      outcome,
      reason,
      final,
      locations: { requestContent, responseMessage, status },
      payloadDigest: await this.#digest(),
      resumes,
      acknowledged: this.#acknowledged,
    };
  }

  async #digest(): Promise<string | null> {
    try {
      return await contentDigest(
        this.#request.content ?? bytesContent(new Uint8Array(0)),
        this.#context.signal,
      );
    } catch (error) {
      // The reason already says so: the content became unreadable while it was sent.
      if (error instanceof ClientError) return null;
      throw error;
    }
  }
}

/** Milliseconds that `wait=N` (RFC 7240 §4.3) allows the server, 0 without. */
function waitOf(preferences: readonly string[]): number {
  for (const preference of preferences) {
    const match = /^wait=(\d{1,6})$/.exec(preference);
    if (match !== null) return Number(match[1]) * 1000;
  }
  return 0;
}
