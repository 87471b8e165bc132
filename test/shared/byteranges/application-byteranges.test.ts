// application/byteranges, byte for byte: messages written by hand from the draft's definitions, and what is refused.

import { describe, expect, test } from 'vitest';
import { PART_HEAD_LIMIT, PARTS_LIMIT } from '../../../shared/byteranges/parts.ts';
import { byteByByte, randomSplits, whole } from '../http1/transcript.ts';
import { patchTranscript, START } from './patch-transcript.ts';

const read = (pieces: readonly Uint8Array[]): string[] => patchTranscript('application/byteranges', pieces);

/** Hex digits; blanks between them mean nothing. */
function hex(text: string): Uint8Array {
  return Uint8Array.from(text.replaceAll(/\s/g, '').match(/../g) ?? [], (digits) =>
    Number.parseInt(digits, 16),
  );
}

// "content-range" and "bytes 2-5/12", each behind its length.
const RANGE = '0d 636f6e74656e742d72616e6765  0c 627974657320322d352f3132';
// "content-offset" and "5;unit=bytes;complete-length=600".
const OFFSET =
  '0e 636f6e74656e742d6f6666736574 20 353b756e69743d62797465733b636f6d706c6574652d6c656e6774683d363030';
const TYPE = '0c 636f6e74656e742d74797065 0a 746578742f706c61696e';
const HEAD = 'head bytes 2–5/12 - length 4';

const cases: [name: string, patch: string, report: string[]][] = [
  [
    'a message of known length',
    `08 1b ${RANGE} 04 7778797a`,
    [HEAD, 'body 1030 "wxyz"', 'part whole', 'whole'],
  ],
  [
    'a message of indeterminate length, in chunks',
    `0a ${RANGE} 00 03 777879 01 7a 00`,
    [HEAD, 'body 1030 "wxy"', 'body 1034 "z"', 'part whole', 'whole'],
  ],
  [
    'an offset, whose length only the framing tells',
    `08 30 ${OFFSET} 05 68656c6c6f`,
    ['head offset bytes 5–null/600 - length 5', 'body 1051 "hello"', 'part whole', 'whole'],
  ],
  [
    'an offset without any length',
    `0a ${OFFSET} 00 05 68656c6c6f 00`,
    ['head offset bytes 5–null/600 - length null', 'body 1051 "hello"', 'part whole', 'whole'],
  ],
  [
    'several messages of both kinds, one right behind the other',
    `08 33 ${RANGE} ${TYPE} 04 7778797a 0a ${OFFSET} 00 00 08 1b ${RANGE} 04 61626364`,
    [
      'head bytes 2–5/12 text/plain length 4',
      'body 1054 "wxyz"',
      'part whole',
      'head offset bytes 5–null/600 - length null',
      'part whole',
      HEAD,
      'body 1139 "abcd"',
      'part whole',
      'whole',
    ],
  ],
  [
    // "content-range" and "bytes */50"
    'a message that sets the length',
    '08 19 0d 636f6e74656e742d72616e6765 0a 6279746573202a2f3530 00',
    ['head bytes null–null/50 - length 0', 'part whole', 'whole'],
  ],
  [
    // "content-range" and "2-5/12"
    'a range without its unit',
    '08 15 0d 636f6e74656e742d72616e6765 06 322d352f3132 04 7778797a',
    ['note missing-unit at 1017', 'head 2–5/12 - length 4', 'body 1024 "wxyz"', 'part whole', 'whole'],
  ],
  [
    'numbers in two, four and eight bytes',
    `4008 8000001b ${RANGE} c000000000000004 7778797a`,
    [HEAD, 'body 1041 "wxyz"', 'part whole', 'whole'],
  ],
  ['no message at all', '', ['whole']],
  ['a framing indicator of another kind', '09 00', ['fault invalid-framing at 1000', 'not whole']],
  [
    'padding behind the last message',
    `08 1b ${RANGE} 04 7778797a 00`,
    [HEAD, 'body 1030 "wxyz"', 'part whole', 'fault invalid-framing at 1034', 'not whole'],
  ],
  [
    'a number beyond 2^53 − 1',
    `0a ${RANGE} 00 c020000000000000`,
    [HEAD, 'fault number-too-large at 1029', 'not whole'],
  ],
  [
    'the largest number that is exact, of content that the range has no room for',
    `08 1b ${RANGE} c01fffffffffffff 77`,
    ['fault differing-length at 1017', 'not whole'],
  ],
  [
    'a field section larger than any that is read, before any of it came',
    '08 80004001',
    ['fault head-too-large at 1005', 'not whole'],
  ],
  [
    'a value longer than any that is read, before any of it came',
    '0a 01 61 80004001',
    ['fault head-too-large at 1003', 'not whole'],
  ],
  [
    'a field that is longer than its section',
    '08 04 01 61 03 6162',
    ['fault invalid-field at 1004', 'not whole'],
  ],
  ['a name that is longer than its section', '08 02 02 61', ['fault invalid-field at 1002', 'not whole']],
  [
    'a length that is longer than its section',
    '08 03 01 61 4000',
    ['fault invalid-field at 1004', 'not whole'],
  ],
  ['a name without a value', '08 02 01 61', ['fault invalid-field at 1003', 'not whole']],
  ['an empty name', '08 02 00 00', ['fault invalid-field at 1002', 'not whole']],
  ['a name with a capital letter', '0a 02 6141 01 62', ['fault invalid-field at 1003', 'not whole']],
  ['a name that is a pseudo-field', '0a 02 3a61 01 62', ['fault invalid-field at 1002', 'not whole']],
  ['a value with a line end', '0a 01 61 03 620a63', ['fault invalid-field at 1005', 'not whole']],
  ['a value with a NUL', '0a 01 61 01 00', ['fault invalid-field at 1004', 'not whole']],
  ['a value with another control', '0a 01 61 03 620163', ['fault invalid-field at 1005', 'not whole']],
  ['a value with a DEL', '0a 01 61 01 7f', ['fault invalid-field at 1004', 'not whole']],
  [
    'a value with a tab and letters that are not ASCII',
    `08 23 ${RANGE} 01 61 05 e409c3a462 04 7778797a`,
    [HEAD, 'body 1038 "wxyz"', 'part whole', 'whole'],
  ],
  ['a value with a blank in front', '0a 01 61 02 2062', ['fault invalid-field at 1004', 'not whole']],
  ['a value with a blank behind', '0a 01 61 02 6209', ['fault invalid-field at 1005', 'not whole']],
  ['no fields', '08 00 00', ['fault missing-range at 1002', 'not whole']],
  ['no fields, ended', '0a 00 00', ['fault missing-range at 1001', 'not whole']],
  [
    'content of another length than the range',
    `08 1b ${RANGE} 03 777879`,
    ['fault differing-length at 1017', 'not whole'],
  ],
  [
    'chunks beyond the range',
    `0a ${RANGE} 00 04 7778797a 01 21 00`,
    [HEAD, 'body 1030 "wxyz"', 'fault body-too-long at 1035', 'not whole'],
  ],
  [
    'chunks that end before the range does: the next message is read',
    `0a ${RANGE} 00 02 7778 00 08 1b ${RANGE} 04 7778797a`,
    [HEAD, 'body 1030 "wx"', 'part short', HEAD, 'body 1063 "wxyz"', 'part whole', 'not whole'],
  ],
];

