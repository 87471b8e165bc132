// Prefer: transaction=persist. Every byte goes into the resource as it comes, and stays there whatever becomes of the
// request.

import { Intervals } from '../../../shared/byteranges/intervals.ts';
import { ServerError } from '../errors.ts';
import { type PartPlan, planPart } from './plan.ts';
import { emptyUpload, UNKNOWN_TYPE } from './state.ts';
import {
  MOST_STRETCHES,
  type PartToWrite,
  type Refusal,
  TOO_MANY_STRETCHES,
  type Writing,
  type WritingContext,
} from './writing.ts';

export class PersistWriting implements Writing {
  readonly inPlace = true;
  readonly persists = true;
  readonly ranges = new Intervals();
  readonly #context: WritingContext;
  #ended = false;
  #stopped = false;
  #plan: Exclude<PartPlan, { kind: 'refuse' }> | null = null;
  /** Where the next byte of the part goes. */
  #at = 0;
  #contentType = '';

  constructor(context: WritingContext) {
    this.#context = context;
    context.store.hold(context.resource);
    context.resource.writers.add(this);
  }

  get ended(): boolean {
    return this.#ended;
  }

  get room(): number {
    return this.#plan?.kind === 'write' ? this.#plan.most - this.#at : 0;
  }

  part(part: PartToWrite): Refusal | null {
    const { resource, limit } = this.#context;
    const plan = planPart(part, resource.shape, limit);
    if (plan.kind === 'refuse') return plan;
    this.#contentType = part.contentType;
    if (plan.kind === 'write') {
      const end = plan.end ?? plan.most;
      const { state } = resource;
      if (
        state.kind === 'incomplete' &&
        state.received.list().length >= MOST_STRETCHES &&
        state.received.covered(Math.max(0, plan.first - 1), end) === 0
      ) {
        return TOO_MANY_STRETCHES;
      }
      this.#claim(plan.first, end);
      this.#prepare(plan.before.kind === 'incomplete' ? plan.before.length : null);
      this.#at = plan.first;
    } else this.#claim(plan.length, Number.MAX_SAFE_INTEGER);
    this.#plan = plan;
    return null;
  }

  body(bytes: Uint8Array, from: number, to: number): void {
    const { resource } = this.#context;
    resource.writers.heard(this);
    resource.write(bytes, from, to, this.#at);
    this.#at += to - from;
  }

  partEnd(): void {
    const plan = this.#plan;
    this.#plan = null;
    if (plan?.kind !== 'resize') return;
    this.#prepare(plan.length);
    this.#context.resource.resize(plan.length);
  }

  async commit(): Promise<Refusal | null> {
    try {
      this.#context.resource.settle();
    } finally {
      this.#leave();
    }
    return null;
  }

  stop(): void {
    if (this.#stopped) return;
    try {
      this.#context.resource.settle();
    } catch (error) {
      // Nobody is there to be told, and what is written down is less than what is there. Whoever asks next tries again.
      if (!(error instanceof ServerError)) throw error;
    }
    this.#leave();
  }

  end(): void {
    this.#ended = true;
    this.stop();
    this.#context.overtaken();
  }

  /** The resource is there, at least as an upload of which nothing has arrived. */
  #prepare(length: number | null): void {
    const { store, resource } = this.#context;
    const type = this.#contentType;
    if (resource.state.kind === 'absent') {
      store.replace(resource, store.stage(), {
        state: emptyUpload(length),
        contentType: type === '' ? UNKNOWN_TYPE : type,
      });
      return;
    }
    resource.learnLength(length);
    if (type !== '') resource.contentType = type;
  }

  #claim(first: number, end: number): void {
    const { resource } = this.#context;
    this.ranges.add(first, end);
    if (resource.state.kind !== 'complete') resource.writers.yieldTo(this, first, end);
  }

  #leave(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    const { store, resource } = this.#context;
    resource.writers.remove(this);
    store.leave(resource);
  }
}
