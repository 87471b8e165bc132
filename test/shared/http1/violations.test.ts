// Every violation: where it is found, whether it is tolerated, and that no way of splitting the stream hides it.

import { describe, expect, test } from 'vitest';
import type { Role } from '../../../shared/http1/types.ts';
import { byteByByte, bytesOf, randomSplits, transcript, whole } from './transcript.ts';
import type { Feeding } from './transcript.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const GET = 'GET / HTTP/1.1\r\nHost: x\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

interface Extra extends Feeding {
  /** What must be among the rest of the report. */
  readonly also?: readonly string[];
}

type Row = [name: string, role: Role, stream: string, violations: string[], extra?: Extra];

/** Runs each row in all ways of splitting and compares what was noted and what was fatal. */
function table(rows: readonly Row[]): void {
  for (const [name, role, stream, violations, extra = {}] of rows) {
    test(name, () => {
      const bytes = bytesOf(stream);
      const { also = [], ...feeding } = extra;
      const all: Feeding = { expect: ['GET'], ...feeding };
      const ways = [whole(bytes), byteByByte(bytes)];
      for (let seed = 0; seed < 25; seed++) ways.push(randomSplits(bytes, seed));
      for (const pieces of ways) {
        const report = transcript(role, pieces, all);
        expect(report.filter((line) => /^(note|error) /.test(line))).toEqual(violations);
        for (const line of also) expect(report).toContain(line);
      }
    });
  }
}

