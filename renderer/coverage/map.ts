// Where everything on the coverage map stands, for one operation, moment and size. Pure: the painter and the pointer
// read the same plan.

import { scaleLinear } from 'd3-scale';
import type { ArmedFault } from '../../shared/contract.ts';
import type { Breaches } from '../../shared/model/breaches.ts';
import type { Coverage } from '../../shared/model/coverage.ts';
import { Layer, unpackFault } from '../../shared/model/events.ts';
import type { Model, Operation } from '../../shared/model/model.ts';
import { type BreachMark, joined } from '../timeline/breach-mark.ts';
import { count } from '../timeline/format.ts';
import type { Ink } from '../timeline/palette.ts';
import { type PixelRun, mapLength, pixelRuns, rangesOf, reachOf } from './lanes.ts';

export const LABELS_WIDTH = 104;
const RIGHT = 30;
export const AXIS_HEIGHT = 24;
/** From one lane to the next, at least: their names do not touch. */
const NARROWEST = 13;
/** Below the lanes: a line for the cuts' offsets and one for the scissors' words. */
const BELOW = 44;

export interface Lane {
  readonly layer: Layer;
  readonly name: string;
  readonly ink: Ink;
  readonly y: number;
  readonly height: number;
  readonly runs: readonly PixelRun[];
  /** Sent more than once. */
  readonly repeated: readonly PixelRun[];
  /** What the exchange brought that is pointed at. */
  readonly lit: readonly PixelRun[];
}

export interface CutMark {
  readonly event: number;
  /** From the left edge of the lanes. */
  readonly x: number;
  readonly byte: number;
  /** Empty where there is no room for it. */
  readonly label: string;
  /** Left edge of the label with its scissors, and the line below the lanes that it stands on: 0 or 1. */
  readonly labelX: number;
  readonly line: number;
}

export interface CoveragePlan {
  readonly coverage: Coverage;
  readonly download: boolean;
  readonly length: number;
  readonly known: boolean;
  /** Pixels over which the bytes are spread. */
  readonly columns: number;
  readonly lanes: readonly Lane[];
  readonly lanesEnd: number;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  readonly cuts: readonly CutMark[];
  readonly armed: readonly { readonly id: number; readonly x: number; readonly byte: number }[];
  /** Where rules of bytes were broken. */
  readonly breaches: readonly BreachMark[];
}

export interface PlanInput {
  readonly model: Model;
  readonly operation: Operation;
  readonly download: boolean;
  readonly time: number;
  readonly armed: readonly ArmedFault[];
  /** The exchange that is pointed at; null: none. */
  readonly pointed: number | null;
  readonly breaches: Breaches;
  readonly width: number;
  readonly height: number;
  readonly measure: (text: string) => number;
}

export function planCoverage(input: PlanInput): CoveragePlan {
  const { operation, download, time, width, height, model, pointed } = input;
  const coverage = download ? operation.download : operation.upload;
  const columns = Math.max(10, Math.floor(width - LABELS_WIDTH - RIGHT));
  const length = mapLength(coverage, time);
  const layers: readonly (readonly [Layer, string, Ink])[] = [
    [Layer.sent, 'sent', 'request'],
    [Layer.received, 'received', 'received'],
    ...(download ? [] : [[Layer.acknowledged, 'acknowledged', 'acknowledged'] as const]),
  ];
  const pitch = Math.min(40, Math.max(NARROWEST, (height - AXIS_HEIGHT - BELOW) / layers.length));
  const thick = Math.round(Math.min(26, pitch * 0.66));
  const lanes = layers.map(([layer, name, ink], place): Lane => ({
    layer,
    name,
    ink,
    y: AXIS_HEIGHT + 2 + Math.round(place * pitch),
    height: thick,
    runs: pixelRuns(coverage.ranges(layer, time), length, columns),
    repeated: layer === Layer.sent ? pixelRuns(coverage.repeated(layer, time), length, columns) : [],
    lit:
      pointed === null ? [] : outlines(pixelRuns(rangesOf(coverage, layer, pointed, time), length, columns)),
  }));
  const lanesEnd = (lanes.at(-1)?.y ?? AXIS_HEIGHT) + thick;
  const toX = (byte: number): number => (length === 0 ? 0 : (byte / length) * columns);
  return {
    coverage,
    download,
    length,
    known: coverage.lengthAt(time) !== null,
    columns,
    lanes,
    lanesEnd,
    ticks: byteTicks(length, columns, input.measure),
    cuts:
      length === 0 ? [] : cutMarks(model, operation, coverage, download, time, toX, columns, input.measure),
    armed: input.armed
      .filter((armed) => armed.spec.content && !armed.fired && length > 0 && armed.spec.at <= length)
      .map((armed) => ({ id: armed.id, x: toX(armed.spec.at), byte: armed.spec.at })),
    breaches: length === 0 ? [] : breachMarks(input, lanes, toX),
  };
}

