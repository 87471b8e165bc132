// Reads the field lines of a head or trailer section, each judged only once it is whole (RFC 9112 §5).
// Never reads past the bytes given, never copies them, and reports through the Report it is handed.

import { COLON, CR, HTAB, LF, SP, skipPrintable, skipToken } from './grammar.ts';
import { SPANS_PER_FIELD } from './head.ts';
import type { Section } from './head.ts';
import { FAILED, MORE, lineEnd } from './lines.ts';
import type { SectionLimits, Report } from './lines.ts';
import type { ViolationCode } from './types.ts';

/** Reads field lines one section at a time; reused, so that the good path allocates nothing. */
export class FieldLineReader {
  /** Behind the last line that was read. */
  next = 0;
  /** The empty line was read. */
  complete = false;
  readonly #limits: SectionLimits;
  readonly #report: Report;

  constructor(limits: SectionLimits, report: Report) {
    this.#limits = limits;
    this.#report = report;
  }

  /**
   * Reads from bytes[from] (the first byte of a line) to the empty line, or as many lines as are whole.
   * @returns false after a violation, which was reported
   */
  read(section: Section, bytes: Uint8Array, from: number, to: number): boolean {
    const { base, words } = section;
    const { section: bytesLimit, fields: fieldsLimit } = this.#limits;
    let line = from;
    this.complete = false;
    for (;;) {
      const nameEnd = skipToken(bytes, words, line, to);
      if (nameEnd >= to) break;
      if (bytes[nameEnd] === COLON && nameEnd > line) {
        // Nearly every line is `name: value` CRLF, plain and within limits: all in one place, for speed.
        const start = bytes[nameEnd + 1] === SP ? nameEnd + 2 : nameEnd + 1;
        const end = skipPrintable(bytes, words, start, to);
        if (
          end + 1 < to &&
          bytes[end] === CR &&
          bytes[end + 1] === LF &&
          end > start &&
          bytes[start] !== SP &&
          bytes[end - 1] !== SP &&
          end + 2 - base <= bytesLimit &&
          section.fieldCount < fieldsLimit
        ) {
          addField(section, bytes, line, nameEnd, start, end);
          line = end + 2;
          continue;
        }
      } else if (nameEnd === line && bytes[line] === CR && line + 1 < to && bytes[line + 1] === LF) {
        if (this.#overLimit(section, line, line + 2, false)) return false;
        this.complete = true;
        line += 2;
        break;
      }
      const next =
        bytes[nameEnd] === COLON && nameEnd > line
          ? this.#value(section, bytes, line, nameEnd, nameEnd + 1, to)
          : this.#unusual(section, bytes, line, nameEnd, to);
      if (next === MORE) break;
      if (next === FAILED) return false;
      line = next;
      if (this.complete) break;
    }
    this.next = line;
    return true;
  }

  /**
   * The value that begins at bytes[from] and its line ending. `nameEnd` = `line` is an obs-fold: it continues the
   * field before (or, behind the start line, nothing at all).
   */
  #value(
    section: Section,
    bytes: Uint8Array,
    line: number,
    nameEnd: number,
    from: number,
    to: number,
  ): number {
    let i = from;
    while (i < to && (bytes[i] === SP || bytes[i] === HTAB)) i++;
    const start = i;
    let obsText = -1;
    for (; ; i++) {
      i = skipPrintable(bytes, section.words, i, to);
      if (i >= to) return MORE;
      const byte = bytes[i]!;
      if (byte === HTAB) continue;
      if (byte < 0x80) break;
      if (obsText < 0) obsText = i;
    }
    let next: number;
    if (bytes[i] === CR) {
      if (i + 1 >= to) return MORE;
      if (bytes[i + 1] !== LF) return this.#fault(section, bytes, line, 'bare-cr', i, to);
      next = i + 2;
    } else if (bytes[i] === LF) next = i + 1;
    else return this.#fault(section, bytes, line, 'invalid-field-value', i, to);

    if (this.#overLimit(section, line, next, nameEnd > line)) return FAILED;
    let end = i;
    while (end > start && (bytes[end - 1] === SP || bytes[end - 1] === HTAB)) end--;
    if (nameEnd > line) addField(section, bytes, line, nameEnd, start, end);
    else this.#fold(section, line, start, end);
    if (obsText >= 0) this.#report.note('obs-text', obsText);
    if (next === i + 1) this.#report.note('bare-lf', i);
    return next;
  }

  #fold(section: Section, line: number, start: number, end: number): void {
    if (section.fieldCount === 0) {
      // RFC 9112 §2.2: consumed without further processing, or else rejected.
      this.#report.note('whitespace-after-start-line', line);
      return;
    }
    const at = (section.fieldCount - 1) * SPANS_PER_FIELD;
    const spans = section.spans;
    if (end > start) {
      if (spans[at + 2] === spans[at + 3]) spans[at + 2] = start - section.base;
      spans[at + 3] = end - section.base;
      section.folded = true;
    }
    this.#report.note('obs-fold', line);
  }

