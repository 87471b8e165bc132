// Every example of the four drafts: read as its bytes are, and, its slips mended, written the same.

import { describe, expect, test } from 'vitest';
import { writePartHead } from '../../../shared/byteranges/message-byterange.ts';
import { parseContentOffset, writeContentOffset } from '../../../shared/fields/content-offset.ts';
import { parseContentRange, writeContentRange } from '../../../shared/fields/content-range.ts';
import { parseEntityTags, writeEntityTag } from '../../../shared/fields/entity-tag.ts';
import { parseExpect } from '../../../shared/fields/expect.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { writeHttpDate } from '../../../shared/fields/http-date.ts';
import { parsePrefer, writePrefer } from '../../../shared/fields/prefer.ts';
import { parseProgress, writeProgress } from '../../../shared/fields/progress.ts';
import { parseStatusUri, writeStatusUri } from '../../../shared/fields/status-uri.ts';
import { writeRequest, writeResponse } from '../../../shared/http1/writer.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import { account, accountOfPatch, meaning } from './account.ts';
import type { Context } from './account.ts';
import { documentExamples, examples, fieldExamples } from './all.ts';
import { bytesOf, elided } from './example.ts';
import type { Example } from './example.ts';

/** What an example is read in the light of: a response, of the request that it answers. */
function contextOf({ role, answers, bytes }: Example): Context {
  const request = answers === null ? bytes : examples.find(({ id }) => id === answers)!.bytes;
  const [method, target] = new TextDecoder().decode(request).split(' ', 2);
  return { role, method: method!, base: new URL(target!, 'http://example.com/').href };
}

const NO_HOST = 'note missing-host';
const PREFERENCES = 'Prefer: processing, respond-async, wait is 20';
const HERDING = 'Progress: 0 of 3, "Herding cats"';
const KNITTING = 'Progress: 1 of 3, "Knitting sweaters"';
const SLAYING = 'Progress: 2 of 3, "Slaying dragons"';
const AVAILABLE = 'Progress: 3 of 3, "Available"';
const UPLOADED = 'content "The photographer uploaded your image to:\\r\\n  <http://example.com/photos/42>"';
const CAPTURE_42 = 'http://example.com/capture?request=42';
const CONDITIONS = ['If-Match: "xyzzy"', 'If-Unmodified-Since: 1994-10-29T19:43:31.000Z'];

const TWO_RANGES = [
  '--THIS_STRING_SEPARATES',
  'Content-Range: bytes 2-6/25',
  'Content-Type: text/plain',
  '',
  '23456',
  '--THIS_STRING_SEPARATES',
  'Content-Range: bytes 17-21/25',
  'Content-Type: text/plain',
  '',
  '78901',
  '--THIS_STRING_SEPARATES--',
].join('\r\n');

function overwrite(length: number): string[] {
  return [
    NO_HOST,
    'PATCH /uploads/foo',
    'Content-Type: message/byterange',
    `Content-Length: ${length}`,
    ...CONDITIONS,
    'part 100 to 299 of 600, text/plain, 200 bytes',
    `body "${elided(100, 299)}"`,
    'patch whole',
  ];
}

function segment(length: number, first: number): string[] {
  return [
    NO_HOST,
    'PATCH /uploads/foo',
    'Content-Type: message/byterange',
    `Content-Length: ${length}`,
    'If-None-Match: any',
    `part ${first} to ${first + 199} of 600, text/plain, 200 bytes`,
    `body "${elided(first, first + 199)}"`,
    'patch whole',
    'complete',
  ];
}

function segments(draft: string): [id: string, lines: string[]][] {
  return [
    [`${draft}/first-segment`, segment(281, 0)],
    [`${draft}/second-segment`, segment(283, 200)],
    [`${draft}/third-segment`, segment(283, 200)],
  ];
}

function ranges(draft: string): [id: string, lines: string[]][] {
  return [
    [
      `${draft}/two-ranges`,
      [
        NO_HOST,
        'PATCH /uploads/foo',
        'Content-Type: multipart/byteranges; boundary=THIS_STRING_SEPARATES',
        'Content-Length: 206',
        ...CONDITIONS,
        `content ${JSON.stringify(TWO_RANGES)}`,
        'cut short',
        'error closed-in-body',
      ],
    ],
    [`${draft}/one-range`, [...overwrite(272), 'cut short', 'error closed-in-body']],
  ];
}

