// Which rows there are and where they stand: a header for each operation, below it a row for each of its connections.
// Pure: index and collapsed operations in, heights in CSS pixels out.

import type { Matcher } from '../../shared/filter/matcher.ts';
import type { Model } from '../../shared/model/model.ts';
import type { RowIndex, RowsIndex } from './rows.ts';

/** How a connection's row divides its height; offsets in CSS pixels from its top. */
export interface RowMetrics {
  readonly density: 'comfortable' | 'compact' | 'dense';
  readonly height: number;
  /** Top of what the client's end saw, and of what the server's end saw. */
  readonly clientTrack: number;
  readonly serverTrack: number;
  readonly trackHeight: number;
  /** Centre line of interim responses and statuses. */
  readonly marks: number;
  /** Centre of the discs of cuts. */
  readonly discs: number;
  readonly discRadius: number;
  /** Bottom of a cut's line. */
  readonly cutEnd: number;
}

const COMFORTABLE: RowMetrics = {
  density: 'comfortable',
  height: 96,
  clientTrack: 24,
  serverTrack: 47,
  trackHeight: 15,
  marks: 77,
  discs: 14,
  discRadius: 9,
  cutEnd: 69,
};
const COMPACT: RowMetrics = {
  density: 'compact',
  height: 58,
  clientTrack: 15,
  serverTrack: 29,
  trackHeight: 10,
  marks: 48,
  discs: 8,
  discRadius: 7,
  cutEnd: 43,
};
const DENSE: RowMetrics = {
  density: 'dense',
  height: 22,
  clientTrack: 3,
  serverTrack: 12,
  trackHeight: 7,
  marks: 11,
  discs: 11,
  discRadius: 5,
  cutEnd: 20,
};

export const RULER_HEIGHT = 28;
export const GUTTER_WIDTH = 196;
export const MINIMAP_HEIGHT = 48;
const HEADER_HEIGHT = 28;
const HEADER_GAP = 12;

export type LayoutRow =
  | {
      readonly kind: 'operation';
      readonly operation: number;
      readonly top: number;
      readonly height: number;
      readonly collapsed: boolean;
    }
  | {
      readonly kind: 'connection';
      readonly operation: number;
      readonly connection: number;
      readonly top: number;
      readonly height: number;
      readonly index: RowIndex;
    };

export interface Layout {
  readonly rows: readonly LayoutRow[];
  /** CSS pixels of all rows together. */
  readonly height: number;
  readonly metrics: RowMetrics;
  /** Where a connection of an operation stands; undefined: it is not shown. */
  rowOf(index: RowIndex): LayoutRow | undefined;
}

/** How tall rows are follows from how many there are: few are shown in full, hundreds as lines. */
export function metricsFor(connections: number): RowMetrics {
  if (connections <= 8) return COMFORTABLE;
  return connections <= 40 ? COMPACT : DENSE;
}

/**
 * `collapsed`: operations whose connections are hidden. A single operation needs no header. `filter`: connections and
 * operations without a match are left out.
 */
export function layoutRows(
  model: Model,
  index: RowsIndex,
  collapsed: ReadonlySet<number>,
  filter: Matcher | null = null,
): GrowingLayout {
  return new GrowingLayout(model, index, collapsed, filter);
}

/** A layout to which what came since can be added: of a long session most stays where it is. */
export class GrowingLayout implements Layout {
  readonly rows: LayoutRow[] = [];
  readonly metrics: RowMetrics;
  readonly #collapsed: ReadonlySet<number>;
  readonly #filter: Matcher | null;
  readonly #headed: boolean;
  /** How many rows of the index it shows or hides. */
  #indexed = 0;
  /** Of its last row; −1: none, or one without a request. */
  #operation = -1;
  #height = 0;
  /** Made when it is first asked for: only links and what is selected ask. */
  readonly #byIndex = new Map<RowIndex, LayoutRow>();
  #looked = 0;

  constructor(model: Model, { rows }: RowsIndex, collapsed: ReadonlySet<number>, filter: Matcher | null) {
    const shown =
      filter === null
        ? rows
        : rows.filter(({ operation, connection }) => filter.shows(operation, connection));
    this.metrics = metricsFor(shown.length);
    this.#collapsed = collapsed;
    this.#filter = filter;
    this.#headed = model.operations.length > 1;
    // Operations in the order in which they began; connections that carried no request come last, under no header.
    const place = ({ operation }: RowIndex): number => (operation < 0 ? Infinity : operation);
    const isOrdered = shown.every((row, at) => at === 0 || place(shown[at - 1]!) <= place(row));
    this.#add(isOrdered ? shown : shown.toSorted((one, other) => order(place(one), place(other))), 0);
    this.#indexed = rows.length;
  }

  get height(): number {
    return this.#height;
  }

  /** Adds the rows that the index has gained. False: they do not all come behind what is there, and nothing was added. */
  extend(model: Model, { rows }: RowsIndex): boolean {
    if (this.#filter !== null || this.#headed !== model.operations.length > 1) return false;
    if (metricsFor(rows.length) !== this.metrics) return false;
    // A connection without a request may get one, and its place with it.
    if (this.#indexed > 0 && this.#operation < 0) return false;
    let last = this.#operation;
    for (let at = this.#indexed; at < rows.length; at++) {
      const { operation } = rows[at]!;
      if (operation < last) return false;
      last = operation;
    }
    this.#add(rows, this.#indexed);
    this.#indexed = rows.length;
    return true;
  }

  rowOf(index: RowIndex): LayoutRow | undefined {
    for (; this.#looked < this.rows.length; this.#looked++) {
      const row = this.rows[this.#looked]!;
      if (row.kind === 'connection') this.#byIndex.set(row.index, row);
    }
    return this.#byIndex.get(index);
  }

  #add(rows: readonly RowIndex[], from: number): void {
    const { metrics } = this;
    for (let at = from; at < rows.length; at++) {
      const index = rows[at]!;
      const { operation, connection } = index;
      const collapsed = this.#headed && this.#collapsed.has(operation);
      if (operation !== this.#operation) {
        this.#operation = operation;
        if (this.#headed && operation >= 0) this.#head(operation, collapsed);
      }
      if (collapsed) continue;
      this.rows.push({
        kind: 'connection',
        operation,
        connection,
        top: this.#height,
        height: metrics.height,
        index,
      });
      this.#height += metrics.height;
    }
  }

  #head(operation: number, collapsed: boolean): void {
    if (this.#height > 0 && this.metrics.density === 'comfortable') this.#height += HEADER_GAP;
    this.rows.push({
      kind: 'operation',
      operation,
      top: this.#height,
      height: HEADER_HEIGHT,
      collapsed,
    });
    this.#height += HEADER_HEIGHT;
  }
}

function order(one: number, other: number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The first row whose bottom is below `y` (an index into `rows`; their number when there is none). */
export function rowAt(layout: Layout, y: number): number {
  let low = 0;
  let high = layout.rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = layout.rows[middle]!;
    if (row.top + row.height <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}
