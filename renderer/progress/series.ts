// What a progress chart shows, for one operation and moment: the values told so far, what they add up to, and how long
// it may still take. Pure; texts are parsed only for what is labelled.

import { Intervals } from '../../shared/byteranges/intervals.ts';
import { FieldFault } from '../../shared/fields/fault.ts';
import { type Progress, parseProgress } from '../../shared/fields/progress.ts';
import { Layer } from '../../shared/model/events.ts';
import type { Model, Operation } from '../../shared/model/model.ts';

export interface Step {
  /** Nanoseconds. */
  readonly time: number;
  readonly value: number;
  /** NaN while unknown. */
  readonly total: number;
  /** The row of the event table that told it; −1 for bytes, which have no single row. */
  readonly event: number;
  /** The exchange that told it, or that brought the bytes. */
  readonly exchange: number;
  /** Below the value before it: the drafts forbid that. */
  readonly decreased: boolean;
}

export interface Series {
  /** Steps as Progress tells them, or bytes as the server acknowledges or reads them. */
  readonly kind: 'steps' | 'bytes';
  /** In order of time; values over the limit are thinned to the newest of each stretch. */
  readonly steps: readonly Step[];
  /** How many values were told in all, and how many of them were lower than the one before. */
  readonly told: number;
  readonly decreases: number;
  /** A value was above its denominator. */
  readonly overrun: boolean;
  /** What was told last, in full; null for bytes. */
  readonly last: Progress | null;
  /** The operation has ended. */
  readonly ended: boolean;
}

/** Points that a chart holds at most: more than it has pixels. */
const POINTS = 2000;

export function progressSeries(model: Model, operation: Operation, time: number): Series | null {
  const state = model.operationState(operation, time);
  const ended = state !== null && state.state >= 4;
  return told(model, operation, time, ended) ?? bytes(model, operation, time, ended);
}

function told(model: Model, operation: Operation, time: number, ended: boolean): Series | null {
  const { events } = model;
  const { columns } = events;
  const rows = operation.progress;
  let length = 0;
  // Rows are in order of time: a prefix of them is what had been told.
  let high = rows.length;
  while (length < high) {
    const middle = (length + high) >>> 1;
    if (columns.time[rows.values[middle]!]! <= time) length = middle + 1;
    else high = middle;
  }
  if (length === 0) return null;
  const steps: Step[] = [];
  let decreases = 0;
  let overrun = false;
  let before = -Infinity;
  const every = Math.ceil(length / POINTS);
  for (let place = 0; place < length; place++) {
    const event = rows.values[place]!;
    const value = columns.a[event]!;
    const total = columns.b[event]!;
    const decreased = value < before;
    before = value;
    if (decreased) decreases++;
    if (value > total) overrun = true;
    // What breaks a rule is never thinned out, up to the same number again.
    if (place % every === every - 1 || place === length - 1 || (decreased && decreases <= POINTS))
      steps.push({
        time: columns.time[event]!,
        value,
        total,
        event,
        exchange: columns.exchange[event]!,
        decreased,
      });
  }
  const text = events.text(rows.values[length - 1]!);
  const parsed = parseProgress(text);
  return {
    kind: 'steps',
    steps,
    told: length,
    decreases,
    overrun,
    last: parsed instanceof FieldFault ? null : parsed,
    ended,
  };
}

/** Without any Progress: what the server acknowledged, else what it has read, else what was sent. */
function bytes(model: Model, operation: Operation, time: number, ended: boolean): Series | null {
  const upload = !operation.upload.empty;
  const coverage = upload ? operation.upload : operation.download;
  const total = coverage.lengthAt(time) ?? NaN;
  const layers = upload ? [Layer.received, Layer.acknowledged, Layer.sent] : [Layer.received, Layer.sent];
  for (const layer of layers) {
    const points: { time: number; first: number; end: number; exchange: number }[] = [];
    for (const run of coverage.runs(layer)) {
      const known = run.times.prefix(time);
      const every = Math.max(1, Math.ceil(known / POINTS));
      let first = run.start;
      for (let place = 0; place < known; place++) {
        if (place % every !== 0 && place !== known - 1) continue;
        const end = run.ends.values[place]!;
        points.push({ time: run.times.values[place]!, first, end, exchange: run.exchange });
        first = end;
      }
    }
    if (points.length === 0) continue;
    points.sort((one, other) => one.time - other.time);
    const steps: Step[] = [];
    // Each byte once: parts and segments come from anywhere in the representation.
    const covered = new Intervals();
    for (const point of points) {
      if (covered.add(point.first, point.end) === 0) continue;
      const { time: at, exchange } = point;
      steps.push({ time: at, value: covered.total, total, event: -1, exchange, decreased: false });
    }
    const [first] = steps;
    if (first === undefined) continue;
    // Nothing had come when its exchange began: one read may bring all there is.
    const begun = Math.min(model.exchanges[first.exchange]?.startedAt ?? first.time, first.time);
    steps.unshift({ ...first, time: begun, value: 0 });
    return { kind: 'bytes', steps, told: steps.length, decreases: 0, overrun: false, last: null, ended };
  }
  return null;
}