const READ = new Map<string, readonly string[]>([
  ['progress/capture', [NO_HOST, 'POST http://example.com/capture', PREFERENCES, 'complete']],
  [
    'progress/captured',
    [
      '102 Processing',
      `Location: ${CAPTURE_42} in < >`,
      HERDING,
      '102 Processing',
      KNITTING,
      '102 Processing',
      SLAYING,
      '201 Created',
      AVAILABLE,
      'Location: http://example.com/photos/42 in < >',
      `Content-Location: ${CAPTURE_42} in < >`,
      'Content-Type: text/plain',
      UPLOADED,
      'complete',
    ],
  ],
  [
    'progress/accepted',
    [
      '102 Processing',
      HERDING,
      'Location: http://example.com/status in < >',
      '102 Processing',
      KNITTING,
      '202 Accepted',
      'Location: http://example.com/status in < >',
      'Content-Location: http://example.com/status in < >',
      'Content-Type: text/plain',
      'content "The photographer is on step 2: Knitting sweaters"',
      'complete',
    ],
  ],
  ['progress/follow', [NO_HOST, `GET ${CAPTURE_42}`, PREFERENCES, 'complete']],
  [
    'progress/followed',
    [
      '102 Processing',
      KNITTING,
      '102 Processing',
      SLAYING,
      '200 OK',
      AVAILABLE,
      'Status-URI: 201 of http://example.com/capture',
      'Content-Type: text/plain',
      UPLOADED,
      'complete',
    ],
  ],
  ['partial-upload/overwrite', [...overwrite(283), 'complete']],
  ...segments('partial-upload'),
  ...ranges('patch-byterange'),
  ...segments('patch-byterange'),
  [
    'patch-byterange/truncate',
    [
      NO_HOST,
      'PATCH /logs.txt',
      'Content-Type: message/byterange',
      'Content-Length: 28',
      'If-Match: "foo"',
      'part nothing of 0, 0 bytes',
      'patch whole',
      'complete',
    ],
  ],
  ...ranges('httpapi-patch-byterange'),
  ...segments('httpapi-patch-byterange'),
]);

const HOST = ['Host', 'example.com'] as const;
const WISHES = [{ name: 'processing' }, { name: 'respond-async' }, { name: 'wait', value: '20' }];

function capture(method: string, target: string): Uint8Array {
  return writeRequest({ method, target, fields: [HOST, ['Prefer', writePrefer(WISHES)]] });
}

function step(numerator: number, remark: string): readonly [string, string] {
  return ['Progress', writeProgress({ numerator, denominator: 3 }, [{ kind: 'quoted', text: remark }])];
}

function processing(...fields: FieldLines): Uint8Array {
  return writeResponse({ status: 102, fields });
}

const CHANGED = Date.parse('1994-10-29T19:43:31Z');
const UNCHANGED: FieldLines = [
  ['If-Match', writeEntityTag({ weak: false, tag: 'xyzzy' })],
  ['If-Unmodified-Since', writeHttpDate(CHANGED)],
];

function patch(
  target: string,
  content: Uint8Array,
  conditions: FieldLines,
  type = 'message/byterange',
): Uint8Array {
  const fields: FieldLines = [
    HOST,
    ['Content-Type', type],
    ['Content-Length', String(content.length)],
    ...conditions,
  ];
  return concat(writeRequest({ method: 'PATCH', target, fields }), content);
}

function part(first: number, last: number, length: number | null): Uint8Array {
  const range = { first, last, complete: 600 };
  return concat(writePartHead({ range, contentType: 'text/plain', length }), bytesOf(elided(first, last)));
}

