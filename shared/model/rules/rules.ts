// Every rule whose breach is noted, one a line: how severe it is, whose rule it is, and what a person reads.
// Only the list: where a breach is found stands in the other files of this folder, and in http1/ for the syntax.

import { FRAME_RULES, STREAM_RULES } from './message-rules.ts';
import { SYNTAX_RULES } from './syntax-rules.ts';
import { type Rule, rule } from './rule.ts';

const PROGRESS = 'draft-wright-http-progress';
const RESUME = 'draft-wright-http-resume-request';
const PARTIAL = 'draft-wright-http-partial-upload';
const PATCH = 'draft-ietf-httpapi-patch-byterange';
const UPLOAD = 'draft-ietf-httpbis-resumable-upload';
const TUS = 'tus 1.0.0';

/** Told of an operation's progress. */
const PROGRESS_RULES = {
  'progress-malformed': rule('warning', PROGRESS, 'Progress is no fraction with remarks.'),
  'progress-decreasing': rule('error', PROGRESS, 'The numerator of Progress is less than it was.'),
  'progress-beyond-denominator': rule(
    'error',
    PROGRESS,
    'The denominator of Progress is below its numerator.',
  ),
  'progress-denominator-vanished': rule(
    'warning',
    PROGRESS,
    'The denominator of Progress is gone, after it had been told.',
  ),
  'progress-after-end': rule('info', PROGRESS, 'Progress changes after it had reached its end.'),
  'final-progress-incomplete': rule(
    'info',
    PROGRESS,
    'The final response tells a Progress that is not n/n, as it is in the examples.',
  ),
  'progress-in-101': rule(
    'warning',
    PROGRESS,
    'A 101 carries Progress or Status-URI: what is meant is 102 Processing.',
  ),
  'unknown-charset': rule(
    'warning',
    'RFC 8187 §3.2',
    'A remark of Progress is in a charset that is not known, or not valid in it.',
  ),
  'quoted-string-beyond-ascii': rule(
    'warning',
    PROGRESS,
    'A quoted remark of Progress holds bytes beyond ASCII: that is what an ext-value is for.',
  ),
  'malformed-status-uri': rule('warning', PROGRESS, 'Status-URI is no list of statuses and <references>.'),
} as const;

/** Told of where things are. */
const LOCATION_RULES = {
  'accepted-elsewhere': rule(
    'warning',
    PROGRESS,
    'The Location of the 202 is not that of the 102 before it.',
  ),
  'accepted-without-location': rule(
    'warning',
    PROGRESS,
    'A 202 to respond-async has no Location: nobody can follow the work.',
  ),
  'processing-without-location': rule(
    'info',
    PROGRESS,
    'The first 102 to a request that prefers processing names no status document.',
  ),
  'bracketed-location': rule('warning', 'RFC 9110 §10.2.2', 'A location is written in < >.'),
  'malformed-location': rule(
    'warning',
    'RFC 9110 §10.2.2',
    'A location is no reference that can be resolved.',
  ),
  'request-content-location-unasked': rule(
    'info',
    RESUME,
    'Request-Content-Location answers a request that neither expects 100-continue nor prefers resume.',
  ),
  'malformed-document': rule('error', 'RFC 9112 §10.1', 'The message/http document is no whole response.'),
} as const;

/** Told of how a request is answered. */
const ANSWER_RULES = {
  'malformed-prefer': rule('warning', 'RFC 7240 §2', 'Prefer cannot be read.'),
  'preference-not-sent': rule('warning', 'RFC 7240 §3', 'A preference was applied that nobody had sent.'),
  'many-interim-responses': rule(
    'info',
    'seen in practice',
    'More than ten interim responses to one request: some proxies drop them, or the whole answer.',
  ),
  'continue-not-expected': rule(
    'info',
    'RFC 9110 §15.2.1',
    'A 100 that says nothing answers a request that does not expect it.',
  ),
  'early-success': rule(
    'warning',
    'RFC 9110 §15.3',
    'A final 2xx comes before all content of the request had arrived.',
  ),
  'digest-not-met': rule(
    'error',
    'RFC 9530 §2',
    'The content is not what its head says that it hashes to, by SHA-256.',
  ),
  'answer-out-of-order': rule(
    'error',
    'RFC 9112 §9.3.2',
    'An answer has the Request-Id of another request than the one that awaits it.',
  ),
  'method-not-allowed-without-allow': rule('warning', 'RFC 9110 §15.5.6', 'A 405 has no Allow field.'),
  'patch-refused-without-accept-patch': rule(
    'info',
    'RFC 5789 §2.2',
    'A 415 to a PATCH does not tell by Accept-Patch which types are taken.',
  ),
  'unauthorized-without-challenge': rule(
    'warning',
    'RFC 9110 §15.5.2',
    'A 401 has no WWW-Authenticate field.',
  ),
} as const;

