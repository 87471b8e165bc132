// message/byterange: read however it is split, refused with a reason, and its heads written as they are read.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writePartHead } from '../../../shared/byteranges/message-byterange.ts';
import { PART_HEAD_LIMIT } from '../../../shared/byteranges/parts.ts';
import { byteByByte, bytesOf, randomSplits, whole } from '../http1/transcript.ts';
import { patchTranscript, START } from './patch-transcript.ts';

const read = (pieces: readonly Uint8Array[]): string[] => patchTranscript('message/byterange', pieces);

const cases: [name: string, part: string, report: string[]][] = [
  [
    'a part with range, type and length',
    'Content-Range: bytes 3-7/100\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello',
    ['head bytes 3–7/100 text/plain length 5', 'body 1077 "hello"', 'part whole', 'whole'],
  ],
  [
    'the length follows from the range',
    'content-range:bytes 0-1/*\n\nhi',
    ['head bytes 0–1/null - length 2', 'body 1027 "hi"', 'part whole', 'whole'],
  ],
  [
    'the dialect without a unit is flagged',
    'Content-Range: 3-4/5\r\n\r\nhi',
    ['note missing-unit at 1015', 'head 3–4/5 - length 2', 'body 1024 "hi"', 'part whole', 'whole'],
  ],
  [
    'a range without an end takes all there is',
    'Content-Range: bytes 5-/*\r\n\r\nhello',
    ['head bytes 5–null/null - length null', 'body 1029 "hello"', 'part whole', 'whole'],
  ],
  [
    'unless the length says how much',
    'Content-Range: bytes 5-/*\r\nContent-Length: 2\r\n\r\nh',
    ['head bytes 5–null/null - length 2', 'body 1048 "h"', 'part short', 'not whole'],
  ],
  [
    'an offset takes all there is',
    'Content-Offset: 5;unit=bytes;complete-length=600\r\n\r\nhello',
    ['head offset bytes 5–null/600 - length null', 'body 1052 "hello"', 'part whole', 'whole'],
  ],
  [
    'an offset may do without parameters, and have a length',
    'Content-Offset: 5\r\nContent-Length: 0\r\n\r\n',
    ['head offset bytes 5–null/null - length 0', 'part whole', 'whole'],
  ],
  [
    'a length only has no body',
    'Content-Range: bytes */50\r\n\r\n',
    ['head bytes null–null/50 - length 0', 'part whole', 'whole'],
  ],
  [
    'a shorter body is an interruption',
    'Content-Range: bytes 0-4/5\r\n\r\nhel',
    ['head bytes 0–4/5 - length 5', 'body 1030 "hel"', 'part short', 'not whole'],
  ],
  [
    'no body at all is an interruption as well',
    'Content-Range: bytes 0-4/5\r\n\r\n',
    ['head bytes 0–4/5 - length 5', 'part short', 'not whole'],
  ],
  [
    'a longer body is a fault, what was announced is kept',
    'Content-Range: bytes 0-1/5\r\n\r\nhello',
    ['head bytes 0–1/5 - length 2', 'body 1030 "he"', 'fault body-too-long at 1032', 'not whole'],
  ],
  [
    'a body where only a length is told: the part has no end that could be acted upon',
    'Content-Range: bytes */50\r\n\r\nx',
    ['head bytes null–null/50 - length 0', 'fault body-too-long at 1029', 'not whole'],
  ],
  [
    'bytes beyond the last position that is exact',
    'Content-Range: bytes 9007199254740990-/*\r\n\r\nxyz',
    [
      'head bytes 9007199254740990–null/null - length null',
      'body 1044 "xy"',
      'fault body-too-long at 1046',
      'not whole',
    ],
  ],
  [
    'a length that reaches beyond it',
    'Content-Range: bytes 9007199254740991-/*\r\nContent-Length: 2\r\n\r\nxy',
    ['fault invalid-range at 1015', 'not whole'],
  ],
  ['no range', 'Content-Length: 1\r\n\r\nx', ['fault missing-range at 1000', 'not whole']],
  ['no fields at all', '\r\nx', ['fault missing-range at 1000', 'not whole']],
  [
    'a range and an offset',
    'Content-Range: bytes 1-2/3\r\nContent-Offset: 1\r\n\r\nhi',
    ['fault range-and-offset at 1044', 'not whole'],
  ],
  [
    'a range of another unit',
    'Content-Range: lines 1-2/3\r\n\r\n',
    ['fault invalid-range at 1015', 'not whole'],
  ],
  [
    'a range that ends before it begins',
    'Content-Range: bytes 10-9/*\r\n\r\n',
    ['fault invalid-range at 1024', 'not whole'],
  ],
  [
    'two ranges',
    'Content-Range: bytes 1-2/3\r\nContent-Range: bytes 1-2/3\r\n\r\n',
    ['fault invalid-range at 1026', 'not whole'],
  ],
  ['an offset that is no number', 'Content-Offset: x\r\n\r\n', ['fault invalid-range at 1016', 'not whole']],
  [
    'a length that differs from the range',
    'Content-Range: bytes 0-1/5\r\nContent-Length: 3\r\n\r\nhel',
    ['fault differing-length at 1044', 'not whole'],
  ],
  [
    'a length for a part that has no body',
    'Content-Range: bytes */5\r\nContent-Length: 1\r\n\r\nx',
    ['fault differing-length at 1042', 'not whole'],
  ],
  [
    'a length that is no number',
    'Content-Range: bytes 0-/5\r\nContent-Length: x\r\n\r\n',
    ['fault invalid-length at 1043', 'not whole'],
  ],
  [
    'a length beyond 2^53 − 1',
    'Content-Range: bytes 0-/5\r\nContent-Length: 9007199254740992\r\n\r\n',
    ['fault invalid-length at 1043', 'not whole'],
  ],
  [
    'a malformed field',
    'Content-Range : bytes 0-1/5\r\n\r\nhi',
    ['fault invalid-field at 1013', 'not whole'],
  ],
  [
    'an end within the head is an interruption, and nothing of the part is known',
    'Content-Range: bytes 0-1/5\r\n',
    ['not whole'],
  ],
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
      'head bytes 0–1/2 - length 2',
      `body ${START + PART_HEAD_LIMIT} "hi"`,
      'part whole',
      'whole',
    ]);
    const report = [`fault head-too-large at ${START + PART_HEAD_LIMIT}`, 'not whole'];
    expect(read([part(PART_HEAD_LIMIT + 1)])).toEqual(report);
    expect(read(byteByByte(part(PART_HEAD_LIMIT + 1)))).toEqual(report);
    expect(read(randomSplits(part(PART_HEAD_LIMIT + 1), 1))).toEqual(report);
  });

  test('may have 256 fields and no more', () => {
    const part = (fields: number): Uint8Array =>
      bytesOf(`Content-Range: bytes */2\r\n${'X: x\r\n'.repeat(fields - 1)}\r\n`);
    expect(read([part(256)]).at(-1)).toBe('whole');
    expect(read([part(257)])[0]).toMatch(/^fault invalid-field /);
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

  test('says the offset instead of the range, but where there is only a length', () => {
    const part = (first: number | null): string =>
      text(writePartHead({ range: { first, last: null, complete: 9 }, length: null, contentOffset: true }));
    expect(part(5)).toBe('Content-Offset: 5;unit=bytes;complete-length=9\r\n\r\n');
    expect(part(null)).toBe('Content-Range: bytes */9\r\n\r\n');
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
            ...(legacy ? [`note missing-unit at ${START + 15}`] : []),
            `head ${legacy ? '' : 'bytes '}${first}–${last}/${complete} - length ${size + 1}`,
            `body ${START + head.length} "${'x'.repeat(size + 1)}"`,
            'part whole',
            'whole',
          ]);
        },
      ),
    );
  });
});
