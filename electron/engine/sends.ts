// Requests of the user's own, beside whatever experiment runs: begun, bounded and stopped here. Says in one sentence what
// can never be sent, before anything is opened; must never throw for what a server does.

import { counted } from '../../shared/counted.ts';
import type { CommandArgs, CommandResult, CutSpec, SendContent } from '../../shared/contract.ts';
import { HttpSyntaxError, writeRequest } from '../../shared/http1/writer.ts';
import { bytesContent, type ContentSource, fileContent, linesContent } from '../client/content.ts';
import { ClientError } from '../client/errors.ts';
import { wrongOption } from '../client/option-bounds.ts';
import { bytesOf, pipeline, type Pipelined } from '../client/pipelined.ts';
import { sendRaw } from '../client/raw-exchange.ts';
import { runStrategy, unsuitedFor } from '../client/run-strategy.ts';
import type { FinalResponse, StrategyContext } from '../client/strategy.ts';
import { parseTarget, type Target } from '../client/target.ts';
import { type WireContext, WireError } from '../wire/types.ts';

/** Each may hold 4 MiB of content. */
const AT_ONCE = 8;

/** A command of the user's: its arguments, and its result. */
type Args<N extends 'send' | 'sendRaw' | 'sendBatch'> = CommandArgs<N>;
type Result<N extends 'send' | 'sendRaw' | 'sendBatch'> = CommandResult<N>;
/** Makes sure that what is sent is seen. */
type Begin = () => Promise<void>;

export class Sends {
  readonly #context: WireContext;
  readonly #running = new Map<AbortController, Promise<unknown>>();

  constructor(context: WireContext) {
    this.#context = context;
  }

  /**
   * Carries out a request, after `begin`. Rejects with an Error whose message is for the user, before anything is
   * begun, for what is no HTTP, no http URL, or too much at once.
   */
  async send(args: Args<'send'>, begin: Begin): Promise<Result<'send'>> {
    refuseUnsendable(args);
    return this.#run(begin, async (signal) => {
      const content = await contentOf(args.content);
      try {
        return await this.#carryOut(args, content, signal);
      } finally {
        await content?.close();
      }
    });
  }

  /** Sends bytes as they are. Rejects as {@link send} does. */
  async sendRaw({ url, bytes, patience }: Args<'sendRaw'>, begin: Begin): Promise<Result<'sendRaw'>> {
    const target = targetOf(url);
    if (bytes === '') throw new Error('There are no bytes to send: write a request first.');
    return this.#run(begin, async (signal) => {
      const sent = new Uint8Array(Buffer.from(bytes, 'base64'));
      const { responses, ...result } = await this.#reserving([], signal, (context) =>
        sendRaw(target, sent, patience, context),
      );
      return { ...result, responses: responses.map(inContract) };
    });
  }

  /** Sends requests on one connection, without waiting. Rejects as {@link send} does. */
  async sendBatch(args: Args<'sendBatch'>, begin: Begin): Promise<Result<'sendBatch'>> {
    const target = targetOf(args.url);
    const requests = args.requests.map(({ method, target: path, fields, content }) => ({
      method,
      path,
      fields,
      ...(content === null ? {} : { content: new Uint8Array(Buffer.from(content, 'base64')) }),
    }));
    refusing(() => requests.forEach((request) => bytesOf(request, target.hostField)));
    return this.#run(begin, (signal) =>
      this.#reserving([], signal, async (context) => {
        const { recorder } = context;
        const many = counted(requests.length, 'request');
        recorder.step(0, 'begin', `${many} are written on one connection, without waiting for answers.`);
        try {
          const options = { patience: args.patience, firstAlone: false };
          const done = await pipeline(target, requests, options, context);
          const result = batchResult(done, requests.length, signal.aborted);
          recorder.step(done.connection, STEPS[result.outcome], result.reason);
          return result;
        } catch (error) {
          if (!(error instanceof WireError)) throw error;
          recorder.step(0, 'refused', error.message);
          return { outcome: 'refused', reason: error.message, answers: requests.map(() => null) };
        }
      }),
    );
  }

  /** Resolves when every request has ended. */
  async stop(): Promise<void> {
    for (const abort of this.#running.keys()) abort.abort();
    await Promise.allSettled(this.#running.values());
  }

  async #run<T>(begin: Begin, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#running.size >= AT_ONCE)
      throw new Error(`${AT_ONCE} requests are being sent already: wait for one of them, or stop them.`);
    const abort = new AbortController();
    const done = begin().then(() => work(abort.signal));
    this.#running.set(abort, done);
    try {
      return await done;
    } finally {
      this.#running.delete(abort);
    }
  }

  /** With cuts for this work alone; those that were never reached are told at the end of its reason. */
  async #reserving<T extends { readonly reason: string }>(
    cuts: readonly CutSpec[],
    signal: AbortSignal,
    work: (context: StrategyContext) => Promise<T>,
  ): Promise<T> {
    const reserved = this.#context.board.reserve(cuts);
    try {
      const result = await work({ ...this.#context, reserved, random: Math.random, signal });
      return { ...result, reason: [result.reason, ...reserved.release().map(notReached)].join(' ') };
    } finally {
      reserved.release();
    }
  }

  #carryOut(
    { method, url, fields, strategy, options = {}, cuts = [] }: Args<'send'>,
    content: ContentSource | null,
    signal: AbortSignal,
  ): Promise<Result<'send'>> {
    return this.#reserving(cuts, signal, async (context) => {
      const { outcome, reason, final } = await runStrategy(
        strategy,
        { method, url, fields, content },
        options,
        context,
      );
      return { outcome, reason, final: final === null ? null : inContract(final) };
    });
  }
}

