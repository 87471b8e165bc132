import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COMPARISONS,
  type Expression,
  FilterFault,
  KINDS,
  LONGEST,
  MOST_TERMS,
  type Term,
} from '../../../shared/filter/filter.ts';
import { parseFilter } from '../../../shared/filter/parse.ts';
import { printFilter } from '../../../shared/filter/print.ts';

/** The filter as it reads back; of a fault its code, the characters at fault and the sentence. */
function read(text: string): string {
  const found = parseFilter(text);
  if (found instanceof FilterFault)
    return `${found.code} “${text.slice(found.from, found.to)}” ${found.message}`;
  return found === null ? 'nothing' : printFilter(found);
}

describe('a filter', () => {
  it.each([
    ['', 'nothing'],
    ['   ', 'nothing'],
    ['status:1xx', 'status:1xx'],
    ['status:2..', 'status:2xx'],
    ['status:1X3', 'status:1x3'],
    ['status:>=400', 'status:>=400'],
    ['STATUS:404', 'status:404'],
    ['kind:Interim method:patch', 'kind:interim method:PATCH'],
    ['conn:3 op:2', 'conn:3 op:2'],
    ['field:Upload-Offset', 'field:upload-offset'],
    ['field:prefer="respond-async, wait=5"', 'field:prefer="respond-async, wait=5"'],
    ['field:progress=1/*', 'field:progress=1/*'],
    ['size:>1MB', 'size:>1000000'],
    ['size:<=1.5KiB', 'size:<=1536'],
    ['size:2k', 'size:2000'],
    ['note:error note:bare-lf', 'note:error note:bare-lf'],
    ['path:/job', 'path:/job'],
    ['path:"/a (b)"', 'path:"/a (b)"'],
    ['upload "two words"', 'upload "two words"'],
    ['http://a/b', '"http://a/b"'],
    ['a OR b c', 'a OR b c'],
    ['a AND b', 'a b'],
    ['(a OR b) c', '(a OR b) c'],
    ['-status:2xx', '-status:2xx'],
    ['-(a b)', '-(a b)'],
    ['--a', '--a'],
    ['((a))', 'a'],
    ['(a b) c', 'a b c'],
    ['a-b', 'a-b'],
    ['-', '"-"'],
    ['"say \\"hi\\" \\\\"', '"say \\"hi\\" \\\\"'],
    ['"OR"', '"OR"'],
  ])('%s reads as %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['status:4xy', 'value “4xy” A status is a number, a class or a comparison: 404, 1xx, >=400.'],
    ['a status:', 'incomplete “status:” A status is a number, a class or a comparison: 404, 1xx, >=400.'],
    ['status:99 a', 'value “99” A status is a number, a class or a comparison: 404, 1xx, >=400.'],
    ['kind:cat', 'value “cat” A kind is one of interim, final, cut, fault, note, message and request.'],
    ['method:a/b', 'value “a/b” A method is a word such as PATCH.'],
    ['conn:0', 'value “0” The number of a connection follows, from 1 on.'],
    ['op:x', 'value “x” The number of an operation follows, from 1 on.'],
    ['size:>1XB', 'value “>1XB” A size is a comparison and a number of bytes: >1MB, <=64KiB.'],
    [
      'field:a@b',
      'value “a@b” The name of a field follows, or its name and value: progress, upload-offset=100.',
    ],
    [
      'colour:red',
      'unknown-name “colour:red” There is no “colour:”; to search for these words, put them in quotes.',
    ],
    ['a "b', 'incomplete “"b” The quote is still open: close it with ".'],
    ['""', 'incomplete “""” There is nothing between the quotes.'],
    ['(a', 'incomplete “(a” This parenthesis is still open.'],
    ['a)', 'misplaced “)” This parenthesis closes nothing.'],
    ['()', 'misplaced “)” There is nothing before this parenthesis.'],
    ['a OR', 'incomplete “OR” Something must follow here.'],
    ['OR a', 'misplaced “OR” A term must stand on either side of this word.'],
    ['a OR AND b', 'misplaced “AND” A term must stand on either side of this word.'],
  ])('%s is at fault where it is wrong', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('is read up to its bounds and no further', () => {
    const many = (count: number): string => Array.from({ length: count }, (_, at) => `t${at}`).join(' ');
    expect(read(many(MOST_TERMS))).toBe(many(MOST_TERMS));
    expect(read(many(MOST_TERMS + 1))).toMatch(/^too-many “t24”/);
    expect(read('a'.repeat(LONGEST + 1))).toMatch(/^too-many “a”/);
    expect(read(`${'('.repeat(200)}a`)).toMatch(/^too-many “\(” This is nested too deeply/);
  });

  const digit = fc.constantFrom(...'0123456789x');
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
  const words = fc.string({ minLength: 1, maxLength: 12 });
  const term: fc.Arbitrary<Term> = fc.oneof(
    fc
      .tuple(fc.constantFrom(...'12345'), digit, digit)
      .map((all): Term => ({ name: 'status', pattern: all.join('') })),
    fc
      .tuple(fc.constantFrom(...COMPARISONS), fc.integer({ min: 100, max: 999 }))
      .map(([comparison, status]): Term => ({ name: 'status-range', comparison, status })),
    fc.constantFrom(...KINDS).map((kind): Term => ({ name: 'kind', kind })),
    name.map((method): Term => ({ name: 'method', method: method.toUpperCase() })),
    fc
      .tuple(fc.constantFrom('conn' as const, 'op' as const), fc.integer({ min: 1, max: 999_999 }))
      .map(([of, id]): Term => ({ name: of, id })),
    fc.tuple(name, fc.option(words)).map(([field, value]): Term => ({ name: 'field', field, value })),
    fc
      .tuple(fc.constantFrom(...COMPARISONS), fc.integer({ min: 0, max: 1e12 }))
      .map(([comparison, bytes]): Term => ({ name: 'size', comparison, bytes })),
    name.map((note): Term => ({ name: 'note', note })),
    words.map((text): Term => ({ name: 'path', text })),
    words.map((text): Term => ({ name: 'text', text })),
  );
  const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      term.map((one): Expression => ({ op: 'term', term: one })),
      tie('expression').map((of): Expression => ({ op: 'not', of })),
      fc
        .tuple(
          fc.constantFrom('all' as const, 'any' as const),
          fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
        )
        .map(([op, of]): Expression => ({ op, of })),
    ),
  }));

  it('reads back as what was written, whatever is in it', () => {
    fc.assert(
      fc.property(expression, (written) => {
        const text = printFilter(written);
        fc.pre(text.length <= LONGEST);
        const found = parseFilter(text);
        if (found instanceof FilterFault && found.code === 'too-many') return;
        expect(found, text).not.toBeInstanceOf(FilterFault);
        expect(parseFilter(printFilter(found as Expression)), text).toEqual(found);
        // Side by side within side by side is one list: nothing else differs.
        expect(printFilter(found as Expression).replaceAll(/[()]/g, '')).toBe(text.replaceAll(/[()]/g, ''));
      }),
    );
  });

  it('takes any text, and points within it where it is wrong', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const found = parseFilter(text);
        if (!(found instanceof FilterFault)) return;
        expect(found.from).toBeGreaterThanOrEqual(0);
        expect(found.from).toBeLessThan(found.to);
        expect(found.to).toBeLessThanOrEqual(text.length);
        expect(found.message).toMatch(/\.$/);
      }),
    );
  });
});
