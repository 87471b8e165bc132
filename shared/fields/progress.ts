// Progress: how far a long-running operation is (draft-wright-http-progress). A fraction, then remarks; a remark may
// be the fraction of a subordinate operation. Says what is written, not whether it is consistent with what came before.

import { assertNever } from '../capture/records.ts';
import { scanExtValue, writeExtValue } from './ext-value.ts';
import type { ExtValue } from './ext-value.ts';
import { FieldFault, readInteger } from './fault.ts';
import { FieldScanner, writeQuotedString } from './scanner.ts';

export interface Fraction {
  readonly kind: 'fraction';
  /** Operations completed, or the zero-based number of the current one. */
  readonly numerator: number;
  /** How many there are; null while unknown. */
  readonly denominator: number | null;
}

/** Not for end users. */
interface Comment {
  readonly kind: 'comment';
  readonly text: string;
}

/** For users, ASCII. */
interface Quoted {
  readonly kind: 'quoted';
  readonly text: string;
}

/** For users, in a language. */
interface Text extends ExtValue {
  readonly kind: 'text';
}

export type ProgressItem = Fraction | Comment | Quoted | Text;

/** What is said, in falling significance. Remarks describe the nearest fraction before them. */
export type Remark = ProgressItem & {
  /** Nesting: 0 for the operation itself and what describes it, 1 for its subordinate operation, and so on. */
  readonly depth: number;
  /** Index in the value of its first character. */
  readonly at: number;
};

export interface Progress {
  readonly numerator: number;
  readonly denominator: number | null;
  /** Everything in order, the first fraction included. */
  readonly remarks: readonly Remark[];
}

/** Reads a Progress value. Numerator and denominator are 0 … 2^53 − 1, and not compared with each other. */
export function parseProgress(value: string): Progress | FieldFault {
  const scanner = new FieldScanner('Progress', value);
  scanner.skipBlanks();
  const remarks: Remark[] = [];
  const firstAt = scanner.at;
  const first = scanFraction(scanner);
  if (first === null) return scanner.fault('a fraction');
  if (first instanceof FieldFault) return first;
  remarks.push({ ...first, depth: 0, at: firstAt });
  let depth = 0;
  for (;;) {
    const blank = scanner.skipBlanks();
    if (scanner.done) return { numerator: first.numerator, denominator: first.denominator, remarks };
    if (!blank) return scanner.fault('a space');
    const at = scanner.at;
    const item = scanItem(scanner);
    if (item === null) return scanner.fault('a fraction, a (comment), a "quoted string" or an ext-value');
    if (item instanceof FieldFault) return item;
    if (item.kind === 'fraction') depth++;
    remarks.push({ ...item, depth, at });
  }
}

function scanItem(scanner: FieldScanner): ProgressItem | FieldFault | null {
  switch (scanner.next) {
    case '(': {
      const text = scanComment(scanner);
      return text instanceof FieldFault ? text : { kind: 'comment', text };
    }
    case '"': {
      const text = scanner.quotedString();
      return text instanceof FieldFault ? text : { kind: 'quoted', text };
    }
    default: {
      const fraction = scanFraction(scanner);
      if (fraction !== null) return fraction;
      const ext = scanExtValue(scanner);
      return ext === null || ext instanceof FieldFault ? ext : { kind: 'text', ...ext };
    }
  }
}

const FRACTION = /([0-9]+)\/([0-9]*)(?=[ \t]|$)/y;

function scanFraction(scanner: FieldScanner): Fraction | FieldFault | null {
  const at = scanner.at;
  const found = scanner.take(FRACTION);
  if (found === null) return null;
  const numerator = readInteger(found[1]!, at);
  const denominator = readInteger(found[2]!, at + found[1]!.length + 1);
  if (numerator instanceof FieldFault) return numerator;
  if (denominator instanceof FieldFault) return denominator;
  return { kind: 'fraction', numerator: numerator ?? 0, denominator };
}

const COMMENT_TEXT = /(?:[\t \x21-\x27\x2a-\x5b\x5d-\x7e\x80-\xff]|\\[\t \x21-\x7e\x80-\xff])+/y;

/** RFC 9110 §5.6.5: comments nest. The text is without the outer parentheses. */
function scanComment(scanner: FieldScanner): string | FieldFault {
  const start = scanner.at;
  let text = '';
  let depth = 0;
  do {
    if (scanner.skip('(')) {
      if (depth++ > 0) text += '(';
    } else if (scanner.skip(')')) {
      if (--depth > 0) text += ')';
    } else {
      const found = scanner.take(COMMENT_TEXT);
      if (found === null) return scanner.endless('comment', start);
      text += found[0].replaceAll(/\\(.)/gs, '$1');
    }
  } while (depth > 0);
  return text;
}

/** Writes a Progress value: a fraction, then what describes it. Texts of comments and quotes must be ASCII. */
export function writeProgress(
  fraction: Omit<Fraction, 'kind'>,
  remarks: readonly ProgressItem[] = [],
): string {
  return [{ kind: 'fraction' as const, ...fraction }, ...remarks].map(writeItem).join(' ');
}

function writeItem(item: ProgressItem): string {
  switch (item.kind) {
    case 'fraction':
      return `${item.numerator}/${item.denominator ?? ''}`;
    case 'comment':
      // A parenthesis in the text is quoted, so that it need not be paired.
      return `(${item.text.replaceAll(/[()\\]/g, String.raw`\$&`)})`;
    case 'quoted':
      return writeQuotedString(item.text);
    case 'text':
      return writeExtValue(item);
    default:
      return assertNever(item);
  }
}
