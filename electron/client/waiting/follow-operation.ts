// The strategy `follow-operation`: sends a request once, or again where it carries a key by which it is known; finds out by
// the answer in which way its operation is told of; and follows that to its end and to its result. Bounded in everything.

import {
  type OperationStyle,
  type Learned,
  NOTHING_LEARNED,
  readStanding,
  type Standing,
} from './operation-styles.ts';
import { pause } from '../../wire/pause.ts';
import { bounded, end, saidBy } from '../decision-shapes.ts';
import { type Line, onLine } from '../line.ts';
import { Operation } from '../operation.ts';
import { plain } from '../plain.ts';
import { repeat, repeating } from '../repeat.ts';
import {
  DEFAULT_LONGEST,
  DEFAULT_PATIENCE,
  type FinalResponse,
  type OperationRequest,
  type OperationResult,
  type Strategy,
  type StrategyContext,
  type StrategyOptions,
} from '../strategy.ts';
import { parseTarget, refuseOtherScheme, withoutUserinfo } from '../target.ts';

/** Questions after which it is not going to end. */
const MOST_ASKS = 1_000;
/** Milliseconds to the next question where the server names none. */
const USUAL_PAUSE = 1_000;
/** By these a request is known again when it is sent again: draft-ietf-httpapi-idempotency-key-header, OASIS Repeatable Requests. */
const KEYS: ReadonlySet<string> = new Set(['idempotency-key', 'repeatability-request-id']);
/** Fields of the request that concern its answers, and so the questions, too. */
const CARRIED: ReadonlySet<string> = new Set(['accept', 'accept-language', 'authorization', 'user-agent']);

/** A request that carries a key. */
const keyed: Strategy = {
  resumable: false,
  startsOver: true,
  decide: repeating({
    begin:
      'The request carries a key: the server knows it again, so it may be repeated until it is answered.',
    again: 'There is no whole answer: the same request is sent again, under the same key.',
  }),
};

/** A GET of a status, or of a result. That the result is elsewhere is an answer. */
const asking: Strategy = {
  resumable: false,
  decide: (before, happening, random) => {
    const answer = happening.kind === 'ended' ? happening.end.answer : null;
    if (answer?.whole !== true || answer.status !== 303) return ask(before, happening, random);
    const reason = `The server answered ${saidBy(answer)}.`;
    return end(before, { do: 'end', outcome: 'completed', reason, final: 'answer' }, 'complete');
  },
};

const ask = repeating({
  begin: 'The client asks how the operation is.',
  again: 'There is no whole answer: the client asks again.',
});

/** How an operation was followed, and what came of it. */
export interface Followed {
  readonly result: OperationResult;
  /** Null: the answer told of no operation. */
  readonly style: OperationStyle | null;
  /** What said that it is over; null: nothing did. */
  readonly told: string | null;
  /** Where the result was read, absolute; null: in that answer itself, or there is none. */
  readonly at: string | null;
}

/** Whatever the server does is a result. @throws {ClientError} for a URL that cannot be used */
export async function followOperation(
  request: OperationRequest,
  options: StrategyOptions,
  context: StrategyContext,
): Promise<OperationResult> {
  return (await follow(request, options, context)).result;
}

/** The same, with how it was told of. */
export async function follow(
  request: OperationRequest,
  options: StrategyOptions,
  context: StrategyContext,
): Promise<Followed> {
  return onLine(context, (line) => new Following(request, options, context, line).run());
}

class Following {
  readonly #request: OperationRequest;
  readonly #options: StrategyOptions;
  readonly #context: StrategyContext;
  readonly #quiet: StrategyContext;
  readonly #line: Line;
  #learned: Learned = NOTHING_LEARNED;

  constructor(request: OperationRequest, options: StrategyOptions, context: StrategyContext, line: Line) {
    this.#request = request;
    this.#options = options;
    this.#context = context;
    this.#line = line;
    const { observer, ...rest } = context;
    // What tells how it stands is not what the user asked for: that is told when it is there.
    this.#quiet =
      observer === undefined
        ? context
        : {
            ...rest,
            observer: {
              step: (name, why) => observer.step?.(name, why),
              interim: (head) => observer.interim?.(head),
            },
          };
  }

