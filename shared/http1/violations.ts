// Every way in which a message can break the rules: whose rule it is. Whether one is tolerated (a note) or fatal (an
// error) is decided where it is found; the side at fault is whoever wrote the stream.

import type { Role, Violation, ViolationCode } from './types.ts';

/** By code: the rule's source. */
export const VIOLATION_SOURCES: Readonly<Record<ViolationCode, string>> = {
  'bare-lf': 'RFC 9112 §2.2',
  'obs-fold': 'RFC 9112 §5.2',
  'leading-empty-line': 'RFC 9112 §2.2',
  'length-and-transfer-encoding': 'RFC 9112 §6.3',
  'repeated-content-length': 'RFC 9110 §8.6',
  'transfer-encoding-in-http-1.0': 'RFC 9112 §6.1',
  'transfer-encoding-without-chunked': 'RFC 9112 §6.3',
  'missing-reason-space': 'RFC 9112 §4',
  'obs-text': 'RFC 9110 §5.5',
  'body-after-bodiless': 'RFC 9112 §6.3',
  'interim-to-http-1.0': 'RFC 9110 §15.2',
  'missing-host': 'RFC 9112 §3.2',
  'repeated-host': 'RFC 9112 §3.2',
  'whitespace-after-start-line': 'RFC 9112 §2.2',
  'framing-in-interim': 'RFC 9110 §8.6, RFC 9112 §6.1',
  'bare-cr': 'RFC 9112 §2.2',
  'invalid-start-line': 'RFC 9112 §2.1',
  'invalid-method': 'RFC 9112 §3.1',
  'invalid-target': 'RFC 9112 §3.2',
  'invalid-version': 'RFC 9112 §2.3',
  'invalid-status': 'RFC 9112 §4',
  'invalid-field-name': 'RFC 9110 §5.1',
  'invalid-field-value': 'RFC 9110 §5.5',
  'whitespace-before-colon': 'RFC 9112 §5.1',
  'invalid-content-length': 'RFC 9112 §6.3',
  'differing-content-length': 'RFC 9112 §6.3',
  'unsupported-transfer-coding': 'RFC 9112 §6.1',
  'invalid-chunk-size': 'RFC 9112 §7.1',
  'chunk-size-overflow': 'RFC 9112 §7.1',
  'invalid-chunk-extension': 'RFC 9112 §7.1.1',
  'missing-chunk-end': 'RFC 9112 §7.1',
  'start-line-too-long': 'RFC 9112 §3',
  'head-too-large': 'RFC 9110 §5.4',
  'too-many-fields': 'RFC 9110 §5.4',
  'trailers-too-large': 'RFC 9110 §5.4',
  'chunk-extension-too-long': 'RFC 9112 §7.1.1',
  'unexpected-response': 'RFC 9112 §9.2',
  'closed-before-head': 'RFC 9112 §8',
  'closed-in-body': 'RFC 9112 §8',
};

/** @param at absolute byte offset of the first offending byte */
export function violation(code: ViolationCode, at: number, role: Role): Violation {
  return { code, at, side: role === 'request' ? 'client' : 'server', rfc: VIOLATION_SOURCES[code] };
}
