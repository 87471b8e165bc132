// ext-value: text with a charset and a language, percent-encoded (RFC 8187 §3.2). UTF-8 is written; ISO-8859-1 is
// read too. Never guesses: bytes that are not valid in their charset are a fault.

import { FieldFault } from './fault.ts';
import type { FieldScanner } from './scanner.ts';

export interface ExtValue {
  readonly text: string;
  /** Language tag, '' when not said. */
  readonly language: string;
}

const EXT_VALUE =
  /([!#$%&+^_`{}~0-9A-Za-z-]+)'([0-9A-Za-z-]*)'((?:%[0-9A-Fa-f]{2}|[!#$&+.^_`|~0-9A-Za-z-])*)/y;

/** Reads an ext-value where the scanner stands; null if there is none. */
export function scanExtValue(scanner: FieldScanner): ExtValue | FieldFault | null {
  const start = scanner.at;
  const found = scanner.take(EXT_VALUE);
  if (found === null) return null;
  const [, charset, language, encoded] = found;
  const textAt = start + charset!.length + language!.length + 2;
  const bytes = Uint8Array.from(
    encoded!.replaceAll(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    (character) => character.charCodeAt(0),
  );
  switch (charset!.toLowerCase()) {
    case 'utf-8':
      try {
        const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
        return { text, language: language! };
      } catch {
        return new FieldFault('charset', textAt, 'The percent-encoded text is not valid UTF-8.');
      }
    case 'iso-8859-1':
      return { text: Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''), language: language! };
    default:
      return new FieldFault(
        'charset',
        start,
        `The charset ${charset} is not known here: only UTF-8 and ISO-8859-1.`,
      );
  }
}

/** Writes text as an ext-value in UTF-8. Lone surrogates become U+FFFD. */
export function writeExtValue(value: ExtValue): string {
  const encoded = Array.from(new TextEncoder().encode(value.text), (byte) => {
    const character = String.fromCharCode(byte);
    return /[!#$&+.^_`|~0-9A-Za-z-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return `UTF-8'${value.language}'${encoded.join('')}`;
}
