// SPEC of the command line, `client|server:in|out:[content:]BYTE[:rst|fin|stall]`, to its object; shared/export/specs.ts
// writes it. Pure text: knows neither boards nor wires.

import type { CutSpec } from '../../shared/contract.ts';

const FORM = 'client|server:in|out:[content:]BYTE[:rst|fin|stall]';

/** A cut that cannot be read; the message says what is wrong and how it is written. */
export class CutSpecError extends Error {
  readonly code = 'cut-spec';
  constructor(text: string, wrong: string) {
    super(`"${text}" is not a cut: ${wrong}. Write ${FORM}, for example server:in:100000:rst.`);
    this.name = 'CutSpecError';
  }
}

/**
 * Reads one SPEC. BYTE is decimal, 0 … 2^53 − 1; the kind is `rst` unless named.
 * @throws {CutSpecError}
 */
export function parseCutSpec(text: string): CutSpec {
  const parts = text.split(':');
  const [end, direction] = parts;
  if (end !== 'client' && end !== 'server') {
    throw new CutSpecError(text, `it must begin with client or server, not with "${end ?? ''}"`);
  }
  if (direction !== 'in' && direction !== 'out') {
    throw new CutSpecError(text, `the direction must be in or out, not "${direction ?? ''}"`);
  }
  const content = parts[2] === 'content';
  const [byte, cut = 'rst', ...rest] = parts.slice(content ? 3 : 2);
  if (byte === undefined || !/^[0-9]+$/.test(byte)) {
    throw new CutSpecError(text, `BYTE must be a whole number, not "${byte ?? ''}"`);
  }
  const at = Number(byte);
  if (!Number.isSafeInteger(at)) throw new CutSpecError(text, `${byte} is too large a BYTE`);
  if (cut !== 'rst' && cut !== 'fin' && cut !== 'stall') {
    throw new CutSpecError(text, `the kind must be rst, fin or stall, not "${cut}"`);
  }
  if (rest.length > 0) throw new CutSpecError(text, `":${rest.join(':')}" is left over`);
  return { end, direction, at, content, cut };
}