describe('tolerated and noted', () => {
  table([
    [
      'a bare LF ends a line',
      'response',
      'HTTP/1.1 200 OK\nContent-Length: 0\n\n',
      ['note bare-lf at 15', 'note bare-lf at 33', 'note bare-lf at 34'],
    ],
    [
      'a bare LF ends a line of chunks',
      'response',
      `${CHUNKED}1\na\n0\n\n`,
      ['note bare-lf at 48', 'note bare-lf at 50', 'note bare-lf at 52', 'note bare-lf at 53'],
      { also: ['content 49–50 "a"', 'end 54 complete'] },
    ],
    [
      'an obs-fold is read as SP',
      'request',
      `${GET}A: b \r\n\t c\r\n \r\n  d\r\n\r\n`,
      ['note obs-fold at 32', 'note obs-fold at 37', 'note obs-fold at 40'],
      { also: ['head 0–47 GET / HTTP/1.1 none {Host: x | A: b c d}'] },
    ],
    [
      'an obs-fold may begin an empty value',
      'request',
      `${GET}A:\r\n b\r\n\r\n`,
      ['note obs-fold at 29'],
      { also: ['head 0–35 GET / HTTP/1.1 none {Host: x | A: b}'] },
    ],
    [
      'an obs-fold takes part in framing',
      'response',
      `${OK}Content-Length:\r\n 2\r\n\r\nab`,
      ['note obs-fold at 34'],
      { also: ['content 40–42 "ab"'] },
    ],
    [
      'a line that begins with a blank behind the start line is dropped',
      'request',
      'GET / HTTP/1.1\r\n A: b\r\nHost: x\r\n\r\n',
      ['note whitespace-after-start-line at 16'],
      { also: ['head 0–34 GET / HTTP/1.1 none {Host: x}'] },
    ],
    [
      'both length and coding: the coding counts, and the connection does not persist',
      'response',
      `${OK}Content-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      ['note length-and-transfer-encoding at 17'],
      {
        also: [
          'head 0–67 200 "OK" HTTP/1.1 chunked closes {Content-Length: 99 | Transfer-Encoding: chunked}',
          'end 72 complete',
        ],
      },
    ],
    [
      'an invalid length beside a coding is no more than that',
      'response',
      `${OK}Content-Length: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      ['note length-and-transfer-encoding at 17'],
    ],
    [
      'the same length twice in a list',
      'response',
      `${OK}Content-Length: 2, 2\r\n\r\nab`,
      ['note repeated-content-length at 17'],
      { also: ['end 43 complete'] },
    ],
    [
      'the same length twice in lines',
      'response',
      `${OK}Content-Length: 2\r\nContent-Length: 02\r\n\r\nab`,
      ['note repeated-content-length at 36'],
      { also: ['end 60 complete'] },
    ],
    [
      'chunks in HTTP/1.0',
      'response',
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ['note transfer-encoding-in-http-1.0 at 41'],
      {
        also: [
          'head 0–71 200 "OK" HTTP/1.0 chunked closes {Connection: keep-alive | Transfer-Encoding: chunked}',
        ],
      },
    ],
    [
      'no SP behind a status code',
      'response',
      'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n',
      ['note missing-reason-space at 12'],
    ],
    [
      'bytes above 0x7f in a value, once a line',
      'request',
      `${GET}A: \xc3\xa9\r\nB: \xff\r\n\r\n`,
      ['note obs-text at 28', 'note obs-text at 35'],
      { also: ['head 0–40 GET / HTTP/1.1 none {Host: x | A: \xc3\xa9 | B: \xff}'] },
    ],
    [
      'bytes above 0x7f in a target',
      'request',
      'GET /\xe9 HTTP/1.1\r\nHost: x\r\n\r\n',
      ['note obs-text at 5'],
    ],
    [
      'bytes above 0x7f in a chunk extension',
      'response',
      `${CHUNKED}1;a="\xe9"\r\na\r\n0\r\n\r\n`,
      ['note obs-text at 52'],
    ],
    [
      'an interim response to an HTTP/1.0 client',
      'response',
      `HTTP/1.1 102 \r\n\r\n${OK}Content-Length: 0\r\n\r\n`,
      ['note interim-to-http-1.0 at 0'],
      { expect: ['GET/1.0'] },
    ],
    ['a request without Host', 'request', 'GET / HTTP/1.1\r\n\r\n', ['note missing-host at 0']],
    ['a request with two', 'request', `${GET}hOST: y\r\n\r\n`, ['note repeated-host at 25']],
    [
      'framing fields in an interim response',
      'response',
      'HTTP/1.1 102 \r\nContent-Length: 5\r\n\r\nHTTP/1.1 103 \r\nTransfer-Encoding: chunked\r\n\r\n',
      ['note framing-in-interim at 15', 'note framing-in-interim at 51'],
    ],
    [
      'framing fields in a 204',
      'response',
      'HTTP/1.1 204 \r\nContent-Length: 0\r\n\r\n',
      ['note framing-in-interim at 15'],
    ],
    [
      'a blank before the colon of a response',
      'response',
      `${OK}Content-Length\t : 1\r\n\r\na`,
      ['note whitespace-before-colon at 31'],
      { also: ['end 41 complete'] },
    ],
  ]);
});

