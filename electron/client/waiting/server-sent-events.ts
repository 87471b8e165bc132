// The strategy `server-sent-events`: a stream of events that is asked for again whenever it ends, behind the event that was
// the last, until the server says 204 (HTML standard, section 9.2.3). Never gives up a stream that still tells something.

import { MAX_TRIES, backoff } from '../backoff.ts';
import type { ClientConnection, ExchangeResult } from '../connection.ts';
import { bytesContent, contentDigest } from '../content.ts';
import { ClientError } from '../errors.ts';
import { EventStream, type StreamEvent } from './event-stream.ts';
import { type Line, onLine } from '../line.ts';
import { ReceivedResponse } from '../received-response.ts';
import {
  DEFAULT_LONGEST,
  DEFAULT_PATIENCE,
  type OperationRequest,
  type OperationResult,
  type StrategyContext,
  type StrategyOptions,
  failedAtOnce,
  onlyFor,
} from '../strategy.ts';
import { type Target, connected, parseTarget } from '../target.ts';
import type { StepName } from '../../../shared/capture/records.ts';
import type { Head } from '../../../shared/http1/types.ts';
import { type FieldLines, HttpSyntaxError } from '../../../shared/http1/writer.ts';
import { counted } from '../../../shared/counted.ts';
import { pause } from '../../wire/pause.ts';
import { alarm } from '../../wire/alarm.ts';
import { WireError } from '../../wire/types.ts';

/** Milliseconds until the client comes back, where the server names none, and the longest that it may name. */
const USUAL_RETRY = 3_000;
const LONGEST_RETRY = 30_000;
/** Bytes of one event. */
const LARGEST_EVENT = 1024 * 1024;
/** Events and comments in all: whoever tells more tells it too fast for anybody to look at. */
const MOST_TOLD = 100_000;
/** Streams after which it is not going to end. */
const MOST_STREAMS = 1_000;

type Step = readonly [name: StepName, why: string];
type Ending = Pick<OperationResult, 'outcome' | 'reason'>;

export const unsuitedForEvents = onlyFor(['GET'], 'events are asked for by GET. Use that.');

/** Whatever the server does is a result. @throws {ClientError} for a URL that cannot be used */
export async function serverSentEvents(
  request: OperationRequest,
  options: StrategyOptions,
  context: StrategyContext,
): Promise<OperationResult> {
  const unsuited = unsuitedForEvents(request);
  if (unsuited !== null) throw new ClientError('unsuited', unsuited);
  return onLine(context, (line) => new Listening(request, options, context, line).run());
}

class Listening {
  readonly #request: OperationRequest;
  readonly #options: StrategyOptions;
  readonly #context: StrategyContext;
  readonly #target: Target;
  readonly #line: Line;
  readonly #received: ReceivedResponse;
  #id = '';
  #retry = USUAL_RETRY;
  #streams = 0;
  #events = 0;
  #comments = 0;
  /** Tries since the last event. */
  #tries = 0;
  #connected = false;
  /** The event came that the user wanted no more after. */
  #over = false;
  /** When the stream told something last: its beginning, or an event. */
  #news = 0;

  constructor(request: OperationRequest, options: StrategyOptions, context: StrategyContext, line: Line) {
    this.#target = parseTarget(request.url);
    this.#request = request;
    this.#options = options;
    this.#context = context;
    this.#line = line;
    this.#received = new ReceivedResponse('none', context.observer ?? null, context.keep);
  }