/** Told of ranges, in responses and in the parts of a byte-range patch. */
const RANGE_RULES = {
  'malformed-range': rule('warning', 'RFC 9110 §14.2', 'Range cannot be read.'),
  'malformed-content-range': rule('error', 'RFC 9110 §14.4', 'Content-Range cannot be read.'),
  'range-beyond-length': rule(
    'error',
    'RFC 9110 §14.4',
    'A Content-Range goes beyond the complete length that it tells.',
  ),
  'unknown-range-unit': rule(
    'info',
    'RFC 9110 §14.1',
    'A range is in another unit than bytes: it is not followed here.',
  ),
  'missing-range-unit': rule('warning', 'RFC 9110 §14.4', 'Content-Range lacks its unit; bytes are meant.'),
  'range-length-differs': rule(
    'error',
    'RFC 9110 §15.3.7',
    'The Content-Length of a 206 is not that of its Content-Range.',
  ),
  'partial-without-range': rule(
    'error',
    'RFC 9110 §15.3.7',
    'A 206 does not say by Content-Range which part it is.',
  ),
  'partial-not-asked': rule('error', 'RFC 9110 §15.3.7', 'A 206 answers a request without Range.'),
  'partial-elsewhere': rule(
    'error',
    'RFC 9110 §15.3.7',
    'A 206 holds bytes before the first or behind the last one that Range asked for.',
  ),
  'unsatisfied-without-length': rule(
    'warning',
    'RFC 9110 §15.5.17',
    'A 416 does not tell the length by Content-Range: bytes */N.',
  ),
  'incomplete-without-length': rule(
    'warning',
    PARTIAL,
    'The answer to a HEAD does not tell how much of the upload is there.',
  ),
} as const;

/** Told of the parts of a byte-range patch. */
const PART_RULES = {
  'malformed-part': rule('error', PATCH, 'A part cannot be read.'),
  'invalid-part-range': rule('error', PATCH, 'The range of a part cannot be read, or cannot be.'),
  'part-with-range-and-offset': rule('error', PATCH, 'A part has both Content-Range and Content-Offset.'),
  'part-without-range': rule('error', PATCH, 'A part does not say which bytes it is.'),
  'part-length-differs': rule(
    'error',
    PATCH,
    'The Content-Length of a part is not that of its Content-Range.',
  ),
  'part-too-long': rule('error', PATCH, 'A part goes on behind its announced end.'),
  'part-head-too-large': rule('error', PATCH, 'The head of a part is larger than is read.'),
  'too-many-parts': rule('error', PATCH, 'There are more parts than are read.'),
  'multipart-without-boundary': rule(
    'warning',
    'RFC 2046 §5.1.1',
    'The Content-Type of a multipart patch tells no boundary.',
  ),
  'boundary-in-body': rule(
    'info',
    'RFC 2046 §5.1.1',
    'The body of a part holds the boundary: only its Content-Length tells where it ends.',
  ),
} as const;

/** Told of what an upload has stored, and of what is said of it. */
const UPLOAD_RULES = {
  'malformed-acknowledge': rule('warning', RESUME, 'Acknowledge is no number of bytes.'),
  'offset-backwards': rule('error', RESUME, 'The server tells less than it had told it has.'),
  'acknowledged-beyond-received': rule('error', RESUME, 'The server tells more than it can have received.'),
  'uninitialised-disclosed': rule(
    'error',
    PATCH,
    'The server sends bytes of a place where nothing ever arrived, and they are not zero.',
  ),
  'bytes-overwritten': rule('info', PATCH, 'A PATCH writes where bytes had already arrived.'),
  'resume-gap': rule('warning', PATCH, 'The upload goes on behind the offset that the server told: a gap.'),
} as const;

/** Told of resumable uploads at the IETF and in tus. */
const RESUMABLE_RULES = {
  'interop-version-not-echoed': rule(
    'warning',
    UPLOAD,
    'A 104 does not tell the interop version of the request: its client ignores it.',
  ),
  'location-in-append': rule('warning', UPLOAD, 'A 104 to an append has a Location, which none may have.'),
  'conflict-without-offset': rule('warning', UPLOAD, 'A 409 to an append does not tell the right offset.'),
  'offset-cacheable': rule('info', UPLOAD, 'The answer that tells an offset may be stored by a cache.'),
  'upload-length-differs': rule('warning', UPLOAD, 'The length of an upload is told to be two things.'),
  'upload-beyond-length': rule('error', UPLOAD, 'An upload goes on behind the length that it told.'),
  'tus-version-unsaid': rule('warning', TUS, 'A request of tus has no Tus-Resumable.'),
  'tus-version-unanswered': rule('warning', TUS, 'The answer to a request of tus has no Tus-Resumable.'),
} as const;

/** Of the notes themselves. */
const OWN_RULES = {
  'notes-left-out': rule('info', 'one rule, one exchange', 'More of the same in this exchange is not noted.'),
  'events-left-out': rule(
    'info',
    'an exchange without end',
    'More events came of this exchange than are shown: from here on one in two, then one in four, and so on. The others are counted, not kept.',
  ),
} as const;

export const RULES = {
  ...SYNTAX_RULES,
  ...PROGRESS_RULES,
  ...LOCATION_RULES,
  ...ANSWER_RULES,
  ...RANGE_RULES,
  ...PART_RULES,
  ...UPLOAD_RULES,
  ...RESUMABLE_RULES,
  ...FRAME_RULES,
  ...STREAM_RULES,
  ...OWN_RULES,
} as const;

export type RuleId = keyof typeof RULES;

/** Rules about the cuts themselves: told by the exchange and by the close, which know who did it; never noted. */
export const NEVER_NOTED: ReadonlySet<RuleId> = new Set<RuleId>(['closed-before-head', 'closed-in-body']);

/** The rule of that id; null for a text that is none (a session of a newer version). */
export function findRule(id: string): Rule | null {
  return Object.hasOwn(RULES, id) ? RULES[id as RuleId] : null;
}
