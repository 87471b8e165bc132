// Clean exchanges, as text: what each rule is tried on. A breach is one replacement in one of them.

import type { End } from '../../../../shared/capture/records.ts';

/**
 * `C` and `S`: the client and the server send this; `open`: a connection is opened; `cut`: it is reset at both ends.
 * Lines end in CRLF where the text has LF; ␊ is a bare LF, ␍ a bare CR; ⟦89 00⟧ are bytes as they are.
 */
export type Event = readonly ['C' | 'S', string] | readonly ['open'] | readonly ['cut'];

export interface Scenario {
  readonly name: string;
  readonly events: readonly Event[];
}

export function wire(text: string): string {
  return text.replaceAll('\n', '\r\n').replaceAll('␊', '\n').replaceAll('␍', '\r');
}

/** The bytes of a text that {@link wire} made. */
export function encoded(text: string): Uint8Array {
  const pieces = text.split(/⟦([0-9a-f ]*)⟧/);
  const bytes = pieces.map((piece, i) =>
    i % 2 === 0
      ? new TextEncoder().encode(piece)
      : Uint8Array.from(piece.split(' '), (byte) => Number.parseInt(byte, 16)),
  );
  return Uint8Array.from(bytes.flatMap((piece) => [...piece]));
}

export const senderOf: Readonly<Record<'C' | 'S', End>> = { C: 'client', S: 'server' };

function scenario(name: string, ...events: Event[]): Scenario {
  return { name, events: [['open'], ...events] };
}

/** A message with content, and the length of it said. */
export function sized(head: string, content: string): string {
  return `${head}\nContent-Length: ${wire(content).length}\n\n${content}`;
}

/** message/byterange, said as a request for /uploads/foo. Its parts' content has no line ends. */
function patch(range: string, content: string, fields = ''): string {
  const part = `Content-Range: ${range}\nContent-Length: ${content.length}\n\n${content}`;
  return sized(
    `PATCH /uploads/foo HTTP/1.1\nHost: a\nContent-Type: message/byterange\n${fields}`.trimEnd(),
    part,
  );
}

const INCOMPLETE = 'HTTP/1.1 299 Incomplete Content';
const CREATED = 'HTTP/1.1 201 Created\nContent-Length: 0\n\n';
const document = 'HTTP/1.1 201 Created\nLocation: /items/1\nContent-Length: 2\n\nok';

const APPEND =
  'PATCH /u/1 HTTP/1.1\nHost: a\nUpload-Draft-Interop-Version: 8\nContent-Type: application/partial-upload\n';
const TUS_PATCH =
  'PATCH /files/1 HTTP/1.1\nHost: a\nTus-Resumable: 1.0.0\nContent-Type: application/offset+octet-stream\n';

export const PARTS_HEAD =
  'PATCH /uploads/foo HTTP/1.1\nHost: a\nContent-Type: multipart/byteranges; boundary=xyz\nIf-Match: "v1"';
export const PARTS =
  '--xyz\nContent-Range: bytes 2-5/25\nContent-Length: 4\n\n2345\n--xyz\nContent-Range: bytes 17-21/25\n\n78901\n--xyz--\n';

