// Status-URI: the results of subordinate operations (draft-wright-http-progress): `507 <http://example.com/photo/41>`.
// References are as written; who knows the request's URI resolves them.

import type { FieldFault } from './fault.ts';
import { FieldScanner } from './scanner.ts';

export interface StatusUri {
  /** 100–999. */
  readonly status: number;
  readonly reference: string;
}

/** Everything but controls, SP, `<`, `>` and `"`: what a URI reference holds is its resolver's business. */
const REFERENCE = /[\x21\x23-\x3b\x3d\x3f-\x7e\x80-\xff]*/y;
const STATUS = /[1-9][0-9]{2}(?![0-9])/y;

/** Reads a Status-URI value (its lines joined by commas). */
export function parseStatusUri(value: string): readonly StatusUri[] | FieldFault {
  const results: StatusUri[] = [];
  const scanner = new FieldScanner('Status-URI', value);
  const fault = scanner.list(() => {
    const status = scanner.take(STATUS);
    if (status === null) return scanner.fault('a status code');
    scanner.skipBlanks();
    if (!scanner.skip('<')) return scanner.fault('a URI reference in < >');
    const reference = scanner.take(REFERENCE)?.[0] ?? '';
    if (!scanner.skip('>')) return scanner.fault('">"');
    results.push({ status: Number(status[0]), reference });
    return undefined;
  });
  return fault ?? results;
}

/** Writes a Status-URI value. References go out as they are: URI references hold no space and no < >. */
export function writeStatusUri(results: readonly StatusUri[]): string {
  return results.map(({ status, reference }) => `${status} <${reference}>`).join(', ');
}
