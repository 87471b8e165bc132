// Which bytes of a representation were sent, received and acknowledged, at any time. Each exchange adds runs that
// only grow at their end; the state at a time is each run clipped, so nothing is ever computed again from the start.

import type { Layer } from './events.ts';
import { Float64List } from './growable.ts';

/** A contiguous stretch that one exchange covered in one layer, growing from `start`. */
export interface Run {
  readonly exchange: number;
  readonly start: number;
  /** Pairs by index: by times[i] the run had reached ends[i] (exclusive). */
  readonly times: Float64List;
  readonly ends: Float64List;
}

/** Half-open ranges [first, end) in ascending order, apart from each other. */
export type Ranges = readonly (readonly [number, number])[];

export class Coverage {
  /** By layer; most representations have none. */
  readonly #runs: Partial<Record<Layer, Run[]>> = {};
  /** The runs that grow beside the newest of their layer, by {@link keyOf}: exchanges on several connections take turns. */
  #others: Map<number, Run> | null = null;
  readonly #lengths: { at: number; length: number }[] = [];

  /** The representation's whole length, as known at `time`; null while unknown. */
  lengthAt(time = Infinity): number | null {
    let found: number | null = null;
    for (const known of this.#lengths) if (known.at <= time) found = known.length;
    return found;
  }

  get empty(): boolean {
    return this.#lengths.length === 0 && Object.keys(this.#runs).length === 0;
  }

  setLength(length: number, at: number): void {
    if (this.#lengths.at(-1)?.length !== length) this.#lengths.push({ at, length });
  }

  /**
   * Bytes first … end (exclusive) were covered. An end below what the exchange's run had (a write taken back)
   * shortens it. For `acknowledged`, first is 0: the largest offset told so far.
   */
  add(layer: Layer, exchange: number, time: number, first: number, end: number): void {
    const runs = (this.#runs[layer] ??= []);
    const newest = runs.at(-1);
    const run = newest?.exchange === exchange ? newest : this.#others?.get(keyOf(layer, exchange));
    if (run === undefined || first < run.start || first > run.ends.values[run.ends.length - 1]!) {
      if (newest !== undefined) (this.#others ??= new Map()).set(keyOf(layer, newest.exchange), newest);
      runs.push({ exchange, start: first, times: new Float64List(time), ends: new Float64List(end) });
      return;
    }
    const last = run.times.length - 1;
    if (run.times.values[last] === time) run.ends.values[last] = end;
    else {
      run.times.push(time);
      run.ends.push(end);
    }
  }

  runs(layer: Layer): readonly Run[] {
    return this.#runs[layer] ?? [];
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
