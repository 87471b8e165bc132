// The two overwrites that both drafts about byte-range PATCH show alike: two ranges as multipart, one range alone.

import { NO_HOST, bytesOf, elided, example } from './example.ts';
import type { DocumentExample, Draft, Example } from './example.ts';

/** @param prefix of the ids */
export function ranges(draft: Draft, prefix: string): Example[] {
  return [
    example({
      id: `${prefix}/two-ranges`,
      draft,
      role: 'request',
      text: `PATCH /uploads/foo HTTP/1.1
Content-Type: multipart/byteranges; boundary=THIS_STRING_SEPARATES
Content-Length: 206
If-Match: "xyzzy"
If-Unmodified-Since: Sat, 29 Oct 1994 19:43:31 GMT

--THIS_STRING_SEPARATES
Content-Range: bytes 2-6/25
Content-Type: text/plain

23456
--THIS_STRING_SEPARATES
Content-Range: bytes 17-21/25
Content-Type: text/plain

78901
--THIS_STRING_SEPARATES--`,
      mends: [
        NO_HOST,
        [
          'Content-Length: 206\r\n',
          'Content-Length: 205\r\n',
          'The content is 205 bytes long, or 207 with a line end behind it, never 206: as it is, it counts as cut short.',
        ],
      ],
    }),
    example({
      id: `${prefix}/one-range`,
      draft,
      role: 'request',
      text: `PATCH /uploads/foo HTTP/1.1
Content-Type: message/byterange
Content-Length: 272
If-Match: "xyzzy"
If-Unmodified-Since: Sat, 29 Oct 1994 19:43:31 GMT

Content-Range: bytes 100-299/600
Content-Type: text/plain

${elided(100, 299)}`,
      mends: [
        NO_HOST,
        [
          'Content-Length: 272\r\n',
          'Content-Length: 262\r\n',
          'The content is 262 bytes long, not 272: as it is, it counts as cut short.',
        ],
      ],
    }),
  ];
}

/** What the text begins with: four bytes into a document of the ten digits and a line end. */
export function wxyz(draft: Draft): DocumentExample {
  return {
    draft,
    mediaType: 'message/byterange',
    bytes: bytesOf('Content-Range: bytes 2-5/12\r\n\r\nwxyz'),
  };
}
