// What the parser reports for whole streams: every case runs in one piece, byte by byte, and split at random.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createParser } from '../../../shared/http1/parser.ts';
import type { Head, Role } from '../../../shared/http1/types.ts';
import { byteByByte, bytesOf, randomSplits, transcript, whole } from './transcript.ts';
import type { Feeding } from './transcript.ts';

interface Case extends Feeding {
  readonly name: string;
  readonly role: Role;
  readonly stream: string;
  readonly report: readonly string[];
}

/** Runs every case in all ways of splitting; `end()` is called unless the case says otherwise. */
function table(cases: readonly Case[]): void {
  for (const { name, role, stream, report, ...feeding } of cases) {
    test(name, () => {
      const bytes = bytesOf(stream);
      const all: Feeding = { end: true, ...(role === 'response' && { expect: ['GET'] }), ...feeding };
      expect(transcript(role, whole(bytes), all)).toEqual(report);
      expect(transcript(role, byteByByte(bytes), all)).toEqual(report);
      for (let seed = 0; seed < 25; seed++) {
        expect(transcript(role, randomSplits(bytes, seed), all)).toEqual(report);
      }
    });
  }
}

describe('requests', () => {
  table([
    {
      name: 'a request without content ends with its head',
      role: 'request',
      stream: 'GET /a?b HTTP/1.1\r\nHost: x\r\nAccept:\t */* \t\r\nX:\r\n\r\n',
      report: ['head 0–50 GET /a?b HTTP/1.1 none {Host: x | Accept: */* | X: }', 'end 50 complete'],
    },
    {
      name: 'pipelined requests follow each other',
      role: 'request',
      stream:
        'POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcPATCH /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nde\r\n0\r\n\r\nGET * HTTP/1.1\r\nHost: x\r\n\r\n',
      report: [
        'head 0–48 POST /1 HTTP/1.1 content-length=3 {Host: x | Content-Length: 3}',
        'content 48–51 "abc"',
        'end 51 complete',
        'head 51–109 PATCH /2 HTTP/1.1 chunked {Host: x | Transfer-Encoding: Chunked}',
        'chunk 109–112 size 2',
        'content 112–114 "de"',
        'chunk 116–119 size 0',
        'end 121 complete',
        'head 121–148 GET * HTTP/1.1 none {Host: x}',
        'end 148 complete',
      ],
    },
    {
      name: 'empty lines before a request are skipped and noted once',
      role: 'request',
      stream: '\r\n\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n\r\n',
      report: [
        'note leading-empty-line at 0',
        'head 5–32 GET / HTTP/1.1 none {Host: x}',
        'end 32 complete',
        'note leading-empty-line at 32',
      ],
    },
    {
      name: 'Content-Length: 0 is content of no bytes',
      role: 'request',
      stream: 'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n',
      report: ['head 0–46 PUT / HTTP/1.1 content-length=0 {Host: x | Content-Length: 0}', 'end 46 complete'],
    },
    {
      name: 'after CONNECT the bytes are no longer HTTP',
      role: 'request',
      stream: 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n\x16\x03\x01',
      report: [
        'head 0–35 CONNECT a:1 HTTP/1.1 upgrade closes {Host: a:1}',
        'end 35 complete',
        'tunnel 35–38 "\\u0016\\u0003\\u0001"',
      ],
    },
    {
      name: 'when told of an upgrade, what follows the message in progress is no longer HTTP',
      role: 'request',
      stream: 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab\r\n\0',
      onHead: (_, parser) => parser.upgrade(),
      report: [
        'head 0–47 POST / HTTP/1.1 content-length=2 {Host: x | Content-Length: 2}',
        'content 47–49 "ab"',
        'end 49 complete',
        'tunnel 49–52 "\\r\\n\\u0000"',
      ],
    },
    {
      name: 'an HTTP/1.0 request needs no Host and closes',
      role: 'request',
      stream: 'GET / HTTP/1.0\r\n\r\n',
      report: ['head 0–18 GET / HTTP/1.0 none closes', 'end 18 complete'],
    },
    {
      name: 'an HTTP/1.0 request may ask to keep the connection',
      role: 'request',
      stream: 'GET / HTTP/1.0\r\nConnection: foo, Keep-Alive\r\n\r\n',
      report: ['head 0–47 GET / HTTP/1.0 none {Connection: foo, Keep-Alive}', 'end 47 complete'],
    },
    {
      name: 'Connection: close says that no request follows',
      role: 'request',
      stream: 'GET / HTTP/1.1\r\nhost: x\r\nconnection: x,CLOSE\r\n\r\n',
      report: ['head 0–48 GET / HTTP/1.1 none closes {host: x | connection: x,CLOSE}', 'end 48 complete'],
    },
    {
      name: 'a higher minor version is read as the highest we know',
      role: 'request',
      stream: 'GET / HTTP/1.9\r\nHost: x\r\n\r\n',
      report: ['head 0–27 GET / HTTP/1.1 none {Host: x}', 'end 27 complete'],
    },
  ]);
});