/** Two parts between their boundaries. */
function twoRanges(): Uint8Array {
  const separator = '--THIS_STRING_SEPARATES';
  const piece = (first: number, last: number, body: string): Uint8Array[] => [
    bytesOf(`${separator}\r\n`),
    writePartHead({ range: { first, last, complete: 25 }, contentType: 'text/plain', length: null }),
    bytesOf(`${body}\r\n`),
  ];
  return concat(...piece(2, 6, '23456'), ...piece(17, 21, '78901'), bytesOf(`${separator}--`));
}

const MULTIPART = 'multipart/byteranges; boundary=THIS_STRING_SEPARATES';
const UPLOAD = '/uploads/foo';
const NEW: FieldLines = [['If-None-Match', '*']];
const PLAIN = ['Content-Type', 'text/plain'] as const;
const UPLOADED_TEXT = bytesOf('The photographer uploaded your image to:\r\n  <http://example.com/photos/42>');

function writtenPatches(draft: string): [id: string, write: () => Uint8Array][] {
  return [
    [`${draft}/two-ranges`, () => patch(UPLOAD, twoRanges(), UNCHANGED, MULTIPART)],
    [`${draft}/one-range`, () => patch(UPLOAD, part(100, 299, null), UNCHANGED)],
    [`${draft}/first-segment`, () => patch(UPLOAD, part(0, 199, 200), NEW)],
    [`${draft}/second-segment`, () => patch(UPLOAD, part(200, 399, 200), [])],
    [`${draft}/third-segment`, () => patch(UPLOAD, part(400, 599, 200), [])],
  ];
}

/** The examples as this project writes them, from what they mean. */
const WRITTEN = new Map<string, () => Uint8Array>([
  ['progress/capture', () => capture('POST', 'http://example.com/capture')],
  [
    'progress/captured',
    () =>
      concat(
        processing(['Location', '?request=42'], step(0, 'Herding cats')),
        processing(step(1, 'Knitting sweaters')),
        processing(step(2, 'Slaying dragons')),
        writeResponse({
          status: 201,
          fields: [
            step(3, 'Available'),
            ['Location', '/photos/42'],
            ['Content-Location', '?request=42'],
            PLAIN,
          ],
        }),
        UPLOADED_TEXT,
      ),
  ],
  [
    'progress/accepted',
    () =>
      concat(
        processing(step(0, 'Herding cats'), ['Location', '?request=42']),
        processing(step(1, 'Knitting sweaters')),
        writeResponse({
          status: 202,
          fields: [['Location', '?request=42'], ['Content-Location', '?request=42'], PLAIN],
        }),
        bytesOf('The photographer is on step 2: Knitting sweaters'),
      ),
  ],
  ['progress/follow', () => capture('GET', 'http://example.com/capture?request=42')],
  [
    'progress/followed',
    () =>
      concat(
        processing(step(1, 'Knitting sweaters')),
        processing(step(2, 'Slaying dragons')),
        writeResponse({
          status: 200,
          fields: [
            step(3, 'Available'),
            ['Status-URI', writeStatusUri([{ status: 201, reference: '/capture' }])],
            PLAIN,
          ],
        }),
        UPLOADED_TEXT,
      ),
  ],
  ['partial-upload/overwrite', () => patch(UPLOAD, part(100, 299, 200), UNCHANGED)],
  ...writtenPatches('partial-upload').slice(2),
  ...writtenPatches('patch-byterange'),
  [
    'patch-byterange/truncate',
    () =>
      patch('/logs.txt', writePartHead({ range: { first: null, last: null, complete: 0 }, length: null }), [
        ['If-Match', writeEntityTag({ weak: false, tag: 'foo' })],
      ]),
  ],
  ...writtenPatches('httpapi-patch-byterange'),
]);

