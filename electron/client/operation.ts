// Carries out what the decisions decide: opens connections, sends requests, waits, and tells back what happened.
// Decides nothing itself, and records every step with its reason.

import type { Head } from '../../shared/http1/types.ts';
import { HttpSyntaxError } from '../../shared/http1/writer.ts';
import { pause } from '../wire/pause.ts';
import { WireError } from '../wire/types.ts';
import { Seen } from './answer.ts';
import type { ClientConnection } from './connection.ts';
import { READ_IN_VAIN, type WindowedContent, bytesContent, countedContent, windowed } from './content.ts';
import { type Doable, type Errand, errandFor } from './errands.ts';
import { ClientError } from './errors.ts';
import { Line } from './line.ts';
import { waitOf } from './preferences.ts';
import { Receiving } from './receiving.ts';
import { type End, type Happening, type Purpose, type Situation, type Step, beginning } from './situation.ts';
import {
  DEFAULT_LONGEST,
  DEFAULT_PATIENCE,
  type OperationRequest,
  type OperationResult,
  type Strategy,
  type StrategyContext,
  type StrategyOptions,
} from './strategy.ts';
import { sumFields } from './uploads/sums.ts';
import {
  type Target,
  connected,
  originFields,
  parseTarget,
  refuseOtherScheme,
  withoutUserinfo,
} from './target.ts';
import type { UploadListener, UploadProtocol } from './uploads/upload-protocol.ts';

const STOPPED = 'It was stopped.';
/** Exchanges in which the job moved on, after which that is not taken for progress any more. */
const MOST_MOVES = 1_000;
/** Answers that are about the operation, and bytes of one that does not announce its length. */
const DOCUMENTS: ReadonlySet<Purpose> = new Set([
  'offset',
  'size',
  'response',
  'status',
  'delete',
  'discover',
]);
const MOST_OF_DOCUMENT = 64 * 1024 * 1024;
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND']);
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** One wish of the user, over all its exchanges and connections. Run it once. */
export class Operation {
  readonly #strategy: Strategy;
  readonly #request: OperationRequest & { readonly content: WindowedContent | null };
  readonly #options: StrategyOptions;
  readonly #context: StrategyContext;
  readonly #target: Target;
  readonly #protocol: UploadProtocol | null;
  readonly #line: Line;
  readonly #ownLine: boolean;
  readonly #began: number;
  #situation: Situation;
  readonly #receiving: Receiving;
  /** The furthest step of the job that was told; −1 before any. */
  #jobStep = -1;
  /** Exchanges in which it moved on. */
  #jobMoves = 0;
  #acknowledged = 0;
  #released = 0;
  /** The upload resource that an interim response of the exchange at hand named: what it is to a stop. */
  #named: string | null = null;

  /**
   * @param line connections of whoever runs several operations, one after the other, and leaves them itself
   * @throws {ClientError} for a URL that cannot be used, or a request that the strategy is not for
   */
  constructor(
    request: OperationRequest,
    options: StrategyOptions,
    context: StrategyContext,
    strategy: Strategy,
    line?: Line,
  ) {
    this.#target = parseTarget(request.url);
    const unsuited = strategy.unsuited?.(request) ?? null;
    if (unsuited !== null) throw new ClientError('unsuited', unsuited);
    const content = request.content === null ? null : windowed(request.content);
    this.#strategy = strategy;
    this.#request = { ...request, content };
    this.#options = options;
    this.#context = context;
    this.#line = line ?? new Line(context);
    this.#ownLine = line === undefined;
    this.#began = context.clock.now();
    this.#receiving = new Receiving(request.method, strategy.single === true ? 'single' : 'several', context);
    const segmentSize = options.segmentSize ?? strategy.segmentSize;
    this.#protocol = strategy.protocol?.(options) ?? null;
    const situation = beginning(content?.length ?? 0, {
      resumable: strategy.resumable,
      idempotent: IDEMPOTENT.has(request.method),
      safe: SAFE.has(request.method),
      segments: options.segments ?? [],
      deleteWhenDone: options.deleteWhenDone ?? false,
      ...(segmentSize === undefined ? {} : { segmentSize }),
    });
    this.#situation = this.#protocol?.begin(situation, this.#request) ?? situation;
  }

