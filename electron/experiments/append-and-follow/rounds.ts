// Appends content to a stream in as many rounds as it takes: each takes the stream, asks how long it is, and goes on there,
// before an audience of its own.

import { type ContentSource, linesContent } from '../../client/content.ts';
import { appendStream } from '../../client/websocket/append.ts';
import type { StreamResult } from '../../client/websocket/outcome.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { parseContentRange } from '../../../shared/fields/content-range.ts';
import { valueOf } from '../../../shared/fields/value-of.ts';
import { pause } from '../../wire/pause.ts';
import { ask, patienceOf, resourceOf } from '../kit/requests.ts';
import type { ExperimentContext } from '../kit/types.ts';
import { Audience, type Followed, TRY_AGAIN_AFTER } from './audience.ts';

/** Rounds, and tries to begin one. */
const MOST = 20;

export interface Problem {
  readonly outcome: 'failed' | 'refused';
  /** One sentence, for a person. */
  readonly reason: string;
}

/** What became of one round. */
export interface Round {
  readonly appended: StreamResult;
  readonly followed: readonly Followed[];
  /** SHA-256 (hex) of what the stream held then; null: it cannot be looked into. */
  readonly digest: string | null;
}

export interface Rounds {
  readonly url: string;
  readonly content: ContentSource;
  readonly rounds: readonly Round[];
  /** Somebody else who wanted to append meanwhile was refused. */
  readonly secondRefused: boolean;
  /** Why it did not come to its end; null: it did. */
  readonly problem: Problem | null;
}

/** A stream that has something in it already, where nothing must be. */
const NOT_EMPTY: Problem = {
  outcome: 'refused',
  reason: 'The stream holds something already: name one that nobody has appended to.',
};

export function appendInRounds(context: ExperimentContext): Promise<Rounds> {
  return new Appending(context).run();
}

class Appending {
  readonly #context: ExperimentContext;
  readonly #url: string;
  readonly #content: ContentSource;
  readonly #rounds: Round[] = [];
  #secondRefused = false;
  #problem: Problem | null = null;
  /** Bytes that are in the stream, as far as is known. */
  #have = 0;

  constructor(context: ExperimentContext) {
    this.#context = context;
    this.#url = resourceOf(context, 'streams');
    this.#content = linesContent(Number(context.parameters['size']));
  }

  async run(): Promise<Rounds> {
    const { signal, server, target } = this.#context;
    for (let round = 0; ; round++) {
      const audience = new Audience(this.#context, this.#url);
      const appended = await this.#append(round, audience);
      // An appender that is gone has an end for all who follow.
      const followed = await audience.all();
      const digest = target === null ? await server.digest(new URL(this.#url).pathname) : null;
      this.#rounds.push({ appended, followed, digest });
      if (appended.outcome === 'completed' && this.#problem === null && !signal.aborted) break;
      if (signal.aborted) this.#problem ??= failed('The run was stopped.');
      if (appended.outcome === 'refused') this.#problem ??= { outcome: 'refused', reason: appended.reason };
      if (appended.status !== 101 || round + 1 === MOST) this.#problem ??= failed(appended.reason);
      if (this.#problem !== null) break;
    }
    return {
      url: this.#url,
      content: this.#content,
      rounds: this.#rounds,
      secondRefused: this.#secondRefused,
      problem: this.#problem,
    };
  }

  /** One connection of the appender; begun again until it is one. */
  async #append(round: number, audience: Audience): Promise<StreamResult> {
    const options = { patience: patienceOf(this.#context) };
    for (let tries = 1; ; tries++) {
      const over = new AbortController();
      const pieces = this.#pieces(round, audience, over.signal);
      const result = await appendStream(this.#url, pieces, options, this.#context);
      over.abort();
      // 403: the server has not noticed yet that the last connection is gone.
      const notYet = result.status === null || result.status === 403;
      if (!notYet || tries === MOST || this.#context.signal.aborted) return result;
      await pause(this.#context, TRY_AGAIN_AFTER);
    }
  }

  /**
   * What is to be appended on this connection. Asked for when the stream is ours, and nobody else's bytes can come.
   * @param over aborted when it is ours no more: then nobody is asked to join, or anything else
   */
  async *#pieces(round: number, audience: Audience, over: AbortSignal): AsyncGenerator<Uint8Array> {
    const { parameters, target, recorder } = this.#context;
    const size = this.#content.length;
    const piece = Number(parameters['piece']);
    const waits = Number(parameters['pause']);
    if (round > 0 || target !== null) {
      const length = await this.#length();
      if (length === null || (round === 0 && length > 0) || length > size) {
        this.#problem =
          length === null ? failed('The server does not tell how long the stream is.') : NOT_EMPTY;
        return;
      }
      this.#have = length;
      if (round > 0)
        recorder.step(0, 'offset-learned', `The stream is ours again, and holds ${length} of ${size} bytes.`);
    }
    for (let follower = 1; follower < Number(parameters['followers']); follower++)
      if (!over.aborted) await audience.join(this.#have);
    let at = this.#have;
    let late = false;
    while (!over.aborted && (at < size || !late)) {
      if (!late && at >= size / 2) {
        late = true;
        await audience.join(at);
        if (!this.#secondRefused && !over.aborted) await this.#second(over);
        continue;
      }
      const end = Math.min(at + piece, size);
      yield await this.#content.read(at, end);
      at = end;
      if (waits > 0) await pause(this.#context, waits);
    }
  }

  /** Bytes of the stream; asked for the first of them, so that one of any length is told in one answer. */
  async #length(): Promise<number | null> {
    const { final } = await ask(this.#context, 'GET', this.#url, { fields: [['Range', 'bytes=0-0']] });
    const field = valueOf(final?.fields, 'content-range');
    // 416 (RFC 9110 §15.5.17): there is no first byte.
    if (final === null || (final.status !== 206 && final.status !== 416) || field === null) return null;
    const range = parseContentRange(field);
    return range instanceof FieldFault ? null : range.complete;
  }

  /** Somebody else wants to append, too, and has nothing to say. */
  async #second(over: AbortSignal): Promise<void> {
    const nothing = (async function* (): AsyncGenerator<Uint8Array> {})();
    const options = { patience: patienceOf(this.#context) };
    for (let tries = 0; tries < MOST; tries++) {
      const { status } = await appendStream(this.#url, nothing, options, this.#context);
      this.#secondRefused = status === 403;
      if (status !== null || over.aborted || this.#context.signal.aborted) return;
      await pause(this.#context, TRY_AGAIN_AFTER);
    }
  }
}

function failed(reason: string): Problem {
  return { outcome: 'failed', reason };
}
