// Reads a filter: terms side by side must all hold, OR joins alternatives, a minus turns what follows into its opposite,
// parentheses group. Pure; a fault says at which characters and in one sentence.

import { type Expression, FilterFault, LONGEST, MOST_TERMS } from './filter.ts';
import { readTerm } from './terms.ts';
import { type Token, tokenize } from './tokens.ts';

/** Parentheses and minuses within each other at most. */
const DEEPEST = 32;

/** Null: the text is empty, and nothing is filtered. */
export function parseFilter(text: string): Expression | null | FilterFault {
  if (text.length > LONGEST)
    return new FilterFault('too-many', LONGEST, text.length, `A filter has at most ${LONGEST} characters.`);
  const tokens = tokenize(text);
  if (tokens.length === 0) return null;
  const terms = tokens.filter(({ kind }) => kind === 'term');
  if (terms.length > MOST_TERMS)
    return new FilterFault(
      'too-many',
      terms[MOST_TERMS]!.from,
      text.length,
      `A filter has at most ${MOST_TERMS} terms.`,
    );
  const reader = new Reader(tokens, text.length);
  const found = reader.alternatives(0);
  if (found instanceof FilterFault) return found;
  const rest = reader.token;
  if (rest === undefined) return found;
  return new FilterFault('misplaced', rest.from, rest.to, 'This parenthesis closes nothing.');
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #at = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  /** The next token; undefined at the end. */
  get token(): Token | undefined {
    return this.#tokens[this.#at];
  }

  alternatives(depth: number): Expression | FilterFault {
    const found: Expression[] = [];
    for (;;) {
      const side = this.#conjunction(depth);
      if (side instanceof FilterFault) return side;
      if (side.op === 'any') found.push(...side.of);
      else found.push(side);
      if (this.token?.kind !== 'or') break;
      this.#at++;
    }
    return found.length === 1 ? found[0]! : { op: 'any', of: found };
  }

  #conjunction(depth: number): Expression | FilterFault {
    const found: Expression[] = [];
    for (;;) {
      const one = this.#one(depth);
      if (one instanceof FilterFault) return one;
      if (one.op === 'all') found.push(...one.of);
      else found.push(one);
      if (this.token?.kind === 'and') this.#at++;
      else if (this.token === undefined || this.token.kind === 'or' || this.token.kind === 'close') break;
    }
    return found.length === 1 ? found[0]! : { op: 'all', of: found };
  }

  #one(depth: number): Expression | FilterFault {
    const { token } = this;
    if (token === undefined) {
      const before = this.#tokens.at(-1)!;
      return new FilterFault('incomplete', before.from, this.#end, 'Something must follow here.');
    }
    if (depth > DEEPEST)
      return new FilterFault('too-many', token.from, token.to, 'This is nested too deeply to be read.');
    this.#at++;
    switch (token.kind) {
      case 'term': {
        const term = readTerm(token, token.to === this.#end);
        return term instanceof FilterFault ? term : { op: 'term', term };
      }
      case 'not': {
        const of = this.#one(depth + 1);
        return of instanceof FilterFault ? of : { op: 'not', of };
      }
      case 'open': {
        const within = this.alternatives(depth + 1);
        if (within instanceof FilterFault) return within;
        if (this.token?.kind !== 'close')
          return new FilterFault('incomplete', token.from, this.#end, 'This parenthesis is still open.');
        this.#at++;
        return within;
      }
      case 'or':
      case 'and':
        return new FilterFault(
          'misplaced',
          token.from,
          token.to,
          'A term must stand on either side of this word.',
        );
      case 'close':
        return new FilterFault(
          'misplaced',
          token.from,
          token.to,
          'There is nothing before this parenthesis.',
        );
    }
  }
}