describe('fatal in a start line', () => {
  table([
    [
      'a TLS client hello, at its first byte',
      'request',
      '\x16\x03\x01\x02\x00',
      ['error invalid-method at 0 by client'],
    ],
    [
      'a byte that no method has',
      'request',
      'GE\x01T / HTTP/1.1\r\n',
      ['error invalid-method at 2 by client'],
    ],
    ['no method', 'request', ' / HTTP/1.1\r\n', ['error invalid-method at 0 by client']],
    ['a method alone', 'request', 'GET\r\n', ['error invalid-start-line at 3 by client']],
    ['HTTP/0.9', 'request', 'GET /\r\n', ['error invalid-start-line at 5 by client']],
    [
      'two blanks before the target',
      'request',
      'GET  / HTTP/1.1\r\n',
      ['error invalid-target at 4 by client'],
    ],
    ['a control in the target', 'request', 'GET /\0 HTTP/1.1\r\n', ['error invalid-target at 5 by client']],
    ['an unknown protocol', 'request', 'GET / HTTQ/1.1\r\n', ['error invalid-version at 9 by client']],
    ['HTTP/2', 'request', 'PRI * HTTP/2.0\r\n', ['error invalid-version at 11 by client']],
    ['a version cut short', 'request', 'GET / HTTP/1\r\n', ['error invalid-version at 12 by client']],
    [
      'a blank behind the version',
      'request',
      'GET / HTTP/1.1 \r\n',
      ['error invalid-version at 14 by client'],
    ],
    ['a bare CR behind the version', 'request', 'GET / HTTP/1.1\rX\r\n', ['error bare-cr at 14 by client']],
    ['a bare CR between requests', 'request', '\rGET', ['error bare-cr at 0 by client']],
    ['another protocol that answers', 'response', 'SSH-2.0', ['error invalid-start-line at 0 by server']],
    ['lower case', 'response', 'http/1.1 200 OK\r\n', ['error invalid-start-line at 0 by server']],
    ['a version without a dot', 'response', 'HTTP/2 200\r\n\r\n', ['error invalid-version at 5 by server']],
    [
      'a minor version that is no digit',
      'response',
      'HTTP/1.x 200 OK\r\n',
      ['error invalid-version at 7 by server'],
    ],
    [
      'no blank behind the version',
      'response',
      'HTTP/1.1\t200 OK\r\n',
      ['error invalid-start-line at 8 by server'],
    ],
    ['a status of two digits', 'response', 'HTTP/1.1 20 OK\r\n', ['error invalid-status at 11 by server']],
    ['a status of four digits', 'response', 'HTTP/1.1 2000 OK\r\n', ['error invalid-status at 12 by server']],
    ['a status below 100', 'response', 'HTTP/1.1 099 OK\r\n', ['error invalid-status at 9 by server']],
    ['no status', 'response', 'HTTP/1.1 \r\n', ['error invalid-status at 9 by server']],
    [
      'a control in the reason',
      'response',
      'HTTP/1.1 200 O\x07K\r\n',
      ['error invalid-start-line at 14 by server'],
    ],
    [
      'an empty line before a response',
      'response',
      '\r\nHTTP/1.1 200 OK\r\n',
      ['error invalid-start-line at 0 by server'],
    ],
  ]);
});

