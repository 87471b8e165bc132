// Parts of a PATCH: read however they are split, refused with a reason, and written as they are read.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MessageByterangeReader, writePartHead } from '../../../shared/byteranges/message-byterange.ts';
import { PART_HEAD_LIMIT } from '../../../shared/byteranges/parts.ts';
import { byteByByte, bytesOf, randomSplits, whole } from '../http1/transcript.ts';

/** What the reader reports, body joined; bytes are told to be at 1000 and on. */
function read(pieces: readonly Uint8Array[]): string[] {
  const lines: string[] = [];
  let body = '';
  let bodyAt = -1;
  let next = -1;
  const reader = new MessageByterangeReader({
    head({ range, contentType, length }) {
      const { unit, first, last, complete } = range;
      lines.push(
        `head ${unit} ${first}–${last}/${complete} ${contentType === '' ? '' : `${contentType} `}length ${length}`,
      );
    },
    body(bytes, from, to, at) {
      if (bodyAt === -1) bodyAt = at;
      else expect(at).toBe(next);
      next = at + (to - from);
      body += String.fromCharCode(...bytes.subarray(from, to));
    },
    partEnd: () => {},
    fault: ({ code, message }) => {
      expect(message).toMatch(/\.$/);
      lines.push(code);
    },
  });
  let at = 1000;
  for (const piece of pieces) {
    reader.feed(piece, 0, piece.length, at);
    at += piece.length;
  }
  const complete = reader.end();
  if (bodyAt >= 0) lines.push(`body ${bodyAt}: ${body}`);
  lines.push(complete ? 'whole' : 'not whole');
  return lines;
}

const cases: [name: string, part: string, report: string[]][] = [
  [
    'a part with range, type and length',
    'Content-Range: bytes 3-7/100\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello',
    ['head bytes 3–7/100 text/plain length 5', 'body 1077: hello', 'whole'],
  ],
  [
    'the length follows from the range',
    'content-range:bytes 0-1/*\n\nhi',
    ['head bytes 0–1/null length 2', 'body 1027: hi', 'whole'],
  ],
  [
    'the dialect without a unit is flagged',
    'Content-Range: 3-4/5\r\n\r\nhi',
    ['head null 3–4/5 length 2', 'body 1024: hi', 'whole'],
  ],
  [
    'a range without an end takes all there is',
    'Content-Range: bytes 5-/*\r\n\r\nhello',
    ['head bytes 5–null/null length null', 'body 1029: hello', 'whole'],
  ],
  [
    'unless the length says how much',
    'Content-Range: bytes 5-/*\r\nContent-Length: 2\r\n\r\nh',
    ['head bytes 5–null/null length 2', 'body 1048: h', 'not whole'],
  ],
  [
    'a length only has no body',
    'Content-Range: bytes */50\r\n\r\n',
    ['head bytes null–null/50 length 0', 'whole'],
  ],
  [
    'a shorter body is an interruption',
    'Content-Range: bytes 0-4/5\r\n\r\nhel',
    ['head bytes 0–4/5 length 5', 'body 1030: hel', 'not whole'],
  ],
  [
    'a longer body is a fault, what was announced is kept',
    'Content-Range: bytes 0-1/5\r\n\r\nhello',
    ['head bytes 0–1/5 length 2', 'body-too-long', 'body 1030: he', 'not whole'],
  ],
  [
    'a body where only a length is told',
    'Content-Range: bytes */50\r\n\r\nx',
    ['head bytes null–null/50 length 0', 'body-too-long', 'not whole'],
  ],
  ['no range', 'Content-Length: 1\r\n\r\nx', ['missing-range', 'not whole']],
  ['no fields at all', '\r\nx', ['missing-range', 'not whole']],
  ['a range of another unit', 'Content-Range: lines 1-2/3\r\n\r\n', ['invalid-range', 'not whole']],
  [
    'two ranges',
    'Content-Range: bytes 1-2/3\r\nContent-Range: bytes 1-2/3\r\n\r\n',
    ['invalid-range', 'not whole'],
  ],
  [
    'a length that differs from the range',
    'Content-Range: bytes 0-1/5\r\nContent-Length: 3\r\n\r\nhel',
    ['differing-length', 'not whole'],
  ],
  [
    'a length for a part that has no body',
    'Content-Range: bytes */5\r\nContent-Length: 1\r\n\r\nx',
    ['differing-length', 'not whole'],
  ],
  [
    'a length that is no number',
    'Content-Range: bytes 0-/5\r\nContent-Length: x\r\n\r\n',
    ['invalid-length', 'not whole'],
  ],
  ['a malformed field', 'Content-Range : bytes 0-1/5\r\n\r\nhi', ['invalid-field', 'not whole']],
  ['an end within the head', 'Content-Range: bytes 0-1/5\r\n', ['not whole']],
  ['nothing', '', ['not whole']],
];

describe('a part', () => {
  test.each(cases)('%s', (_, part, report) => {
    const bytes = bytesOf(part);
    expect(read(whole(bytes))).toEqual(report);
    expect(read(byteByByte(bytes))).toEqual(report);
    for (let seed = 0; seed < 20; seed++) expect(read(randomSplits(bytes, seed))).toEqual(report);
  });

  test('may have a head of 16 KiB and no more', () => {
    const fixed = 'Content-Range: bytes 0-1/2\r\nX: \r\n\r\n'.length;
    const part = (head: number): Uint8Array =>
      bytesOf(`Content-Range: bytes 0-1/2\r\nX: ${'x'.repeat(head - fixed)}\r\n\r\nhi`);
    expect(read([part(PART_HEAD_LIMIT)])).toEqual([
      'head bytes 0–1/2 length 2',
      `body ${1000 + PART_HEAD_LIMIT}: hi`,
      'whole',
    ]);
    expect(read([part(PART_HEAD_LIMIT + 1)])).toEqual(['head-too-large', 'not whole']);
    expect(read(randomSplits(part(PART_HEAD_LIMIT + 1), 1))).toEqual(['head-too-large', 'not whole']);
  });
});

describe('what is written', () => {
  const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

  test('has the range first, then type and length as far as given', () => {
    const range = { first: 3, last: 19, complete: 100 };
    expect(text(writePartHead({ range, length: 17, contentType: 'application/json' }))).toBe(
      'Content-Range: bytes 3-19/100\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n',
    );
    expect(text(writePartHead({ range, length: null }))).toBe('Content-Range: bytes 3-19/100\r\n\r\n');
  });

  test('leaves the unit out for the original server only', () => {
    expect(text(writePartHead({ range: { first: 1, last: 2, complete: 3 }, length: 2, legacy: true }))).toBe(
      'Content-Range: 1-2/3\r\nContent-Length: 2\r\n\r\n',
    );
  });

  test('is read back', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat({ max: 50 }),
        fc.option(fc.nat()),
        fc.boolean(),
        (first, size, rest, legacy) => {
          const last = first + size;
          const complete = rest === null ? null : last + 1 + rest;
          const head = writePartHead({ range: { first, last, complete }, length: size + 1, legacy });
          expect(read([head, bytesOf('x'.repeat(size + 1))])).toEqual([
            `head ${legacy ? null : 'bytes'} ${first}–${last}/${complete} length ${size + 1}`,
            `body ${1000 + head.length}: ${'x'.repeat(size + 1)}`,
            'whole',
          ]);
        },
      ),
    );
  });
});
