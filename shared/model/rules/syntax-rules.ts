// The rules of the syntax, one a line, whose breach the parser of HTTP/1.1 finds (shared/http1). What ended the
// message is an error, what was tolerated a warning. Only the list.

import type { ViolationCode } from '../../http1/types.ts';
import { VIOLATION_SOURCES } from '../../http1/violations.ts';
import { type Rule, rule, type RuleLevel } from './rule.ts';

const LEVELS_AND_WORDS: Readonly<Record<ViolationCode, readonly [RuleLevel, string]>> = {
  'bare-lf': ['warning', 'A line ends in LF alone, not in CRLF.'],
  'obs-fold': ['warning', 'A field value goes on in the next line.'],
  'leading-empty-line': ['warning', 'An empty line comes before the request.'],
  'length-and-transfer-encoding': [
    'warning',
    'The message has both Content-Length and Transfer-Encoding, as smuggled requests do.',
  ],
  'repeated-content-length': ['warning', 'Content-Length is said more than once.'],
  'transfer-encoding-in-http-1.0': ['warning', 'A message of HTTP/1.0 has a Transfer-Encoding.'],
  'transfer-encoding-without-chunked': [
    'warning',
    'The last transfer coding is not chunked: the content ends with the connection.',
  ],
  'missing-reason-space': ['warning', 'The status line lacks the space behind its status code.'],
  'obs-text': ['warning', 'A field value holds bytes beyond ASCII.'],
  'body-after-bodiless': [
    'error',
    'Content follows a response that never has any: 1xx, 204, 304, or the answer to a HEAD.',
  ],
  'interim-to-http-1.0': ['warning', 'An interim response answers a client of HTTP/1.0, which knows none.'],
  'missing-host': ['warning', 'A request of HTTP/1.1 has no Host field.'],
  'repeated-host': ['warning', 'The request has more than one Host field.'],
  'whitespace-after-start-line': ['warning', 'White space comes between the start line and the first field.'],
  'framing-in-interim': ['warning', 'A 1xx or 204 says how long its content is, though it never has any.'],
  'bare-cr': ['error', 'A CR stands without its LF.'],
  'invalid-start-line': ['error', 'The first line is none of HTTP.'],
  'invalid-method': ['error', 'The method is no token.'],
  'invalid-target': ['error', 'The request target holds what no target holds.'],
  'invalid-version': ['error', 'The version is none of HTTP/1.'],
  'invalid-status': ['error', 'The status code is not three digits.'],
  'invalid-field-name': ['error', 'A field name is no token.'],
  'invalid-field-value': ['error', 'A field value holds a control character.'],
  'whitespace-before-colon': ['error', 'White space comes between a field name and its colon.'],
  'invalid-content-length': ['error', 'Content-Length is no length.'],
  'differing-content-length': ['error', 'The message has several Content-Lengths, and they differ.'],
  'unsupported-transfer-coding': [
    'error',
    'The end of the content cannot be told from these transfer codings.',
  ],
  'invalid-chunk-size': ['error', 'A chunk size is not hexadecimal digits.'],
  'chunk-size-overflow': ['error', 'A chunk size is beyond 2^53 − 1.'],
  'invalid-chunk-extension': ['error', 'A chunk extension holds what none holds.'],
  'missing-chunk-end': ['error', 'No CRLF follows the data of a chunk.'],
  'start-line-too-long': ['error', 'The start line is longer than is read.'],
  'head-too-large': ['error', 'The head is larger than is read.'],
  'too-many-fields': ['error', 'The head has more fields than are read.'],
  'trailers-too-large': ['error', 'The trailers are larger than is read.'],
  'chunk-extension-too-long': ['error', 'A chunk extension is longer than is read.'],
  'unexpected-response': ['error', 'Bytes come from the server while no request awaits an answer.'],
  'closed-before-head': ['info', 'The connection ended within a head.'],
  'closed-in-body': ['info', 'The connection ended within the content.'],
};

export const SYNTAX_RULES = Object.fromEntries(
  Object.entries(LEVELS_AND_WORDS).map(([code, [level, says]]) => [
    code,
    rule(level, VIOLATION_SOURCES[code as ViolationCode], says),
  ]),
) as Readonly<Record<ViolationCode, Rule>>;
