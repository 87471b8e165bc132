// Prefer: transaction=atomic. Nothing of a patch can be read before all of it is there. Bytes wait in a stage beside the
// resource, or, where an upload has nothing yet, in their place, not counted as received.

import { Intervals } from '../../../shared/byteranges/intervals.ts';
import type { Step } from './commit.ts';
import { planPart, type Shape, written } from './plan.ts';
import { type FileState, UNKNOWN_TYPE } from './state.ts';
import type { Stage } from './stage.ts';
import {
  MOST_STRETCHES,
  type PartToWrite,
  type Refusal,
  TOO_MANY_STRETCHES,
  type Writing,
  type WritingContext,
} from './writing.ts';

/** A part and where its bytes are. */
interface Staged {
  readonly part: PartToWrite;
  readonly at: number;
  /** Bytes that have come. */
  length: number;
  /** Position in the stage; null: they are in their place. */
  readonly from: number | null;
}

const GONE: Refusal = {
  status: 409,
  sentence: 'The resource was deleted or moved while the patch came: look at it again before you change it.',
};

export class AtomicWriting implements Writing {
  readonly persists = false;
  readonly ranges = new Intervals();
  readonly #context: WritingContext;
  readonly #parts: Staged[] = [];
  /** The resource as the parts so far would leave it. */
  #shape: Shape;
  #stage: Stage | null = null;
  /** The stage is laid out as the file that it will be: there is none yet. */
  #stageIsFile = false;
  #resized = false;
  #part: Staged | null = null;
  #most = 0;
  #released = false;
  #ended = false;
  #stopped = false;

  constructor(context: WritingContext) {
    this.#context = context;
    this.#shape = context.resource.shape;
    context.store.hold(context.resource);
    context.resource.writers.add(this);
  }

  get ended(): boolean {
    return this.#ended;
  }

  get inPlace(): boolean {
    return this.#part?.from === null || this.#parts.some(({ from }) => from === null);
  }

  get room(): number {
    return this.#part === null ? 0 : this.#most - this.#part.at - this.#part.length;
  }

