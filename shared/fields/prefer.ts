// Prefer and Preference-Applied: what the client would like, and what the server did of it (RFC 7240).
// A preference is never a condition: whoever cannot read one does without it.

import { FieldFault } from './fault.ts';
import { FieldScanner, writeWord } from './scanner.ts';

export interface Preference {
  /** '' when it has none; an empty value means the same (RFC 7240 §2). */
  readonly value: string;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** By name in lower case. Of several with one name the first counts. */
export type Preferences = ReadonlyMap<string, Preference>;

/** Reads a Prefer or Preference-Applied value (its lines joined by commas). */
export function parsePrefer(value: string): Preferences | FieldFault {
  const preferences = new Map<string, Preference>();
  const scanner = new FieldScanner('Prefer', value);
  const fault = scanner.list(() => {
    const pair = scanPair(scanner);
    if (pair instanceof FieldFault) return pair;
    const parameters = new Map<string, string>();
    for (;;) {
      const before = scanner.at;
      scanner.skipBlanks();
      if (!scanner.skip(';')) {
        scanner.at = before;
        break;
      }
      scanner.skipBlanks();
      // RFC 7240 §2 allows a ";" with nothing behind it.
      if (scanner.done || scanner.next === ';' || scanner.next === ',') continue;
      const parameter = scanPair(scanner);
      if (parameter instanceof FieldFault) return parameter;
      if (!parameters.has(parameter[0])) parameters.set(...parameter);
    }
    if (!preferences.has(pair[0])) preferences.set(pair[0], { value: pair[1], parameters });
    return undefined;
  });
  return fault ?? preferences;
}

/** token [ BWS "=" BWS word ] */
function scanPair(scanner: FieldScanner): [string, string] | FieldFault {
  const name = scanner.token();
  if (name === null) return scanner.fault('a name');
  const behind = scanner.at;
  scanner.skipBlanks();
  if (!scanner.skip('=')) {
    scanner.at = behind;
    return [name.toLowerCase(), ''];
  }
  scanner.skipBlanks();
  const word = scanner.word();
  return word instanceof FieldFault ? word : [name.toLowerCase(), word];
}

export interface PreferenceToWrite {
  readonly name: string;
  readonly value?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Writes a Prefer or Preference-Applied value. */
export function writePrefer(preferences: readonly PreferenceToWrite[]): string {
  return preferences
    .map(({ name, value = '', parameters = {} }) =>
      [[name, value] as const, ...Object.entries(parameters)]
        .map(([key, word]) => (word === '' ? key : `${key}=${writeWord(word)}`))
        .join('; '),
    )
    .join(', ');
}
