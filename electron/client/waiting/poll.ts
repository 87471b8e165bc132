// The strategy `poll`: a resource that is asked again and again until its answer says no more that it is to be. Each question
// goes on after a break by itself; a server that holds it is waited for. Bounded in the number of its questions.

import { pauseUntil } from '../../wire/pause.ts';
import { retryAfter } from '../answer.ts';
import { saidBy } from '../decision-shapes.ts';
import { ClientError } from '../errors.ts';
import { type Line, onLine } from '../line.ts';
import { Operation } from '../operation.ts';
import { repeating } from '../repeat.ts';
import {
  type FinalResponse,
  type OperationRequest,
  type OperationResult,
  type Strategy,
  type StrategyContext,
  type StrategyOptions,
  onlyFor,
} from '../strategy.ts';
import { valueOf } from '../../../shared/fields/value-of.ts';

/** Questions after which it is not going to end. */
const MOST_QUESTIONS = 10_000;
/** Milliseconds to the next question where nobody names any. */
const USUAL_INTERVAL = 1_000;
/** The longest that a server may ask for. */
const LONGEST_INTERVAL = 60_000;
/** Between two questions of which the first was not held, however soon the server wants the next. */
const SHORTEST_INTERVAL = 250;
/** An answer that took longer was held. */
const HELD_MILLISECONDS = 100;
/** RFC 6202 §5.5: a request may be held for up to two minutes. */
const HOLD_PATIENCE = 130_000;

export const unsuitedForPolling = onlyFor(
  ['GET'],
  'a resource is asked again and again by GET. Use follow-operation for a request that begins something.',
);

const asking: Strategy = {
  resumable: false,
  decide: repeating({
    begin: 'The client asks how things are.',
    again: 'There is no whole answer: the client asks again.',
  }),
};

/** Whatever the server does is a result. @throws {ClientError} for a URL that cannot be used */
export async function poll(
  request: OperationRequest,
  options: StrategyOptions,
  context: StrategyContext,
): Promise<OperationResult> {
  const unsuited = unsuitedForPolling(request);
  if (unsuited !== null) throw new ClientError('unsuited', unsuited);
  return onLine(context, (line) => new Polling(request, options, context, line).run());
}

class Polling {
  readonly #request: OperationRequest;
  readonly #options: StrategyOptions;
  readonly #context: StrategyContext;
  readonly #line: Line;
  /** The entity tag of what is here, and the answer that brought it; null: none. */
  #tag: string | null = null;
  #latest: FinalResponse | null = null;

  constructor(request: OperationRequest, options: StrategyOptions, context: StrategyContext, line: Line) {
    this.#request = request;
    this.#options = { ...options, patience: options.patience ?? HOLD_PATIENCE };
    this.#context = context;
    this.#line = line;
  }

  async run(): Promise<OperationResult> {
    const { clock, signal } = this.#context;
    let resumes = 0;
    /** When the question that is asked now was due: an interval of the user's own is a beat, however long answers take. */
    let due = clock.now();
    for (let questions = 1; ; questions++) {
      const asked = clock.now();
      const result = await this.#ask();
      resumes += result.resumes;
      const { final } = result;
      if (result.outcome !== 'completed' || final === null) return { ...result, resumes };
      if (final.status === 200) this.#keep(final);
      const interval = this.#intervalAfter(final, clock.now() - asked);
      if (interval === null) {
        const reason = `The answer to question ${questions} asks for no other (${saidBy(final)}).`;
        this.#step('complete', reason);
        // RFC 9110 §15.4.5: a 304 says that what is here is still so.
        return { ...result, reason, resumes, final: final.status === 304 ? (this.#latest ?? final) : final };
      }
      if (questions === MOST_QUESTIONS) {
        const reason = `It was asked ${MOST_QUESTIONS} times, and there was always more to wait for.`;
        this.#step('give-up', reason);
        return { ...result, outcome: 'failed', reason, resumes };
      }
      due = Math.max(clock.now(), (this.#options.interval === undefined ? clock.now() : due) + interval);
      await pauseUntil(this.#context, due);
      if (signal.aborted) return { ...result, outcome: 'failed', reason: 'It was stopped.', resumes };
    }
  }

  #ask(): Promise<OperationResult> {
    const { fields } = this.#request;
    const conditional = fields.some(([name]) => name.toLowerCase() === 'if-none-match');
    const request = {
      ...this.#request,
      fields: this.#tag === null || conditional ? fields : [...fields, ['If-None-Match', this.#tag] as const],
    };
    return new Operation(request, this.#options, this.#context, asking, this.#line).run();
  }

  #keep(final: FinalResponse): void {
    this.#latest = final;
    this.#tag = valueOf(final.fields, 'etag');
  }

  /** Milliseconds from this question to the next; null: there is none. @param took ms from the question to its answer */
  #intervalAfter(final: FinalResponse, took: number): number | null {
    const named = retryAfter({ field: (name) => valueOf(final.fields, name) });
    const again = named !== null || final.status === 202 || final.status === 204 || final.status === 304;
    if (!again) return null;
    if (this.#options.interval !== undefined) return this.#options.interval;
    if (named === null) return USUAL_INTERVAL;
    if (named > 0 || took < HELD_MILLISECONDS)
      return Math.max(SHORTEST_INTERVAL, Math.min(named, LONGEST_INTERVAL));
    return 0;
  }

  #step(name: 'complete' | 'give-up', why: string): void {
    this.#context.recorder.step(this.#line.last, name, why);
    this.#context.observer?.step?.(name, why);
  }
}
