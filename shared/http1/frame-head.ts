// What the fields of a head mean for its content and its connection: gathers what framing.ts decides about, and
// notes what was tolerated. Never touches a byte behind the head.

import {
  Coding,
  ConnectionOption,
  DIFFERING_LENGTH,
  NO_LENGTH,
  addConnectionOptions,
  addContentLength,
  addTransferCoding,
  decideFraming,
  isBodiless,
  isList,
} from './framing.ts';
import { SPANS_PER_FIELD } from './head.ts';
import type { Section } from './head.ts';
import type { Report } from './lines.ts';

function noteHost(head: Section, report: Report): void {
  if (head.hostFields === 0 && head.minor === 1) report.note('missing-host', head.base);
  if (head.hostFields > 1) report.note('repeated-host', nameOf(head, head.repeatedHost));
}

function nameOf(section: Section, field: number): number {
  return section.base + section.spans[field * SPANS_PER_FIELD]!;
}

/**
 * Decides about framing and persistence, with what is worth a note.
 * @param method of the request, or of the request that the response answers
 * @returns false after a violation, which was reported
 */
export function frameHead(head: Section, method: string, report: Report): boolean {
  if (head.role === 'request') noteHost(head, report);
  const { status } = head;
  if (
    head.role === 'response' &&
    status < 200 &&
    status !== 101 &&
    head.lengthFields + head.codingFields + head.connectionFields === 0
  ) {
    // The most frequent head of all has nothing to decide.
    head.framing = 'none';
    head.contentLength = -1;
    head.keepAlive = head.minor === 1;
    return true;
  }
  let length = NO_LENGTH;
  let coding: number = Coding.none;
  let options: number = ConnectionOption.none;
  let lengthAt = -1;
  let repeatedAt = -1;
  const { bytes, base, spans } = head;
  for (
    let field = head.lengthField;
    field >= 0;
    field = head.nextField(field, 'content-length', head.lengthFields)
  ) {
    const from = base + spans[field * SPANS_PER_FIELD + 2]!;
    const to = base + spans[field * SPANS_PER_FIELD + 3]!;
    if (length >= NO_LENGTH) lengthAt = from;
    if (field > head.lengthField || isList(bytes, from, to)) repeatedAt = nameOf(head, field);
    length = addContentLength(length, bytes, from, to);
  }
  for (
    let field = head.codingField;
    field >= 0;
    field = head.nextField(field, 'transfer-encoding', head.codingFields)
  ) {
    const at = field * SPANS_PER_FIELD;
    coding = addTransferCoding(coding, bytes, base + spans[at + 2]!, base + spans[at + 3]!);
  }
  for (
    let field = head.connectionField;
    field >= 0;
    field = head.nextField(field, 'connection', head.connectionFields)
  ) {
    const at = field * SPANS_PER_FIELD;
    options = addConnectionOptions(options, bytes, base + spans[at + 2]!, base + spans[at + 3]!);
  }
  const framing = decideFraming({ role: head.role, status: head.status, method, coding, length });
  switch (framing) {
    case 'unsupported-transfer-coding':
      report.fail(framing, nameOf(head, head.codingField));
      return false;
    case 'invalid-content-length':
    case 'differing-content-length':
      report.fail(framing, lengthAt);
      return false;
    default:
  }
  const bodiless = head.role === 'response' && isBodiless(head.status, method);
  if (bodiless && (head.status < 200 || head.status === 204)) {
    // RFC 9110 §8.6, RFC 9112 §6.1: neither field in a 1xx or 204.
    const field = head.lengthFields > 0 ? head.lengthField : head.codingField;
    if (field >= 0) report.note('framing-in-interim', nameOf(head, field));
  }
  if (repeatedAt >= 0 && length !== DIFFERING_LENGTH) report.note('repeated-content-length', repeatedAt);
  if (coding !== Coding.none) {
    if (head.lengthFields > 0) report.note('length-and-transfer-encoding', nameOf(head, head.lengthField));
    if (head.minor === 0) report.note('transfer-encoding-in-http-1.0', nameOf(head, head.codingField));
    if (!(coding & Coding.chunkedLast)) {
      report.note('transfer-encoding-without-chunked', nameOf(head, head.codingField));
    }
  }
  head.framing = framing;
  head.contentLength = framing === 'content-length' ? length : -1;
  // RFC 9112 §9.3; faulty framing ends the connection too (§6.1).
  head.keepAlive =
    framing !== 'close' &&
    framing !== 'upgrade' &&
    !(options & ConnectionOption.close) &&
    (head.minor === 1 || (options & ConnectionOption.keepAlive) !== 0) &&
    !(coding !== Coding.none && (head.minor === 0 || head.lengthFields > 0));
  return true;
}
