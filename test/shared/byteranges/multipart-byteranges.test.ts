// multipart/byteranges: boundaries wherever the bytes are split, bodies that look like them, and what is refused.

import { describe, expect, test } from 'vitest';
import { PARTS_LIMIT } from '../../../shared/byteranges/parts.ts';
import { byteByByte, bytesOf, randomSplits, whole } from '../http1/transcript.ts';
import { patchTranscript } from './patch-transcript.ts';

const TYPE = 'multipart/byteranges; boundary=B';
const ab = 'Content-Range: bytes 0-1/9\r\n\r\nab';
const AB = ['head bytes 0–1/9 - length 2', 'part whole'] as const;

const cases: [name: string, patch: string, report: string[], type?: string][] = [
  [
    'two parts',
    `--B\r\n${ab}\r\n--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 4-6/9\r\nContent-Length: 3\r\n\r\nefg\r\n--B--\r\n`,
    [
      AB[0],
      'body 1035 "ab"',
      AB[1],
      'head bytes 4–6/9 text/plain length 3',
      'body 1119 "efg"',
      'part whole',
      'whole',
    ],
  ],
  [
    'a preamble and an epilogue are skipped, whatever is in them',
    `Read\r\n-- B\r\nthis\r\r\n--B\r\n${ab}\r\n--B--\r\nand\r\n--B\r\nthat`,
    [AB[0], 'body 1054 "ab"', AB[1], 'whole'],
  ],
  ['an empty line in front', `\r\n--B\r\n${ab}\r\n--B--`, [AB[0], 'body 1037 "ab"', AB[1], 'whole']],
  ['blanks behind a boundary', `--B \t\r\n${ab}\r\n--B-- \t\r\n`, [AB[0], 'body 1037 "ab"', AB[1], 'whole']],
  ['a bare LF behind a boundary', `--B\n${ab}\r\n--B--`, [AB[0], 'body 1034 "ab"', AB[1], 'whole']],
  ['no part at all', '--B--', ['whole']],
  [
    'parts without bytes, with and without a line end of their own',
    '--B\r\nContent-Range: bytes */5\r\n\r\n--B\r\nContent-Range: bytes */6\r\n\r\n\r\n--B\r\n' +
      'Content-Range: bytes */7\r\nContent-Length: 0\r\n\r\n--B\r\nContent-Length: 0\r\nContent-Range: bytes */8\r\n\r\n\r\n--B--',
    [5, 6, 7, 8]
      .flatMap((length) => [`head bytes null–null/${length} - length 0`, 'part whole'])
      .concat('whole'),
  ],
  [
    'a body that is only nearly a boundary',
    '--B\r\nContent-Offset: 0\r\n\r\n\r\n-\r\n--\r\r\n--A\r\n\r\n--B--',
    [
      'head offset bytes 0–null/null - length null',
      'body 1026 "\\r\\n-\\r\\n--\\r\\r\\n--A\\r\\n"',
      'part whole',
      'whole',
    ],
  ],
  [
    'a body that begins with hyphens',
    '--B\r\nContent-Offset: 0\r\n\r\n--A\r\n--B--',
    ['head offset bytes 0–null/null - length null', 'body 1026 "--A"', 'part whole', 'whole'],
  ],
  [
    'a boundary in a body of known length is noted and kept',
    '--B\r\nContent-Offset: 0\r\nContent-Length: 17\r\n\r\nx\r\n--B--\r\n--B--\r\n\r\n--B--',
    [
      'head offset bytes 0–null/null - length 17',
      'body 1046 "x\\r\\n--B--\\r\\n--B--\\r\\n"',
      'note boundary-in-body at 1047',
      'part whole',
      'whole',
    ],
  ],
  [
    'a body of known length that begins with the boundary is noted and kept as well',
    '--B\r\nContent-Offset: 0\r\nContent-Length: 3\r\n\r\n--B\r\n--B--',
    [
      'head offset bytes 0–null/null - length 3',
      'body 1045 "--B"',
      'note boundary-in-body at 1045',
      'part whole',
      'whole',
    ],
  ],
  [
    'a range tells nothing of where a body ends: it ends short at the boundary, and the next part is read',
    `--B\r\nContent-Range: bytes 0-9/*\r\n\r\nx\r\n--B\r\n${ab}\r\n--B--`,
    [
      'head bytes 0–9/null - length 10',
      'body 1035 "x"',
      'part short',
      AB[0],
      'body 1073 "ab"',
      AB[1],
      'not whole',
    ],
  ],
  [
    'a body goes on beyond its range',
    `--B\r\n${ab}c\r\n--B--`,
    [AB[0], 'body 1035 "ab"', 'fault body-too-long at 1037', 'not whole'],
  ],
  [
    'a body goes on beyond its range by what had looked like a boundary',
    `--B\r\n${ab}\r\n--\r\n--B--`,
    [AB[0], 'body 1035 "ab"', 'fault body-too-long at 1037', 'not whole'],
  ],
  [
    'a body goes on beyond its length',
    '--B\r\nContent-Offset: 0\r\nContent-Length: 1\r\n\r\nx\r\n--A\r\n--B--',
    ['head offset bytes 0–null/null - length 1', 'body 1045 "x"', 'fault body-too-long at 1046', 'not whole'],
  ],
  [
    'a part that sets a length has a body',
    '--B\r\nContent-Range: bytes */5\r\n\r\nx\r\n--B--',
    ['head bytes null–null/5 - length 0', 'fault body-too-long at 1033', 'not whole'],
  ],
  [
    'a part without a range',
    `--B\r\n${ab}\r\n--B\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--`,
    [AB[0], 'body 1035 "ab"', AB[1], 'fault missing-range at 1044', 'not whole'],
  ],
  [
    'a boundary that goes on',
    `--B\r\n${ab}\r\n--BC\r\n`,
    [AB[0], 'body 1035 "ab"', AB[1], 'fault invalid-delimiter at 1042', 'not whole'],
  ],
  ['one hyphen behind a boundary', '--B-\r\n', ['fault invalid-delimiter at 1004', 'not whole']],
  ['a CR within the line of a boundary', '--B\r--\r\n', ['fault invalid-delimiter at 1004', 'not whole']],
  ['no boundary ever', `Content-Range: bytes 0-1/2\r\n\r\n--A\r\n`, ['not whole']],
  ['nothing', '', ['not whole']],
  [
    'an end behind the last body: the boundary that should close it is missing',
    `--B\r\n${ab}`,
    [AB[0], 'body 1035 "ab"', AB[1], 'not whole'],
  ],
  [
    'an end within the boundary that should close a body',
    '--B\r\nContent-Offset: 0\r\n\r\nab\r\n--',
    ['head offset bytes 0–null/null - length null', 'body 1026 "ab"', 'part short', 'not whole'],
  ],
  [
    'an end behind a part that sets a length: its body may have been to come',
    '--B\r\nContent-Range: bytes */5\r\n\r\n',
    ['head bytes null–null/5 - length 0', 'part short', 'not whole'],
  ],
  [
    'an end behind a body of known length, which is whole, but the patch is not',
    '--B\r\nContent-Offset: 0\r\nContent-Length: 9\r\n\r\nab\r\n--B--',
    [
      'head offset bytes 0–null/null - length 9',
      'body 1045 "ab\\r\\n--B--"',
      'note boundary-in-body at 1047',
      'part whole',
      'not whole',
    ],
  ],
  ['an end within a head', `--B\r\n${ab}\r\n--B\r\nContent`, [AB[0], 'body 1035 "ab"', AB[1], 'not whole']],
  ['an end after one hyphen', `--B\r\n${ab}\r\n--B-`, [AB[0], 'body 1035 "ab"', AB[1], 'not whole']],
  [
    'a quoted boundary, with what only quotes allow',
    `--a "b;:\r\n${ab}\r\n--a "b;:--`,
    [AB[0], 'body 1040 "ab"', AB[1], 'whole'],
    String.raw`Multipart/ByteRanges ;x="; boundary=no";Boundary="a \"b;:" ; y=z`,
  ],
  [
    'a boundary that is no token, without quotes',
    `--a/b:c\r\n${ab}\r\n--a/b:c--`,
    [AB[0], 'body 1039 "ab"', AB[1], 'whole'],
    'multipart/byteranges;boundary=a/b:c',
  ],
  [
    'no boundary in the media type: the first line has it',
    `\r\n--sep \r\n${ab}\r\n--sep--`,
    ['note boundary-from-content at 1002', AB[0], 'body 1040 "ab"', AB[1], 'whole'],
    'multipart/byteranges; x=y',
  ],
  [
    'no boundary in the media type, and the first line is none',
    `Hello\r\n--sep\r\n${ab}\r\n--sep--`,
    ['fault invalid-boundary at 1000', 'not whole'],
    'multipart/byteranges',
  ],
  [
    'no boundary in the media type, and a first line that only says so',
    `--\r\n${ab}\r\n----`,
    ['fault invalid-boundary at 1000', 'not whole'],
    'multipart/byteranges',
  ],
  [
    'no boundary in the media type, and a first line that never ends',
    `--${'x'.repeat(500)}`,
    ['fault invalid-boundary at 1000', 'not whole'],
    'multipart/byteranges',
  ],
  [
    'an empty boundary',
    `--\r\n${ab}\r\n----`,
    ['fault invalid-boundary at 1000', 'not whole'],
    'multipart/byteranges; boundary=""',
  ],
  [
    'a boundary whose quotes never end',
    `--B\r\n${ab}\r\n--B--`,
    ['fault invalid-boundary at 1000', 'not whole'],
    'multipart/byteranges; boundary="B',
  ],
  [
    'the longest boundary there is',
    `--${'b'.repeat(70)}\r\n${ab}\r\n--${'b'.repeat(70)}--`,
    [AB[0], 'body 1104 "ab"', AB[1], 'whole'],
    `multipart/byteranges; boundary=${'b'.repeat(70)}`,
  ],
  [
    'a longer one',
    `--${'b'.repeat(71)}\r\n${ab}\r\n--${'b'.repeat(71)}--`,
    ['fault invalid-boundary at 1000', 'not whole'],
    `multipart/byteranges; boundary=${'b'.repeat(71)}`,
  ],
];

describe('a multipart', () => {
  test.each(cases)('%s', (_, patch, report, type = TYPE) => {
    const bytes = bytesOf(patch);
    const joined = (pieces: Uint8Array[]): string[] => patchTranscript(type, pieces);
    expect(joined(whole(bytes))).toEqual(report);
    expect(joined(byteByByte(bytes))).toEqual(report);
    for (let seed = 0; seed < 20; seed++) expect(joined(randomSplits(bytes, seed))).toEqual(report);
  });

  test(`may have ${PARTS_LIMIT} parts and no more`, () => {
    const patch = (parts: number): Uint8Array =>
      bytesOf(`${'--B\r\nContent-Range: bytes */5\r\n\r\n'.repeat(parts)}--B--`);
    expect(patchTranscript(TYPE, [patch(PARTS_LIMIT)])).toHaveLength(2 * PARTS_LIMIT + 1);
    const lines = patchTranscript(TYPE, [patch(PARTS_LIMIT + 1)]);
    expect(lines).toHaveLength(2 * PARTS_LIMIT + 2);
    expect(lines.at(-2)).toMatch(/^fault too-many-parts /);
  });
});
