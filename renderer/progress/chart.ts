// Where everything of a progress chart stands. Pure: a series and a size in, shapes in CSS pixels out; the future is
// what follows if the pace stays.

import { scaleLinear } from 'd3-scale';
import type { Model } from '../../shared/model/model.ts';
import { count, shortBytes } from '../timeline/format.ts';
import { type Series, pacePerUnit, remarkOf } from './series.ts';

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
  /** Values hold until the next one; bytes flow. */
  readonly stepped: boolean;
}

export interface ChartInput {
  readonly model: Model;
  readonly series: Series;
  readonly width: number;
  readonly height: number;
  readonly now: number;
  readonly measure: (text: string) => number;
}

export function planChart(input: ChartInput): ChartPlan {
  const { series, width, height, now } = input;
  const { steps } = series;
  const first = steps[0]!;
  const last = steps.at(-1)!;
  const steady = series.kind === 'bytes';
  const pace = series.ended || last.decreased ? null : pacePerUnit(series);
  const highest = Math.max(
    1,
    ...steps.map((step) => Math.max(step.value, Number.isNaN(step.total) ? 0 : step.total)),
  );
  const bottom = height - BOTTOM;
  const y = scaleLinear([0, highest], [bottom, TOP]);
  const ticks = y
    .ticks(Math.max(2, Math.floor((bottom - TOP) / 34)))
    .filter((value) => steady || Number.isInteger(value));
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
  return {
    left,
    right,
    bottom,
    grid: ticks.map((value) => ({ y: y(value), label: label(value) })),
    points: thinned(points),
    nowX: x(present),
    future,
    labels: steady ? [] : labels(input, points, [...points, ...future], left, right),
    marked: !steady && points.length <= 40,
    stepped: !steady,
  };
}

/** One point a pixel column and value is enough; decreases stay. */
function thinned(points: readonly ChartPoint[]): ChartPoint[] {
  const kept: ChartPoint[] = [];
  for (const point of points) {
    const before = kept.at(-1);
    if (before !== undefined && Math.abs(point.x - before.x) < 0.5 && !point.decreased && !before.decreased)
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
  left: number,
  right: number,
): ChartLabel[] {
  const { events } = input.model;
  const placed: PlacedLabel[] = [];
  const candidates = points.slice(-40);
  for (let place = candidates.length - 1; place >= 0; place--) {
    const point = candidates[place]!;
    const remark = point.event < 0 ? null : remarkOf(events.text(point.event));
    if (remark === null) continue;
    let words = remark.language === '' ? remark.words : `${remark.words} (${remark.language})`;
    if (words.length > 36) words = `${words.slice(0, 35)}…`;
    let width = input.measure(words);
    const y = point.y - 11;
    // Right of a value its words may run into the next step; above and left of it nothing is ever drawn.
    const wall = corners.reduce(
      (nearest, corner) =>
        corner.x > point.x + 2 && corner.y < point.y - 2 ? Math.min(nearest, corner.x) : nearest,
      right,
    );
    const beside = point.x + 8 + width <= wall - 4;
    const before = point.x - 8 - width >= left;
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
