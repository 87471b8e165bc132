// The text of a filter after a completion was chosen, and where the caret stands then. Pure.

import type { Completion, Completions } from '../../shared/filter/complete.ts';

export function accept(
  text: string,
  { from, to }: Pick<Completions, 'from' | 'to'>,
  { insert, whole }: Pick<Completion, 'insert' | 'whole'>,
): { readonly text: string; readonly caret: number } {
  const before = text.slice(0, from);
  const after = text.slice(to);
  // Behind a whole term the next one can be typed at once; a space that is there already is that space.
  const gap = whole && !after.startsWith(' ') ? ' ' : '';
  return { text: before + insert + gap + after, caret: (before + insert).length + (whole ? 1 : 0) };
}
