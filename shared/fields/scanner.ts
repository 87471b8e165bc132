// Walks a field value from left to right, by the few rules that most fields share (RFC 9110 §5.6).
// Never goes back, never looks at other fields.

import { FieldFault } from './fault.ts';

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const DIGITS = /[0-9]+/y;
const BLANKS = /[ \t]+/y;
/** qdtext and quoted-pair, ASCII and obs-text. */
const QUOTED_TEXT = /(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t \x21-\x7e\x80-\xff])*/y;

export class FieldScanner {
  readonly value: string;
  readonly #what: string;
  /** Index of the next character. */
  at = 0;

  /** @param what the value should be, for its faults: `Content-Range` */
  constructor(what: string, value: string) {
    this.#what = what;
    this.value = value;
  }

  get done(): boolean {
    return this.at >= this.value.length;
  }

  /** The next character, '' at the end. */
  get next(): string {
    return this.value.charAt(this.at);
  }

  /** What a sticky expression finds here, or null; moves behind it. */
  take(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.at;
    const found = expression.exec(this.value);
    if (found !== null) this.at = expression.lastIndex;
    return found;
  }

  /** Moves behind this character if it is the next. */
  skip(character: string): boolean {
    if (this.next !== character) return false;
    this.at++;
    return true;
  }

  /** Moves behind SP and HTAB; whether there were any. */
  skipBlanks(): boolean {
    return this.take(BLANKS) !== null;
  }

  token(): string | null {
    return this.take(TOKEN)?.[0] ?? null;
  }

  digits(): string | null {
    return this.take(DIGITS)?.[0] ?? null;
  }

  /** The text of the quoted-string that begins here, its quoted-pairs resolved. */
  quotedString(): string | FieldFault {
    const start = this.at;
    if (!this.skip('"')) return this.fault('a quoted string');
    const text = this.take(QUOTED_TEXT)?.[0] ?? '';
    if (this.skip('"')) return text.replaceAll(/\\(.)/gs, '$1');
    return this.endless('quoted string', start);
  }

  /** token / quoted-string. */
  word(): string | FieldFault {
    if (this.next === '"') return this.quotedString();
    return this.token() ?? this.fault('a token or a quoted string');
  }

  /** What is wrong with a piece of text that does not go on here: a character, or that it never ends. */
  endless(what: string, start: number): FieldFault {
    // A backslash is wrong only because of what it quotes.
    if (this.next === '\\') this.at++;
    if (!this.done) return this.fault(`text of a ${what}`);
    return new FieldFault('syntax', start, `The ${what} that begins here never ends.`);
  }

  /** What is here is not what the grammar has. */
  fault(wanted: string): FieldFault {
    const found = this.done
      ? 'the value ends'
      : `there is ${JSON.stringify(this.value.slice(this.at, this.at + 20))}`;
    return new FieldFault(
      'syntax',
      this.at,
      `This is no ${this.#what}: where ${wanted} should be, ${found}.`,
    );
  }

  /**
   * Walks a comma-separated list; empty elements are skipped (RFC 9110 §5.6.1.2).
   * @param element reads one element; what it returns, if anything, is what is wrong
   */
  list(element: () => FieldFault | undefined): FieldFault | undefined {
    for (;;) {
      this.skipBlanks();
      if (this.done) return undefined;
      if (this.skip(',')) continue;
      const fault = element();
      if (fault !== undefined) return fault;
      this.skipBlanks();
      if (!this.done && !this.skip(',')) return this.fault('a comma');
    }
  }
}

/** Text as a token where it is one, else as a quoted-string. */
export function writeWord(text: string): string {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text) ? text : writeQuotedString(text);
}

export function writeQuotedString(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
