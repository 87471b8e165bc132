// The parameters of a Content-Type value (RFC 9110 §8.3.1), as forgiving as recipients are. Never judges the type.

import { FieldScanner } from './scanner.ts';

/** A value without quotes is taken as it is, though not every value, such as a boundary, is a token. */
const UNQUOTED = /[^;\s"]*/y;
const BETWEEN = /[^;]*/y;

/**
 * The value of a parameter; null: it has none, '': none that ends.
 * @param contentType a whole Content-Type value @param name in lower case
 */
export function parameterOf(contentType: string, name: string): string | null {
  const scanner = new FieldScanner('Content-Type', contentType);
  scanner.take(BETWEEN);
  while (scanner.skip(';')) {
    scanner.skipBlanks();
    const found = scanner.token();
    if (found !== null && scanner.skip('=')) {
      const value = scanner.next === '"' ? scanner.quotedString() : scanner.take(UNQUOTED)![0];
      // What never ends is no value either.
      if (found.toLowerCase() === name) return typeof value === 'string' ? value : '';
    }
    scanner.take(BETWEEN);
  }
  return null;
}
