// The examples of draft-wright-http-partial-upload: a range that is overwritten, and an upload in three segments.

import { NO_HOST, elided, example } from './example.ts';
import type { Example } from './example.ts';
import { segments } from './segments.ts';

const draft = 'draft-wright-http-partial-upload';

export const examples: readonly Example[] = [
  example({
    id: 'partial-upload/overwrite',
    draft,
    role: 'request',
    text: `PATCH /uploads/foo HTTP/1.1
Content-Type: message/byterange
Content-Length: 283
If-Match: "xyzzy"
If-Unmodified-Since: Sat, 29 Oct 1994 19:43:31 GMT

Content-Range: bytes 100-299/600
Content-Type: text/plain
Content-Length: 200

${elided(100, 299)}`,
    mends: [NO_HOST],
  }),
  ...segments(draft, 'partial-upload'),
];
