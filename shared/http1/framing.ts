// How the end of a message's content is found: RFC 9112 §6.3, in the order in which it lists its cases.
// Pure: takes what the head says, decides, remembers nothing.

import { isBlank, matches } from './grammar.ts';
import type { Framing, Role } from './types.ts';

/** What the Content-Length fields say: a length ≥ 0, or one of these. */
export const NO_LENGTH = -1;
const INVALID_LENGTH = -2;
export const DIFFERING_LENGTH = -3;

/** What the Transfer-Encoding fields say, as bits. */
export const Coding = { none: 0, present: 1, chunkedLast: 2, chunked: 4, chunkedTwice: 8 } as const;

/** Options of the Connection fields, as bits (RFC 9110 §7.6.1). */
export const ConnectionOption = { none: 0, close: 1, keepAlive: 2 } as const;

/**
 * Takes one Content-Length value into account: digits, or a list of the same digits (RFC 9110 §8.6).
 * @param known what the values before said; NO_LENGTH to begin
 * @returns the length, INVALID_LENGTH (also for more than 2^53 − 1) or DIFFERING_LENGTH
 */
export function addContentLength(known: number, bytes: Uint8Array, from: number, to: number): number {
  if (known < NO_LENGTH) return known;
  let length = known;
  let i = from;
  for (;;) {
    while (i < to && isBlank(bytes[i]!)) i++;
    let value = 0;
    const digits = i;
    while (i < to) {
      const digit = bytes[i]! - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      i++;
    }
    if (i === digits || value > Number.MAX_SAFE_INTEGER) return INVALID_LENGTH;
    while (i < to && isBlank(bytes[i]!)) i++;
    if (length !== NO_LENGTH && length !== value) return DIFFERING_LENGTH;
    length = value;
    if (i === to) return length;
    if (bytes[i] !== 0x2c) return INVALID_LENGTH;
    i++;
  }
}

/** Whether a Content-Length value is a list (then it is worth a note). */
export function isList(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] === 0x2c) return true;
  return false;
}

/** Calls `member` with each non-empty element of a comma-separated list, without parameters. */
function eachElement(
  bytes: Uint8Array,
  from: number,
  to: number,
  member: (from: number, to: number) => void,
): void {
  let i = from;
  while (i < to) {
    let end = i;
    while (end < to && bytes[end] !== 0x2c) end++;
    let first = i;
    while (first < end && isBlank(bytes[first]!)) first++;
    let last = first;
    while (last < end && bytes[last] !== 0x3b && !isBlank(bytes[last]!)) last++;
    if (last > first) member(first, last);
    i = end + 1;
  }
}

/** Takes one Transfer-Encoding value into account (RFC 9112 §6.1). */
export function addTransferCoding(known: number, bytes: Uint8Array, from: number, to: number): number {
  let coding = known | Coding.present;
  eachElement(bytes, from, to, (first, last) => {
    if (!matches(bytes, first, last, 'chunked')) coding &= ~Coding.chunkedLast;
    else if (coding & Coding.chunked) coding |= Coding.chunkedTwice | Coding.chunkedLast;
    else coding |= Coding.chunked | Coding.chunkedLast;
  });
  return coding;
}

/** Takes one Connection value into account. */
export function addConnectionOptions(known: number, bytes: Uint8Array, from: number, to: number): number {
  let options = known;
  eachElement(bytes, from, to, (first, last) => {
    if (matches(bytes, first, last, 'close')) options |= ConnectionOption.close;
    else if (matches(bytes, first, last, 'keep-alive')) options |= ConnectionOption.keepAlive;
  });
  return options;
}

export interface FramingQuestion {
  readonly role: Role;
  /** Responses only. */
  readonly status: number;
  /** The method of the request, or of the request that the response answers. */
  readonly method: string;
  /** Bits of {@link Coding}. */
  readonly coding: number;
  /** A length, or NO_LENGTH and its like. */
  readonly length: number;
}

/**
 * Why this response never has content, whatever its fields say. 101 is not among them: it is an upgrade.
 * RFC 9112 §6.3, case 1.
 */
export function isBodiless(status: number, method: string): boolean {
  return (status < 200 && status !== 101) || status === 204 || status === 304 || method === 'HEAD';
}

/** The framing, or the code of the violation that makes it impossible to tell. */
export function decideFraming(
  question: FramingQuestion,
): Framing | 'unsupported-transfer-coding' | 'invalid-content-length' | 'differing-content-length' {
  const { role, status, method, coding, length } = question;
  if (role === 'response') {
    // 101 and case 2: a 2xx to CONNECT turns the connection into a tunnel.
    if (status === 101 || (method === 'CONNECT' && status >= 200 && status < 300)) return 'upgrade';
    if (isBodiless(status, method)) return 'none';
  } else if (method === 'CONNECT') {
    // It has no content (RFC 9110 §9.3.6); what comes after it is for the tunnel.
    return 'upgrade';
  }
  // Cases 3 and 4: Transfer-Encoding overrides Content-Length.
  if (coding !== Coding.none) {
    if (coding & Coding.chunkedTwice) return 'unsupported-transfer-coding';
    if (coding & Coding.chunkedLast) return 'chunked';
    return role === 'response' ? 'close' : 'unsupported-transfer-coding';
  }
  // Case 5.
  if (length === INVALID_LENGTH) return 'invalid-content-length';
  if (length === DIFFERING_LENGTH) return 'differing-content-length';
  // Cases 6, 7 and 8.
  if (length !== NO_LENGTH) return 'content-length';
  return role === 'response' ? 'close' : 'none';
}
