// Content that is made of parts: multipart, byte ranges, messages inside message/http.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MULTIPART_PARTS, splitMultipart } from '../../../shared/body/multipart.ts';
import { nestedMessages } from '../../../shared/body/nested.ts';
import { readRanges } from '../../../shared/body/ranges.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What was split, with bodies as text. */
function split(content: string, boundary: string | null = 'x') {
  const bytes = utf8(content);
  const found = splitMultipart(bytes, boundary);
  return found === null
    ? null
    : {
        ...found,
        parts: found.parts.map(({ fields, from, to, whole }) => ({
          fields,
          body: text(bytes.subarray(from, to)),
          whole,
        })),
      };
}

describe('multipart content', () => {
  test('is split into parts with their fields', () => {
    const content =
      'preamble\r\n--x\r\nContent-Disposition: form-data; name="a"\r\n\r\none\r\n--x  \r\n\r\ntwo\r\nlines\r\n--x--\r\nepilogue';
    expect(split(content)).toEqual({
      parts: [
        { fields: [['Content-Disposition', 'form-data; name="a"']], body: 'one', whole: true },
        { fields: [], body: 'two\r\nlines', whole: true },
      ],
      closed: true,
      more: false,
    });
  });

  test.each([
    [
      'a part that has not ended',
      '--x\r\nA: b\r\n\r\nhal',
      { fields: [['A', 'b']], body: 'hal', whole: false },
    ],
    ['a part without content', '--x\r\nA: b\r\n\r\n--x--', { fields: [['A', 'b']], body: '', whole: true }],
    ['a part without anything', '--x\r\n\r\n--x--', { fields: [], body: '', whole: true }],
    [
      'a head that is none',
      '--x\r\nno field\r\n\r\nbody\r\n--x--',
      { fields: [], body: 'body', whole: true },
    ],
    ['a head that has not ended', '--x\r\nA: b', { fields: [], body: '', whole: false }],
  ])('tells %s', (_, content, part) => {
    expect(split(content)?.parts).toEqual([part]);
  });

  test.each([
    ['no boundary', '--x\r\n\r\n--x--', null],
    ['a boundary that cannot be one', '--x\r\n\r\n--x--', ' '],
    ['a boundary that is nowhere', 'words', 'x'],
  ])('is none with %s', (_, content, boundary) => {
    expect(split(content, boundary)).toBeNull();
  });

  test('has a bound', () => {
    const found = split(`${'--x\r\n\r\na\r\n'.repeat(MULTIPART_PARTS + 3)}--x--`);
    expect(found?.parts).toHaveLength(MULTIPART_PARTS);
    expect(found?.more).toBe(true);
  });

  test('gives back what was put in, and never tells of bytes that have not come', () => {
    const body = fc.string({ unit: fc.constantFrom('a', '-', 'x', '\r', '\n', '\0') });
    fc.assert(
      fc.property(
        fc.array(body, { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (bodies, share) => {
          fc.pre(bodies.every((one) => !`\r\n${one}\r\n`.includes('\r\n--xyz')));
          const content = `${bodies.map((one) => `--xyz\r\n\r\n${one}\r\n`).join('')}--xyz--`;
          expect(split(content, 'xyz')?.parts.map((part) => part.body)).toEqual(bodies);
          const cut = content.slice(0, Math.floor(content.length * share));
          const bytes = utf8(cut);
          for (const { from, to } of splitMultipart(bytes, 'xyz')?.parts ?? []) {
            expect(from).toBeLessThanOrEqual(to);
            expect(to).toBeLessThanOrEqual(bytes.length);
          }
        },
      ),
    );
  });
});

describe('byte ranges', () => {
  test('of message/byterange', () => {
    const found = readRanges('message/byterange', utf8('Content-Range: bytes 4-6/10\r\n\r\nabc'));
    expect(found?.fault).toBeNull();
    expect(found?.parts.map(({ head, bytes, whole }) => [head.range, text(bytes), whole])).toEqual([
      [{ unit: 'bytes', first: 4, last: 6, complete: 10 }, 'abc', true],
    ]);
  });

  test('of multipart/byteranges, the last of which has not come whole', () => {
    const content =
      '--b\r\nContent-Range: bytes 0-1/9\r\n\r\nab\r\n--b\r\nContent-Range: bytes 4-8/9\r\nContent-Length: 5\r\n\r\nef';
    const found = readRanges('multipart/byteranges; boundary=b', utf8(content));
    expect(found?.parts.map(({ head, bytes, whole }) => [head.range.first, text(bytes), whole])).toEqual([
      [0, 'ab', true],
      [4, 'ef', false],
    ]);
  });

  test('say why they cannot be read', () => {
    const found = readRanges('message/byterange', utf8('Content-Type: text/plain\r\n\r\nabc'));
    expect(found?.fault).toMatch(/no Content-Range/);
  });

  test('are none of another type', () => {
    expect(readRanges('text/plain', utf8('abc'))).toBeNull();
  });
});

describe('messages inside a message', () => {
  test.each([
    [
      'a response after an interim one',
      'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok',
      [
        ['HTTP/1.1 102 Processing', '', true],
        ['HTTP/1.1 201 Created', 'ok', true],
      ],
    ],
    [
      'a response whose content is chunked',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      [['HTTP/1.1 200 OK', 'ok', true]],
    ],
    [
      'a response that ends with the document',
      'HTTP/1.1 200 OK\r\n\r\nto the end',
      [['HTTP/1.1 200 OK', 'to the end', true]],
    ],
    [
      'a response that is cut',
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf',
      [['HTTP/1.1 200 OK', 'half', false]],
    ],
    ['a request', 'PUT /x HTTP/1.1\r\nContent-Length: 2\r\n\r\nok', [['PUT /x HTTP/1.1', 'ok', true]]],
    ['nothing of the kind', 'words', []],
  ])('%s', (_, content, messages) => {
    expect(
      nestedMessages(utf8(content)).map(({ startLine, content, complete }) => [
        startLine,
        text(content),
        complete,
      ]),
    ).toEqual(messages);
  });

  test('end at their bound', () => {
    const found = nestedMessages(utf8('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(150)));
    expect(found).toHaveLength(100);
  });
});