/** The words that a Progress value has for its reader: the first quoted or foreign text, with its language. */
export function remarkOf(text: string): { readonly words: string; readonly language: string } | null {
  const parsed = parseProgress(text);
  if (parsed instanceof FieldFault) return null;
  for (const remark of parsed.remarks) {
    if (remark.depth > 0) break;
    if (remark.kind === 'quoted') return { words: remark.text, language: '' };
    if (remark.kind === 'text') return { words: remark.text, language: remark.language };
  }
  return null;
}

export interface Nested {
  readonly value: number;
  /** Null while unknown. */
  readonly total: number | null;
  /** What it counts, e.g. `bytes`. */
  readonly unit: string;
}

/** The subordinate operations of a value, one in another: the fraction of each depth and the words that describe it. */
export function nestedOf(progress: Progress): Nested[] {
  const found: Nested[] = [];
  progress.remarks.forEach((fraction, at) => {
    if (fraction.kind !== 'fraction' || fraction.depth !== found.length + 1) return;
    const unit = progress.remarks
      .slice(at + 1)
      .find((remark) => remark.depth === fraction.depth && remark.kind !== 'fraction');
    found.push({
      value: fraction.numerator,
      total: fraction.denominator,
      unit: unit === undefined || unit.kind === 'fraction' ? '' : unit.text,
    });
  });
  return found;
}

/** How much of its step the subordinate operation of a value has done, 0 … 1; null where none is told of, or no end of it. */
export function shareOf(text: string): number | null {
  // Most values are one fraction: no need to read them as a whole.
  if (text.indexOf('/', text.indexOf('/') + 1) === -1) return null;
  const parsed = parseProgress(text);
  const [nested] = parsed instanceof FieldFault ? [] : nestedOf(parsed);
  if (nested === undefined || nested.total === null || nested.total === 0) return null;
  return Math.min(1, nested.value / nested.total);
}

/** Nanoseconds that are left if it goes on as so far; null when nothing can be said. */
export function remaining(series: Series, now: number): number | null {
  const pace = pacePerUnit(series);
  const last = series.steps.at(-1);
  if (pace === null || last === undefined || series.ended || !(last.total > last.value)) return null;
  return Math.max(0, (last.total - last.value) * pace - (now - last.time));
}

/** Nanoseconds a unit took on average; null before there are two values. */
export function pacePerUnit(series: Series): number | null {
  const first = series.steps[0];
  const last = series.steps.at(-1);
  if (first === undefined || last === undefined) return null;
  const gained = last.value - first.value;
  return gained > 0 && last.time > first.time ? (last.time - first.time) / gained : null;
}

/** A stretch of time in which nothing was told, in nanoseconds. */
export interface Stall {
  readonly from: number;
  readonly to: number;
}

/** Shorter pauses are no stall, whatever is usual, in nanoseconds. */
const LEAST_STALL = 500e6;

/** Where nothing was told for more than three times as long as usual, up to `now` while it goes on. */
export function stallsOf({ steps, ended }: Series, now: number): Stall[] {
  if (steps.length < 3) return [];
  const pauses = steps.slice(1).map(({ time }, place) => time - steps[place]!.time);
  const usual = pauses.toSorted((one, other) => one - other)[pauses.length >> 1]!;
  const stalls: Stall[] = [];
  const look = (from: number, to: number): void => {
    if (to - from > Math.max(usual * 3, LEAST_STALL)) stalls.push({ from, to });
  };
  pauses.forEach((_pause, place) => look(steps[place]!.time, steps[place + 1]!.time));
  if (!ended) look(steps.at(-1)!.time, now);
  return stalls;
}

/** A silence goes on: nothing can be said of how long the rest will take. */
export function isStalled(stalls: readonly Stall[], now: number): boolean {
  return stalls.at(-1)?.to === now;
}
