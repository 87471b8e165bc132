// Cuts a filter into tokens with their positions. Knows quotes, not meanings; must take any text, whatever it is.

export interface Token {
  readonly kind: 'open' | 'close' | 'not' | 'or' | 'and' | 'term';
  /** First and end (exclusive) of its characters. */
  readonly from: number;
  readonly to: number;
  /** What stands before the colon; null: free text. */
  readonly name: string | null;
  /** What follows it, without quotes. */
  readonly value: string;
  readonly valueAt: number;
  /** Where a quote opens that is never closed; −1: none. */
  readonly open: number;
}

const NAME = /[a-z]+:(?!\/\/)/iy;
const SPACE = /\s/;

/** Every character belongs to a token or is white space between two. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (SPACE.test(character)) {
      at++;
      continue;
    }
    if (character === '(' || character === ')') {
      tokens.push(sign(character === '(' ? 'open' : 'close', at, at + 1));
      at++;
      continue;
    }
    // A minus that nothing follows is a piece of text that is being typed.
    if (character === '-' && at + 1 < text.length && !SPACE.test(text[at + 1]!)) {
      tokens.push(sign('not', at, at + 1));
      at++;
      continue;
    }
    const token = term(text, at);
    const word = text.slice(token.from, token.to);
    if (word === 'OR' || word === 'AND')
      tokens.push(sign(word === 'OR' ? 'or' : 'and', token.from, token.to));
    else tokens.push(token);
    at = token.to;
  }
  return tokens;
}

function sign(kind: Token['kind'], from: number, to: number): Token {
  return { kind, from, to, name: null, value: '', valueAt: to, open: -1 };
}

/** A word up to white space or a parenthesis; within quotes both belong to it, and `\` takes the next as it is. */
function term(text: string, from: number): Token {
  NAME.lastIndex = from;
  const named = NAME.exec(text);
  const name = named === null ? null : named[0].slice(0, -1).toLowerCase();
  const valueAt = named === null ? from : from + named[0].length;
  let value = '';
  let open = -1;
  let at = valueAt;
  for (; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') open = open < 0 ? at : -1;
    else if (open >= 0 && character === '\\' && at + 1 < text.length) value += text[++at]!;
    else if (open < 0 && (SPACE.test(character) || character === '(' || character === ')')) break;
    else value += character;
  }
  return { kind: 'term', from, to: at, name, value, valueAt, open };
}