describe('fatal in fields', () => {
  table([
    ['no colon', 'request', `${GET}Accept\r\n`, ['error invalid-field-name at 31 by client']],
    ['no name', 'request', `${GET}: x\r\n`, ['error invalid-field-name at 25 by client']],
    ['a byte that no name has', 'response', `${OK}A(: x\r\n`, ['error invalid-field-name at 18 by server']],
    ['blanks without a colon', 'response', `${OK}A  b\r\n`, ['error invalid-field-name at 18 by server']],
    [
      'a blank before the colon of a request',
      'request',
      `${GET}A : b\r\n`,
      ['error whitespace-before-colon at 26 by client'],
    ],
    ['NUL in a value', 'request', `${GET}A: b\0\r\n`, ['error invalid-field-value at 29 by client']],
    ['DEL in a value', 'response', `${OK}A: \x7f\r\n`, ['error invalid-field-value at 20 by server']],
    ['a bare CR in a value', 'request', `${GET}A: b\rc\r\n`, ['error bare-cr at 29 by client']],
    ['a bare CR in a name', 'request', `${GET}A\rb: c\r\n`, ['error bare-cr at 26 by client']],
    [
      'a bare CR where the empty line should be',
      'request',
      `${GET}\rx\r\n`,
      ['error bare-cr at 25 by client'],
    ],
    [
      'a length that is no number',
      'request',
      `${GET}Content-Length: 1x\r\n\r\n`,
      ['error invalid-content-length at 41 by client'],
    ],
    [
      'a length with a sign',
      'response',
      `${OK}Content-Length: +1\r\n\r\n`,
      ['error invalid-content-length at 33 by server'],
    ],
    [
      'an empty length',
      'response',
      `${OK}Content-Length:\r\n\r\n`,
      ['error invalid-content-length at 32 by server'],
    ],
    [
      'a list with an empty element',
      'response',
      `${OK}Content-Length: 1,\r\n\r\n`,
      ['error invalid-content-length at 33 by server'],
    ],
    [
      'a length beyond 2^53 − 1',
      'response',
      `${OK}Content-Length: 9007199254740992\r\n\r\n`,
      ['error invalid-content-length at 33 by server'],
    ],
    [
      'different lengths in a list',
      'request',
      `${GET}Content-Length: 1, 2\r\n\r\n`,
      ['error differing-content-length at 41 by client'],
    ],
    [
      'different lengths in lines',
      'request',
      `${GET}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
      ['error differing-content-length at 60 by client'],
    ],
    [
      'a request whose last coding is not chunked',
      'request',
      `${GET}Transfer-Encoding: chunked, gzip\r\n\r\n`,
      ['error unsupported-transfer-coding at 25 by client'],
    ],
    [
      'a request with an empty coding',
      'request',
      `${GET}Transfer-Encoding:\r\n\r\n`,
      ['error unsupported-transfer-coding at 25 by client'],
    ],
    [
      'chunked twice',
      'response',
      `${OK}Transfer-Encoding: chunked, chunked\r\n\r\n`,
      ['error unsupported-transfer-coding at 17 by server'],
    ],
  ]);
});

describe('fatal in content', () => {
  table([
    [
      'no chunk size',
      'response',
      `${CHUNKED}\r\n`,
      ['error invalid-chunk-size at 47 by server'],
      { also: ['end 47 incomplete'] },
    ],
    ['a sign', 'response', `${CHUNKED}-1\r\n`, ['error invalid-chunk-size at 47 by server']],
    ['0x', 'response', `${CHUNKED}0x1\r\n`, ['error invalid-chunk-size at 48 by server']],
    ['a blank before the size', 'response', `${CHUNKED} 1\r\n`, ['error invalid-chunk-size at 47 by server']],
    ['a blank behind the size', 'response', `${CHUNKED}1 \r\n`, ['error invalid-chunk-size at 48 by server']],
    ['a bare CR behind the size', 'response', `${CHUNKED}1\rx`, ['error bare-cr at 48 by server']],
    [
      'a size beyond 2^53 − 1',
      'response',
      `${CHUNKED}20000000000000\r\n`,
      ['error chunk-size-overflow at 60 by server'],
    ],
    [
      'a size of endless zeros',
      'response',
      `${CHUNKED}${'0'.repeat(33)}`,
      ['error chunk-size-overflow at 79 by server'],
    ],
    [
      'an extension without a name',
      'response',
      `${CHUNKED}1;=x\r\n`,
      ['error invalid-chunk-extension at 49 by server'],
    ],
    [
      'an extension without its value',
      'response',
      `${CHUNKED}1;a=\r\n`,
      ['error invalid-chunk-extension at 51 by server'],
    ],
    [
      'an extension that is not closed',
      'response',
      `${CHUNKED}1;a="b\r\n`,
      ['error invalid-chunk-extension at 53 by server'],
    ],
    [
      'a control in an extension',
      'response',
      `${CHUNKED}1;a\0\r\n`,
      ['error invalid-chunk-extension at 50 by server'],
    ],
    ['a bare CR in an extension', 'response', `${CHUNKED}1;a\rb\r\n`, ['error bare-cr at 50 by server']],
    [
      'data that is longer than its chunk',
      'response',
      `${CHUNKED}1\r\nab\r\n`,
      ['error missing-chunk-end at 51 by server'],
      { also: ['content 50–51 "a"', 'end 51 incomplete'] },
    ],
    [
      'a CR without its LF behind the data',
      'response',
      `${CHUNKED}1\r\na\rx`,
      ['error missing-chunk-end at 52 by server'],
    ],
    [
      'a malformed trailer',
      'response',
      `${CHUNKED}0\r\nA b\r\n`,
      ['error invalid-field-name at 51 by server'],
      { also: ['end 51 incomplete'] },
    ],
  ]);
});