/** One outline for what stands side by side, whether its columns are full or not. */
function outlines(runs: readonly PixelRun[]): PixelRun[] {
  const joint: PixelRun[] = [];
  for (const run of runs) {
    const before = joint.at(-1);
    if (before?.to === run.from) joint[joint.length - 1] = { ...before, to: run.to };
    else joint.push(run);
  }
  return joint;
}

/** Where rules of bytes were broken by `time`, at the top of the lane that each concerns. */
function breachMarks(
  { model, operation, download, time, breaches }: PlanInput,
  lanes: readonly Lane[],
  toX: (byte: number) => number,
): BreachMark[] {
  if (download) return [];
  const { columns } = model.events;
  const marks: BreachMark[] = [];
  for (const breach of breaches.of(operation.id)) {
    const place = columns.time[breach.row]! <= time ? breaches.place(breach) : null;
    const lane = lanes.find(({ layer }) => layer === place?.layer);
    if (place === null || lane === undefined) continue;
    marks.push({
      row: breach.row,
      x: toX(place.byte),
      y: lane.y,
      level: columns.code[breach.row]!,
      times: 1,
    });
  }
  return joined(marks);
}

/** Round bytes, always with both ends of the representation. */
function byteTicks(
  length: number,
  columns: number,
  measure: (text: string) => number,
): { x: number; label: string }[] {
  if (length === 0) return [];
  const widest = measure(count(length)) + 24;
  const scale = scaleLinear([0, length], [0, columns]);
  const most = Math.max(1, Math.floor(columns / widest));
  const last = { x: columns, label: count(length) };
  let chosen: { x: number; label: string }[] | null = null;
  for (let wanted = most; wanted > 0; wanted--) {
    const inner = scale
      .ticks(wanted)
      .filter((byte) => Number.isInteger(byte) && byte > 0 && byte < length)
      .map((byte) => ({ x: scale(byte), label: count(byte) }));
    // The first and the last label stand inside the map, not across its edges.
    const clear = inner.filter(
      (tick) =>
        tick.x - measure(tick.label) / 2 > measure('0') + 10 &&
        tick.x + measure(tick.label) / 2 < columns - measure(last.label) - 10,
    );
    chosen ??= clear;
    // Fewer ticks that are even are better than more with a gap.
    if (clear.length < inner.length || inner.length === 0) continue;
    chosen = clear;
    break;
  }
  return [{ x: 0, label: '0' }, ...(chosen ?? []), last];
}

/** Every cut of the operation at its byte of the representation. */
function cutMarks(
  model: Model,
  operation: Operation,
  coverage: Coverage,
  download: boolean,
  time: number,
  toX: (byte: number) => number,
  columns: number,
  measure: (text: string) => number,
): CutMark[] {
  const marks: { event: number; x: number; byte: number }[] = [];
  for (let place = 0; place < operation.faults.length; place++) {
    const event = operation.faults.values[place]!;
    const row = model.events.row(event);
    const fault = unpackFault(row.code);
    if (row.time > time || fault.action !== 'cut') continue;
    const requests = (fault.end === 'client') === (fault.direction === 'out');
    if (requests === download) continue;
    const layer = fault.direction === 'out' ? Layer.sent : Layer.received;
    // A cut by hand names no byte of the representation: it is where its exchange had come to.
    const byte = Number.isNaN(row.b) ? reachOf(coverage, layer, row.exchange, time) : row.b;
    if (!Number.isNaN(byte)) marks.push({ event, x: toX(byte), byte });
  }
  marks.sort((one, other) => one.x - other.x);
  const free = [-Infinity, -Infinity];
  return marks.map((mark) => {
    const words = count(mark.byte);
    const width = measure(words) + 15;
    const labelX = Math.min(Math.max(mark.x - width / 2, 0), columns - width);
    const line = free.findIndex((from) => labelX >= from);
    if (line < 0) return { ...mark, label: '', labelX, line: 0 };
    free[line] = labelX + width + 8;
    return { ...mark, label: words, labelX, line };
  });
}

/** Whether an operation has a map to show, and of which direction: the request's where it has one. */
export function mapped(operation: Operation): 'upload' | 'download' | 'both' | null {
  const isUploading = hasBytes(operation.upload);
  const isDownloading = hasBytes(operation.download);
  if (isUploading && isDownloading) return 'both';
  if (isUploading) return 'upload';
  return isDownloading ? 'download' : null;
}

/** A representation of no bytes has no map. */
function hasBytes(coverage: Coverage): boolean {
  if (coverage.empty) return false;
  return coverage.lengthAt() !== 0 || coverage.runs(Layer.sent).length > 0;
}

/** The operation to show when none is selected: the newest with a map. */
export function newestMapped(model: Model): Operation | null {
  return model.operations.findLast((operation) => mapped(operation) !== null) ?? null;
}
