// Which key of the byte grid means what. Every key that writes is the grid's own, so that a digit typed a moment too
// late never cuts a connection. Pure.

import type { Caret, Move } from './caret.ts';

export type KeyAction =
  | { readonly do: 'move'; readonly move: Move; readonly extend: boolean }
  | { readonly do: 'digit'; readonly digit: number }
  | { readonly do: 'text'; readonly text: string }
  | { readonly do: 'erase'; readonly key: 'Backspace' | 'Delete' }
  | { readonly do: 'mode' | 'column' | 'undo' | 'redo' | 'select-all' | 'go-to' }
  /** A character that is no digit of hex. */
  | { readonly do: 'no-digit' };

export interface Stroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const MOVES: Readonly<Record<string, Move>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'row-start',
  End: 'row-end',
  PageUp: 'page-up',
  PageDown: 'page-down',
};

/** What a stroke does in the grid; null: the grid leaves it to the window. */
export function readKey(stroke: Stroke, column: Caret['column'], mac: boolean): KeyAction | null {
  const { key, shiftKey: extend } = stroke;
  if (stroke.altKey || (mac ? stroke.ctrlKey : stroke.metaKey)) return null;
  if (mac ? stroke.metaKey : stroke.ctrlKey) return modified(key, extend);
  const move = MOVES[key];
  if (move !== undefined) return { do: 'move', move, extend };
  if (key === 'Backspace' || key === 'Delete') return { do: 'erase', key };
  if (key === 'Insert') return { do: 'mode' };
  if (key === 'Enter') return { do: 'column' };
  if (!isCharacter(key)) return null;
  if (column === 'text') return { do: 'text', text: key };
  return /^[0-9a-f]$/i.test(key) ? { do: 'digit', digit: Number.parseInt(key, 16) } : { do: 'no-digit' };
}

function modified(key: string, shift: boolean): KeyAction | null {
  switch (key.toLowerCase()) {
    case 'home':
    case 'arrowup':
      return { do: 'move', move: 'start', extend: shift };
    case 'end':
    case 'arrowdown':
      return { do: 'move', move: 'end', extend: shift };
    case 'z':
      return { do: shift ? 'redo' : 'undo' };
    case 'y':
      return { do: 'redo' };
    case 'a':
      return { do: 'select-all' };
    case 'g':
      return { do: 'go-to' };
    case 'i':
      return { do: 'mode' };
    default:
      return null;
  }
}

/** One character, whatever its length in UTF-16; names of keys are longer. */
function isCharacter(key: string): boolean {
  return [...key].length === 1;
}
