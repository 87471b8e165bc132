// Reads a start line, judged only once it is whole.
// Never reads past the bytes given, never copies them, and reports through the Report it is handed.

import { CR, LF, SP, TEXT, TOKEN, VISIBLE } from './grammar.ts';
import type { Section } from './head.ts';
import { FAILED, MORE, lineEnd } from './lines.ts';
import type { LineLimits, Report } from './lines.ts';
import type { Role, ViolationCode } from './types.ts';

/**
 * Where a start line can be seen to be none, although it is not whole: index of the byte, or −1.
 * A peer that speaks another protocol is found out by its first bytes, and not by a timeout.
 */
export function impossibleStart(role: Role, bytes: Uint8Array, from: number, to: number): number {
  if (role === 'request') return from < to && TOKEN[bytes[from]!] !== 1 ? from : -1;
  for (let i = 0; i < 5 && from + i < to; i++) if (bytes[from + i] !== 'HTTP/'.charCodeAt(i)) return from + i;
  return -1;
}

/** A faulty start line: reports it once its line is whole, or longer than it may be. */
function startLineFault(
  section: Section,
  bytes: Uint8Array,
  to: number,
  fault: { readonly code: ViolationCode; readonly index: number },
  limits: LineLimits,
  report: Report,
): number {
  const impossible = impossibleStart(section.role, bytes, section.base, to);
  if (impossible >= 0) {
    report.fail(section.role === 'request' ? 'invalid-method' : 'invalid-start-line', impossible);
    return FAILED;
  }
  const end = lineEnd(bytes, fault.index, to);
  if (end === MORE) return MORE;
  if (end - section.base > limits.startLine)
    report.fail('start-line-too-long', section.base + limits.startLine);
  else report.fail(fault.code, fault.index);
  return FAILED;
}

/** The line ending at index `i`: CRLF or a bare LF (RFC 9112 §2.2). Returns the index behind it, MORE or FAILED. */
function startLineEnd(
  section: Section,
  bytes: Uint8Array,
  i: number,
  to: number,
  notes: { readonly obsText: number; readonly missingSpace: boolean },
  otherwise: ViolationCode,
  limits: LineLimits,
  report: Report,
): number {
  let end: number;
  if (bytes[i] === CR) {
    if (i + 1 >= to) return MORE;
    if (bytes[i + 1] !== LF)
      return startLineFault(section, bytes, to, { code: 'bare-cr', index: i }, limits, report);
    end = i + 2;
  } else if (bytes[i] === LF) end = i + 1;
  else return startLineFault(section, bytes, to, { code: otherwise, index: i }, limits, report);
  if (end - section.base > limits.startLine) {
    report.fail('start-line-too-long', section.base + limits.startLine);
    return FAILED;
  }
  if (notes.obsText >= 0) report.note('obs-text', notes.obsText);
  if (notes.missingSpace) report.note('missing-reason-space', i);
  if (end === i + 1) report.note('bare-lf', i);
  return end;
}

const PLAIN = { obsText: -1, missingSpace: false } as const;

/** The HTTP-version at index `i`: sets `minor` and returns −1, or returns the index of the byte that is wrong. */
function versionFault(section: Section, bytes: Uint8Array, i: number): number {
  for (let k = 0; k < 5; k++) if (bytes[i + k] !== 'HTTP/'.charCodeAt(k)) return i + k;
  if (bytes[i + 5] !== 0x31) return i + 5;
  if (bytes[i + 6] !== 0x2e) return i + 6;
  const minor = bytes[i + 7]! - 0x30;
  if (minor < 0 || minor > 9) return i + 7;
  // RFC 9110 §2.5: a higher minor version is read as the highest we know.
  section.minor = minor === 0 ? 0 : 1;
  return -1;
}

/** `HTTP/1.1 200 OK`: RFC 9112 §4. Returns the index behind the line, MORE or FAILED. */
export function scanStatusLine(
  section: Section,
  bytes: Uint8Array,
  to: number,
  limits: LineLimits,
  report: Report,
): number {
  const base = section.base;
  const fault = (code: ViolationCode, index: number): number =>
    startLineFault(section, bytes, to, { code, index }, limits, report);
  // The checks go byte by byte, so in a short line that is whole they stop at its end.
  if (to - base < 13 && lineEnd(bytes, base, to) === MORE) return MORE;
  const wrong = versionFault(section, bytes, base);
  if (wrong >= 0) return fault('invalid-version', wrong);
  if (bytes[base + 8] !== SP) return fault('invalid-start-line', base + 8);
  const hundreds = bytes[base + 9]! - 0x30;
  const tens = bytes[base + 10]! - 0x30;
  const ones = bytes[base + 11]! - 0x30;
  if (hundreds < 1 || hundreds > 9) return fault('invalid-status', base + 9);
  if (tens < 0 || tens > 9) return fault('invalid-status', base + 10);
  if (ones < 0 || ones > 9) return fault('invalid-status', base + 11);
  let i = base + 12;
  let byte = bytes[i]!;
  const missingSpace = byte === CR || byte === LF;
  let obsText = -1;
  let reasonStart = 12;
  if (byte === SP) {
    reasonStart = 13;
    do {
      if (++i >= to) return MORE;
      byte = bytes[i]!;
      if (byte >= 0x80 && obsText < 0) obsText = i;
    } while (TEXT[byte] === 1 || byte >= 0x80);
  } else if (!missingSpace) return fault('invalid-status', i);
  const notes = missingSpace || obsText >= 0 ? { obsText, missingSpace } : PLAIN;
  const end = startLineEnd(section, bytes, i, to, notes, 'invalid-start-line', limits, report);
  if (end < 0) return end;
  section.status = hundreds * 100 + tens * 10 + ones;
  section.reasonStart = reasonStart;
  section.reasonEnd = i - base;
  return end;
}

/** `GET /path HTTP/1.1`: RFC 9112 §3. Returns the index behind the line, MORE or FAILED. */
export function scanRequestLine(
  section: Section,
  bytes: Uint8Array,
  to: number,
  limits: LineLimits,
  report: Report,
): number {
  const base = section.base;
  const fault = (code: ViolationCode, index: number): number =>
    startLineFault(section, bytes, to, { code, index }, limits, report);
  let i = base;
  while (i < to && TOKEN[bytes[i]!] === 1) i++;
  if (i === to) return MORE;
  if (bytes[i] !== SP || i === base) {
    const ended = bytes[i] === CR || bytes[i] === LF;
    return fault(ended ? 'invalid-start-line' : 'invalid-method', i);
  }
  section.methodEnd = i - base;
  section.targetStart = ++i - base;
  let obsText = -1;
  for (; i < to; i++) {
    const byte = bytes[i]!;
    if (VISIBLE[byte] === 1) continue;
    if (byte < 0x80) break;
    if (obsText < 0) obsText = i;
  }
  if (i === to) return MORE;
  section.targetEnd = i - base;
  if (bytes[i] !== SP || section.targetEnd === section.targetStart) {
    const ended = bytes[i] === CR || bytes[i] === LF;
    return fault(ended ? 'invalid-start-line' : 'invalid-target', i);
  }
  i++;
  if (to - i < 9 && lineEnd(bytes, i, to) === MORE) return MORE;
  const wrong = versionFault(section, bytes, i);
  if (wrong >= 0) return fault('invalid-version', wrong);
  i += 8;
  const notes = obsText >= 0 ? { obsText, missingSpace: false } : PLAIN;
  return startLineEnd(section, bytes, i, to, notes, 'invalid-version', limits, report);
}
