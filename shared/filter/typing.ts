// What of a filter already holds while it is typed: a name that is begun, and a term that is not whole, are not yet
// meant, and must not hide the session in the meantime. Pure.

import { type Expression, FilterFault } from './filter.ts';
import { parseFilter } from './parse.ts';
import { NAMES } from './terms.ts';
import type { Token } from './tokens.ts';
import { tokenize } from './tokens.ts';

/** The filter without what is being typed at its end; a fault where what is before it is wrong. */
export function parseTyped(text: string): Expression | null | FilterFault {
  const whole = parseFilter(text);
  const tokens = tokenize(text);
  const last = tokens.at(-1);
  const isBegun = last !== undefined && last.to === text.length && beginsName(last);
  if (!isBegun && !(whole instanceof FilterFault && isAtEnd(whole, last))) return whole;
  if (last?.kind === 'term') tokens.pop();
  // A minus, an OR or a parenthesis before it waits for it too.
  while (tokens.length > 0 && ['not', 'or', 'and', 'open'].includes(tokens.at(-1)!.kind)) tokens.pop();
  return parseFilter(text.slice(0, tokens.at(-1)?.to ?? 0));
}

/** Only what is typed last is wrong, or something is to follow. */
function isAtEnd(fault: FilterFault, last: Token | undefined): boolean {
  return fault.code === 'incomplete' || (last?.kind === 'term' && fault.from >= last.from);
}

/** A bare word that can still become a name, or a minus before what is to come. */
function beginsName({ kind, name, open, value, from, to }: Token): boolean {
  if (kind !== 'term' || name !== null || open >= 0 || value.length !== to - from) return false;
  return value === '-' || Object.keys(NAMES).some((one) => one.startsWith(value.toLowerCase()));
}
