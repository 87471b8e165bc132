// What the head of a request says of the content behind it: whether the client waits for a 100, how long it is, of what
// type, and what follows it. Refuses only what cannot be expected here.

import { parseExpect } from '../../../shared/fields/expect.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';
import type { Exchange } from './exchange.ts';
import { refuse } from './refuse.ts';

/** RFC 9110 §8.3.1: type "/" subtype, and whatever parameters. */
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+[ \t]*(?:;|$)/;

export function isMediaType(value: string): boolean {
  return MEDIA_TYPE.test(value);
}

/** RFC 9110 §10.1.1. False: answered with 417. What an HTTP/1.0 client expects is ignored. */
export function meetsExpectation(exchange: Exchange): boolean {
  const value = exchange.field('Expect');
  if (value === null || exchange.head.minor === 0) return true;
  const expected = parseExpect(value);
  if (!(expected instanceof FieldFault) && expected.others.length === 0) return true;
  refuse(exchange, 417, `The only expectation that can be met here is 100-continue, not ${value}.`);
  return false;
}

/** Whether the client waits for a 100. A field that is empty expects nothing. */
export function expectsContinue(exchange: Exchange): boolean {
  const expected = parseExpect(exchange.field('Expect'));
  return !(expected instanceof FieldFault) && expected.continue;
}

/** Whether a request announces a field behind its content (RFC 9110 §6.6.2). @param name in lower case */
export function announcesTrailer(exchange: Exchange, name: string): boolean {
  const announced = exchange.field('Trailer')?.toLowerCase().split(',') ?? [];
  return exchange.head.framing === 'chunked' && announced.some((one) => one.trim() === name);
}

/** Bytes of content that a request announces; null: chunked; `none`: it has no content at all. */
export function announcedLength(exchange: Exchange): number | null | 'none' {
  switch (exchange.head.framing) {
    case 'content-length':
      return exchange.head.contentLength;
    case 'chunked':
      return null;
    case 'none':
    case 'close':
    case 'upgrade':
      return exchange.field('Content-Length') === null ? 'none' : 0;
  }
}
