// Requests of the user's own, beside whatever experiment runs: begun, bounded and stopped here. Says in one sentence what
// can never be sent, before anything is opened; must never throw for what a server does.

import type { CommandArgs, CommandResult } from '../../shared/contract.ts';
import { HttpSyntaxError, writeRequest } from '../../shared/http1/writer.ts';
import { bytesContent } from '../client/content.ts';
import { ClientError } from '../client/errors.ts';
import { runStrategy } from '../client/run-strategy.ts';
import { parseTarget } from '../client/target.ts';
import type { WireContext } from '../wire/types.ts';

/** Each may hold 4 MiB of content. */
const AT_ONCE = 8;

type SendArgs = CommandArgs<'send'>;

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
  async send(args: SendArgs, begin: () => Promise<void>): Promise<CommandResult<'send'>> {
    refuseUnsendable(args);
    if (this.#running.size >= AT_ONCE)
      throw new Error(`${AT_ONCE} requests are being sent already: wait for one of them, or stop them.`);
    const abort = new AbortController();
    const done = begin().then(() => this.#carryOut(args, abort.signal));
    this.#running.set(abort, done);
    try {
      return await done;
    } finally {
      this.#running.delete(abort);
    }
  }

  /** Resolves when every request has ended. */
  async stop(): Promise<void> {
    for (const abort of this.#running.keys()) abort.abort();
    await Promise.allSettled(this.#running.values());
  }

  async #carryOut(args: SendArgs, signal: AbortSignal): Promise<CommandResult<'send'>> {
    const { method, url, fields, strategy } = args;
    const content = args.content === null ? null : bytesContent(Buffer.from(args.content, 'base64'));
    const { outcome, reason, final } = await runStrategy(
      strategy,
      { method, url, fields, content },
      {},
      { ...this.#context, random: Math.random, signal },
    );
    return {
      outcome,
      reason,
      final:
        final === null
          ? null
          : {
              status: final.status,
              reason: final.reason,
              fields: final.fields.map(([name, value]) => [name, value]),
              content: Buffer.from(final.content).toString('base64'),
            },
    };
  }
}

/** Throws the sentence that says why a request can never be sent. */
function refuseUnsendable({ method, url, fields }: SendArgs): void {
  try {
    writeRequest({ method, target: parseTarget(url).path, fields });
  } catch (error) {
    if (!(error instanceof ClientError || error instanceof HttpSyntaxError)) throw error;
    throw new Error(error.message, { cause: error });
  }
}
