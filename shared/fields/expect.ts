// Expect: what the client wants the server to fulfil (RFC 9110 §10.1.1). Only 100-continue is defined; any other
// may be answered by 417.

import type { FieldFault } from './fault.ts';
import { FieldScanner } from './scanner.ts';

export interface Expectations {
  /** 100-continue is among them. */
  readonly continue: boolean;
  /** The names of all others, in lower case. */
  readonly others: readonly string[];
}

/** Reads an Expect value; null (no such field) expects nothing. */
export function parseExpect(value: string | null): Expectations | FieldFault {
  const names: string[] = [];
  const scanner = new FieldScanner(value ?? '');
  const fault = scanner.list(() => {
    const name = scanner.token();
    if (name === null) return scanner.fault('an expectation');
    names.push(name.toLowerCase());
    // expectation = token [ "=" ( token / quoted-string ) parameters ]
    for (let separator = '='; scanner.skip(separator); separator = ';') {
      scanner.skipBlanks();
      if (scanner.word() === null) return scanner.fault('a token or a quoted string');
      if (separator === ';' && scanner.skip('=') && scanner.word() === null) return scanner.fault('a value');
      scanner.skipBlanks();
    }
    return undefined;
  });
  if (fault !== undefined) return fault;
  return {
    continue: names.includes('100-continue'),
    others: names.filter((name) => name !== '100-continue'),
  };
}
