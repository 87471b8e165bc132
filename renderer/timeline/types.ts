// What the panels that draw the model share with the rest of the interface: the selection, the target of a cut, and
// how a panel hears that there is more to draw. Types only.

import type { CutKind, Direction, End } from '../../shared/capture/records.ts';
import type { ArmedFault } from '../../shared/contract.ts';
import type { Matcher } from '../../shared/filter/matcher.ts';
import type { Model } from '../../shared/model/model.ts';

/** What every panel follows. `event` is a row of the event table; the others are ids of the model. */
export interface Selection {
  readonly kind: 'operation' | 'connection' | 'exchange' | 'event';
  readonly id: number;
}

/** Where a click on a live bar cuts: `at` is the position in that stream that was shown when it was clicked. */
export interface CutTarget {
  readonly connection: number;
  readonly end: End;
  readonly direction: Direction;
  readonly at: number;
}

/** The exchange that the pointer is on, in whichever panel: all of them light it. */
export interface Pointed {
  /** Null: the pointer is on none. */
  exchange(): number | null;
  point(exchange: number | null): void;
  /** Calls back when it is another, until the returned function is called. */
  subscribe(changed: () => void): () => void;
}

/** What a panel draws from. `revision` grows with each fold; `subscribe` tells of a fold without a render. */
export interface Source {
  readonly model: Model;
  readonly revision: number;
  /** Calls back after every fold, until the returned function is called. */
  readonly subscribe: (changed: () => void) => () => void;
  /** The time shown, in nanoseconds since the session began; Infinity: all there is, live. */
  readonly playhead: number;
  /** Changes when the custom properties of the theme change: `dark`, `light` … */
  readonly theme: string;
  readonly pointed: Pointed;
}

export interface TimelineProps extends Source {
  /** Records may still arrive: the view can follow, open connections can be cut. */
  readonly live: boolean;
  readonly selection: Selection | null;
  readonly onSelect: (selection: Selection | null) => void;
  /** A click on a bar that is moving now. */
  readonly onCut: (target: CutTarget) => void;
  readonly armed: readonly ArmedFault[];
  /** How the next cut will cut; said beside the scissors. */
  readonly cutKind: CutKind;
  /** What matches is shown; null: everything. `subscribe` tells of its changes, too. */
  readonly filter: Matcher | null;
  readonly onClearFilter: () => void;
  /** The view follows the newest event, or stopped to (a pan, F). For a toggle in the toolbar. */
  readonly onFollow?: (following: boolean) => void;
}

/** What a toolbar or a palette can ask of the timeline (`ref`). */
export interface TimelineHandle {
  /** 2 shows half the time, 0.5 twice; about the middle of the view. */
  zoom(factor: number): void;
  /** All of the session in view. */
  fit(): void;
  /** What is selected, as wide as it fits. False: nothing is selected that takes time. */
  zoomToSelection(): boolean;
  follow(on: boolean): void;
  /** Selects the next or the previous event of the selected row. */
  step(by: 1 | -1): void;
  /** Selects the next or the previous row. */
  row(by: 1 | -1): void;
}

export interface CoverageMapProps extends Source {
  /** The operation whose representation is mapped; null: none is selected, the newest is shown. */
  readonly operation: number | null;
  /** A filter is set: it chooses the operation, of which everything is shown, and that is said. */
  readonly filtered: boolean;
  readonly armed: readonly ArmedFault[];
  /** Arms a cut at this byte of the representation. */
  readonly onArm: (at: number) => void;
  readonly onDisarm: (id: number) => void;
  /** The exchange that wrote the bytes under the pointer, when clicked. */
  readonly onSelect: (selection: Selection) => void;
  /** The note under the pointer, when clicked: a row of the event table. */
  readonly onNote: (row: number) => void;
}

export interface ProgressChartProps extends Source {
  /** The operation whose progress is drawn; null: the newest that has any, else the newest. */
  readonly operation: number | null;
  /** As in {@link CoverageMapProps}. */
  readonly filtered: boolean;
  /** Records may still arrive: the present moves on between them. */
  readonly live: boolean;
  /** The exchange that is selected: its pace is told, too. */
  readonly exchange: number | null;
  readonly onSelect: (selection: Selection) => void;
  /** The note under the pointer, when clicked: a row of the event table. */
  readonly onNote: (row: number) => void;
}
