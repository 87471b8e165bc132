// From byte ranges to pixel runs. Pure. A column of pixels is full, partial or empty, so that one lost byte in a
// gigabyte is still a column of its own, and so is one byte that arrived alone.

import { type Coverage, type Ranges, type Run, size } from '../../shared/model/coverage.ts';
import type { Layer } from '../../shared/model/events.ts';

/** Columns from … to (exclusive) of one kind; what is in no run is empty. */
export interface PixelRun {
  readonly from: number;
  readonly to: number;
  readonly full: boolean;
}

/** `ranges` of 0 … `length` bytes on `columns` pixels; ranges ascend and do not touch. */
export function pixelRuns(ranges: Ranges, length: number, columns: number): PixelRun[] {
  const runs: { from: number; to: number; full: boolean }[] = [];
  if (!(length > 0) || columns < 1) return runs;
  const push = (from: number, to: number, full: boolean): void => {
    if (to <= from) return;
    const before = runs.at(-1);
    // Two ranges that share a column leave a gap in it: it stays partial.
    const start = before === undefined ? from : Math.max(from, before.to);
    if (to <= start) return;
    if (before !== undefined && before.to === start && before.full === full) before.to = to;
    else runs.push({ from: start, to, full });
  };
  for (const [first, end] of ranges) {
    const x0 = (Math.max(0, first) / length) * columns;
    const x1 = (Math.min(length, end) / length) * columns;
    if (!(x1 > x0)) continue;
    const whole0 = Math.ceil(x0);
    const whole1 = Math.floor(x1);
    if (whole1 <= whole0) {
      // Inside one column, or over the border of two, none of them whole.
      push(Math.floor(x0), Math.min(columns, Math.ceil(x1)), false);
      continue;
    }
    push(Math.floor(x0), whole0, false);
    push(whole0, whole1, true);
    push(whole1, Math.min(columns, Math.ceil(x1)), false);
  }
  return runs;
}

/** The whole that a map shows: the representation's length, else as far as any layer reaches; 0: nothing is known. */
export function mapLength(coverage: Coverage, time: number): number {
  const length = coverage.lengthAt(time);
  let reach = length ?? 0;
  for (const layer of [1, 2, 3] as const)
    for (const [, end] of coverage.ranges(layer, time).slice(-1)) reach = Math.max(reach, end);
  return reach;
}

/** The exchanges that covered a byte in a layer by `time`, in the order in which they began to. */
export function writersOf(coverage: Coverage, layer: Layer, time: number, byte: number): number[] {
  const found: number[] = [];
  for (const run of coverage.runs(layer)) {
    const end = reached(run, time);
    if (byte >= run.start && byte < end && !found.includes(run.exchange)) found.push(run.exchange);
  }
  return found;
}

/** What an exchange had covered in a layer by `time`, in ascending order; the one that an acknowledgement reaches to. */
export function rangesOf(coverage: Coverage, layer: Layer, exchange: number, time: number): Ranges {
  const found: [number, number][] = [];
  for (const run of coverage.runs(layer)) {
    const end = run.exchange === exchange ? reached(run, time) : run.start;
    if (end > run.start) found.push([run.start, end]);
  }
  return found.sort((one, other) => one[0] - other[0]);
}

/** How far an exchange had come in a layer by `time`: the offset after its last byte; NaN: it has none. */
export function reachOf(coverage: Coverage, layer: Layer, exchange: number, time: number): number {
  let reach = NaN;
  for (const run of coverage.runs(layer)) if (run.exchange === exchange) reach = reached(run, time);
  return reach;
}

function reached(run: Run, time: number): number {
  const known = run.times.prefix(time);
  return known === 0 ? run.start : run.ends.values[known - 1]!;
}

/** Bytes that are in `one` and not in `other`. */
export function difference(one: Ranges, other: Ranges): number {
  let shared = 0;
  let at = 0;
  for (const [first, end] of one) {
    while (at < other.length && other[at]![1] <= first) at++;
    for (let next = at; next < other.length && other[next]![0] < end; next++)
      shared += Math.min(end, other[next]![1]) - Math.max(first, other[next]![0]);
  }
  return size(one) - shared;
}

/** The step by which scissors move, so that they stop at round bytes: 1, 2 or 5 times a power of ten, a pixel at most. */
export function snapStep(length: number, columns: number): number {
  const pixel = length / Math.max(1, columns);
  let step = 1;
  for (let power = 1; power <= pixel; power *= 10)
    for (const digit of [1, 2, 5]) if (digit * power <= pixel) step = digit * power;
  return step;
}

/** The byte under a column, on a round number where pixels are coarser than bytes. */
export function byteAt(x: number, length: number, columns: number): number {
  const step = snapStep(length, columns);
  const byte = Math.round(((x / columns) * length) / step) * step;
  return Math.min(Math.max(byte, 0), length);
}