  /** A line that does not begin with a name and a colon; `i` is where its name stops. */
  #unusual(section: Section, bytes: Uint8Array, line: number, i: number, to: number): number {
    const byte = bytes[i]!;
    if (i === line) {
      if (byte === CR) {
        if (i + 1 >= to) return MORE;
        if (bytes[i + 1] !== LF) return this.#fault(section, bytes, line, 'bare-cr', i, to);
      }
      if (byte === CR || byte === LF) {
        const next = byte === CR ? i + 2 : i + 1;
        if (this.#overLimit(section, line, next, false)) return FAILED;
        if (byte === LF) this.#report.note('bare-lf', i);
        this.complete = true;
        return next;
      }
      if (byte === SP || byte === HTAB) return this.#value(section, bytes, line, line, line, to);
    } else if (byte === SP || byte === HTAB) {
      let colon = i;
      while (colon < to && (bytes[colon] === SP || bytes[colon] === HTAB)) colon++;
      if (colon >= to) return MORE;
      if (bytes[colon] === COLON) {
        if (section.role === 'request')
          return this.#fault(section, bytes, line, 'whitespace-before-colon', i, to);
        // A response is still read: RFC 9112 §5.1 has it removed, not refused.
        const next = this.#value(section, bytes, line, i, colon + 1, to);
        if (next >= 0) this.#report.note('whitespace-before-colon', i);
        return next;
      }
    }
    return this.#fault(
      section,
      bytes,
      line,
      byte === CR && i > line ? crFault(bytes, i) : 'invalid-field-name',
      i,
      to,
    );
  }

  /** Reports a faulty line once it is whole. */
  #fault(
    section: Section,
    bytes: Uint8Array,
    line: number,
    code: ViolationCode,
    i: number,
    to: number,
  ): number {
    const end = lineEnd(bytes, i, to);
    if (end === MORE) return MORE;
    if (!this.#overLimit(section, line, end, false)) this.#report.fail(code, i);
    return FAILED;
  }

  #overLimit(section: Section, line: number, end: number, isField: boolean): boolean {
    if (end - section.base > this.#limits.section) {
      this.#report.fail(this.#limits.sectionCode, section.base + this.#limits.section);
      return true;
    }
    if (isField && section.fieldCount >= this.#limits.fields) {
      this.#report.fail('too-many-fields', line);
      return true;
    }
    return false;
  }
}

/** A name that ends in CR: a line without a colon if LF follows, else a bare CR. */
function crFault(bytes: Uint8Array, i: number): ViolationCode {
  return bytes[i + 1] === LF ? 'invalid-field-name' : 'bare-cr';
}

/** One more field: its name is bytes[line … nameEnd), its value bytes[start … end). */
function addField(
  section: Section,
  bytes: Uint8Array,
  line: number,
  nameEnd: number,
  start: number,
  end: number,
): void {
  const base = section.base;
  const index = section.fieldCount++;
  const at = index * SPANS_PER_FIELD;
  if (at === section.spans.length) section.grow();
  const spans = section.spans;
  spans[at] = line - base;
  spans[at + 1] = nameEnd - base;
  spans[at + 2] = start - base;
  spans[at + 3] = end - base;
  classify(section, bytes, line, nameEnd, index);
}

/** Tells the fields that decide about framing apart by length and first letter, then by every letter. */
function classify(section: Section, bytes: Uint8Array, from: number, to: number, index: number): void {
  const initial = bytes[from]! | 0x20;
  switch (to - from) {
    case 4:
      if (initial === 0x68 && isName(bytes, from, 'host') && ++section.hostFields === 2)
        section.repeatedHost = index;
      return;
    case 10:
      if (initial === 0x63 && isName(bytes, from, 'connection') && section.connectionFields++ === 0) {
        section.connectionField = index;
      }
      return;
    case 14:
      if (initial === 0x63 && isName(bytes, from, 'content-length') && section.lengthFields++ === 0) {
        section.lengthField = index;
      }
      return;
    case 17:
      if (initial === 0x74 && isName(bytes, from, 'transfer-encoding') && section.codingFields++ === 0) {
        section.codingField = index;
      }
      return;
    default:
  }
}

/** The bytes are a token of the same length; OR-ing 0x20 lowers its letters and changes no `-`. */
function isName(bytes: Uint8Array, from: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if ((bytes[from + i]! | 0x20) !== name.charCodeAt(i)) return false;
  return true;
}
