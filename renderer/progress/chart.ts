// Where everything of a progress chart stands. Pure: a series and a size in, shapes in CSS pixels out; the future is
// what follows if the pace stays.

import { scaleLinear } from 'd3-scale';
import type { Breach } from '../../shared/model/breaches.ts';
import type { Model } from '../../shared/model/model.ts';
import { type BreachMark, joined } from '../timeline/breach-mark.ts';
import { count, shortBytes, span } from '../timeline/format.ts';
import { type Series, isStalled, pacePerUnit, remarkOf, shareOf, stallsOf } from './series.ts';

const TOP = 22;
const BOTTOM = 14;
const RIGHT = 18;
/** From one line of words to the next. */
const LINE = 14;
/** Lines of the future at most. */
const FUTURE = 200;

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly event: number;
  readonly exchange: number;
  readonly time: number;
  readonly value: number;
  /** NaN while unknown. */
  readonly total: number;
  readonly decreased: boolean;
}

export interface ChartLabel {
  readonly x: number;
  readonly y: number;
  readonly words: string;
}

export interface ChartPlan {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly grid: readonly { readonly y: number; readonly label: string }[];
  readonly points: readonly ChartPoint[];
  /** The line goes level to here: the present. */
  readonly nowX: number;
  /** Corners of the dotted line from the present on. */
  readonly future: readonly { readonly x: number; readonly y: number }[];
  readonly labels: readonly ChartLabel[];
  /** The bars of steps are marked by discs; the many of bytes are not. */
  readonly marked: boolean;
  /** How far the subordinate operation of each step was, above its step; in order of time. */
  readonly nested: readonly { readonly x: number; readonly y: number }[];
  /** Where nothing was told for long: level stretches of the line. */
  readonly stalls: readonly {
    readonly from: number;
    readonly to: number;
    readonly y: number;
    readonly label: string;
  }[];
  /** Where rules were broken. */
  readonly breaches: readonly BreachMark[];
  /** Values hold until the next one; bytes flow. */
  readonly stepped: boolean;
}

export interface ChartInput {
  readonly model: Model;
  readonly series: Series;
  readonly width: number;
  readonly height: number;
  readonly now: number;
  /** What is to be marked of it, by `now`. */
  readonly breaches: readonly Breach[];
  readonly measure: (text: string) => number;
}

export function planChart(input: ChartInput): ChartPlan {
  const { series, width, height, now } = input;
  const { steps } = series;
  const first = steps[0]!;
  const last = steps.at(-1)!;
  const steady = series.kind === 'bytes';
  const stalls = stallsOf(series, now);
  const isSteady = !series.ended && !last.decreased && !isStalled(stalls, now);
  const pace = isSteady ? pacePerUnit(series) : null;
  const highest = Math.max(
    1,
    ...steps.map((step) => Math.max(step.value, Number.isNaN(step.total) ? 0 : step.total)),
  );
  const bottom = height - BOTTOM;
  const y = scaleLinear([0, highest], [bottom, TOP]);
  const ticks = spaced(
    y
      .ticks(Math.max(2, Math.floor((bottom - TOP) / 34)))
      .filter((value) => steady || Number.isInteger(value)),
    y,
  );
  const label = (value: number): string => (steady ? shortBytes(value) : count(value));
  const left = Math.max(36, ...ticks.map((value) => input.measure(label(value)) + 26));
  const right = width - RIGHT;
  const present = Math.max(series.ended ? last.time : now, last.time);
  const left_ = pace === null || !(last.total > last.value) ? 0 : (last.total - last.value) * pace;
  const end = Math.max(present, last.time + left_);
  const length = Math.max(end - first.time, 1e6);
  // Room before the first value, so that it is seen to begin.
  const x = scaleLinear([first.time - length * 0.06, end + length * 0.03], [left, right]);
  const points = steps.map((step) => ({
    x: x(step.time),
    y: y(step.value),
    event: step.event,
    exchange: step.exchange,
    time: step.time,
    value: step.value,
    total: step.total,
    decreased: step.decreased,
  }));
  const future: { x: number; y: number }[] = [];
  if (pace !== null && left_ > 0) {
    const units = last.total - last.value;
    future.push({ x: x(present), y: y(last.value) });
    if (steady || units > FUTURE)
      future.push({ x: x(Math.max(present, last.time + left_)), y: y(last.total) });
    else
      for (let unit = 1; unit <= units; unit++) {
        const at = x(Math.max(present, last.time + unit * pace));
        future.push({ x: at, y: y(last.value + unit - 1) }, { x: at, y: y(last.value + unit) });
      }
    if (!steady) future.push({ x: right, y: y(last.total) });
  }
  const nested = steady ? [] : nestedPoints(input, x, y);
  return {
    left,
    right,
    bottom,
    grid: ticks.map((value) => ({ y: y(value), label: label(value) })),
    points: thinned(points),
    nowX: x(present),
    future,
    nested,
    stalls: stalls.map(({ from, to }) => {
      const words = `${span(to - from)} of silence`;
      const [start, stop] = [x(from), x(to)];
      const label = input.measure(words) + 8 <= stop - start ? words : '';
      return { from: start, to: stop, y: y(valueAt(series, from)), label };
    }),
    breaches: joined(input.breaches.map((breach) => breachMark(input, breach, x, y, right))),
    labels: steady ? [] : labels(input, points, [...points, ...future], nested, left, right),
    marked: !steady && points.length <= 40,
    stepped: !steady,
  };
}

