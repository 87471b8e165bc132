// Progress values as the draft has them, and what is none.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { parseProgress, writeProgress } from '../../../shared/fields/progress.ts';
import type { ProgressItem, Remark } from '../../../shared/fields/progress.ts';

/** The value in one line: each remark with its depth and position. */
function read(value: string): string {
  const progress = parseProgress(value);
  if (progress instanceof FieldFault) return `${progress.code} at ${progress.at}`;
  return progress.remarks
    .map((remark) => {
      const where = `${remark.depth}@${remark.at}`;
      switch (remark.kind) {
        case 'fraction':
          return `${where} ${remark.numerator}/${remark.denominator ?? '?'}`;
        case 'text':
          return `${where} ${remark.language}:${remark.text}`;
        default:
          return `${where} ${remark.kind}:${remark.text}`;
      }
    })
    .join(' | ');
}

describe('what the draft shows', () => {
  test.each([
    ['0/1', '0@0 0/1'],
    [
      "66/ (tries) utf-8'en'Generating%20prime%20number",
      '0@0 66/? | 0@4 comment:tries | 0@12 en:Generating prime number',
    ],
    ["5/16 UTF-8'ja-JP'%e9%a3%9f%e3%81%b9%e3%81%a6", '0@0 5/16 | 0@5 ja-JP:食べて'],
    [
      '3/20 "POST http://example.com/item/3" 8020/8591489 (bytes)',
      '0@0 3/20 | 0@5 quoted:POST http://example.com/item/3 | 1@38 8020/8591489 | 1@51 comment:bytes',
    ],
    ['0/3 "Herding cats"', '0@0 0/3 | 0@4 quoted:Herding cats'],
  ])('%s', (value, expected) => {
    expect(read(value)).toBe(expected);
  });
});

describe('what the grammar allows besides', () => {
  test.each([
    ['  1/2\t', '0@2 1/2'],
    ['1/2  3/4 5/', '0@0 1/2 | 1@5 3/4 | 2@9 5/?'],
    ['1/2 (a (nested \\) one) b)', '0@0 1/2 | 0@4 comment:a (nested ) one) b'],
    ['1/2 ()', '0@0 1/2 | 0@4 comment:'],
    [String.raw`1/2 "a \"b\" \\"`, String.raw`0@0 1/2 | 0@4 quoted:a "b" \ `.trimEnd()],
    ["1/2 UTF-8''", '0@0 1/2 | 0@4 :'],
    ["1/2 ISO-8859-1'de'%FCber", '0@0 1/2 | 0@4 de:über'],
    ["1/2 iso-8859-1''%80%9f", '0@0 1/2 | 0@4 :\u0080\u009f'],
    ["1/2 uTf-8'sr-Latn-RS'%F0%9F%98%80%ef%BB%bf", '0@0 1/2 | 0@4 sr-Latn-RS:😀\uFEFF'],
    ['1/2 "é" (ü)', '0@0 1/2 | 0@4 quoted:é | 0@8 comment:ü'],
    ['1/2 (((a)))', '0@0 1/2 | 0@4 comment:((a))'],
    ['1/2 (\\)\\\\)', '0@0 1/2 | 0@4 comment:)\\'],
    ['01/002', '0@0 1/2'],
    ['5/3', '0@0 5/3'],
    ['9007199254740991/9007199254740991', '0@0 9007199254740991/9007199254740991'],
  ])('%s', (value, expected) => {
    expect(read(value)).toBe(expected);
  });
});

describe('what is no Progress value', () => {
  test.each([
    ['', 'syntax at 0'],
    ['1', 'syntax at 0'],
    ['/2', 'syntax at 0'],
    ['-1/2', 'syntax at 0'],
    ['1/2x', 'syntax at 0'],
    ['"text" 1/2', 'syntax at 0'],
    ['1/2(a)', 'syntax at 0'],
    ['1/2 (a)(b)', 'syntax at 7'],
    ['1/2 (a', 'syntax at 4'],
    ['1/2 "a', 'syntax at 4'],
    ['1/2 "a\u0000"', 'syntax at 6'],
    ['1/2 (a\u0000)', 'syntax at 6'],
    ['1/2 (a (b)', 'syntax at 4'],
    ['1/2 (a\\', 'syntax at 4'],
    ['1/2 "\u0100"', 'syntax at 5'],
    ['1/2 3/9007199254740992', 'number-too-large at 6'],
    ["1/2 UTF-8'en", 'syntax at 4'],
    ["1/2 UTF-8'e_n'a", 'syntax at 4'],
    ['1/2 word', 'syntax at 4'],
    ['1/2, 3/4', 'syntax at 0'],
    ['9007199254740992/1', 'number-too-large at 0'],
    ['1/99999999999999999999', 'number-too-large at 2'],
    ["1/2 UTF-8'en'%FF", 'charset at 13'],
    ["1/2 KOI8-R'ru'a", 'charset at 4'],
    ["1/2 UTF-8'en'%2", 'syntax at 13'],
  ])('%s', (value, expected) => {
    expect(read(value)).toBe(expected);
  });

  test('says in a sentence what was wanted', () => {
    expect(parseProgress('1/2 word')).toMatchObject({
      message:
        'This is no Progress: where a fraction, a (comment), a "quoted string" or an ext-value should be, there is "word".',
    });
  });
});

const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const ascii = fc.stringMatching(/^[\x20-\x7e]{0,20}$/);
const fraction = fc.record({ numerator: number, denominator: fc.option(number) });
const item: fc.Arbitrary<ProgressItem> = fc.oneof(
  fraction.map((part) => ({ kind: 'fraction' as const, ...part })),
  ascii.map((text) => ({ kind: 'comment' as const, text })),
  ascii.map((text) => ({ kind: 'quoted' as const, text })),
  fc
    .tuple(fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'en', 'ja-JP'))
    .map(([text, language]) => ({ kind: 'text' as const, text, language })),
);

function withoutPlace(remark: Remark): unknown {
  const copy: Partial<Remark> = { ...remark };
  Reflect.deleteProperty(copy, 'at');
  Reflect.deleteProperty(copy, 'depth');
  return copy;
}

test('what is written is read back', () => {
  fc.assert(
    fc.property(fraction, fc.array(item, { maxLength: 6 }), (first, items) => {
      const value = writeProgress(first, items);
      const progress = parseProgress(value);
      if (progress instanceof FieldFault) throw new Error(`${value}: ${progress.message}`);
      expect(progress.remarks.map(withoutPlace)).toEqual([{ kind: 'fraction', ...first }, ...items]);
      for (const { at } of progress.remarks.slice(1)) expect(value[at - 1]).toBe(' ');
    }),
  );
});

test('no value makes it throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0129/ ()"\\\'%AEutf-8,\t') }), (value) => {
      const progress = parseProgress(value);
      if (progress instanceof FieldFault) expect(progress.at).toBeLessThanOrEqual(value.length);
      else expect(progress.remarks.length).toBeGreaterThan(0);
    }),
    { numRuns: 1000 },
  );
});