describe('application/byteranges', () => {
  test.each(cases)('%s', (_, text, report) => {
    const bytes = hex(text);
    expect(read(whole(bytes))).toEqual(report);
    expect(read(byteByByte(bytes))).toEqual(report);
    for (let seed = 0; seed < 20; seed++) expect(read(randomSplits(bytes, seed))).toEqual(report);
  });

  test.each([
    ['known', `08 1b ${RANGE} 04 7778797a`],
    ['indeterminate', `0a ${OFFSET} 00 03 777879 01 7a 00`],
  ])('a message of %s length that ends anywhere is not whole, and no fault', (_, text) => {
    const bytes = hex(text);
    for (let end = 1; end < bytes.length; end++) {
      const lines = read([bytes.subarray(0, end)]);
      expect(lines.at(-1)).toBe('not whole');
      expect(lines.join()).not.toMatch(/fault|part whole/);
    }
    expect(read([bytes]).at(-1)).toBe('whole');
  });

  test('a head may have 16 KiB', () => {
    const fields = hex(RANGE);
    const value = PART_HEAD_LIMIT - fields.length - 6;
    const section = [
      ...fields,
      1,
      0x61,
      0x80,
      0,
      value >> 8,
      value & 0xff,
      ...Array<number>(value).fill(0x62),
    ];
    const patch = Uint8Array.from([8, 0x80, 0, 0x40, 0, ...section, 4, 1, 2, 3, 4]);
    expect(section).toHaveLength(PART_HEAD_LIMIT);
    expect(read([patch])[0]).toBe(HEAD);
    expect(read([Uint8Array.from([10, ...section, 1])])).toEqual([
      `fault head-too-large at ${START + 1 + PART_HEAD_LIMIT}`,
      'not whole',
    ]);
  });

  test('a head may have 256 fields', () => {
    const patch = (fields: number): Uint8Array => hex(`0a ${RANGE} ${'01 61 00'.repeat(fields - 1)} 00 00`);
    expect(read([patch(256)])).toEqual([HEAD, 'part short', 'not whole']);
    expect(read([patch(257)])).toEqual([
      `fault invalid-field at ${START + 1 + hex(RANGE).length + 3 * 255}`,
      'not whole',
    ]);
  });

  test(`a patch may have ${PARTS_LIMIT} messages and no more`, () => {
    const message = '08 19 0d 636f6e74656e742d72616e6765 0a 6279746573202a2f3530 00';
    expect(read([hex(message.repeat(PARTS_LIMIT))]).at(-1)).toBe('whole');
    expect(read([hex(message.repeat(PARTS_LIMIT + 1))]).at(-2)).toBe(
      `fault too-many-parts at ${START + PARTS_LIMIT * hex(message).length}`,
    );
  });
});