export const scenarios = {
  get: scenario(
    'a GET and its answer',
    ['C', 'GET / HTTP/1.1\nHost: a\nAccept: */*\n\n'],
    ['S', sized('HTTP/1.1 200 OK\nServer: one', 'hello')],
    ['C', 'GET /two HTTP/1.1\nHost: a\n\n'],
    ['S', sized('HTTP/1.1 200 OK', 'hello')],
  ),
  single: scenario(
    'one GET and its answer',
    ['C', 'GET / HTTP/1.1\nHost: a\nAccept: */*\n\n'],
    ['S', sized('HTTP/1.1 200 OK\nServer: one', 'hello')],
  ),
  chunked: scenario(
    'chunked content in both directions',
    ['C', 'POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5;x=y\nhello\n0\nA: b\n\n'],
    ['S', 'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n0\nA: b\n\n'],
  ),
  post: scenario(
    'a POST with content',
    ['C', sized('POST /items HTTP/1.1\nHost: a', 'hello')],
    ['S', 'HTTP/1.1 201 Created\nLocation: /items/1\nContent-Length: 0\n\n'],
    ['C', 'HEAD /items/1 HTTP/1.1\nHost: a\n\n'],
    ['S', 'HTTP/1.1 204 No Content\n\n'],
    ['C', 'GET /items/2 HTTP/1.1\nHost: a\n\n'],
    ['S', sized('HTTP/1.1 200 OK', 'two')],
  ),
  slow: scenario(
    'a POST whose content comes in two pieces',
    ['C', 'POST /items HTTP/1.1\nHost: a\nContent-Length: 10\n\nhello'],
    ['C', 'world'],
    ['S', CREATED],
  ),
  old: scenario(
    'a client of HTTP/1.0',
    ['C', 'GET / HTTP/1.0\nConnection: keep-alive\n\n'],
    ['S', sized('HTTP/1.1 200 OK\nConnection: keep-alive', 'hello')],
  ),
  processing: scenario(
    'a job whose progress is told',
    ['C', sized('POST /capture HTTP/1.1\nHost: a\nPrefer: processing, respond-async, wait=20', 'x')],
    ['S', 'HTTP/1.1 102 Processing\nLocation: /capture?request=42\nProgress: 0/3 "Herding cats"\n\n'],
    ['S', 'HTTP/1.1 102 Processing\nProgress: 1/3 "Knitting sweaters"\nStatus-URI: 204 </photos/1>\n\n'],
    ['S', "HTTP/1.1 102 Processing\nProgress: 2/3 UTF-8'en'Slaying%20dragons\n\n"],
    ['S', sized('HTTP/1.1 201 Created\nProgress: 3/3 "Available"\nLocation: /photos/42', 'done')],
    ['C', 'GET /capture?request=42 HTTP/1.1\nHost: a\nPrefer: processing\n\n'],
    ['S', sized('HTTP/1.1 200 OK\nProgress: 3/3 "Available"\nStatus-URI: 201 </photos/42>', 'done')],
  ),
  plain: scenario(
    'a job whose progress is numbers',
    ['C', sized('POST /capture HTTP/1.1\nHost: a\nPrefer: processing', 'x')],
    ['S', 'HTTP/1.1 102 Processing\nLocation: /capture?request=42\nProgress: 0/10\n\n'],
    ['S', 'HTTP/1.1 102 Processing\nProgress: 4/10\n\n'],
    ['S', 'HTTP/1.1 102 Processing\nProgress: 5/10 "half"\n\n'],
    ['S', 'HTTP/1.1 102 Processing\nProgress: 6/10\n\n'],
    ['S', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
  ),
  accepted: scenario(
    'a job that goes on in the background',
    ['C', sized('POST /capture HTTP/1.1\nHost: a\nPrefer: processing, respond-async, wait=1', 'x')],
    ['S', 'HTTP/1.1 102 Processing\nLocation: /status\nProgress: 0/3\n\n'],
    ['S', sized('HTTP/1.1 202 Accepted\nLocation: /status\nContent-Location: /status', 'step 1')],
    ['C', 'GET /status HTTP/1.1\nHost: a\n\n'],
    ['S', sized('HTTP/1.1 200 OK\nProgress: 1/3\nRetry-After: 1', 'step 2')],
    ['C', 'GET /status HTTP/1.1\nHost: a\nPrefer: processing, respond-async\n\n'],
    ['S', 'HTTP/1.1 102 Processing\nProgress: 1/3\n\n'],
    ['S', sized('HTTP/1.1 200 OK\nProgress: 3/3\nStatus-URI: 201 </capture>', 'done')],
  ),
  async: scenario(
    'a job that nobody follows',
    ['C', sized('POST /capture HTTP/1.1\nHost: a\nPrefer: respond-async', 'x')],
    ['S', 'HTTP/1.1 202 Accepted\nLocation: /status\nContent-Length: 0\n\n'],
  ),
  resumed: scenario(
    'an upload that was cut, and resumed',
    [
      'C',
      'POST /collection HTTP/1.1\nHost: a\nExpect: 100-continue\nPrefer: resume, acknowledge\nContent-Length: 20\n\n',
    ],
    [
      'S',
      'HTTP/1.1 100 Continue\nRequest-Content-Location: /job/1.req\nResponse-Message-Location: /job/1.res\n\n',
    ],
    ['C', '01234567'],
    ['S', 'HTTP/1.1 100 Continue\nAcknowledge: 4\n\n'],
    ['S', 'HTTP/1.1 100 Continue\nAcknowledge: 8\n\n'],
    ['cut'],
    ['open'],
    ['C', 'HEAD /job/1.req HTTP/1.1\nHost: a\n\n'],
    ['S', `${INCOMPLETE}\nContent-Length: 8\n\n`],
    ['C', patch('bytes 8-19/20', '89abcdefghij').replace('/uploads/foo', '/job/1.req')],
    ['S', CREATED],
    ['C', 'GET /job/1.res HTTP/1.1\nHost: a\n\n'],
    [
      'S',
      `HTTP/1.1 200 OK\nContent-Type: message/http\nContent-Length: ${wire(document).length}\n\n${document}`,
    ],
  ),
  segments: scenario(
    'an upload in segments',
    ['C', patch('bytes 0-3/12', '0123', 'If-None-Match: *\nPrefer: transaction=persist\n')],
    ['S', 'HTTP/1.1 103 Early Hints\nPreference-Applied: transaction=persist\n\n'],
    ['S', `${INCOMPLETE}\nContent-Range: bytes 0-3/12\nContent-Length: 0\n\n`],
    ['C', 'GET /uploads/foo HTTP/1.1\nHost: a\nRange: bytes=2-7\n\n'],
    ['S', sized('HTTP/1.1 206 Partial Content\nContent-Range: bytes 2-7/12', '23\0\0\0\0')],
    ['C', patch('bytes 4-7/12', '4567')],
    ['S', `${INCOMPLETE}\nContent-Range: bytes 0-7/12\nContent-Length: 0\n\n`],
    ['C', patch('bytes 8-11/12', '89ab')],
    ['S', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
    ['C', 'HEAD /uploads/foo HTTP/1.1\nHost: a\n\n'],
    ['S', 'HTTP/1.1 200 OK\nContent-Length: 12\n\n'],
  ),
  parts: scenario(
    'a patch of several parts',
    ['C', sized(PARTS_HEAD, PARTS)],
    ['S', 'HTTP/1.1 204 No Content\n\n'],
  ),
  ranges: scenario(
    'ranges that are joined, and a part of what was asked for',
    ['C', 'GET /a HTTP/1.1\nHost: a\nRange: bytes=0-4,5-9\n\n'],
    ['S', sized('HTTP/1.1 206 Partial Content\nContent-Range: bytes 0-9/20', '0123456789')],
    ['C', 'GET /a HTTP/1.1\nHost: a\nRange: bytes=0-1,8-9\n\n'],
    ['S', sized('HTTP/1.1 206 Partial Content\nContent-Range: bytes 0-9/20', '0123456789')],
    ['C', 'GET /a HTTP/1.1\nHost: a\nRange: bytes=-10\n\n'],
    ['S', sized('HTTP/1.1 206 Partial Content\nContent-Range: bytes 15-19/20', '56789')],
    ['C', 'GET /a HTTP/1.1\nHost: a\nRange: bytes=5-\n\n'],
    ['S', sized('HTTP/1.1 206 Partial Content\nContent-Range: bytes 6-9/20', '6789')],
  ),
  known: scenario(
    'a PATCH of what was there before anything was recorded',
    ['C', patch('bytes 0-1/*', 'ab')],
    ['S', 'HTTP/1.1 299 Incomplete Content\nContent-Range: bytes 0-4/*\nContent-Length: 0\n\n'],
  ),
  download: scenario(
    'a download that was cut, and went on',
    ['C', 'GET /data HTTP/1.1\nHost: a\n\n'],
    ['S', 'HTTP/1.1 200 OK\nETag: "1"\nContent-Length: 12\n\n01234'],
    ['cut'],
    ['open'],
    ['C', 'GET /data HTTP/1.1\nHost: a\nRange: bytes=5-\nIf-Range: "1"\n\n'],
    ['S', 'HTTP/1.1 206 Partial Content\nContent-Range: bytes 5-11/12\nContent-Length: 7\n\n56789ab'],
  ),
  refused: scenario(
    'requests that are refused',
    ['C', 'GET /data HTTP/1.1\nHost: a\nRange: bytes=50-\n\n'],
    ['S', 'HTTP/1.1 416 Range Not Satisfiable\nContent-Range: bytes */12\nContent-Length: 0\n\n'],
    ['C', sized('PUT /data HTTP/1.1\nHost: a', 'x')],
    ['S', 'HTTP/1.1 405 Method Not Allowed\nAllow: GET, HEAD\nContent-Length: 0\n\n'],
    ['C', sized('PATCH /data HTTP/1.1\nHost: a\nContent-Type: text/plain', 'x')],
    ['S', 'HTTP/1.1 415 Unsupported Media Type\nAccept-Patch: message/byterange\nContent-Length: 0\n\n'],
    ['C', 'GET /vault HTTP/1.1\nHost: a\n\n'],
    ['S', 'HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Basic realm="a"\nContent-Length: 0\n\n'],
  ),
  nothing: scenario(
    'an answer without content',
    ['C', 'DELETE /data HTTP/1.1\nHost: a\n\n'],
    ['S', 'HTTP/1.1 204 No Content\n\n'],
  ),
  acknowledged: scenario(
    'an upload whose bytes are acknowledged',
    ['C', 'POST /items HTTP/1.1\nHost: a\nPrefer: acknowledge\nContent-Length: 10\n\nhello'],
    ['S', 'HTTP/1.1 100 Continue\nAcknowledge: 5\n\n'],
    ['C', 'world'],
    ['S', CREATED],
  ),
  upgrade: scenario(
    'an upgrade',
    ['C', 'GET / HTTP/1.1\nHost: a\nConnection: upgrade\nUpgrade: websocket\n\n'],
    ['S', 'HTTP/1.1 101 Switching Protocols\nConnection: upgrade\nUpgrade: websocket\n\n'],
  ),
  socket: scenario(
    'a WebSocket',
    [
      'C',
      'GET /chat HTTP/1.1\nHost: a\nConnection: upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n',
    ],
    [
      'S',
      'HTTP/1.1 101 Switching Protocols\nConnection: upgrade\nUpgrade: websocket\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n\n',
    ],
    ['C', '⟦81 85 37 fa 21 3d 7f 9f 4d 51 58⟧'],
    ['S', '⟦01 03⟧Hel'],
    ['S', '⟦80 02⟧lo'],
    ['S', '⟦89 00⟧'],
    ['C', '⟦8a 80 00 00 00 00⟧'],
    ['C', '⟦88 82 00 00 00 00 03 e8⟧'],
    ['S', '⟦88 02 03 e8⟧'],
  ),
  digests: scenario(
    'content with its digests',
    [
      'C',
      sized(
        'POST /items HTTP/1.1\nHost: a\nContent-Digest: sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:',
        'hello',
      ),
    ],
    ['S', CREATED],
    ['C', 'GET /items/1 HTTP/1.1\nHost: a\n\n'],
    [
      'S',
      'HTTP/1.1 200 OK\nRepr-Digest: sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:\nTransfer-Encoding: chunked\n\n2\nhe\n3\nllo\n0\n\n',
    ],
    ['C', 'GET /items/1 HTTP/1.1\nHost: a\nRange: bytes=1-\n\n'],
    [
      'S',
      sized(
        'HTTP/1.1 206 Partial Content\nContent-Range: bytes 1-4/5\nRepr-Digest: sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:',
        'ello',
      ),
    ],
  ),
  ietf: scenario(
    'a resumable upload at the IETF',
    [
      'C',
      'POST /files HTTP/1.1\nHost: a\nUpload-Draft-Interop-Version: 8\nUpload-Complete: ?1\nContent-Length: 10\n\n',
    ],
    ['S', 'HTTP/1.1 104 Upload Resumption Supported\nUpload-Draft-Interop-Version: 8\nLocation: /u/1\n\n'],
    ['C', '01234'],
    ['cut'],
    ['open'],
    ['C', 'HEAD /u/1 HTTP/1.1\nHost: a\n\n'],
    ['S', 'HTTP/1.1 204 No Content\nUpload-Offset: 5\nUpload-Complete: ?0\nCache-Control: no-store\n\n'],
    ['C', sized(`${APPEND}Upload-Offset: 4\nUpload-Complete: ?1`, '456789')],
    ['S', 'HTTP/1.1 409 Conflict\nUpload-Offset: 5\nContent-Length: 0\n\n'],
    ['C', sized(`${APPEND}Upload-Offset: 5\nUpload-Complete: ?1`, '56789')],
    ['S', 'HTTP/1.1 104 Upload Resumption Supported\nUpload-Draft-Interop-Version: 8\nUpload-Offset: 8\n\n'],
    ['S', 'HTTP/1.1 200 OK\nUpload-Complete: ?1\nContent-Length: 0\n\n'],
  ),
  tus: scenario(
    'an upload in tus',
    ['C', 'POST /files HTTP/1.1\nHost: a\nTus-Resumable: 1.0.0\nUpload-Length: 10\nContent-Length: 0\n\n'],
    ['S', 'HTTP/1.1 201 Created\nTus-Resumable: 1.0.0\nLocation: /files/1\nContent-Length: 0\n\n'],
    ['C', sized(`${TUS_PATCH}Upload-Offset: 0`, '01234')],
    ['S', 'HTTP/1.1 204 No Content\nTus-Resumable: 1.0.0\nUpload-Offset: 5\n\n'],
    ['C', sized(`${TUS_PATCH}Upload-Offset: 5`, '56789')],
    ['S', 'HTTP/1.1 204 No Content\nTus-Resumable: 1.0.0\nUpload-Offset: 10\n\n'],
  ),
  pipelined: scenario(
    'requests that do not wait for each other, with ids of their own',
    ['C', 'GET /a HTTP/1.1\nHost: a\nRequest-Id: one\n\nGET /b HTTP/1.1\nHost: a\nRequest-Id: two\n\n'],
    ['S', 'HTTP/1.1 200 OK\nRequest-Id: one\nContent-Length: 0\n\n'],
    ['S', 'HTTP/1.1 200 OK\nRequest-Id: two\nContent-Length: 0\n\n'],
  ),
  events: scenario(
    'a stream of events',
    ['C', 'GET /events HTTP/1.1\nHost: a\nAccept: text/event-stream\n\n'],
    [
      'S',
      'HTTP/1.1 200 OK\nContent-Type: text/event-stream\nCache-Control: no-cache\nTransfer-Encoding: chunked\n\n',
    ],
    ['S', '9\ndata: a␊␊\n0\n\n'],
  ),
  closing: scenario(
    'content that ends with the connection',
    ['C', 'GET / HTTP/1.1\nHost: a\n\n'],
    ['S', 'HTTP/1.1 200 OK\nConnection: close\n\nhello'],
  ),
} as const satisfies Readonly<Record<string, Scenario>>;
