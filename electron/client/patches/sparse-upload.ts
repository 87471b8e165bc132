// The strategy `sparse-upload`: the segments of one new resource on several connections at once, each all or nothing
// (draft-ietf-httpapi-patch-byterange, Sparse Documents). One operation a segment; a lost answer costs that segment.

import { valueOf } from '../../../shared/fields/value-of.ts';
import { READ_IN_VAIN, type WindowedContent, bytesContent, windowed } from '../content.ts';
import { Line } from '../line.ts';
import { Operation } from '../operation.ts';
import { partContent } from '../part-content.ts';
import { SEGMENT_SIZE } from './segmented-upload.ts';
import { type Segment, checking, creating, segmentAt, writing } from './sparse-decisions.ts';
import type { OperationRequest, OperationResult, StrategyContext, StrategyOptions } from '../strategy.ts';
import { segmentErrand, sizeErrand } from './target-errands.ts';

const DEFAULT_PARALLEL = 3;

/** Whatever the server does is a result. @throws {ClientError} for a URL that cannot be used */
export async function sparseUpload(
  request: OperationRequest,
  options: StrategyOptions,
  context: StrategyContext,
): Promise<OperationResult> {
  const content = windowed(request.content ?? bytesContent(new Uint8Array(0)));
  const result = await new SparseUpload({ ...request, content }, content, options, context).run();
  const most = result.outcome === 'completed' ? Infinity : READ_IN_VAIN;
  const payloadDigest = await content.digest(context.signal, most);
  return { ...result, payloadDigest, heldMost: content.heldMost };
}

class SparseUpload {
  readonly #request: OperationRequest;
  readonly #content: WindowedContent;
  readonly #options: StrategyOptions;
  readonly #context: StrategyContext;
  readonly #size: number;
  readonly #parallel: number;
  /** Stops all operations when one has failed: without its segment the others are of no use. */
  readonly #stop = new AbortController();
  /** The next segment to be taken, and the first one that is not known to be stored. */
  #next = 1;
  #missing = 1;
  readonly #stored = new Set<number>();
  /** The answer that ended the upload; before, the first one. */
  #result: OperationResult | null = null;
  /** The status of the first one, which says that the resource is incomplete, if it is. */
  #usual: number | null = null;

  constructor(
    request: OperationRequest,
    content: WindowedContent,
    options: StrategyOptions,
    context: StrategyContext,
  ) {
    this.#request = request;
    this.#content = content;
    this.#options = { ...options, transaction: options.transaction ?? 'atomic' };
    this.#context = {
      ...context,
      signal: AbortSignal.any([context.signal, this.#stop.signal]),
      // The answer to a segment is not the final response: that is known only when all have been given.
      observer: {
        step: (name, why) => context.observer?.step?.(name, why),
        interim: (head) => context.observer?.interim?.(head),
      },
    };
    this.#size = options.segmentSize ?? SEGMENT_SIZE;
    this.#parallel = options.parallel ?? DEFAULT_PARALLEL;
  }

  async run(): Promise<OperationResult> {
    const line = new Line(this.#context);
    const lines = [line];
    try {
      const first = await new Operation(
        this.#request,
        this.#options,
        this.#context,
        creating(this.#size),
        line,
      ).run();
      if (first.outcome !== 'completed') return first;
      this.#content.release(this.#size);
      this.#result = first;
      this.#usual = first.final?.status ?? null;
      while (lines.length < Math.min(this.#parallel, this.#count - 1)) lines.push(new Line(this.#context));
      await Promise.all(lines.map((each) => this.#write(each)));
      const last = this.#result;
      // Where the first segment is all of it, its length was proven with it.
      return last.outcome === 'completed' && this.#count > 1
        ? await this.#check(last, first.resumes, line)
        : last;
    } finally {
      await Promise.all(lines.map((each) => each.leave()));
    }
  }

  get #count(): number {
    return Math.ceil(this.#content.length / this.#size);
  }

  /** Takes one segment after the other, on one connection as long as it holds. */
  async #write(line: Line): Promise<void> {
    for (;;) {
      const index = this.#next++;
      const segment = segmentAt(index, this.#content.length, this.#size);
      if (segment === null) return;
      const result = await new Operation(
        this.#patch(segment),
        this.#options,
        this.#context,
        writing(segment, this.#content.length),
        line,
      ).run();
      if (this.#result?.outcome !== 'completed') return;
      // The segment that completes it is answered otherwise than the others, and not always last.
      if (result.outcome !== 'completed' || result.final?.status !== this.#usual) this.#result = result;
      if (result.outcome !== 'completed') {
        this.#stop.abort();
        return;
      }
      this.#stored.add(index);
      while (this.#stored.delete(this.#missing)) this.#missing++;
      this.#content.release(this.#missing * this.#size);
    }
  }

  #patch([from, to]: Segment): OperationRequest {
    const { length } = this.#content;
    const errand = segmentErrand({ from, to, create: false }, length, this.#request, this.#options);
    const prefix = errand.content?.prefix ?? new Uint8Array(0);
    return {
      method: errand.method,
      url: errand.url,
      fields: errand.fields,
      content: partContent(this.#content, from, to, prefix),
    };
  }

  /** Every segment was answered; only the length tells that nothing is missing. */
  async #check(last: OperationResult, resumes: number, line: Line): Promise<OperationResult> {
    const { method, url, fields } = sizeErrand(this.#request);
    const head = await new Operation(
      { method, url, fields, content: null },
      this.#options,
      this.#context,
      checking,
      line,
    ).run();
    if (head.outcome !== 'completed') return { ...head, resumes };
    const told = valueOf(head.final?.fields, 'content-length');
    const { length } = this.#content;
    if (told === String(length))
      return { ...last, resumes, reason: `All ${length} bytes are there, as HEAD tells.` };
    const reason = `Every segment was stored, yet HEAD tells ${told ?? 'no length'} instead of ${length} bytes.`;
    this.#context.recorder.step(line.last, 'give-up', reason);
    return { ...head, resumes, outcome: 'failed', reason };
  }
}
