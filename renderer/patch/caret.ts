// Where the next byte goes, and what is selected. Positions are boundaries: 0 … length, the last one behind every byte,
// where bytes are appended. Pure.

export const PER_ROW = 16;

export interface Caret {
  readonly at: number;
  /** Where a selection was begun; the same as `at` without one. */
  readonly anchor: number;
  /** In hex, the digit of the byte that comes next: 0 the upper, 1 the lower. */
  readonly half: 0 | 1;
  readonly column: 'hex' | 'text';
  readonly mode: 'overwrite' | 'insert';
}

export const AT_START: Caret = { at: 0, anchor: 0, half: 0, column: 'hex', mode: 'overwrite' };

export type Move =
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'row-start'
  | 'row-end'
  | 'page-up'
  | 'page-down'
  | 'start'
  | 'end';

/** The caret at a position; `extend` keeps the selection's other end. */
export function placed(caret: Caret, at: number, length: number, extend = false): Caret {
  const to = Math.min(Math.max(at, 0), length);
  return { ...caret, at: to, anchor: extend ? caret.anchor : to, half: 0 };
}

/** @param page rows that are in view */
export function moved(caret: Caret, move: Move, length: number, page: number, extend: boolean): Caret {
  const range = extend ? null : selectionOf(caret);
  // An arrow lets go of a selection at that end of it, as in any text.
  if (range !== null && (move === 'left' || move === 'right'))
    return placed(caret, move === 'left' ? range[0] : range[1], length);
  // Half a byte back is still the same byte.
  if (move === 'left' && caret.half === 1) return { ...caret, half: 0 };
  return placed(caret, target(caret.at, move, length, page), length, extend);
}

function target(at: number, move: Move, length: number, page: number): number {
  const row = at - (at % PER_ROW);
  switch (move) {
    case 'left':
      return at - 1;
    case 'right':
      return at + 1;
    case 'up':
      return at < PER_ROW ? at : at - PER_ROW;
    case 'down':
      return at + PER_ROW;
    case 'row-start':
      return row;
    case 'row-end':
      return row + PER_ROW - 1;
    case 'page-up':
      return Math.max(at % PER_ROW, at - page * PER_ROW);
    case 'page-down':
      return at + page * PER_ROW;
    case 'start':
      return 0;
    case 'end':
      return length;
  }
}

/** Selected bytes, first … end (exclusive); null for none. */
export function selectionOf({ at, anchor }: Caret): readonly [number, number] | null {
  return at === anchor ? null : [Math.min(at, anchor), Math.max(at, anchor)];
}

/** The pointer was pressed on byte `from` and is over byte `to` now: both are selected, and all between them. */
export function dragged(caret: Caret, from: number, to: number, length: number): Caret {
  const backwards = to < from;
  return {
    ...caret,
    anchor: Math.min(backwards ? from + 1 : from, length),
    at: Math.min(backwards ? to : to + 1, length),
    half: 0,
  };
}
