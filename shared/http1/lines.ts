// What the readers of lines have in common: whom they tell, what they may take, and how they say "not yet".
// A line is judged only when its LF is there, so that the way a stream is split changes nothing.

import { LF } from './grammar.ts';
import type { ViolationCode } from './types.ts';

/** Whom the scanners tell; `index` is an index of the bytes they were given. */
export interface Report {
  note(code: ViolationCode, index: number): void;
  fail(code: ViolationCode, index: number): void;
}

/** The line is not whole yet: come back with more bytes. */
export const MORE = -1;
/** A violation was reported. */
export const FAILED = -2;

/** What a section of field lines may take. */
export interface SectionLimits {
  /** Bytes of the section, a start line included. */
  readonly section: number;
  readonly sectionCode: 'head-too-large' | 'trailers-too-large';
  readonly fields: number;
}

/** Index behind the LF at or after `index`, or MORE. Only for what is wrong already: the good path never searches. */
export function lineEnd(bytes: Uint8Array, index: number, to: number): number {
  const lf = bytes.indexOf(LF, index);
  return lf === -1 || lf >= to ? MORE : lf + 1;
}
