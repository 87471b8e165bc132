// Resources for the tests of the patch editor, written as people read them.

import { type Cells, MISSING } from '../../../renderer/patch/cells.ts';

/** One byte a character; `·` is a missing one. */
export function cells(text: string): Cells {
  return Int16Array.from(text, (character) => (character === '·' ? MISSING : character.charCodeAt(0)));
}

/** The other way round. */
export function shown(of: Cells): string {
  return Array.from(of, (cell) => (cell === MISSING ? '·' : String.fromCharCode(cell))).join('');
}
