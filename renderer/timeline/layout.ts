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
  readonly byIndex: ReadonlyMap<RowIndex, LayoutRow>;
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
): Layout {
  const shown =
    filter === null
      ? index.rows
      : index.rows.filter(({ operation, connection }) => filter.shows(operation, connection));
  const metrics = metricsFor(shown.length);
  const grouped = new Map<number, RowIndex[]>();
  for (const row of shown) {
    const group = grouped.get(row.operation);
    if (group === undefined) grouped.set(row.operation, [row]);
    else group.push(row);
  }
  // Connections that carried no request come last, under no header.
  const operations = [...grouped.keys()].sort((x, y) => (x < 0 ? Infinity : x) - (y < 0 ? Infinity : y));
  const headed = model.operations.length > 1;
  const rows: LayoutRow[] = [];
  const byIndex = new Map<RowIndex, LayoutRow>();
  let top = 0;
  for (const operation of operations) {
    const closed = headed && collapsed.has(operation);
    if (headed && operation >= 0) {
      if (top > 0 && metrics.density === 'comfortable') top += HEADER_GAP;
      rows.push({ kind: 'operation', operation, top, height: HEADER_HEIGHT, collapsed: closed });
      top += HEADER_HEIGHT;
    }
    if (closed) continue;
    for (const index of grouped.get(operation) ?? []) {
      const row: LayoutRow = {
        kind: 'connection',
        operation,
        connection: index.connection,
        top,
        height: metrics.height,
        index,
      };
      rows.push(row);
      byIndex.set(index, row);
      top += metrics.height;
    }
  }
  return { rows, height: top, metrics, byIndex };
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