  async run(): Promise<OperationResult> {
    let next: Step = [
      'begin',
      'A stream of events is asked for, and again whenever it ends, until the server says 204.',
    ];
    for (;;) {
      const ending = await this.#follow(next);
      if (this.#context.signal.aborted) return this.#result({ outcome: 'failed', reason: 'It was stopped.' });
      if (ending !== null) {
        this.#step(NAMES[ending.outcome], ending.reason);
        return this.#result(ending);
      }
      const wait = Math.max(this.#retry, this.#tries > 1 ? backoff(this.#tries, this.#context.random()) : 0);
      await pause(this.#context, wait);
      if (this.#context.signal.aborted) continue;
      const place = this.#id === '' ? '' : `, behind event ${shown(this.#id)}`;
      next = [this.#streams > 0 ? 'resume' : 'retry', `After ${wait} ms the client comes back${place}.`];
    }
  }

  /** One stream, from its request to its end. Null: it is to be asked for again. @param next what is done, and why */
  async #follow(next: Step): Promise<Ending | null> {
    this.#tries++;
    const events = this.#events;
    let ending: Ending | null;
    try {
      ending = await this.#exchange(await this.#connect(next));
    } catch (error) {
      if (!(error instanceof WireError || error instanceof HttpSyntaxError)) throw error;
      if (error instanceof HttpSyntaxError) return { outcome: 'failed', reason: error.message };
      if (!this.#connected) return { outcome: 'refused', reason: error.message };
      this.#step('cut-noticed', `The server cannot be reached (${error.message}); it may come back.`);
      ending = null;
    }
    if (this.#events > events) this.#tries = 0;
    if (ending !== null) return ending;
    if (this.#tries >= MAX_TRIES)
      return {
        outcome: 'failed',
        reason: `No event came in ${MAX_TRIES} tries. Look at the last one, then run it again.`,
      };
    if (this.#streams >= MOST_STREAMS)
      return { outcome: 'failed', reason: `The stream ended ${MOST_STREAMS} times and was never over.` };
    return null;
  }

  async #connect(next: Step): Promise<ClientConnection> {
    try {
      const connection = await this.#line.to(this.#target, () =>
        this.#step('connect', connected(this.#target)),
      );
      this.#connected = true;
      return connection;
    } finally {
      this.#step(...next);
    }
  }

  async #exchange(connection: ClientConnection): Promise<Ending | null> {
    const { patience = DEFAULT_PATIENCE, longest = patience * DEFAULT_LONGEST } = this.#options;
    const stream = new EventStream(
      {
        event: (event) => this.#event(event),
        comment: () => this.#comments++,
        retry: (ms) => (this.#retry = Math.min(ms, LONGEST_RETRY)),
      },
      this.#id,
      LARGEST_EVENT,
    );
    let wrong: Ending | null = null;
    let reading = false;
    let dry = false;
    const unwatch = this.#watch(longest, () => {
      dry = true;
      connection.close('rst');
    });
    const exchange = connection.exchange(
      {
        method: 'GET',
        target: this.#target.path,
        fields: this.#fields(),
        content: null,
        holdContent: null,
        patience,
        allowance: 0,
        longest,
        most: null,
      },
      {
        interim: (head) => {
          this.#context.observer?.interim?.(head);
          return true;
        },
        final: (head) => {
          wrong = judged(head);
          reading = wrong === null;
          if (head.status === NO_MORE) return;
          if (reading) this.#streams++;
          else this.#received.restart();
          this.#received.head(head);
        },
        content: (bytes, from, to) => {
          if (reading) this.#feed(stream, bytes, from, to);
          if (this.#over || stream.overlong || this.#flooded) connection.close('rst');
          return this.#received.content(bytes, from, to);
        },
      },
    );
    const result = await exchange.finally(unwatch);
    if (this.#over)
      return { outcome: 'completed', reason: this.#told('The event that was waited for has come') };
    if (this.#flooded)
      return {
        outcome: 'failed',
        reason: `The server told more than ${MOST_TOLD.toLocaleString('en-US')} events and comments. Look at what it is doing.`,
      };
    if (stream.overlong)
      return {
        outcome: 'failed',
        reason: `An event of the stream has more than ${LARGEST_EVENT} bytes: it was not read on.`,
      };
    if (result.nonsense !== null) return { outcome: 'failed', reason: result.nonsense };
    if (result.final?.status === NO_MORE)
      return { outcome: 'completed', reason: this.#told('The server says that there is no more (204)') };
    if (dry) this.#step('silence-noticed', `No event came for ${longest} ms, whatever else did.`);
    else if (wrong === null) this.#ended(result);
    return wrong;
  }

  /** A comment keeps a connection alive, and is no news: calls when no event came for so long (ms). */
  #watch(longest: number, dry: () => void): () => void {
    const { clock } = this.#context;
    this.#news = clock.now();
    let cancel = (): void => {};
    const look = (): void => {
      const moment = this.#news + longest;
      if (clock.now() >= moment) dry();
      else cancel = alarm(clock, moment, look);
    };
    look();
    return () => cancel();
  }

  #feed(stream: EventStream, bytes: Uint8Array, from: number, to: number): void {
    stream.feed(bytes, from, to);
    this.#id = stream.id;
  }

  get #flooded(): boolean {
    return this.#events + this.#comments > MOST_TOLD;
  }

  #event(event: StreamEvent): void {
    if (this.#over || this.#flooded) return;
    this.#events++;
    this.#news = this.#context.clock.now();
    this.#context.observer?.event?.(event);
    this.#over = event.name === this.#options.lastEvent;
  }

  #ended({ broke, final, whole }: ExchangeResult): void {
    if (whole) this.#step('retry', `The stream has ended; ${this.#events} events have come so far.`);
    else if (broke === 'silence')
      this.#step('silence-noticed', 'The server fell silent: the client’s patience ran out.');
    else
      this.#step(
        'cut-noticed',
        `The connection broke ${final === null ? 'before there was an answer' : 'in the middle of the stream'}.`,
      );
  }

  #told(what: string): string {
    return `${what}: ${counted(this.#events, 'event')} in ${counted(this.#streams, 'stream')}.`;
  }

  #fields(): FieldLines {
    const { fields } = this.#request;
    const has = (name: string): boolean => fields.some(([field]) => field.toLowerCase() === name);
    const { authorization, hostField } = this.#target;
    return [
      ...(has('host') ? [] : [['Host', hostField] as const]),
      ...(authorization === null || has('authorization') ? [] : [['Authorization', authorization] as const]),
      ...fields.filter(([name]) => this.#id === '' || name.toLowerCase() !== 'last-event-id'),
      ...(has('accept') ? [] : [['Accept', TYPE] as const]),
      ...(has('cache-control') ? [] : [['Cache-Control', 'no-cache'] as const]),
      // The standard wants UTF-8 in a field, which knows bytes only.
      ...(this.#id === '' ? [] : [['Last-Event-ID', Buffer.from(this.#id).toString('latin1')] as const]),
    ];
  }

  #step(name: StepName, why: string): void {
    this.#context.recorder.step(this.#line.last, name, why);
    this.#context.observer?.step?.(name, why);
  }

  async #result({ outcome, reason }: Ending): Promise<OperationResult> {
    return {
      ...failedAtOnce(reason),
      outcome,
      final: this.#received.get(),
      payloadDigest: await contentDigest(bytesContent(new Uint8Array(0))),
      resumes: Math.max(0, this.#streams - 1),
    };
  }
}

const NAMES = { completed: 'complete', failed: 'give-up', refused: 'refused' } as const;
const TYPE = 'text/event-stream';
/** It tells the client to stay away. */
const NO_MORE = 204;

/** What keeps an answer from being a stream of events, for good; null: nothing does. */
function judged(head: Head): Ending | null {
  const said = `${head.status} ${head.reason}`.trim();
  if (head.status === NO_MORE) return { outcome: 'completed', reason: said };
  if (head.status !== 200)
    return {
      outcome: 'refused',
      reason: `The server answered ${said}: a stream of events begins with 200, and is not asked for again after anything else.`,
    };
  const type = (head.field('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (type === TYPE) return null;
  return {
    outcome: 'refused',
    reason: `The answer is ${type === '' ? 'of no type' : type}: only ${TYPE} is a stream of events.`,
  };
}

/** An identifier may be anything, and long. */
function shown(id: string): string {
  return id.length > 40 ? `${id.slice(0, 40)}…` : id;
}