type Scale = (value: number) => number;

/** The highest and the lowest tick, and the others where all of them have room for their words. */
function spaced(ticks: number[], y: Scale): number[] {
  const [lowest, next] = ticks;
  if (lowest === undefined || next === undefined || y(lowest) - y(next) >= LINE) return ticks;
  const highest = ticks.at(-1)!;
  return y(lowest) - y(highest) >= LINE ? [lowest, highest] : [highest];
}

/** Values whose subordinate operation is looked for, the newest. */
const NESTED = 400;

function nestedPoints({ model, series }: ChartInput, x: Scale, y: Scale): { x: number; y: number }[] {
  const found: { x: number; y: number }[] = [];
  for (const { event, time, value } of series.steps.slice(-NESTED)) {
    const share = event < 0 ? null : shareOf(model.events.text(event));
    if (share !== null) found.push({ x: x(time), y: y(value + share) });
  }
  return found;
}

/** The value at a time, as the line has it: steps hold until the next one, bytes flow. */
function valueAt({ steps, kind }: Series, time: number): number {
  const before = steps.findLast((step) => step.time <= time) ?? steps[0]!;
  const after = kind === 'bytes' ? steps.find((step) => step.time > time) : undefined;
  if (after === undefined || after.time <= before.time) return before.value;
  const share = Math.max(0, time - before.time) / (after.time - before.time);
  return before.value + (after.value - before.value) * share;
}

/** A note stands on the value that it is about: its server wrote that before the client read it. */
function breachMark(
  { model, series }: ChartInput,
  { row, of }: Breach,
  x: Scale,
  y: Scale,
  right: number,
): BreachMark {
  const { columns } = model.events;
  const time = columns.time[row]!;
  const exchange = columns.exchange[row]!;
  const about =
    of === 'progress'
      ? series.steps.find((step) => step.time >= time && step.exchange === exchange)
      : undefined;
  return {
    row,
    x: Math.min(Math.max(x(about?.time ?? time), x(series.steps[0]!.time)), right),
    y: y(about?.value ?? valueAt(series, time)),
    level: columns.code[row]!,
    times: 1,
  };
}

/** One point a pixel column and value is enough; the first one and decreases stay. */
function thinned(points: readonly ChartPoint[]): ChartPoint[] {
  const kept: ChartPoint[] = [];
  for (const point of points) {
    const before = kept.at(-1);
    const isFirst = kept.length < 2;
    if (
      before !== undefined &&
      !isFirst &&
      Math.floor(point.x * 2) === Math.floor(before.x * 2) &&
      !point.decreased &&
      !before.decreased
    )
      kept[kept.length - 1] = point;
    else kept.push(point);
  }
  return kept;
}

