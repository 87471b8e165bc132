// The strategy `tus-upload` (tus 1.0.0): an upload that is created by POST at the target and filled by PATCH, after a break
// from where HEAD tells; or several at once, each on a connection of its own, and one that is made of them.

import { READ_IN_VAIN, type WindowedContent, bytesContent, windowed } from '../../content.ts';
import { Line } from '../../line.ts';
import { partContent } from '../../part-content.ts';
import {
  type OperationRequest,
  type OperationResult,
  type Strategy,
  type StrategyContext,
  type StrategyOptions,
  onlyFor,
} from '../../strategy.ts';
import { asking, concatenating, partial } from './concatenation.ts';
import { deciding } from './upload-decisions.ts';
import { TUS_VERSION, tusProtocol } from './protocol.ts';
import { runUpload } from '../upload-operation.ts';

const ALWAYS = [['Tus-Resumable', TUS_VERSION]] as const;

export const unsuitedForTus = onlyFor(
  ['POST'],
  'an upload by tus is created by POST at its endpoint. Use POST.',
);

/** Whatever the server does is a result. @throws {ClientError} for a URL that cannot be used, another method than POST */
export async function tusUpload(
  request: OperationRequest,
  options: StrategyOptions,
  context: StrategyContext,
): Promise<OperationResult> {
  const content = windowed(request.content ?? bytesContent(new Uint8Array(0)));
  const size = Math.ceil(content.length / (options.parallel ?? 1));
  if (size === content.length)
    return runUpload({ ...request, content }, options, context, strategyFor(options), ALWAYS);
  const result = await new Concatenation({ ...request, content }, content, size, options, context).run();
  const most = result.outcome === 'completed' ? Infinity : READ_IN_VAIN;
  const payloadDigest = await content.digest(context.signal, most);
  return { ...result, payloadDigest, heldMost: content.heldMost };
}

function strategyFor(options: StrategyOptions): Strategy {
  return {
    resumable: false,
    // What is gone at the server is uploaded anew.
    startsOver: true,
    unsuited: unsuitedForTus,
    protocol: tusProtocol,
    decide: deciding(options),
  };
}

/** Run it once. */
class Concatenation {
  readonly #request: OperationRequest;
  readonly #content: WindowedContent;
  /** Bytes of each partial upload; the last may have less. */
  readonly #size: number;
  readonly #options: StrategyOptions;
  readonly #context: StrategyContext;
  /** Stops all operations when one has failed: without its part the others are of no use. */
  readonly #stop = new AbortController();
  /** The one that failed by itself; the others were stopped because of it. */
  #failed: OperationResult | undefined;

  constructor(
    request: OperationRequest,
    content: WindowedContent,
    size: number,
    options: StrategyOptions,
    context: StrategyContext,
  ) {
    this.#request = request;
    this.#content = content;
    this.#size = size;
    this.#options = options;
    this.#context = {
      ...context,
      signal: AbortSignal.any([context.signal, this.#stop.signal]),
      // The answers to partial uploads are not the final response.
      observer: {
        step: (name, why) => context.observer?.step?.(name, why),
        interim: (head) => context.observer?.interim?.(head),
      },
    };
  }

  async run(): Promise<OperationResult> {
    const line = new Line(this.#context);
    const lines = [line];
    try {
      if (this.#options.discover === true) {
        const asked = await this.#one(0, this.#content.length, asking(this.#options), line);
        if (asked.outcome !== 'completed') return asked;
      }
      while (lines.length * this.#size < this.#content.length) lines.push(new Line(this.#context));
      const parts = await Promise.all(lines.map((each, index) => this.#part(index, each)));
      const resumes = parts.reduce((sum, part) => sum + part.resumes, 0);
      if (this.#failed !== undefined) return { ...this.#failed, resumes };
      const urls = parts.map(({ locations }) => locations.requestContent ?? '');
      const last = await this.#one(0, this.#content.length, concatenating(this.#options, urls), line);
      return { ...last, resumes: resumes + last.resumes };
    } finally {
      await Promise.all(lines.map((each) => each.leave()));
    }
  }

  async #part(index: number, line: Line): Promise<OperationResult> {
    const from = index * this.#size;
    const to = Math.min(from + this.#size, this.#content.length);
    const options = { ...this.#options, discover: false, deleteWhenDone: false };
    const result = await this.#one(from, to, partial(options), line, options);
    if (result.outcome !== 'completed') {
      this.#failed ??= result;
      this.#stop.abort();
    }
    return result;
  }

  #one(
    from: number,
    to: number,
    strategy: Strategy,
    line: Line,
    options: StrategyOptions = this.#options,
  ): Promise<OperationResult> {
    const content = partContent(this.#content, from, to);
    return runUpload({ ...this.#request, content }, options, this.#context, strategy, ALWAYS, line);
  }
}