  part(part: PartToWrite): Refusal | null {
    const { resource, limit } = this.#context;
    const plan = planPart(part, this.#shape, limit);
    if (plan.kind === 'refuse') return plan;
    if (plan.kind === 'resize') {
      this.#claim(plan.length, Number.MAX_SAFE_INTEGER);
      if (resource.state.kind === 'absent' && this.#stage === null) this.#stageIsFile = true;
      if (this.#stageIsFile) this.#staged().resize(plan.length);
      this.#resized = true;
      this.#part = { part, at: plan.length, length: 0, from: 0 };
      this.#most = plan.length;
      this.#shape = plan.after;
      return null;
    }
    const end = plan.end ?? plan.most;
    this.#claim(plan.first, end);
    this.#part = { part, at: plan.first, length: 0, from: this.#place(plan.first, end) };
    this.#most = plan.most;
    this.#shape = plan.before;
    return null;
  }

  body(bytes: Uint8Array, from: number, to: number): void {
    const part = this.#part;
    if (part === null || to <= from) return;
    if (part.from === null) this.#context.resource.place(bytes, from, to, part.at + part.length);
    else this.#staged().write(bytes, from, to, part.from + part.length);
    part.length += to - from;
  }

  partEnd(): void {
    const part = this.#part;
    this.#part = null;
    if (part === null) return;
    this.#parts.push(part);
    if (part.part.range.first !== null) this.#shape = written(this.#shape, part.at + part.length);
  }

  async commit(recheck: () => Refusal | null): Promise<Refusal | null> {
    const { store, resource } = this.#context;
    try {
      await store.still(resource, () => this.#reserve());
      await this.#stage?.sync();
      return await store.still(resource, () => this.#commit(recheck));
    } finally {
      this.stop();
    }
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    const { store, resource } = this.#context;
    this.#release();
    this.#stage?.drop();
    resource.writers.remove(this);
    store.leave(resource);
  }

  end(): void {
    this.#ended = true;
    this.stop();
    this.#context.overtaken();
  }

  /** Where the bytes of a part wait: position in the stage, or null for their own place. */
  #place(first: number, end: number): number | null {
    const { state } = this.#context.resource;
    const untouched = state.kind === 'incomplete' && state.received.covered(first, end) === 0;
    if (untouched && !this.#resized && this.#stage === null) return null;
    if (state.kind === 'absent' && this.#stage === null) this.#stageIsFile = true;
    return this.#stageIsFile ? first : (this.#stage?.written ?? 0);
  }

  /** What waits in its place takes no room any more. */
  #release(): void {
    if (this.#released) return;
    this.#released = true;
    for (const part of [...this.#parts, this.#part]) {
      if (part?.from === null) this.#context.resource.release(part.at, part.at + part.length);
    }
  }

  /** The stage, made when it is first needed. */
  #staged(): Stage {
    return (this.#stage ??= this.#context.store.stage());
  }

  /** The stage, to be handed over. */
  #handed(): Stage {
    const stage = this.#staged();
    this.#stage = null;
    return stage;
  }

  #claim(first: number, end: number): void {
    const { resource } = this.#context;
    this.ranges.add(first, end);
    if (resource.state.kind !== 'complete') resource.writers.yieldTo(this, first, end);
  }

  /** Sees to it that there is room for bytes that have none yet, before anything is committed. */
  async #reserve(): Promise<void> {
    const { state } = this.#context.resource;
    const stage = this.#stage;
    if (stage === null || state.kind === 'absent' || state.kind === 'blocked') return;
    const size = state.kind === 'complete' ? state.size : 0;
    let bytes = 0;
    for (const { at, length, from } of this.#parts) {
      if (from === null) continue;
      const end = at + length;
      bytes +=
        state.kind === 'complete'
          ? Math.max(0, end - Math.max(at, size))
          : length - state.received.covered(at, end);
    }
    await stage.reserve(bytes);
  }

  /** The commit has begun, or is refused, when this returns its promise. */
  async #commit(recheck: () => Refusal | null): Promise<Refusal | null> {
    if (this.#ended) return null;
    const outcome = recheck() ?? this.#outcome();
    if ('status' in outcome) return outcome;
    await this.#change(outcome.state);
    return null;
  }

  /** What the resource becomes, as it is now: others may have changed it since the parts were planned. */
  #outcome(): Refusal | { readonly state: FileState } {
    const { resource, limit } = this.#context;
    if (resource.state.kind === 'absent' && !this.#stageIsFile) return GONE;
    let { shape } = resource;
    const received =
      resource.state.kind === 'incomplete' ? Intervals.from(resource.state.received.list()) : new Intervals();
    for (const { part, at, length } of this.#parts) {
      const plan = planPart({ range: part.range, length }, shape, limit);
      if (plan.kind === 'refuse') return plan;
      if (plan.kind === 'resize') {
        received.remove(plan.length, Number.MAX_SAFE_INTEGER);
        shape = plan.after;
      } else {
        received.add(at, at + length);
        shape = written(plan.before, at + length);
      }
    }
    if (shape.kind === 'complete') return { state: shape };
    const length = shape.kind === 'incomplete' ? shape.length : null;
    if (length !== null && received.firstGap(0) >= length)
      return { state: { kind: 'complete', size: length } };
    if (received.list().length > MOST_STRETCHES) return TOO_MANY_STRETCHES;
    return { state: { kind: 'incomplete', length, received } };
  }

  async #change(state: FileState): Promise<void> {
    const { store, resource } = this.#context;
    const said = this.#parts.findLast(({ part }) => part.contentType !== '')?.part.contentType;
    const before = resource.state.kind;
    if (before === 'absent') {
      if (state.kind === 'complete') this.#staged().resize(state.size);
      store.replace(resource, this.#handed(), { state, contentType: said ?? UNKNOWN_TYPE });
      return;
    }
    if (this.#parts.every(({ from }) => from === null)) {
      this.#receive(state, said);
      return;
    }
    const steps: Step[] = this.#parts.map(({ part, at, length, from }) =>
      part.range.first === null ? { resize: at } : { at, length, from },
    );
    if (state.kind === 'complete') steps.push({ resize: state.size });
    // From here on they count with all others.
    this.#release();
    await store.apply(resource, this.#handed(), steps, {
      state,
      contentType: said ?? resource.contentType,
    });
  }

  /** All bytes are in their place: they only have to count. */
  #receive(state: FileState, contentType: string | undefined): void {
    const { resource } = this.#context;
    const learned =
      state.kind === 'complete' ? state.size : state.kind === 'incomplete' ? state.length : null;
    resource.learnLength(learned);
    if (contentType !== undefined) resource.contentType = contentType;
    for (const { at, length } of this.#parts) resource.received(at, at + length);
    this.#released = true;
    try {
      resource.settle();
    } catch (error) {
      for (const { at, length } of this.#parts) resource.forget(at, at + length);
      throw error;
    }
  }
}
