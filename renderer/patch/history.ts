// Edits that can be taken back: each is one stretch of bytes in the place of another. Bounded in steps and in bytes,
// the oldest go first. Pure.

import { type Cells, spliced } from './cells.ts';

interface Splice {
  readonly at: number;
  readonly removed: Cells;
  readonly inserted: Cells;
}

export interface History {
  readonly cells: Cells;
  /** Oldest first. */
  readonly past: readonly Splice[];
  /** What was taken back, the next to come again last. */
  readonly future: readonly Splice[];
}

export interface Edit {
  readonly at: number;
  /** Cells that go, from `at` on. */
  readonly removed: number;
  readonly inserted: Cells;
  /** The second half of a byte: one step with the first. */
  readonly joins?: boolean;
}

const MOST_STEPS = 1_000;
/** Cells that all steps hold together. */
const MOST_HELD = 8 * 1024 * 1024;

export function begun(cells: Cells): History {
  return { cells, past: [], future: [] };
}

export function edited(history: History, { at, removed, inserted, joins = false }: Edit): History {
  const last = history.past.at(-1);
  const step: Splice = { at, removed: history.cells.slice(at, at + removed), inserted };
  const past =
    joins && last !== undefined && last.at === at && last.inserted.length === removed
      ? [...history.past.slice(0, -1), { ...step, removed: last.removed }]
      : [...history.past, step];
  return { cells: spliced(history.cells, at, removed, inserted), past: bounded(past), future: [] };
}

function bounded(past: readonly Splice[]): readonly Splice[] {
  let held = 0;
  let first = past.length;
  while (first > 0 && past.length - first < MOST_STEPS) {
    const { removed, inserted } = past[first - 1]!;
    held += removed.length + inserted.length;
    // The newest step can be taken back, however large.
    if (held > MOST_HELD && first < past.length) break;
    first--;
  }
  return first === 0 ? past : past.slice(first);
}

/** The step before, and where it was taken back; null when there is none. */
export function undone({ cells, past, future }: History): { history: History; at: number } | null {
  const step = past.at(-1);
  if (step === undefined) return null;
  return {
    history: {
      cells: spliced(cells, step.at, step.inserted.length, step.removed),
      past: past.slice(0, -1),
      future: [...future, step],
    },
    at: step.at,
  };
}

/** What was taken back, again; null when nothing was. */
export function redone({ cells, past, future }: History): { history: History; at: number } | null {
  const step = future.at(-1);
  if (step === undefined) return null;
  return {
    history: {
      cells: spliced(cells, step.at, step.removed.length, step.inserted),
      past: [...past, step],
      future: future.slice(0, -1),
    },
    at: step.at,
  };
}
