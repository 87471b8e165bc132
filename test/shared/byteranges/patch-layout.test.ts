// What is written as a patch, byte for byte, and that it is read back as it was meant; what cannot be meant is refused.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  layoutPatch,
  type LayoutPiece,
  type PartToWrite,
  type PatchForm,
  type PatchOptions,
} from '../../../shared/byteranges/patch-layout.ts';
import { byteByByte, bytesOf, randomSplits } from '../http1/transcript.ts';
import { FORMS, layoutBytes } from './patches.ts';
import { patchTranscript } from './patch-transcript.ts';

const SOURCE = bytesOf('0123456789abcdefghijklmnopqrstuvwxyz');
const part = (first: number, last: number): PartToWrite => ({
  range: { first, last, complete: 36 },
  from: first,
  to: last + 1,
});
const text = (parts: readonly PartToWrite[], form: PatchForm, options?: PatchOptions): string =>
  String.fromCharCode(...layoutBytes(layoutPatch(form, parts, options), SOURCE));
const hexOf = (form: string): string =>
  Array.from(form, (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');

describe('what is written', () => {
  test('as message/byterange', () => {
    expect(text([part(2, 5)], 'message')).toBe(
      'Content-Range: bytes 2-5/36\r\nContent-Length: 4\r\n\r\n2345',
    );
    expect(text([{ ...part(2, 5), contentType: 'text/plain' }], 'message', { indeterminate: true })).toBe(
      'Content-Range: bytes 2-5/36\r\nContent-Type: text/plain\r\n\r\n2345',
    );
    expect(text([part(2, 5)], 'message', { contentOffset: true })).toBe(
      'Content-Offset: 2;unit=bytes;complete-length=36\r\n\r\n2345',
    );
    expect(text([part(2, 5)], 'message', { legacy: true })).toBe(
      'Content-Range: 2-5/36\r\nContent-Length: 4\r\n\r\n2345',
    );
  });

  test('as multipart/byteranges', () => {
    expect(text([part(2, 5), part(8, 9)], 'multipart', { boundary: 'B' })).toBe(
      '--B\r\nContent-Range: bytes 2-5/36\r\nContent-Length: 4\r\n\r\n2345\r\n' +
        '--B\r\nContent-Range: bytes 8-9/36\r\nContent-Length: 2\r\n\r\n89\r\n--B--',
    );
  });

  test('as application/byteranges', () => {
    const range = `0d${hexOf('content-range')}0c${hexOf('bytes 2-5/36')}`;
    const offset = `0e${hexOf('content-offset')}1f${hexOf('2;unit=bytes;complete-length=36')}`;
    const body = hexOf('2345');
    const hex = (options: PatchOptions): string => hexOf(text([part(2, 5)], 'application', options));
    expect(hex({})).toBe(`081b${range}04${body}`);
    expect(hex({ indeterminate: true })).toBe(`0a${range}0004${body}00`);
    expect(hex({ contentOffset: true })).toBe(`082f${offset}04${body}`);
    expect(hex({ contentOffset: true, indeterminate: true })).toBe(`0a${offset}0004${body}00`);
  });

  test('a part that sets the length has no bytes, and no offset', () => {
    const length: PartToWrite = { range: { first: null, last: null, complete: 9 }, from: 0, to: 0 };
    expect(text([length], 'message', { contentOffset: true })).toBe(
      'Content-Range: bytes */9\r\nContent-Length: 0\r\n\r\n',
    );
  });

  test('names the boundary as its characters allow', () => {
    const typeOf = (boundary: string): string =>
      layoutPatch('multipart', [part(0, 0)], { boundary }).contentType;
    expect(typeOf('simple')).toBe('multipart/byteranges; boundary=simple');
    expect(typeOf('a b')).toBe('multipart/byteranges; boundary="a b"');
  });

  test('any size takes a few pieces, whose bytes are references', () => {
    const size = 2 ** 40;
    const huge: PartToWrite = { range: { first: 0, last: size - 1, complete: null }, from: 0, to: size };
    for (const form of FORMS) {
      for (const indeterminate of [false, true]) {
        const { length, pieces } = layoutPatch(form, [huge], { indeterminate });
        const held = pieces.reduce((sum, piece) => sum + ('bytes' in piece ? piece.bytes.length : 0), 0);
        expect(pieces.length).toBeLessThan(600);
        expect(held).toBeLessThan(4000);
        expect(length).toBe(size + held);
        expect(pieces.every(isFull)).toBe(true);
      }
    }
  });
});

function isFull(piece: LayoutPiece): boolean {
  return 'bytes' in piece ? piece.bytes.length > 0 : piece.to > piece.from;
}

test.each<[string, PatchForm, PartToWrite[], PatchOptions?]>([
  ['no part', 'multipart', []],
  ['two parts as one message', 'message', [part(0, 1), part(3, 4)]],
  ['a body that is shorter than its range', 'message', [{ ...part(0, 4), to: 4 }]],
  [
    'a body where only a length is told',
    'message',
    [{ ...part(0, 4), range: { first: null, last: null, complete: 5 } }],
  ],
  ['a body that ends before it begins', 'message', [{ ...part(0, 4), from: 5, to: 4 }]],
  ['an empty boundary', 'multipart', [part(0, 1)], { boundary: '' }],
  ['a boundary that is too long', 'multipart', [part(0, 1)], { boundary: 'b'.repeat(71) }],
  ['a boundary with a line end', 'multipart', [part(0, 1)], { boundary: 'a\r\nb' }],
  ['a boundary that ends in a blank', 'multipart', [part(0, 1)], { boundary: 'a ' }],
])('%s is refused', (_, form, parts, options) => {
  expect(() => layoutPatch(form, parts, options)).toThrow(RangeError);
});

test.each(FORMS)('a media type that is no field value is refused (%s)', (form) => {
  expect(() => layoutPatch(form, [{ ...part(0, 1), contentType: 'a\r\nb' }])).toThrow(/cannot be sent/);
});

/** What a reader must say of these parts; where their bodies are depends on the form. */
function expected(parts: readonly PartToWrite[], form: PatchForm, options: PatchOptions): string[] {
  const { indeterminate = false, contentOffset = false, legacy = false } = options;
  const lines = parts.flatMap(({ range: { first, last, complete }, contentType, from, to }) => {
    const isOffset = contentOffset && first !== null;
    const isOpen = isOffset || (first !== null && last === null);
    // Only the framing of application/byteranges tells a length where the fields do not.
    const unknown = isOpen && (form === 'application' ? indeterminate : isOffset || indeterminate);
    const where = `${legacy && !isOffset ? '' : 'bytes '}${first}–${isOffset ? null : last}/${complete}`;
    return [
      ...(legacy && !isOffset ? ['note missing-unit'] : []),
      `head ${isOffset ? 'offset ' : ''}${where} ${contentType ?? '-'} length ${unknown ? null : to - from}`,
      ...(to > from ? [`body ${JSON.stringify(String.fromCharCode(...SOURCE.subarray(from, to)))}`] : []),
      'part whole',
    ];
  });
  return [...lines, 'whole'];
}

const placed = fc
  .record({
    from: fc.nat({ max: SOURCE.length - 1 }),
    size: fc.integer({ min: 1, max: SOURCE.length }),
    first: fc.oneof(fc.nat(), fc.constant(2 ** 49)),
    rest: fc.option(fc.nat()),
    open: fc.boolean(),
    contentType: fc.constantFrom(undefined, 'text/plain', 'a/b; c="d e"'),
  })
  .map(({ from, size, first, rest, open, contentType }): PartToWrite => {
    const to = Math.min(SOURCE.length, from + size);
    const last = first + (to - from) - 1;
    const complete = rest === null ? null : last + 1 + rest;
    const range = { first, last: open ? null : last, complete };
    return { range, from, to, ...(contentType === undefined ? {} : { contentType }) };
  });
const lengthOnly = fc
  .nat()
  .map((complete): PartToWrite => ({ range: { first: null, last: null, complete }, from: 0, to: 0 }));

test('is read back the same, however it is split', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...FORMS),
      fc.array(fc.oneof({ weight: 4, arbitrary: placed }, lengthOnly), { minLength: 1, maxLength: 6 }),
      fc.record({ indeterminate: fc.boolean(), contentOffset: fc.boolean(), legacy: fc.boolean() }),
      fc.constantFrom('B', 'interim a:b', 'x'.repeat(70)),
      fc.nat(),
      (form, list, choices, boundary, seed) => {
        const parts = form === 'message' ? list.slice(0, 1) : list;
        const options = { ...choices, boundary };
        const layout = layoutPatch(form, parts, options);
        const bytes = layoutBytes(layout, SOURCE);
        expect(bytes).toHaveLength(layout.length);
        for (const pieces of [[bytes], byteByByte(bytes), randomSplits(bytes, seed)]) {
          const lines = patchTranscript(layout.contentType, pieces);
          const told = lines.map((line) => line.replace(/^body \d+ /, 'body ').replace(/ at \d+$/, ''));
          expect(told).toEqual(expected(parts, form, options));
        }
      },
    ),
    { numRuns: 500 },
  );
});