interface PlacedLabel extends ChartLabel {
  readonly width: number;
}

function touch(one: PlacedLabel, other: PlacedLabel): boolean {
  return (
    Math.abs(other.y - one.y) < LINE && one.x < other.x + other.width + 8 && other.x < one.x + one.width + 8
  );
}

/** The words on two lines, broken where they are most even; null: no break lets both fit. */
function inTwo(
  words: string,
  room: number,
  measure: (text: string) => number,
): readonly [string, string] | null {
  let best: readonly [string, string] | null = null;
  let widest = room;
  for (let at = words.indexOf(' '); at > 0; at = words.indexOf(' ', at + 1)) {
    const lines = [words.slice(0, at), words.slice(at + 1)] as const;
    const width = Math.max(measure(lines[0]), measure(lines[1]));
    if (width > widest) continue;
    widest = width;
    best = lines;
  }
  return best;
}

/** Remarks above the values that they came with, newest first where there is no room for all. */
function labels(
  input: ChartInput,
  points: readonly ChartPoint[],
  corners: readonly { readonly x: number; readonly y: number }[],
  nested: readonly { readonly x: number; readonly y: number }[],
  left: number,
  right: number,
): ChartLabel[] {
  const { events } = input.model;
  const placed: PlacedLabel[] = [];
  const candidates = points.slice(-40);
  for (let place = candidates.length - 1; place >= 0; place--) {
    const point = candidates[place]!;
    const remark = point.event < 0 ? null : remarkOf(events.text(point.event));
    const earlier = candidates[place - 1];
    // The same words at the same value are said where they were told first.
    const isRepeated =
      earlier !== undefined &&
      earlier.value === point.value &&
      earlier.event >= 0 &&
      remarkOf(events.text(earlier.event))?.words === remark?.words;
    if (remark === null || isRepeated) continue;
    let words = remark.language === '' ? remark.words : `${remark.words} (${remark.language})`;
    if (words.length > 36) words = `${words.slice(0, 35)}…`;
    let width = input.measure(words);
    // Right of a value its words may run into the next step; above and left of it nothing is ever drawn.
    const wall = corners.reduce(
      (nearest, corner) =>
        corner.x > point.x + 2 && corner.y < point.y - 2 ? Math.min(nearest, corner.x) : nearest,
      right,
    );
    const beside = point.x + 8 + width <= wall - 4;
    const before = point.x - 8 - width >= left;
    // Steps of the subordinate operation climb from the value on: words right of it stand above them.
    const lifted = nested.reduce(
      (top, step) => (step.x > point.x - 4 && step.x < wall ? Math.min(top, step.y - 10) : top),
      point.y - 11,
    );
    const y = beside || !before ? lifted : point.y - 11;
    if (!beside && !before) {
      const room = wall - 12 - point.x;
      const lines = y - LINE < LINE / 2 ? null : inTwo(words, room, input.measure);
      if (lines !== null) {
        const two = lines.map((line, at) => ({
          x: point.x + 8,
          y: y - LINE * (1 - at),
          words: line,
          width: input.measure(line),
        }));
        if (two.some((line) => placed.some((other) => touch(line, other)))) continue;
        placed.push(...two);
        continue;
      }
      words = shortened(words, room, input.measure);
      if (words === '') continue;
      width = input.measure(words);
    }
    const x = beside || !before ? point.x + 8 : point.x - 8 - width;
    const label = { x, y, words, width };
    if (placed.some((other) => touch(label, other))) continue;
    placed.push(label);
  }
  return placed;
}

/** As many of the words as fit, if that is more than a few letters. */
function shortened(words: string, room: number, measure: (text: string) => number): string {
  let kept = words;
  while (kept.length > 5 && measure(`${kept}…`) > room) kept = kept.slice(0, -1).trimEnd();
  return kept.length > 5 ? `${kept}…` : '';
}