  async run(): Promise<Followed> {
    const { clock } = this.#context;
    const { patience = DEFAULT_PATIENCE, longest = patience * DEFAULT_LONGEST } = this.#options;
    const until = clock.now() + longest;
    const first = await this.#ask(this.#request, beginning(this.#request));
    let last = first;
    let url = parseTarget(this.#request.url).href;
    for (let asks = 0; ; asks++) {
      const { final } = last;
      if (final === null || !isTold(last)) return this.#over(first, last, null, null);
      const { learned, standing } = readStanding(final, url, this.#learned);
      this.#learned = learned;
      if (standing.is !== 'running') return this.#end(first, last, standing);
      const { ask: at } = learned;
      if (at === null) return this.#over(first, failing(last, NOWHERE), null, null);
      if (asks >= MOST_ASKS || clock.now() >= until)
        return this.#over(
          first,
          failing(last, `The operation was not done after ${asks} questions.`),
          null,
          null,
        );
      if (asks === 0)
        this.#step(
          'follow-status',
          `${HOW[learned.style ?? 'polling']} It is asked at ${withoutUserinfo(at)}.`,
        );
      await pause(this.#context, bounded(standing.retryAfter) ?? USUAL_PAUSE);
      url = at;
      last = await this.#get(at, this.#quiet);
    }
  }

  async #end(
    first: OperationResult,
    last: OperationResult,
    standing: Exclude<Standing, { is: 'running' }>,
  ): Promise<Followed> {
    switch (standing.is) {
      case 'failed': {
        const reason = `The operation failed, as ${standing.told} says: ${standing.why}.`;
        this.#step('refused', reason);
        return this.#over(first, { ...last, outcome: 'refused', reason }, standing.told, null);
      }
      case 'elsewhere': {
        this.#step(
          'fetch-response',
          `It is done (${standing.told}); the result is at ${withoutUserinfo(standing.at)}.`,
        );
        const result = await this.#get(standing.at, this.#context);
        return this.#over(first, result, standing.told, standing.at);
      }
      case 'done': {
        if (this.#learned.style === null) return this.#over(first, last, standing.told, null);
        const reason = `The operation is done (${standing.told}).`;
        this.#step('complete', reason);
        await this.#replay(last.final);
        return this.#over(first, { ...last, outcome: 'completed', reason }, standing.told, null);
      }
    }
  }

  #over(first: OperationResult, last: OperationResult, told: string | null, at: string | null): Followed {
    const { style, ask } = this.#learned;
    const { payloadDigest, heldMost, locations } = first;
    return {
      result: {
        ...last,
        payloadDigest,
        heldMost,
        locations: { ...locations, status: ask ?? locations.status },
      },
      style,
      told,
      at,
    };
  }

  #get(url: string, context: StrategyContext): Promise<OperationResult> {
    refuseOtherScheme(parseTarget(url), parseTarget(this.#request.url));
    const ours = new URL(url).origin === new URL(this.#request.url).origin;
    const fields = this.#request.fields.filter(
      ([name]) => CARRIED.has(name.toLowerCase()) && (ours || name.toLowerCase() !== 'authorization'),
    );
    return this.#ask({ method: 'GET', url, fields, content: null }, asking, context);
  }

  #ask(request: OperationRequest, strategy: Strategy, context = this.#quiet): Promise<OperationResult> {
    return new Operation(request, this.#options, context, strategy, this.#line).run();
  }

  /** The last answer is what the user asked for: told now, when that is known. */
  async #replay(final: FinalResponse | null): Promise<void> {
    const { observer } = this.#context;
    if (observer === undefined || final === null) return;
    const { content, ...head } = final;
    observer.final?.(head);
    await observer.content?.(content, 0, content.length);
  }

  #step(name: 'follow-status' | 'fetch-response' | 'complete' | 'refused', why: string): void {
    this.#context.recorder.step(this.#line.last, name, why);
    this.#context.observer?.step?.(name, why);
  }
}

const NOWHERE = 'The operation is not done, and the answer does not say where to ask for it.';

const HOW: Readonly<Record<OperationStyle, string>> = {
  polling: 'A Location names the status of the operation.',
  azure: 'Operation-Location names the status monitor of the operation.',
  aip151: 'The answer is an operation with a name (AIP-151).',
  incremental: 'The answer itself tells how far the operation is.',
};

function beginning({ method, fields }: OperationRequest): Strategy {
  if (repeat.unsuited?.({ method, fields }) === null) return repeat;
  return fields.some(([name]) => KEYS.has(name.toLowerCase())) ? keyed : plain;
}

/** There is an answer that can tell something: a redirection is no outcome to `repeat`, but may be one here. */
function isTold({ outcome, final }: OperationResult): boolean {
  return outcome === 'completed' || (outcome === 'refused' && final?.status === 303);
}

function failing(last: OperationResult, reason: string): OperationResult {
  return { ...last, outcome: 'failed', reason };
}