describe('responses', () => {
  table([
    {
      name: 'any number of interim responses comes before the final one',
      role: 'response',
      stream:
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nProgress: 1/3 "a"\r\n\r\nHTTP/1.1 199 \r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi',
      report: [
        'head 0–25 100 "Continue" HTTP/1.1 none',
        'head 25–71 102 "Processing" HTTP/1.1 none {Progress: 1/3 "a"}',
        'head 71–88 199 "" HTTP/1.1 none',
        'head 88–126 200 "OK" HTTP/1.1 content-length=2 {Content-Length: 2}',
        'content 126–128 "hi"',
        'end 128 complete',
      ],
    },
    {
      name: 'an interim response does not advance the match with requests',
      role: 'response',
      expect: ['HEAD', 'GET'],
      stream:
        'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
      report: [
        'head 0–27 102 "Processing" HTTP/1.1 none',
        'head 27–65 200 "OK" HTTP/1.1 none {Content-Length: 9}',
        'end 65 complete',
        'head 65–103 200 "OK" HTTP/1.1 content-length=1 {Content-Length: 1}',
        'content 103–104 "x"',
        'end 104 complete',
      ],
    },
    {
      name: 'chunked content has its chunks, extensions and trailers',
      role: 'response',
      spans: true,
      stream:
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5 ; a=b;c="d;\\"" \r\nhello\r\n00A;x\r\n0123456789\r\n0\r\nDigest: a\r\nX:\r\n\r\n',
      report: [
        'head 0–53 200 "OK" HTTP/1.1 chunked {Transfer-Encoding: gzip, chunked}',
        'chunk 53–72 size 5',
        'content 72–77 "hello"',
        'chunk 79–86 size 10',
        'content 86–96 "0123456789"',
        'chunk 98–101 size 0',
        'trailers 101–118 {Digest: a | X: }',
        'end 118 complete',
        'version 0–8',
        'status 9–12',
        'reason 13–15',
        'field-name 17–34',
        'field-value 36–49',
        'chunk-size 53–54',
        'chunk-extension 55–69',
        'body 72–77',
        'chunk-size 79–82',
        'chunk-extension 82–84',
        'body 86–96',
        'chunk-size 98–99',
        'trailer-name 101–107',
        'trailer-value 109–110',
        'trailer-name 112–113',
        'trailer-value 114–114',
      ],
    },
    {
      name: 'content without a length runs to the close',
      role: 'response',
      stream: 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n',
      report: [
        'head 0–19 200 "OK" HTTP/1.1 close closes',
        'content 19–36 "HTTP/1.1 200 OK\\r\\n"',
        'end 36 complete',
      ],
    },
    {
      name: 'a coding other than chunked runs to the close, and is noted',
      role: 'response',
      stream: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\nxy',
      report: [
        'note transfer-encoding-without-chunked at 17',
        'head 0–72 200 "OK" HTTP/1.1 close closes {Transfer-Encoding: chunked | Transfer-Encoding: gzip}',
        'content 72–74 "xy"',
        'end 74 complete',
      ],
    },
    ...[204, 304].map((status): Case => ({
      name: `a ${status} has no content, whatever its fields say`,
      role: 'response',
      stream: `HTTP/1.1 ${status} \r\nETag: "a"\r\n\r\n`,
      report: [`head 0–28 ${status} "" HTTP/1.1 none {ETag: "a"}`, 'end 28 complete'],
    })),
    {
      name: 'a 304 may tell the length that it does not have',
      role: 'response',
      stream: 'HTTP/1.1 304 \r\nContent-Length: 5\r\n\r\n',
      report: ['head 0–36 304 "" HTTP/1.1 none {Content-Length: 5}', 'end 36 complete'],
    },
    {
      name: '101 switches protocols',
      role: 'response',
      stream: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x00HTTP/1.1',
      report: [
        'head 0–56 101 "Switching Protocols" HTTP/1.1 upgrade closes {Upgrade: websocket}',
        'end 56 complete',
        'tunnel 56–66 "\x81\\u0000HTTP/1.1"',
      ],
    },
    {
      name: 'a 2xx to CONNECT opens a tunnel, though it names a length',
      role: 'response',
      expect: ['CONNECT'],
      stream: 'HTTP/1.1 299 Fine\r\nContent-Length: 1\r\n\r\nabc',
      report: [
        'head 0–40 299 "Fine" HTTP/1.1 upgrade closes {Content-Length: 1}',
        'end 40 complete',
        'tunnel 40–43 "abc"',
      ],
    },
    {
      name: 'a refusal of CONNECT has content',
      role: 'response',
      expect: ['CONNECT'],
      stream: 'HTTP/1.1 403 Forbidden\r\nContent-Length: 1\r\n\r\na',
      report: [
        'head 0–45 403 "Forbidden" HTTP/1.1 content-length=1 {Content-Length: 1}',
        'content 45–46 "a"',
        'end 46 complete',
      ],
    },
    {
      name: 'an HTTP/1.0 response closes, unless it says otherwise',
      role: 'response',
      expect: ['GET', 'GET'],
      stream:
        'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\nHTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n',
      report: [
        'head 0–62 200 "OK" HTTP/1.0 content-length=0 {Connection: keep-alive | Content-Length: 0}',
        'end 62 complete',
        'head 62–100 200 "OK" HTTP/1.0 content-length=0 closes {Content-Length: 0}',
        'end 100 complete',
      ],
    },
    {
      name: 'a status is any three digits from 100',
      role: 'response',
      stream: 'HTTP/1.1 999 W\xe9\r\nContent-Length: 0\r\n\r\n',
      report: [
        'note obs-text at 14',
        'head 0–38 999 "W\xe9" HTTP/1.1 content-length=0 {Content-Length: 0}',
        'end 38 complete',
      ],
    },
  ]);
});

