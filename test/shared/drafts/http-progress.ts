// The examples of draft-wright-http-progress: a capture that is answered in time, one that goes on in the background, and
// the request that follows it. The text once says 101 Processing where it means 102; no example does.

import { NO_HOST, bracketed, example, fieldExample } from './example.ts';
import type { Example, FieldExample, Mend } from './example.ts';

const draft = 'draft-wright-http-progress';

const OTHER_STATUS: Mend = [
  'ocation: /status\r\n',
  'ocation: ?request=42\r\n',
  'The 102 and the 202 name </status>, while the client then asks for ?request=42, as the first answer had it.',
];

export const examples: readonly Example[] = [
  example({
    id: 'progress/capture',
    draft,
    role: 'request',
    text: `POST http://example.com/capture HTTP/1.1
Prefer: processing, respond-async, wait=20

`,
    mends: [NO_HOST],
  }),
  example({
    id: 'progress/captured',
    draft,
    role: 'response',
    answers: 'progress/capture',
    text: `HTTP/1.1 102 Processing
Location: <?request=42>
Progress: 0/3 "Herding cats"

HTTP/1.1 102 Processing
Progress: 1/3 "Knitting sweaters"

HTTP/1.1 102 Processing
Progress: 2/3 "Slaying dragons"

HTTP/1.1 201 Created
Progress: 3/3 "Available"
Location: </photos/42>
Content-Location: <?request=42>
Content-Type: text/plain

The photographer uploaded your image to:
  <http://example.com/photos/42>`,
    mends: [
      bracketed('Location', '?request=42'),
      bracketed('Location', '/photos/42'),
      bracketed('Content-Location', '?request=42'),
    ],
  }),
  example({
    id: 'progress/accepted',
    draft,
    role: 'response',
    answers: 'progress/capture',
    text: `HTTP/1.1 102 Processing
Progress: 0/3 "Herding cats"
Location: </status>

HTTP/1.1 102 Processing
Progress: 1/3 "Knitting sweaters"

HTTP/1.1 202 Accepted
Location: </status>
Content-Location: </status>
Content-Type: text/plain

The photographer is on step 2: Knitting sweaters`,
    mends: [bracketed('Location', '/status'), bracketed('Content-Location', '/status'), OTHER_STATUS],
  }),
  example({
    id: 'progress/follow',
    draft,
    role: 'request',
    text: `GET http://example.com/capture?request=42 HTTP/1.1
Prefer: processing, respond-async, wait=20

`,
    mends: [NO_HOST],
  }),
  example({
    id: 'progress/followed',
    draft,
    role: 'response',
    answers: 'progress/follow',
    text: `HTTP/1.1 102 Processing
Progress: 1/3 "Knitting sweaters"

HTTP/1.1 102 Processing
Progress: 2/3 "Slaying dragons"

HTTP/1.1 200 OK
Progress: 3/3 "Available"
Status-URI: 201 </capture>
Content-Type: text/plain

The photographer uploaded your image to:
  <http://example.com/photos/42>`,
  }),
];

const LABEL: Mend = [
  'utf-8',
  'UTF-8',
  'The label of a charset is read in any case (RFC 8187 §3.2.1) and written in capitals.',
];
const LOWER_CASE_HEX: Mend = [
  '%e9%a3%9f%e3%81%b9%e3%81%a6',
  '%E9%A3%9F%E3%81%B9%E3%81%A6',
  'The digits of a percent-encoding are read in any case (RFC 3986 §2.1) and written in capitals.',
];

export const fieldExamples: readonly FieldExample[] = [
  fieldExample(draft, 'Progress', '0/1'),
  fieldExample(draft, 'Progress', "66/ (tries) utf-8'en'Generating%20prime%20number", [LABEL]),
  fieldExample(draft, 'Progress', "5/16 UTF-8'ja-JP'%e9%a3%9f%e3%81%b9%e3%81%a6", [LOWER_CASE_HEX]),
  fieldExample(draft, 'Progress', '3/20 "POST http://example.com/item/3" 8020/8591489 (bytes)'),
  fieldExample(draft, 'Status-URI', '507 <http://example.com/photo/41>'),
  fieldExample(draft, 'Status-URI', '200 <http://example.com/capture>'),
  fieldExample(draft, 'Prefer', 'processing'),
  fieldExample(draft, 'Prefer', 'processing, respond-async, wait=20'),
];
