// Every message of the four drafts: read as its bytes are, and, its slips mended, written the same.

import { describe, expect, test } from 'vitest';
import { writePartHead } from '../../../shared/byteranges/message-byterange.ts';
import { layoutPatch } from '../../../shared/byteranges/patch-layout.ts';
import type { PartToWrite, PatchLayout } from '../../../shared/byteranges/patch-layout.ts';
import { writeEntityTag } from '../../../shared/fields/entity-tag.ts';
import { writeHttpDate } from '../../../shared/fields/http-date.ts';
import { writePrefer } from '../../../shared/fields/prefer.ts';
import { writeProgress } from '../../../shared/fields/progress.ts';
import { writeStatusUri } from '../../../shared/fields/status-uri.ts';
import { writeRequest, writeResponse } from '../../../shared/http1/writer.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import { account, accountOfPatch } from './account.ts';
import type { Context } from './account.ts';
import { documentExamples, examples } from './all.ts';
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

function overwrite(length: number): string[] {
  return [
    NO_HOST,
    'PATCH /uploads/foo',
    'Content-Type: message/byterange',
    `Content-Length: ${length}`,
    ...CONDITIONS,
    'part 100 to 299 of 600, text/plain, 200 bytes',
    `body "${elided(100, 299)}"`,
    'part whole',
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
    'part whole',
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
        'part 2 to 6 of 25, text/plain, 5 bytes',
        'body "23456"',
        'part whole',
        'part 17 to 21 of 25, text/plain, 5 bytes',
        'body "78901"',
        'part whole',
        'patch whole',
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
      'part whole',
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

function patch(target: string, conditions: FieldLines, layout: PatchLayout, source: string): Uint8Array {
  const fields: FieldLines = [
    HOST,
    ['Content-Type', layout.contentType],
    ['Content-Length', String(layout.length)],
    ...conditions,
  ];
  const content = layout.pieces.map((piece) =>
    'bytes' in piece ? piece.bytes : bytesOf(source.slice(piece.from, piece.to)),
  );
  return concat(writeRequest({ method: 'PATCH', target, fields }), ...content);
}

/** A part of plain text. The body is the range's bytes of the document. */
function part(first: number, last: number, complete: number): PartToWrite {
  return { range: { first, last, complete }, contentType: 'text/plain', from: first, to: last + 1 };
}

/** Of the 600 bytes that the drafts elide. @param length of a part: told by its Content-Length too, or by its range alone */
function writeRange(
  first: number,
  last: number,
  conditions: FieldLines,
  length: 'told' | 'by-range',
): Uint8Array {
  const layout = layoutPatch('message', [part(first, last, 600)], { indeterminate: length === 'by-range' });
  return patch(UPLOAD, conditions, layout, elided(0, 599));
}

function writeTwoRanges(): Uint8Array {
  const parts = [part(2, 6, 25), part(17, 21, 25)];
  const layout = layoutPatch('multipart', parts, { boundary: 'THIS_STRING_SEPARATES', indeterminate: true });
  return patch(UPLOAD, UNCHANGED, layout, '0123456789'.repeat(3));
}

function writeTruncation(): Uint8Array {
  const parts = [{ range: { first: null, last: null, complete: 0 }, from: 0, to: 0 }];
  const layout = layoutPatch('message', parts, { indeterminate: true });
  return patch('/logs.txt', [['If-Match', writeEntityTag({ weak: false, tag: 'foo' })]], layout, '');
}

const UPLOAD = '/uploads/foo';
const NEW: FieldLines = [['If-None-Match', '*']];
const PLAIN = ['Content-Type', 'text/plain'] as const;
const UPLOADED_TEXT = bytesOf('The photographer uploaded your image to:\r\n  <http://example.com/photos/42>');

function writtenSegments(draft: string): [id: string, write: () => Uint8Array][] {
  return [
    [`${draft}/first-segment`, () => writeRange(0, 199, NEW, 'told')],
    [`${draft}/second-segment`, () => writeRange(200, 399, [], 'told')],
    [`${draft}/third-segment`, () => writeRange(400, 599, [], 'told')],
  ];
}

function writtenRanges(draft: string): [id: string, write: () => Uint8Array][] {
  return [
    [`${draft}/two-ranges`, writeTwoRanges],
    [`${draft}/one-range`, () => writeRange(100, 299, UNCHANGED, 'by-range')],
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
  ['partial-upload/overwrite', () => writeRange(100, 299, UNCHANGED, 'told')],
  ...writtenSegments('partial-upload'),
  ...writtenRanges('patch-byterange'),
  ...writtenSegments('patch-byterange'),
  ['patch-byterange/truncate', writeTruncation],
  ...writtenRanges('httpapi-patch-byterange'),
  ...writtenSegments('httpapi-patch-byterange'),
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

test.each(documentExamples)(
  'the patch that $draft begins with is read and written',
  ({ mediaType, bytes }) => {
    expect(accountOfPatch(mediaType, bytes)).toEqual([
      'part 2 to 5 of 12, 4 bytes',
      'body "wxyz"',
      'part whole',
      'patch whole',
    ]);
    const head = writePartHead({ range: { first: 2, last: 5, complete: 12 }, length: null });
    expect(textOf(concat(head, bytesOf('wxyz')))).toBe(textOf(bytes));
  },
);