test('answers are matched with requests in order, however many are outstanding', () => {
  const parser = createParser('response', {
    head: (head) => framings.push(head.framing),
    error: (violation) => framings.push(violation.code),
  });
  const framings: string[] = [];
  const methods = Array.from({ length: 500 }, (_, i) => (i % 3 === 0 ? 'HEAD' : 'GET'));
  const answers = methods.map(
    (method) => `HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${method === 'HEAD' ? '' : 'x'}`,
  );
  for (const method of methods.slice(0, 300)) parser.expect(method);
  parser.feed(bytesOf(answers.slice(0, 200).join('')));
  for (const method of methods.slice(300)) parser.expect(method);
  parser.feed(bytesOf(answers.slice(200).join('')));
  expect(framings).toEqual(methods.map((method) => (method === 'HEAD' ? 'none' : 'content-length')));
  parser.feed(bytesOf('H'));
  expect(framings.at(-1)).toBe('unexpected-response');
  expect(parser.failed).toMatchObject({ code: 'unexpected-response', side: 'server' });
});

describe('positions', () => {
  test('stay exact beyond 2^32', () => {
    const parser = createParser('response', {
      head: (head) => seen.push(`head ${head.start}–${head.end}`),
      content: (_, from, to, at) => {
        content += to - from;
        last = at + (to - from);
      },
      messageEnd: (end) => seen.push(`end ${end}`),
    });
    const seen: string[] = [];
    let content = 0;
    let last = 0;
    const length = 2 ** 33 + 5;
    parser.expect('GET');
    parser.expect('GET');
    const head = bytesOf(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`);
    parser.feed(head);
    const slab = new Uint8Array(2 ** 27);
    for (let left = length; left > 0; left -= slab.length) parser.feed(slab, 0, Math.min(left, slab.length));
    expect([content, last]).toEqual([length, head.length + length]);
    parser.feed(head);
    const second = head.length + length;
    expect(seen).toEqual([
      `head 0–${head.length}`,
      `end ${second}`,
      `head ${second}–${second + head.length}`,
    ]);
    expect(parser.position).toBe(second + head.length);
  });

  test('count the whole stream when only a part of the array is fed', () => {
    const bytes = bytesOf('xxxGET / HTTP/1.1\r\nHost: x\r\n\r\nyyy');
    const heads: string[] = [];
    const parser = createParser('request', {
      head: (head) => heads.push(`${head.start}–${head.end} ${head.target}`),
    });
    parser.feed(bytes, 3, 10);
    expect(parser.inMessage).toBe(true);
    expect(parser.position).toBe(7);
    parser.feed(bytes, 10, bytes.length - 3);
    expect(heads).toEqual(['0–27 /']);
    expect(parser.inMessage).toBe(false);
    expect(parser.position).toBe(27);
  });
});

describe('a head', () => {
  function headOf(stream: string): Head {
    let kept: Head | undefined;
    const bytes = bytesOf(stream);
    const parser = createParser('response', {
      head: (head) => {
        kept = head.keep();
      },
    });
    parser.expect('GET');
    parser.feed(bytes);
    bytes.fill(0);
    return kept!;
  }

  test('that was kept survives its bytes and the next head', () => {
    const head = headOf(
      'HTTP/1.1 102 Processing\r\nLocation: /s\r\n\r\nHTTP/1.1 200 Fine\r\nSet-Cookie: a\r\nX: \xe9\r\nset-cookie: b\r\nContent-Length: 2\r\n\r\n',
    );
    expect([head.status, head.reason, head.fieldCount, head.contentLength]).toEqual([200, 'Fine', 4, 2]);
    expect(head.field('SET-COOKIE')).toBe('a, b');
    expect(head.field('x')).toBe('\xe9');
    expect(head.field('y')).toBeNull();
    expect([head.fieldName(2), head.fieldValue(2)]).toEqual(['set-cookie', 'b']);
    expect(head.keep().field('content-length')).toBe('2');
  });

  test('refuses the index of a field that it does not have', () => {
    const head = headOf('HTTP/1.1 200 OK\r\nA: b\r\n\r\n');
    expect(() => head.fieldValue(1)).toThrow(RangeError);
    expect(() => head.fieldName(-1)).toThrow(RangeError);
  });

  test('holds names and values of any length', () => {
    const name = 'n'.repeat(9000);
    const value = 'v'.repeat(9000);
    expect(headOf(`HTTP/1.1 200 OK\r\n${name}: ${value}\r\n\r\n`).field(name)).toBe(value);
  });
});

const PIECES = [
  'HTTP/1.1 ',
  'HTTP/1.0 ',
  '200',
  '102',
  '101',
  '204',
  ' OK',
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  ' ',
  '\t',
  ':',
  'Host: x',
  'GET ',
  'CONNECT ',
  '/',
  'Content-Length: ',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'gzip',
  ',',
  '0',
  '5',
  'a',
  'f',
  ';x=y',
  'hello',
  '\0',
  '\xff',
  'Connection: close',
  ' HTTP/1.1\r\n',
  ';q="',
  '"',
];
const alphabet = fc.constantFrom(...PIECES);

describe('of any stream', () => {
  const streams = fc.oneof(
    fc.array(alphabet, { maxLength: 40 }).map((parts) => parts.join('')),
    fc.array(alphabet, { maxLength: 30 }).map((parts) => `HTTP/1.1 200 OK\r\n${parts.join('')}`),
    fc
      .array(alphabet, { maxLength: 30 })
      .map((parts) => `HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n${parts.join('')}`),
    fc.array(alphabet, { maxLength: 30 }).map((parts) => `POST / HTTP/1.1\r\n${parts.join('')}`),
    fc.string({ unit: 'binary-ascii' }),
  );
  const roles = fc.constantFrom<Role>('request', 'response');
  const limits = fc.constantFrom({}, { startLine: 30, head: 60, fields: 2, trailers: 12, chunkExtension: 4 });

  test('the way it is split changes nothing', () => {
    fc.assert(
      fc.property(roles, streams, limits, fc.nat(), (role, stream, limit, seed) => {
        const bytes = bytesOf(stream);
        const feeding: Feeding = { end: true, spans: true, expect: ['GET', 'HEAD', 'GET'], limits: limit };
        const report = transcript(role, whole(bytes), feeding);
        expect(transcript(role, byteByByte(bytes), feeding)).toEqual(report);
        expect(transcript(role, randomSplits(bytes, seed), feeding)).toEqual(report);
      }),
      { numRuns: 2000 },
    );
  });

  test('random bytes are read to their end, and at most one error is reported', () => {
    fc.assert(
      fc.property(roles, fc.array(fc.uint8Array({ maxLength: 200 })), (role, pieces) => {
        const report = transcript(role, pieces, { end: true, expect: ['GET'] });
        const errors = report.filter((line) => line.startsWith('error'));
        expect(errors.length).toBeLessThanOrEqual(1);
        if (errors.length === 1) expect(report.at(-1)).toBe(errors[0]);
      }),
    );
  });

  test('content lies within the stream, in order, and no byte is reported twice', () => {
    fc.assert(
      fc.property(streams, (stream) => {
        let position = 0;
        const parser = createParser('response', {
          head(head) {
            expect(head.start).toBeGreaterThanOrEqual(position);
            position = head.end;
          },
          content(bytes, from, to, at) {
            expect(at).toBeGreaterThanOrEqual(position);
            expect([...bytes.subarray(from, to)]).toEqual([...bytesOf(stream).subarray(at, at + to - from)]);
            position = at + (to - from);
          },
        });
        parser.expect('GET');
        parser.feed(bytesOf(stream));
        expect(position).toBeLessThanOrEqual(stream.length);
      }),
    );
  });
});
