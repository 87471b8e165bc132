// What a key or a paste does to the bytes and the caret. Overwriting keeps the length but at the end, where bytes are
// appended and taken away; inserting moves what follows, and says so. Pure.

import { type Caret, placed, selectionOf } from './caret.ts';
import { type Cells, cellsOf, MISSING, MOST, NO_CELLS, offsetName } from './cells.ts';
import { type Edit, edited, type History } from './history.ts';
import { count, counted } from '../timeline/format.ts';

export interface Place {
  readonly history: History;
  readonly caret: Caret;
}

export interface Typed extends Place {
  /** What the user should hear of it, a sentence; null: nothing that is not seen. */
  readonly says: string | null;
}

const FULL = `The editor holds at most ${count(MOST)} bytes.`;
const KEEPS_LENGTH =
  'Overwriting keeps the length: bytes can be taken away at the end only. Press Insert to remove them here.';

/** One hexadecimal digit, 0 … 15. */
export function typeDigit(place: Place, digit: number): Typed {
  const { caret, history } = place;
  const range = selectionOf(caret);
  if (caret.half === 1 && range === null) {
    const byte = (history.cells[caret.at]! & 0xf0) | digit;
    const done = edited(history, { at: caret.at, removed: 1, inserted: cell(byte), joins: true });
    return { history: done, caret: placed(caret, caret.at + 1, done.cells.length), says: null };
  }
  const at = range?.[0] ?? caret.at;
  const old = history.cells[at];
  const low = caret.mode === 'overwrite' && old !== undefined && old !== MISSING ? old & 0x0f : 0;
  const typed = typeCells(place, cell((digit << 4) | low));
  if (typed.history === history) return typed;
  return { ...typed, caret: { ...placed(caret, at, typed.history.cells.length), half: 1 } };
}

/** Bytes at the caret: a character, or what was pasted. */
export function typeBytes(place: Place, bytes: Uint8Array): Typed {
  return typeCells(place, cellsOf(bytes));
}

function typeCells({ history, caret }: Place, inserted: Cells): Typed {
  const { length } = history.cells;
  const range = selectionOf(caret);
  const at = range?.[0] ?? caret.at;
  const removed = caret.mode === 'insert' ? (range?.[1] ?? at) - at : Math.min(inserted.length, length - at);
  if (inserted.length === 0) return { history, caret, says: null };
  if (length - removed + inserted.length > MOST) return { history, caret, says: FULL };
  return change({ history, caret }, { at, removed, inserted }, at + inserted.length);
}

/** Backspace takes the byte before the caret, Delete the one behind it; either takes what is selected. */
export function erase({ history, caret }: Place, key: 'Backspace' | 'Delete'): Typed {
  const { length } = history.cells;
  const range = selectionOf(caret) ?? around(caret, key, length);
  if (range === null) return { history, caret, says: null };
  const [at, end] = range;
  if (caret.mode === 'overwrite' && end < length) {
    // Backspace still goes back, as it would in text.
    const stays = key === 'Delete' || selectionOf(caret) !== null;
    return { history, caret: stays ? caret : placed(caret, at, length), says: KEEPS_LENGTH };
  }
  return change({ history, caret }, { at, removed: end - at, inserted: NO_CELLS }, at);
}

function around(caret: Caret, key: 'Backspace' | 'Delete', length: number): readonly [number, number] | null {
  // Half of a byte was typed: that byte is the one before the caret.
  const first = key === 'Backspace' && caret.half === 0 ? caret.at - 1 : caret.at;
  return first < 0 || first >= length ? null : [first, first + 1];
}

function change({ history, caret }: Place, edit: Edit, to: number): Typed {
  const done = edited(history, edit);
  return {
    history: done,
    caret: placed(caret, to, done.cells.length),
    says: told(history.cells.length, edit),
  };
}

function told(length: number, { at, removed, inserted }: Edit): string | null {
  const grown = inserted.length - removed;
  if (grown === 0) return null;
  const bytes = counted(Math.abs(grown), 'byte');
  if (at + removed < length)
    return (
      `${bytes} ${grown > 0 ? 'inserted' : 'removed'} at ${offsetName(at)}: ` +
      'what follows moves, so that all of it differs.'
    );
  return grown > 0 ? null : `${bytes} taken away at the end: ${count(length + grown)} are left.`;
}

function cell(byte: number): Cells {
  return Int16Array.of(byte);
}