function concat(...pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

describe.each(examples)('$id', (example) => {
  test('is read as its bytes are', () => {
    expect(account(example.bytes, contextOf(example))).toEqual(READ.get(example.id));
  });

  test('is written the same, its slips mended', () => {
    expect(textOf(WRITTEN.get(example.id)!())).toBe(textOf(example.mended));
  });

  test('has no slip left when it is mended', () => {
    const lines = account(example.mended, contextOf({ ...example, bytes: example.mended }));
    expect(lines.filter((line) => /^(?:note|error|fault)|cut short| in < >/.test(line))).toEqual([]);
    expect(lines.at(-1)).toBe('complete');
  });
});

test.each(documentExamples)('the patch that $draft begins with is read and written', ({ bytes }) => {
  expect(accountOfPatch(bytes)).toEqual(['part 2 to 5 of 12, 4 bytes', 'body "wxyz"', 'patch whole']);
  const head = writePartHead({ range: { first: 2, last: 5, complete: 12 }, length: null });
  expect(textOf(concat(head, bytesOf('wxyz')))).toBe(textOf(bytes));
});

/** What each field line means; those of the same name and value mean the same in every draft. */
const SAID: Readonly<Record<string, string>> = {
  'Progress: 0/1': '0 of 1',
  "Progress: 66/ (tries) utf-8'en'Generating%20prime%20number":
    '66 of ?, (tries), en Generating prime number',
  "Progress: 5/16 UTF-8'ja-JP'%e9%a3%9f%e3%81%b9%e3%81%a6": '5 of 16, ja-JP 食べて',
  'Progress: 3/20 "POST http://example.com/item/3" 8020/8591489 (bytes)':
    '3 of 20, "POST http://example.com/item/3", ·8020 of 8591489, ·(bytes)',
  'Status-URI: 507 <http://example.com/photo/41>': '507 of http://example.com/photo/41',
  'Status-URI: 200 <http://example.com/capture>': '200 of http://example.com/capture',
  'Prefer: processing': 'processing',
  'Prefer: processing, respond-async, wait=20': 'processing, respond-async, wait is 20',
  'Expect: 100-continue': 'a 100',
  'Prefer: resume': 'resume',
  'Prefer: resume=save-incomplete': 'resume is save-incomplete',
  'Prefer: resume=ignore-incomplete': 'resume is ignore-incomplete',
  'Prefer: acknowledge': 'acknowledge',
  'Content-Range: bytes 0-11/12': '0 to 11 of 12',
  'Content-Range: bytes 0-11/*': '0 to 11 of ?',
  'Content-Range: bytes */1000': 'nothing of 1000',
  'Content-Range: bytes */0': 'nothing of 0',
  'Content-Range: 500-599/600': '500 to 599 of 600, without unit',
  'Content-Range: */1000': 'nothing of 1000, without unit',
  'Content-Offset: 5;unit=bytes;complete-length=600': 'from 5 of 600',
  'If-None-Match: *': 'any',
  'Prefer: transaction=atomic': 'transaction is atomic',
  'Prefer: transaction=persist': 'transaction is persist',
  'Preference-Applied: transaction=persist': 'transaction is persist',
};

describe.each(fieldExamples)('$draft: $name: $value', ({ name, value, mended }) => {
  test('is read', () => {
    expect(meaning(name, value)).toBe(SAID[`${name}: ${value}`]);
  });

  test('is written the same, its slips mended', () => {
    expect(rewritten(name, value)).toBe(mended);
  });
});

/** The value written anew from what was read. */
function rewritten(name: string, value: string): string {
  switch (name) {
    case 'Progress': {
      const progress = readable(parseProgress(value));
      return writeProgress(progress, progress.remarks.slice(1));
    }
    case 'Status-URI':
      return writeStatusUri(readable(parseStatusUri(value)));
    case 'Prefer':
    case 'Preference-Applied':
      return writePrefer(
        [...readable(parsePrefer(value))].map(([preference, { value: said }]) => ({
          name: preference,
          value: said,
        })),
      );
    case 'Content-Range':
      return writeContentRange({ ...readable(parseContentRange(value)), unit: 'bytes' });
    case 'Content-Offset':
      return writeContentOffset(readable(parseContentOffset(value)));
    case 'If-None-Match': {
      const tags = readable(parseEntityTags(value));
      return tags === '*' ? '*' : tags.map(writeEntityTag).join(', ');
    }
    case 'Expect':
      return readable(parseExpect(value)).continue ? '100-continue' : '';
    default:
      throw new Error(`${name} is not written here.`);
  }
}

function readable<T>(parsed: T | FieldFault): T {
  if (parsed instanceof FieldFault) throw new Error(parsed.message);
  return parsed;
}
