// What the writer puts on the wire, and what it refuses to.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createParser } from '../../../shared/http1/parser.ts';
import { reasonOf } from '../../../shared/http1/status.ts';
import {
  HttpSyntaxError,
  writeChunk,
  writeLastChunk,
  writeMalformedHead,
  writeRequest,
  writeResponse,
} from '../../../shared/http1/writer.ts';
import { bytesOf, transcript } from './transcript.ts';

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

describe('what is written', () => {
  test('a request keeps the order and case of its fields', () => {
    const bytes = writeRequest({
      method: 'PATCH',
      target: '/job/1.req',
      fields: [
        ['HOST', 'a'],
        ['x', ''],
        ['Content-Length', '3'],
      ],
    });
    expect(text(bytes)).toBe('PATCH /job/1.req HTTP/1.1\r\nHOST: a\r\nx:\r\nContent-Length: 3\r\n\r\n');
  });

  test.each([
    [{ status: 102, fields: [] }, 'HTTP/1.1 102 Processing\r\n\r\n'],
    [{ status: 104, fields: [] }, 'HTTP/1.1 104 Upload Resumption Supported\r\n\r\n'],
    [{ status: 299, fields: [] }, 'HTTP/1.1 299 Incomplete Content\r\n\r\n'],
    [{ status: 299, reason: 'Sparse Resource', fields: [] }, 'HTTP/1.1 299 Sparse Resource\r\n\r\n'],
    [{ status: 599, minor: 0 as const, fields: [] }, 'HTTP/1.0 599 \r\n\r\n'],
    [{ status: 200, reason: '', fields: [] }, 'HTTP/1.1 200 \r\n\r\n'],
  ])('a response with status %j', (head, expected) => {
    expect(text(writeResponse(head))).toBe(expected);
  });

  test('bytes above 0x7f in a value go out as ISO-8859-1', () => {
    expect(text(writeResponse({ status: 200, fields: [['X', 'é']] }))).toContain('X: \xe9\r\n');
  });

  test('a chunk has its size in hex, and no bytes make no chunk', () => {
    expect(text(writeChunk(bytesOf('x'.repeat(26))))).toBe(`1a\r\n${'x'.repeat(26)}\r\n`);
    expect(text(writeChunk(bytesOf('ab'), ';q="1"'))).toBe('2;q="1"\r\nab\r\n');
    expect(writeChunk(new Uint8Array(0))).toHaveLength(0);
  });

  test('the last chunk carries the trailers', () => {
    expect(text(writeLastChunk())).toBe('0\r\n\r\n');
    expect(text(writeLastChunk([['Repr-Digest', 'sha-256=::']]))).toBe(
      '0\r\nRepr-Digest: sha-256=::\r\n\r\n',
    );
  });

  test('a malformed head goes out as it is', () => {
    expect(text(writeMalformedHead(['GET  / HTTP/1.1', 'A : b\n', 'C\rD: e', '']))).toBe(
      'GET  / HTTP/1.1\r\nA : b\nC\rD: e\r\n\r\n',
    );
  });

  test('a status without a name has an empty reason', () => {
    expect(reasonOf(799)).toBe('');
  });
});

describe('what is refused', () => {
  const request = { method: 'GET', target: '/', fields: [] };
  test.each<[string, () => unknown]>([
    ['method', () => writeRequest({ ...request, method: 'GE T' })],
    ['method', () => writeRequest({ ...request, method: '' })],
    ['target', () => writeRequest({ ...request, target: '/a b' })],
    ['target', () => writeRequest({ ...request, target: '/é' })],
    ['target', () => writeRequest({ ...request, target: '' })],
    ['field-name', () => writeRequest({ ...request, fields: [['A:', 'b']] })],
    ['field-name', () => writeRequest({ ...request, fields: [['', 'b']] })],
    ['field-value', () => writeRequest({ ...request, fields: [['A', 'b\r\nC: d']] })],
    ['field-value', () => writeRequest({ ...request, fields: [['A', 'b\0']] })],
    ['field-value', () => writeRequest({ ...request, fields: [['A', '食']] })],
    ['field-value', () => writeRequest({ ...request, fields: [['A', ' b']] })],
    ['status', () => writeResponse({ status: 99, fields: [] })],
    ['status', () => writeResponse({ status: 200.5, fields: [] })],
    ['reason', () => writeResponse({ status: 200, reason: 'a\nb', fields: [] })],
    ['chunk-extension', () => writeChunk(bytesOf('a'), 'x')],
    ['chunk-extension', () => writeLastChunk([], ';a\r\n')],
    ['field-value', () => writeMalformedHead(['食'])],
  ])('a %s that would not be read back', (code, write) => {
    let thrown: unknown;
    try {
      write();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(HttpSyntaxError);
    expect((thrown as HttpSyntaxError).code).toBe(code);
    expect((thrown as HttpSyntaxError).message).toMatch(/cannot be sent: .+\.$/);
  });
});

const TOKEN = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/);
const NAME = TOKEN.filter((name) => !/^(content-length|transfer-encoding|connection|host)$/i.test(name));
const VALUE = fc.stringMatching(
  /^([\x21-\x7e\xa0-\xff]([\t\x20-\x7e\xa0-\xff]{0,30}[\x21-\x7e\xa0-\xff])?)?$/,
);

describe('what is written is read back', () => {
  test('requests', () => {
    fc.assert(
      fc.property(
        TOKEN,
        fc.stringMatching(/^[\x21-\x7e]{1,40}$/),
        fc.array(fc.tuple(NAME, VALUE)),
        (method, target, fields) => {
          const bytes = writeRequest({ method, target, fields });
          let read: unknown;
          createParser('request', {
            head(head) {
              read = {
                method: head.method,
                target: head.target,
                fields: Array.from({ length: head.fieldCount }, (_, i) => [
                  head.fieldName(i),
                  head.fieldValue(i),
                ]),
              };
            },
          }).feed(bytes);
          expect(read).toEqual({ method, target, fields });
        },
      ),
    );
  });

  test('responses with chunked content and trailers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 999 }).filter((status) => status !== 204 && status !== 304),
        VALUE,
        fc.array(fc.uint8Array({ maxLength: 40 })),
        fc.array(fc.tuple(NAME, VALUE), { maxLength: 4 }),
        (status, reason, chunks, trailers) => {
          const head = writeResponse({ status, reason, fields: [['Transfer-Encoding', 'chunked']] });
          const lines = transcript(
            'response',
            [head, ...chunks.map((chunk) => writeChunk(chunk)), writeLastChunk(trailers)],
            { expect: ['GET'], end: true },
          );
          const content = lines
            .filter((line) => line.startsWith('content'))
            .map((line) => JSON.parse(line.slice(line.indexOf('"'))) as string);
          expect(content.join('')).toBe(chunks.map((chunk) => text(chunk)).join(''));
          expect(lines.at(-1)).toMatch(/^end \d+ complete$/);
          expect(lines.some((line) => line.startsWith('error'))).toBe(false);
          expect(lines[lines.findIndex((line) => line.startsWith('head'))]).toContain(
            `${status} ${JSON.stringify(reason)} `,
          );
        },
      ),
    );
  });
});
