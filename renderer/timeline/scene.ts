// What is visible, as shapes in CSS pixels: the pure step between the model and the canvas. x counts from the left
// edge of the plot, y from the top of the first visible row. Never touches a canvas; text is measured by the caller.

import type { Model } from '../../shared/model/model.ts';
import { barShapes } from './bars.ts';
import { cutShapes, linkCurves } from './cuts.ts';
import { type Layout, type LayoutRow, rowAt } from './layout.ts';
import { markShapes } from './marks.ts';
import type { Ink } from './palette.ts';
import type { RowsIndex } from './rows.ts';
import type { ArmedCut, Selection } from './types.ts';
import { type Viewport, timeToX, xToTime } from './viewport.ts';

/** Which two ends of a connection: the upper track is the client's, the lower one the server's. */
export type Track = 'client' | 'server';

/** A stretch of bytes. */
export interface BarShape {
  readonly bar: number;
  readonly connection: number;
  readonly track: Track;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly ink: Ink;
  /** Right edge of the bytes that went before, in an earlier exchange, as x; NaN: none. */
  readonly resentTo: number;
  readonly label: string;
  readonly labelX: number;
  /** Where a pause interrupts it: x, x, x, x … */
  readonly pauses: readonly number[];
  /** A cut at its right edge: no rounded corners there. */
  readonly cut: boolean;
}

/** A bar or a wait that goes on now: a click cuts it. */
export interface LiveZone {
  readonly connection: number;
  readonly track: Track;
  /** The message that moves: its direction follows from the track. */
  readonly response: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Position in the stream that its bytes have reached. */
  readonly at: number;
  readonly exchange: number;
}

/** A thin horizontal line: waiting, or a silence that we caused. */
export interface LineShape {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly ink: Ink;
  readonly style: 'wait' | 'silence';
  readonly label: string;
}

/** An interim response, a status or a note on the row's lane of marks. */
export interface MarkShape {
  readonly kind: 'interim' | 'final' | 'note';
  readonly event: number;
  readonly x: number;
  readonly y: number;
  readonly ink: Ink;
  readonly label: string;
  /** How many events it stands for. */
  readonly count: number;
}

/** A cut or another fault, or an end that was observed. */
export interface CutShape {
  readonly event: number;
  readonly kind: 'cut' | 'observed' | 'fault';
  readonly x: number;
  /** Centre of its disc, and the bottom of its line. */
  readonly y: number;
  readonly bottom: number;
  readonly radius: number;
  readonly ink: Ink;
  readonly label: string;
  readonly labelLeft: boolean;
}

/** From a cut to the exchange that resumes it. */
export interface CurveShape {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** A row whose bars are too many for shapes: painted as a strip. */
export interface StripRow {
  readonly row: LayoutRow & { readonly kind: 'connection' };
  readonly y: number;
}

/** An armed cut that its live bar will reach: where, if it keeps its pace. */
export interface ArmedShape {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly bottom: number;
  readonly label: string;
}

export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly radius: number;
}

export interface Scene {
  /** Visible rows, with the y of their tops. */
  readonly rows: { readonly row: LayoutRow; readonly y: number }[];
  readonly strips: StripRow[];
  readonly bars: BarShape[];
  readonly live: LiveZone[];
  readonly lines: LineShape[];
  readonly marks: MarkShape[];
  readonly cuts: CutShape[];
  readonly curves: CurveShape[];
  readonly armed: ArmedShape[];
  /** What is selected. */
  selected: Frame | null;
}

export interface SceneInput {
  readonly model: Model;
  readonly index: RowsIndex;
  readonly layout: Layout;
  readonly viewport: Viewport;
  readonly scrollTop: number;
  readonly height: number;
  /** Nothing after it is drawn; Infinity: live. */
  readonly time: number;
  /** The present: the live moment, or the end of what there is; at most `time`. */
  readonly now: number;
  /** Connections can still be cut. */
  readonly live: boolean;
  readonly selection: Selection | null;
  readonly armed: readonly ArmedCut[];
  /** Width of a text in CSS pixels. */
  readonly measure: (text: string, font: 'ui' | 'mono') => number;
}

