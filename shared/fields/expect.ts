// Expect: what the client wants the server to fulfil (RFC 9110 §10.1.1). Only 100-continue is defined; any other
// may be answered by 417.

import { FieldFault } from './fault.ts';
import { FieldScanner } from './scanner.ts';

export interface Expectations {
  /** 100-continue is among them, and without a value: with one it is another. */
  readonly continue: boolean;
  /** The names of all others, in lower case. */
  readonly others: readonly string[];
}

/** Reads an Expect value; null (no such field) expects nothing. */
export function parseExpect(value: string | null): Expectations | FieldFault {
  const others: string[] = [];
  let continues = false;
  const scanner = new FieldScanner('Expect', value ?? '');
  const fault = scanner.list(() => {
    const name = scanner.token();
    if (name === null) return scanner.fault('an expectation');
    // expectation = token [ "=" ( token / quoted-string ) parameters ]
    if (!scanner.skip('=')) {
      if (name.toLowerCase() === '100-continue') continues = true;
      else others.push(name.toLowerCase());
      return undefined;
    }
    others.push(name.toLowerCase());
    const word = scanner.word();
    return word instanceof FieldFault ? word : skipParameters(scanner);
  });
  return fault ?? { continue: continues, others };
}

/** RFC 9110 §5.6.6; a parameter without a value was RFC 2616's. */
function skipParameters(scanner: FieldScanner): FieldFault | undefined {
  for (;;) {
    scanner.skipBlanks();
    if (!scanner.skip(';')) return undefined;
    scanner.skipBlanks();
    if (scanner.token() === null || !scanner.skip('=')) continue;
    const word = scanner.word();
    if (word instanceof FieldFault) return word;
  }
}
