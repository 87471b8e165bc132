// Which bytes of a representation were sent, received and acknowledged, at any time. Each exchange adds runs that
// only grow at their end; the state at a time is each run clipped, so nothing is ever computed again from the start.

import { Layer } from './events.ts';
import { extended, Float64List } from './growable.ts';

/** What those share that have none: nothing is ever added to these. */
const NO_RUNS: Run[] = [];
const NO_LENGTHS: { at: number; length: number }[] = [];

/** A contiguous stretch that one exchange covered in one layer, growing from `start`. */
export class Run {
  readonly exchange: number;
  readonly start: number;
  /** How far it has come, and when: most come all the way at once, and need no lists before somebody looks. */
  #time: number;
  #end: number;
  #times: Float64List | null = null;
  #ends: Float64List | null = null;

  constructor(exchange: number, start: number, time: number, end: number) {
    this.exchange = exchange;
    this.start = start;
    this.#time = time;
    this.#end = end;
  }

  /** Pairs by index: by times[i] the run had reached ends[i] (exclusive). */
  get times(): Float64List {
    return (this.#times ??= new Float64List(this.#time));
  }

  get ends(): Float64List {
    return (this.#ends ??= new Float64List(this.#end));
  }

  /** How far it has come by now. */
  get end(): number {
    return this.#end;
  }

  /** It has come to `end` by `time`; which may be less far than before. */
  reach(time: number, end: number): void {
    const { times, ends } = this;
    if (this.#time === time) ends.values[ends.length - 1] = end;
    else {
      times.push(time);
      ends.push(end);
    }
    this.#time = time;
    this.#end = end;
  }
}

/** Half-open ranges [first, end) in ascending order, apart from each other. */
export type Ranges = readonly (readonly [number, number])[];

export class Coverage {
  /** By layer; most representations have none. */
  #sent = NO_RUNS;
  #received = NO_RUNS;
  #acknowledged = NO_RUNS;
  /** The runs that grow beside the newest of their layer, by {@link keyOf}: exchanges on several connections take turns. */
  #others: Map<number, Run> | null = null;
  #lengths = NO_LENGTHS;

  /** The representation's whole length, as known at `time`; null while unknown. */
  lengthAt(time = Infinity): number | null {
    let found: number | null = null;
    for (const known of this.#lengths) if (known.at <= time) found = known.length;
    return found;
  }

  get empty(): boolean {
    return this.#lengths.length + this.#sent.length + this.#received.length + this.#acknowledged.length === 0;
  }

  setLength(length: number, at: number): void {
    if (this.#lengths.at(-1)?.length !== length) this.#lengths = extended(this.#lengths, { at, length });
  }

  /**
   * Bytes first … end (exclusive) were covered. An end below what the exchange's run had (a write taken back)
   * shortens it. For `acknowledged`, first is 0: the largest offset told so far.
   */
  add(layer: Layer, exchange: number, time: number, first: number, end: number): void {
    const runs = this.#of(layer);
    const newest = runs.at(-1);
    const run = newest?.exchange === exchange ? newest : this.#others?.get(keyOf(layer, exchange));
    if (run !== undefined && first >= run.start && first <= run.end) {
      run.reach(time, end);
      return;
    }
    if (newest !== undefined) (this.#others ??= new Map()).set(keyOf(layer, newest.exchange), newest);
    const longer = extended(runs, new Run(exchange, first, time, end));
    if (longer === runs) return;
    if (layer === Layer.sent) this.#sent = longer;
    else if (layer === Layer.received) this.#received = longer;
    else this.#acknowledged = longer;
  }

  runs(layer: Layer): readonly Run[] {
    return this.#of(layer);
  }

  /** Each run as it was at `time`: [first, end, exchange], in the order in which they began. */
  stretches(layer: Layer, time = Infinity): [number, number, number][] {
    const found: [number, number, number][] = [];
    for (const run of this.runs(layer)) {
      const known = run.times.prefix(time);
      if (known === 0) continue;
      const end = run.ends.values[known - 1]!;
      if (end > run.start) found.push([run.start, end, run.exchange]);
    }
    return found;
  }

  /** What is covered, at least once. */
  ranges(layer: Layer, time = Infinity): Ranges {
    return merge(this.stretches(layer, time), 1);
  }

  /** What is covered more than once. */
  repeated(layer: Layer, time = Infinity): Ranges {
    return merge(this.stretches(layer, time), 2);
  }

  /** How many bytes are covered at least once. */
  total(layer: Layer, time = Infinity): number {
    return size(this.ranges(layer, time));
  }

  #of(layer: Layer): Run[] {
    if (layer === Layer.sent) return this.#sent;
    return layer === Layer.received ? this.#received : this.#acknowledged;
  }
}

function keyOf(layer: Layer, exchange: number): number {
  return exchange * 4 + layer;
}

/** How many bytes ranges hold. */
export function size(ranges: Ranges): number {
  return ranges.reduce((sum, [first, end]) => sum + end - first, 0);
}

/** Where at least `depth` of the stretches overlap. */
function merge(stretches: readonly (readonly [number, number, number])[], depth: number): Ranges {
  const edges: [number, number][] = [];
  for (const [first, end] of stretches) edges.push([first, 1], [end, -1]);
  // An end before a beginning at the same byte would split touching ranges: beginnings come first.
  edges.sort((x, y) => x[0] - y[0] || y[1] - x[1]);
  const found: [number, number][] = [];
  let open = 0;
  let first = 0;
  for (const [at, change] of edges) {
    const before = open;
    open += change;
    if (before < depth && open >= depth) first = at;
    else if (before >= depth && open < depth && at > first) {
      const previous = found.at(-1);
      if (previous !== undefined && previous[1] === first) previous[1] = at;
      else found.push([first, at]);
    }
  }
  return found;
}