/** More bars than this part of the width's pixels on one row: a strip. */
const STRIP_ABOVE = 0.4;

export function buildScene(input: SceneInput): Scene {
  const { model, index, layout, viewport, scrollTop, height } = input;
  const scene: Scene = {
    rows: [],
    strips: [],
    bars: [],
    live: [],
    lines: [],
    marks: [],
    cuts: [],
    curves: [],
    armed: [],
    selected: null,
  };
  const first = xToTime(viewport, 0);
  const last = Math.min(xToTime(viewport, viewport.width), input.time);
  for (let at = rowAt(layout, scrollTop); at < layout.rows.length; at++) {
    const row = layout.rows[at]!;
    const y = row.top - scrollTop;
    if (y > height) break;
    scene.rows.push({ row, y });
    if (row.kind === 'operation') continue;
    const dense = index.barsWithin(model, row.index, first, last) > viewport.width * STRIP_ABOVE;
    if (dense) scene.strips.push({ row, y });
    else barShapes(input, row, y, scene);
    markShapes(input, row, y, dense, scene);
    cutShapes(input, row, y, scene);
  }
  clearLabels(input, scene);
  linkCurves(input, scene);
  selectExchange(input, scene);
  return scene;
}

/** A cut's line strikes through no label: it moves behind the line, else before it, else it goes. */
function clearLabels(input: SceneInput, scene: Scene): void {
  scene.bars.forEach((bar, at) => {
    if (bar.label === '') return;
    const width = input.measure(bar.label, 'ui');
    const from = Math.max(bar.labelX, 6);
    const end = bar.x + bar.width - 4;
    const struck = scene.cuts.filter(
      (cut) => cut.y < bar.y && cut.bottom > bar.y && cut.x > from - 4 && cut.x < from + width + 4,
    );
    if (struck.length === 0) return;
    const behind = Math.max(...struck.map((cut) => cut.x)) + 6;
    const before = Math.min(...struck.map((cut) => cut.x)) - 6 - width;
    if (behind + width <= end) scene.bars[at] = { ...bar, labelX: behind };
    else scene.bars[at] = before >= bar.x + 4 ? { ...bar, labelX: before } : { ...bar, label: '' };
  });
}

/** The frame around a selected exchange; events frame themselves where they are drawn. */
function selectExchange(input: SceneInput, scene: Scene): void {
  const { selection, model, index, layout, viewport, scrollTop } = input;
  if (selection?.kind !== 'exchange') return;
  const exchange = model.exchanges[selection.id];
  const found = index.rowOfExchange(selection.id);
  const row = found === undefined ? undefined : layout.byIndex.get(found);
  if (exchange === undefined || row === undefined) return;
  let begin = exchange.startedAt;
  let end = exchange.startedAt;
  for (const bar of exchange.bars) {
    if (bar < 0) continue;
    begin = Math.min(begin, model.bars.start[bar]!);
    end = Math.max(end, Math.min(model.bars.end[bar]!, input.time));
  }
  const x = Math.max(timeToX(viewport, begin), -20) - 4;
  const right = Math.min(timeToX(viewport, end), viewport.width + 20) + 5;
  if (right < -10 || x > viewport.width + 10) return;
  const { metrics } = layout;
  const pad = metrics.density === 'dense' ? 1 : 4;
  scene.selected = {
    x,
    y: row.top - scrollTop + metrics.clientTrack - pad,
    width: Math.max(right - x, 10),
    height: metrics.serverTrack + metrics.trackHeight - metrics.clientTrack + pad * 2,
    radius: metrics.density === 'dense' ? 2 : 5,
  };
}