const STEPS = { completed: 'complete', failed: 'give-up', refused: 'refused' } as const;

/** Throws the sentence that says why a request can never be sent. */
function refuseUnsendable({ method, url, fields, strategy, options = {} }: Args<'send'>): void {
  refusing(() => writeRequest({ method, target: parseTarget(url).path, fields }));
  const wrong = unsuitedFor(strategy, { method, fields }) ?? wrongOption(options);
  if (wrong !== null) throw new Error(wrong);
}

function targetOf(url: string): Target {
  return refusing(() => parseTarget(url));
}

/** What a check throws, as an Error for the user. */
function refusing<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ClientError || error instanceof HttpSyntaxError)) throw error;
    throw new Error(error.message, { cause: error });
  }
}

async function contentOf(content: SendContent | null): Promise<ContentSource | null> {
  if (content === null) return null;
  if (typeof content === 'string') return bytesContent(new Uint8Array(Buffer.from(content, 'base64')));
  return 'file' in content ? fileContent(content.file) : linesContent(content.generated);
}

function notReached({ end, direction, at }: CutSpec): string {
  return `The cut at byte ${at} (${end}, ${direction}) was never reached.`;
}

function inContract({
  status,
  reason,
  fields,
  content,
}: FinalResponse): NonNullable<Result<'send'>['final']> {
  return {
    status,
    reason,
    fields: fields.map(([name, value]) => [name, value]),
    content: Buffer.from(content).toString('base64'),
  };
}

function batchResult({ answers, broke }: Pipelined, requests: number, stopped: boolean): Result<'sendBatch'> {
  const whole = answers.filter((answer) => answer.whole).length;
  const refused = answers.filter(({ status }) => status >= 400).length;
  const placed = Array.from({ length: requests }, (_, i) => answers[i] ?? null);
  const outcome = whole < requests ? 'failed' : refused > 0 ? 'refused' : 'completed';
  const all = counted(requests, 'request');
  const reason =
    whole < requests
      ? stopped
        ? 'It was stopped.'
        : `${whole} of ${all} were answered${broke === null ? '' : `: ${BROKE[broke]}`}.`
      : `The server answered ${all} in order${refused === 0 ? '' : `, ${refused} of them with an error status`}.`;
  return { outcome, reason, answers: placed.map((answer) => answer && inContract(answer)) };
}

const BROKE: Readonly<Record<NonNullable<Pipelined['broke']>, string>> = {
  fin: 'the connection ended',
  rst: 'the connection was reset',
  silence: 'nothing more came',
  error: 'the connection failed',
  nonsense: 'what came is not HTTP/1.1',
  endless: 'the server came to no end',
  flood: 'the server sent too many interim responses',
  overlong: 'the server sent too much',
};