describe('fatal between messages', () => {
  table([
    [
      'a response that nobody asked for',
      'response',
      OK,
      ['error unexpected-response at 0 by server'],
      { expect: [] },
    ],
    [
      'bytes behind the last answer',
      'response',
      `${OK}Content-Length: 1\r\n\r\nabc`,
      ['error unexpected-response at 39 by server'],
      { also: ['end 39 complete'] },
    ],
    [
      'content behind an answer to HEAD',
      'response',
      `${OK}Content-Length: 1\r\n\r\nabc`,
      ['note body-after-bodiless at 38', 'error unexpected-response at 38 by server'],
      { expect: ['HEAD'] },
    ],
    [
      'content behind an answer to HEAD, where another answer is due',
      'response',
      `${OK}Content-Length: 1\r\n\r\nabc`,
      ['note body-after-bodiless at 38', 'error invalid-start-line at 38 by server'],
      { expect: ['HEAD', 'GET'] },
    ],
    [
      'nothing is reported after an error',
      'request',
      `GET\r\n${GET}\r\n`,
      ['error invalid-start-line at 3 by client'],
    ],
  ]);
});

describe('a close', () => {
  const end = true;
  table([
    ['before anything is clean', 'request', '', [], { end }],
    ['between messages is clean', 'request', `${GET}\r\n`, [], { end }],
    [
      'behind an empty line is clean',
      'request',
      `${GET}\r\n\r\n`,
      ['note leading-empty-line at 27'],
      { end },
    ],
    ['while an answer is due is clean here', 'response', '', [], { end }],
    ['in a start line', 'request', 'GET', ['error closed-before-head at 3 by client'], { end }],
    ['in fields', 'response', OK, ['error closed-before-head at 17 by server'], { end }],
    [
      'in sized content',
      'response',
      `${OK}Content-Length: 5\r\n\r\nhel`,
      ['error closed-in-body at 41 by server'],
      { end, also: ['content 38–41 "hel"', 'end 41 incomplete'] },
    ],
    [
      'at the beginning of sized content',
      'response',
      `${OK}Content-Length: 5\r\n\r\n`,
      ['error closed-in-body at 38 by server'],
      { end, also: ['end 38 incomplete'] },
    ],
    [
      'in a chunk line',
      'response',
      `${CHUNKED}1`,
      ['error closed-in-body at 48 by server'],
      { end, also: ['end 48 incomplete'] },
    ],
    ['in a chunk', 'response', `${CHUNKED}5\r\nab`, ['error closed-in-body at 52 by server'], { end }],
    ['behind a chunk', 'response', `${CHUNKED}1\r\na\r`, ['error closed-in-body at 52 by server'], { end }],
    [
      'before the empty line of trailers',
      'response',
      `${CHUNKED}0\r\nA: b\r\n`,
      ['error closed-in-body at 56 by server'],
      { end, also: ['end 56 incomplete'] },
    ],
    ['ends content that runs to it', 'response', `${OK}\r\nabc`, [], { end, also: ['end 22 complete'] }],
    ['of a tunnel is clean', 'response', 'HTTP/1.1 101 \r\n\r\nabc', [], { end }],
  ]);
});

