// Reads a start line, judged only once it is whole (RFC 9112 §3, §4).
// Never reads past the bytes given, never copies them, and reports through the Report it is handed.

import { CR, HTAB, LF, SP, TOKEN, VISIBLE, skipPrintable, skipToken } from './grammar.ts';
import type { Section } from './head.ts';
import { FAILED, MORE, lineEnd } from './lines.ts';
import type { Report } from './lines.ts';
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

/** `HTTP` and `/1.1` as little-endian words. */
const HTTP = 0x50545448;
const SLASH_1_1 = 0x312e312f;

/** Reads one start line after the other; reused, so that the good path allocates nothing. */
export class StartLineReader {
  /** Bytes of a line, its ending included. */
  readonly limit: number;
  readonly #report: Report;

  constructor(limit: number, report: Report) {
    this.limit = limit;
    this.#report = report;
  }

  /** Reads the line at the section's base. Returns the index behind it, MORE or FAILED. */
  read(section: Section, bytes: Uint8Array, to: number): number {
    return section.role === 'request'
      ? this.#requestLine(section, bytes, to)
      : this.#statusLine(section, bytes, to);
  }

  /** `HTTP/1.1 200 OK` */
  #statusLine(section: Section, bytes: Uint8Array, to: number): number {
    const { base, words } = section;
    // The checks go byte by byte, so in a short line that is whole they stop at its end.
    if (to - base < 13 && lineEnd(bytes, base, to) === MORE) return MORE;
    const wrong = versionFault(section, bytes, base);
    if (wrong >= 0) return this.#fault(section, bytes, to, 'invalid-version', wrong);
    if (bytes[base + 8] !== SP) return this.#fault(section, bytes, to, 'invalid-start-line', base + 8);
    const hundreds = bytes[base + 9]! - 0x30;
    const tens = bytes[base + 10]! - 0x30;
    const ones = bytes[base + 11]! - 0x30;
    if (hundreds < 1 || hundreds > 9) return this.#fault(section, bytes, to, 'invalid-status', base + 9);
    if (tens < 0 || tens > 9) return this.#fault(section, bytes, to, 'invalid-status', base + 10);
    if (ones < 0 || ones > 9) return this.#fault(section, bytes, to, 'invalid-status', base + 11);
    let i = base + 12;
    let obsText = -1;
    const missingSpace = bytes[i] === CR || bytes[i] === LF;
    if (bytes[i] === SP) {
      for (i++; ; i++) {
        i = skipPrintable(bytes, words, i, to);
        if (i >= to) return MORE;
        const byte = bytes[i]!;
        if (byte === HTAB) continue;
        if (byte < 0x80) break;
        if (obsText < 0) obsText = i;
      }
    } else if (!missingSpace) return this.#fault(section, bytes, to, 'invalid-status', i);
    const end = this.#ending(section, bytes, i, to, 'invalid-start-line');
    if (end < 0) return end;
    if (obsText >= 0) this.#report.note('obs-text', obsText);
    if (missingSpace) this.#report.note('missing-reason-space', i);
    section.status = hundreds * 100 + tens * 10 + ones;
    section.reasonStart = missingSpace ? 12 : 13;
    section.reasonEnd = i - base;
    return end;
  }

  /** `GET /path HTTP/1.1` */
  #requestLine(section: Section, bytes: Uint8Array, to: number): number {
    const { base, words } = section;
    let i = skipToken(bytes, words, base, to);
    if (i >= to) return MORE;
    if (bytes[i] !== SP || i === base) {
      const ended = bytes[i] === CR || bytes[i] === LF;
      return this.#fault(section, bytes, to, ended ? 'invalid-start-line' : 'invalid-method', i);
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
    if (i >= to) return MORE;
    section.targetEnd = i - base;
    if (bytes[i] !== SP || section.targetEnd === section.targetStart) {
      const ended = bytes[i] === CR || bytes[i] === LF;
      return this.#fault(section, bytes, to, ended ? 'invalid-start-line' : 'invalid-target', i);
    }
    i++;
    if (to - i < 9 && lineEnd(bytes, i, to) === MORE) return MORE;
    const wrong = versionFault(section, bytes, i);
    if (wrong >= 0) return this.#fault(section, bytes, to, 'invalid-version', wrong);
    const end = this.#ending(section, bytes, i + 8, to, 'invalid-version');
    if (end >= 0 && obsText >= 0) this.#report.note('obs-text', obsText);
    return end;
  }

  /** CRLF or a bare LF at index `i` (RFC 9112 §2.2). Returns the index behind it, MORE or FAILED. */
  #ending(section: Section, bytes: Uint8Array, i: number, to: number, otherwise: ViolationCode): number {
    let end = i + 1;
    if (bytes[i] === CR) {
      end++;
      if (end > to) return MORE;
      if (bytes[i + 1] !== LF) return this.#fault(section, bytes, to, 'bare-cr', i);
    } else if (bytes[i] !== LF) return this.#fault(section, bytes, to, otherwise, i);
    if (end - section.base > this.limit) {
      this.#report.fail('start-line-too-long', section.base + this.limit);
      return FAILED;
    }
    if (end === i + 1) this.#report.note('bare-lf', i);
    return end;
  }

  /** Reports a faulty line once it is whole, or longer than it may be. */
  #fault(section: Section, bytes: Uint8Array, to: number, code: ViolationCode, index: number): number {
    const impossible = impossibleStart(section.role, bytes, section.base, to);
    if (impossible >= 0) {
      this.#report.fail(section.role === 'request' ? 'invalid-method' : 'invalid-start-line', impossible);
      return FAILED;
    }
    const end = lineEnd(bytes, index, to);
    if (end === MORE) return MORE;
    if (end - section.base > this.limit) this.#report.fail('start-line-too-long', section.base + this.limit);
    else this.#report.fail(code, index);
    return FAILED;
  }
}

/** The HTTP-version at index `i`: sets `minor` and returns −1, or returns the index of the byte that is wrong. */
function versionFault(section: Section, bytes: Uint8Array, i: number): number {
  const { words } = section;
  if (
    i + 8 <= bytes.length &&
    words.getInt32(i, true) === HTTP &&
    words.getInt32(i + 4, true) === SLASH_1_1
  ) {
    section.minor = 1;
    return -1;
  }
  for (let k = 0; k < 5; k++) if (bytes[i + k] !== 'HTTP/'.charCodeAt(k)) return i + k;
  if (bytes[i + 5] !== 0x31) return i + 5;
  if (bytes[i + 6] !== 0x2e) return i + 6;
  const minor = bytes[i + 7]! - 0x30;
  if (minor < 0 || minor > 9) return i + 7;
  // RFC 9110 §2.5: a higher minor version is read as the highest we know.
  section.minor = minor === 0 ? 0 : 1;
  return -1;
}
