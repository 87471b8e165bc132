// Acknowledge: how many bytes of the request's content the server has persisted (draft-wright-http-resume-request).
// Also understood: the proof of concept's 199 whose reason says it. A reason decides nothing else, anywhere.

import { type FieldFault, readInteger } from './fault.ts';
import { FieldScanner } from './scanner.ts';

/** Reads an Acknowledge value: bytes, 0 … 2^53 − 1. */
export function parseAcknowledge(value: string): number | FieldFault {
  const scanner = new FieldScanner('Acknowledge', value);
  scanner.skipBlanks();
  const at = scanner.at;
  const bytes = readInteger(scanner.digits() ?? '', at);
  if (bytes === null) return scanner.fault('a number of bytes');
  scanner.skipBlanks();
  return scanner.done ? bytes : scanner.fault('the end');
}

/** Bytes that the reason of a 199 acknowledges (`Acknowledge 65536B`); null if it says no such thing. */
export function parseAcknowledgeReason(reason: string): number | null {
  const digits = /^Acknowledge ([0-9]+)B$/i.exec(reason.trim())?.[1];
  if (digits === undefined) return null;
  const bytes = readInteger(digits, 0);
  return typeof bytes === 'number' ? bytes : null;
}

/** Writes the field's value. @param bytes 0 … 2^53 − 1 */
export function writeAcknowledge(bytes: number): string {
  return String(bytes);
}
