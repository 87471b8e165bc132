// What the scene is made of: the shapes of bars, marks and cuts in CSS pixels, and what they are made from. x counts from
// the left edge of the plot, y from the top of the first visible row. Types only: nothing here draws or decides.

import type { ArmedFault } from '../../shared/contract.ts';
import type { Matcher } from '../../shared/filter/matcher.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Layout, LayoutRow } from './layout.ts';
import type { Ink } from './palette.ts';
import type { RowsIndex } from './rows.ts';
import type { Selection } from './types.ts';
import type { Viewport } from './viewport.ts';

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
  /** The filter does not mean it. */
  readonly dim: boolean;
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

/** An interim response, a status, a note or a message of a stream on the row's lane of marks. */
export interface MarkShape {
  readonly kind: 'interim' | 'final' | 'note' | 'message';
  /** Drawn as an outline: it only keeps the connection, or ends it. */
  readonly hollow: boolean;
  readonly event: number;
  readonly x: number;
  readonly y: number;
  readonly ink: Ink;
  readonly label: string;
  /** How many events it stands for. */
  readonly count: number;
  /** The filter means none of them. */
  readonly dim: boolean;
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
  /** The filter does not mean it. */
  readonly dim: boolean;
}

/** A note that somebody wrote: below what it is beside, or, of a moment, at the top of the plot. */
export interface RemarkShape {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  /** From where to where a thin line joins it with what it is beside. */
  readonly from: number;
  readonly to: number;
  /** Its first words; '' where there is no room. */
  readonly label: string;
  /** Where those begin. */
  readonly labelX: number;
  /** The filter does not mean it. */
  readonly dim: boolean;
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
  readonly remarks: RemarkShape[];
  /** What is selected. */
  selected: Frame | null;
  /** The exchange that is pointed at, here or in another panel. */
  pointed: Frame | null;
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
  /** The exchange that is pointed at; null: none. */
  readonly pointed: number | null;
  readonly armed: readonly ArmedFault[];
  /** What matches is shown, the rest dimmed; null: all is shown. */
  readonly filter: Matcher | null;
  /** Width of a text in CSS pixels. */
  readonly measure: (text: string, font: 'ui' | 'mono') => number;
}
