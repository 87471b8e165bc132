// The segmented upload of 600 bytes that three of the drafts show alike, in three PATCHes of 200 bytes.

import { NO_HOST, elided, example } from './example.ts';
import type { Draft, Example, Mend } from './example.ts';

const CREATES_AGAIN: Mend = [
  'If-None-Match: *\r\n',
  '',
  'If-None-Match: * would fail here: the first segment has created the resource (RFC 9110 §13.1.2).',
];
const SECOND_AGAIN: Mend = [
  `bytes 200-399/600\r\nContent-Type: text/plain\r\nContent-Length: 200\r\n\r\n${elided(200, 399)}`,
  `bytes 400-599/600\r\nContent-Type: text/plain\r\nContent-Length: 200\r\n\r\n${elided(400, 599)}`,
  'The third segment is to complete the document, and yet names the range of the second.',
];

/** @param prefix of the ids */
export function segments(draft: Draft, prefix: string): Example[] {
  return [
    segment(draft, `${prefix}/first-segment`, 281, 0, [NO_HOST]),
    segment(draft, `${prefix}/second-segment`, 283, 200, [NO_HOST, CREATES_AGAIN]),
    segment(draft, `${prefix}/third-segment`, 283, 200, [NO_HOST, CREATES_AGAIN, SECOND_AGAIN]),
  ];
}

function segment(draft: Draft, id: string, length: number, first: number, mends: readonly Mend[]): Example {
  return example({
    id,
    draft,
    role: 'request',
    text: `PATCH /uploads/foo HTTP/1.1
Content-Type: message/byterange
Content-Length: ${length}
If-None-Match: *

Content-Range: bytes ${first}-${first + 199}/600
Content-Type: text/plain
Content-Length: 200

${elided(first, first + 199)}`,
    mends,
  });
}