  async run(): Promise<OperationResult> {
    const stop = (): void => this.#line.stop();
    this.#context.signal.addEventListener('abort', stop);
    try {
      return await this.#loop();
    } finally {
      if (this.#ownLine) await this.#line.leave();
      this.#context.signal.removeEventListener('abort', stop);
    }
  }

  async #loop(): Promise<OperationResult> {
    let happening: Happening = { kind: 'begin' };
    for (;;) {
      if (this.#context.signal.aborted) return this.#result('failed', STOPPED, 'none');
      const decision = this.#strategy.decide(this.#situation, happening, this.#context.random());
      this.#situation = decision.situation;
      const { action } = decision;
      // What is stored is as safe as what was acknowledged.
      const done = action.do === 'end' && action.outcome === 'completed';
      this.#release(done ? decision.situation.length : decision.situation.stored, done);
      this.#tell(decision.steps, 'last');
      if (action.do === 'end') return this.#result(action.outcome, action.reason, action.final);
      await pause(this.#context, decision.delay);
      if (this.#context.signal.aborted) continue;
      try {
        happening = await this.#perform(action, decision.steps);
      } catch (error) {
        if (!(error instanceof ClientError || error instanceof HttpSyntaxError)) throw error;
        this.#step('give-up', error.message);
        return this.#result('failed', error.message, 'none');
      }
    }
  }

  async #perform(action: Doable, steps: readonly Step[]): Promise<Happening> {
    if (action.do === 'fetch-response' && action.restart) this.#receiving.restartDocument();
    const { fetched } = this.#receiving;
    const errand =
      this.#protocol?.errand(action, this.#situation, this.#request) ??
      errandFor(action, this.#situation, this.#request, this.#options, fetched);
    const sums = await sumFields(errand.sums ?? [], this.#request.content, this.#context.signal);
    const target = parseTarget(errand.url);
    refuseOtherScheme(target, this.#target);
    let connection: ClientConnection;
    try {
      connection = await this.#line.to(target, () => this.#step('connect', connected(target)));
    } catch (error) {
      this.#tell(steps, 'next');
      if (!(error instanceof WireError)) throw error;
      return { kind: 'unreachable', purpose: errand.purpose, sentence: error.message };
    }
    this.#tell(steps, 'next');
    if (this.#context.signal.aborted) connection.close('rst');
    return this.#exchange(connection, target, { ...errand, fields: [...errand.fields, ...sums] });
  }

  async #exchange(connection: ClientConnection, target: Target, errand: Errand): Promise<Happening> {
    const seen = new Seen(target.href);
    this.#named = null;
    const listener = this.#protocol?.listen(errand, this.#situation, target.href) ?? null;
    const stop = (): void => connection.close('rst');
    const heard = this.#receiving.begin(errand, target.href, this.#situation, stop);
    const patience = this.#options.patience ?? DEFAULT_PATIENCE;
    if (errand.holdContent !== null)
      this.#step('await-continue', `The client waits for 100 Continue before it sends ${errand.goal} bytes.`);
    const result = await connection.exchange(
      {
        method: errand.method,
        target: target.path,
        fields: [
          ...originFields(target, this.#target, this.#request.fields, errand.fields),
          ...errand.fields,
        ],
        content: errand.content,
        holdContent: errand.holdContent,
        patience,
        allowance: errand.goal > 0 ? waitOf(this.#request.fields, this.#options.preferences ?? []) : 0,
        longest: this.#options.longest ?? patience * DEFAULT_LONGEST,
        most: DOCUMENTS.has(errand.purpose) ? MOST_OF_DOCUMENT : null,
      },
      {
        interim: (head) => {
          const told = listener !== null && this.#told(listener, head, errand);
          if (listener?.futile === true) stop();
          return this.#interim(head, errand, seen) || told;
        },
        admits: () => listener?.admitted === true,
        final: (head) => {
          seen.final(head);
          listener?.final(head);
          heard.final(head);
        },
        content: heard.content,
      },
    );
    if (result.nonsense !== null) return { kind: 'nonsense', sentence: result.nonsense };
    const { reading, document, missing, further } = heard.end(result.whole);
    const jobStep = seen.jobStep ?? -1;
    // Steps are numbers that the server says: they cannot lead on for ever.
    const moved = jobStep > this.#jobStep && ++this.#jobMoves <= MOST_MOVES;
    const progressed = further || moved;
    this.#jobStep = Math.max(this.#jobStep, jobStep);
    return {
      kind: 'ended',
      end: {
        purpose: errand.purpose,
        broke: result.broke,
        continued: result.continued,
        sentTo: result.sentTo,
        issuedTo: result.issuedTo,
        goal: errand.goal,
        elapsed: this.#context.clock.now() - this.#began,
        answer: result.final === null ? null : seen.answer(result.final, result.whole),
        requestContent: listener?.told.location ?? seen.requestContent,
        responseMessage: seen.responseMessage,
        status: seen.status,
        upload: listener?.told ?? null,
        document,
        missing,
        progressed,
        released: this.#released,
        reception: this.#receiving.reception,
        askedFrom: errand.asks,
        reading,
      },
    };
  }

  /** An interim response in the words of an upload protocol. @returns whether it told anything new */
  #told(listener: UploadListener, head: Head, errand: Errand): boolean {
    const { location } = listener.told;
    if (!listener.interim(head)) return false;
    const { told } = listener;
    this.#named = told.location;
    if (location === null && told.location !== null)
      this.#step(
        'learn-locations',
        `The upload resource is ${withoutUserinfo(told.location)}: from now on a break can be mended.`,
      );
    this.#acknowledge(told.interimOffset, errand);
    return true;
  }

  #acknowledge(offset: number | null, { goal }: Errand): void {
    // No word for what was never sent is worth anything.
    if (offset === null || goal === 0 || offset > goal) return;
    this.#acknowledged = Math.max(this.#acknowledged, offset);
    this.#release(offset);
  }

  #interim(head: Head, errand: Errand, seen: Seen): boolean {
    const known = seen.requestContent;
    const news = seen.interim(head);
    this.#context.observer?.interim?.(head);
    this.#acknowledge(seen.acknowledged, errand);
    if (head.status !== 100 || errand.purpose !== 'post') return news;
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
    return news;
  }

  #release(upTo: number, done = false): void {
    const { content } = this.#request;
    if (content === null || (this.#strategy.startsOver === true && !done)) return;
    content.release(upTo);
    this.#released = content.released;
  }

  // Telling, waiting, the result

  #tell(steps: readonly Step[], about: Step['about']): void {
    for (const step of steps) if (step.about === about) this.#step(step.name, step.why);
  }

  #step(name: Step['name'], why: string): void {
    this.#context.recorder.step(this.#line.last, name, why);
    this.#context.observer?.step?.(name, why);
  }

  async #result(
    outcome: OperationResult['outcome'],
    reason: string,
    final: End['final'],
  ): Promise<OperationResult> {
    const { requestContent, responseMessage, status, resumes } = this.#situation;
    const response = this.#receiving.chosen(final);
    const cutShort = outcome === 'refused' && response?.broken === true;
    return {
      outcome,
      reason,
      final: response?.get() ?? null,
      locations: { requestContent: requestContent ?? this.#named, responseMessage, status },
      payloadDigest: await this.#digest(outcome),
      resumes,
      acknowledged: this.#acknowledged,
      download: outcome === 'failed' || cutShort ? null : (response?.summary() ?? null),
      cutShort,
      heldMost: this.#request.content?.heldMost ?? 0,
    };
  }

  async #digest(outcome: OperationResult['outcome']): Promise<string | null> {
    try {
      const content = this.#request.content ?? countedContent(bytesContent(new Uint8Array(0)));
      return await content.digest(this.#context.signal, outcome === 'completed' ? Infinity : READ_IN_VAIN);
    } catch (error) {
      // The reason already says so: the content became unreadable while it was sent.
      if (error instanceof ClientError) return null;
      throw error;
    }
  }
}
