// The rules of resumable uploads, of event streams and of answers that are matched by an id, each with the smallest change
// that breaks it.

import type { Breach } from './breaches.ts';

export const streamBreaches: readonly Breach[] = [
  {
    rule: 'interop-version-not-echoed',
    in: 'ietf',
    change: [['Supported\nUpload-Draft-Interop-Version: 8\n', 'Supported\n']],
    by: 'server',
    at: 'HTTP/1.1 104 Upload Resumption Supported\nLocation',
  },
  {
    rule: 'interop-version-not-echoed',
    in: 'ietf',
    change: [
      ['Supported\nUpload-Draft-Interop-Version: 8\n', 'Supported\nUpload-Draft-Interop-Version: 6\n'],
    ],
    by: 'server',
    at: '6\nLocation',
  },
  {
    rule: 'location-in-append',
    in: 'ietf',
    change: [['Upload-Offset: 8\n', 'Upload-Offset: 8\nLocation: /u/1\n']],
    by: 'server',
    at: '/u/1\n\nHTTP/1.1 200',
  },
  {
    rule: 'conflict-without-offset',
    in: 'ietf',
    change: [['Conflict\nUpload-Offset: 5\n', 'Conflict\n']],
    by: 'server',
    at: 'HTTP/1.1 409',
  },
  {
    rule: 'offset-cacheable',
    in: 'ietf',
    change: [['Cache-Control: no-store\n', 'Cache-Control: max-age=5\n']],
    by: 'server',
    at: '5\nUpload-Complete: ?0',
  },
  {
    rule: 'upload-length-differs',
    in: 'ietf',
    change: [
      [
        'Upload-Offset: 5\nUpload-Complete: ?1\n',
        'Upload-Offset: 5\nUpload-Complete: ?1\nUpload-Length: 11\n',
      ],
    ],
    by: 'client',
    at: '11\nContent-Length: 5',
  },
  {
    rule: 'upload-length-differs',
    in: 'tus',
    change: [['Upload-Offset: 5\nContent', 'Upload-Offset: 5\nUpload-Length: 12\nContent']],
    by: 'client',
    at: '12\nContent-Length: 5',
  },
  {
    rule: 'upload-beyond-length',
    in: 'tus',
    change: [
      ['Content-Length: 5\n\n56789', 'Content-Length: 6\n\n56789a'],
      [
        '204 No Content\nTus-Resumable: 1.0.0\nUpload-Offset: 10',
        '204 No Content\nTus-Resumable: 1.0.0\nUpload-Offset: 11',
      ],
    ],
    by: 'client',
    at: '56789a',
    skip: 5,
  },
  {
    rule: 'tus-version-unsaid',
    in: 'tus',
    change: [['Tus-Resumable: 1.0.0\nContent-Type: application/offset', 'Content-Type: application/offset']],
    by: 'client',
    at: 'PATCH /files/1 HTTP/1.1\nHost: a\nContent-Type',
  },
  {
    rule: 'tus-version-unanswered',
    in: 'tus',
    change: [['201 Created\nTus-Resumable: 1.0.0\n', '201 Created\n']],
    by: 'server',
    at: 'HTTP/1.1 201',
  },
  {
    rule: 'digest-not-met',
    in: 'digests',
    change: [['hello', 'jello']],
    by: 'client',
    at: 'sha-256',
  },
  {
    rule: 'digest-not-met',
    in: 'digests',
    change: [['llo\n0', 'lla\n0']],
    by: 'server',
    at: 'sha-256',
  },
  {
    rule: 'answer-out-of-order',
    in: 'pipelined',
    change: [['200 OK\nRequest-Id: one', '200 OK\nRequest-Id: two']],
    by: 'server',
    at: 'two',
  },
  {
    rule: 'websocket-accept-differs',
    in: 'socket',
    change: [['s3pPLMBiTxaQ9kYGzzhZRbK+xOo=', 's3pPLMBiTxaQ9kYGzzhZRbK+xOp=']],
    by: 'server',
    at: 's3pPLMBiTxaQ9kYGzzhZRbK+xOp=',
  },
  {
    rule: 'event-stream-status',
    in: 'events',
    change: [['200 OK', '201 Created']],
    by: 'server',
    at: 'HTTP/1.1 201',
  },
  {
    rule: 'event-stream-cacheable',
    in: 'events',
    change: [['Cache-Control: no-cache\n', '']],
    by: 'server',
    at: 'HTTP/1.1 200',
  },
];