describe('limits', () => {
  const startLine = (limit: number): Extra => ({ limits: { startLine: limit } });
  const head = (limit: number): Extra => ({ limits: { head: limit } });
  table([
    ['a start line of just the limit', 'request', `${GET}\r\n`, [], startLine(16)],
    [
      'a start line over it',
      'request',
      `${GET}\r\n`,
      ['error start-line-too-long at 15 by client'],
      startLine(15),
    ],
    [
      'a start line over it that never ends',
      'response',
      'HTTP/1.1 200 aaaaaaaaaaa',
      ['error start-line-too-long at 20 by server'],
      startLine(20),
    ],
    [
      'a start line that is broken and over it',
      'response',
      'HTTP/1.1 200 a\0aaaaaaaaa\r\n',
      ['error start-line-too-long at 20 by server'],
      startLine(20),
    ],
    ['a head of just the limit', 'request', `${GET}\r\n`, [], head(27)],
    ['a head over it', 'request', `${GET}\r\n`, ['error head-too-large at 26 by client'], head(26)],
    [
      'a line over it that never ends',
      'request',
      `${GET}A: bbbbbbbb`,
      ['error head-too-large at 30 by client'],
      head(30),
    ],
    [
      'a broken line over it',
      'request',
      `${GET}A: b\0bbbbbb\r\n`,
      ['error head-too-large at 30 by client'],
      head(30),
    ],
    [
      'an obs-fold over it',
      'request',
      `${GET}A: b\r\n b\r\n\r\n`,
      ['error head-too-large at 33 by client'],
      head(33),
    ],
    ['as many fields as allowed', 'response', `${OK}A: 1\r\nB: 2\r\n\r\n`, [], { limits: { fields: 2 } }],
    [
      'one more',
      'response',
      `${OK}A: 1\r\nB: 2\r\nC: 3\r\n\r\n`,
      ['error too-many-fields at 29 by server'],
      { limits: { fields: 2 } },
    ],
    [
      'an obs-fold is no field',
      'response',
      `${OK}A: 1\r\n 2\r\n\r\n`,
      ['note obs-fold at 23'],
      { limits: { fields: 1 } },
    ],
    [
      'trailers of just the limit',
      'response',
      `${CHUNKED}0\r\nA: b\r\n\r\n`,
      [],
      { limits: { trailers: 8 } },
    ],
    [
      'trailers over it',
      'response',
      `${CHUNKED}0\r\nA: b\r\n\r\n`,
      ['error trailers-too-large at 57 by server'],
      { limits: { trailers: 7 }, also: ['end 57 incomplete'] },
    ],
    [
      'too many trailers',
      'response',
      `${CHUNKED}0\r\nA: b\r\nC: d\r\n\r\n`,
      ['error too-many-fields at 56 by server'],
      { limits: { fields: 1 } },
    ],
    [
      'an extension of just the limit',
      'response',
      `${CHUNKED}1;abc\r\na\r\n0\r\n\r\n`,
      [],
      { limits: { chunkExtension: 4 } },
    ],
    [
      'an extension over it',
      'response',
      `${CHUNKED}1;abc\r\na\r\n0\r\n\r\n`,
      ['error chunk-extension-too-long at 51 by server'],
      { limits: { chunkExtension: 3 } },
    ],
    [
      'blanks before an extension count',
      'response',
      `${CHUNKED}1   ;a\r\na\r\n`,
      ['error chunk-extension-too-long at 50 by server'],
      { limits: { chunkExtension: 2 } },
    ],
  ]);

  test('by default a start line has 16 KiB, a head 64 KiB and 256 fields, trailers 16 KiB, an extension 4 KiB', () => {
    const of = (role: Role, stream: string): string | undefined =>
      transcript(role, whole(bytesOf(stream)), { expect: ['GET'] }).find((line) => line.startsWith('error'));
    const long = (length: number): string => 'a'.repeat(length);
    expect(of('request', `GET /${long(16368)} HTTP/1.1\r\nHost: x\r\n\r\n`)).toBeUndefined();
    expect(of('request', `GET /${long(16369)} HTTP/1.1\r\nHost: x\r\n\r\n`)).toBe(
      'error start-line-too-long at 16384 by client',
    );
    const most = 65536 - OK.length - 'A: \r\n\r\n'.length;
    expect(of('response', `${OK}A: ${long(most)}\r\n\r\n`)).toBeUndefined();
    expect(of('response', `${OK}A: ${long(most + 1)}\r\n\r\n`)).toBe(
      'error head-too-large at 65536 by server',
    );
    expect(of('response', `${OK}${'A: b\r\n'.repeat(256)}\r\n`)).toBeUndefined();
    expect(of('response', `${OK}${'A: b\r\n'.repeat(257)}\r\n`)).toBe(
      'error too-many-fields at 1553 by server',
    );
    expect(of('response', `${CHUNKED}0\r\nA: ${long(16377)}\r\n\r\n`)).toBeUndefined();
    expect(of('response', `${CHUNKED}0\r\nA: ${long(16378)}\r\n\r\n`)).toBe(
      'error trailers-too-large at 16434 by server',
    );
    expect(of('response', `${CHUNKED}1;${long(4095)}\r\n`)).toBeUndefined();
    expect(of('response', `${CHUNKED}1;${long(4096)}\r\n`)).toBe(
      'error chunk-extension-too-long at 4144 by server',
    );
  });
});
