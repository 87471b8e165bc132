// Content-Range in all forms that are on the wire, and what is none.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseContentRange, writeContentRange } from '../../../shared/fields/content-range.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';

const range = (
  first: number | null,
  last: number | null,
  complete: number | null,
  unit: 'bytes' | null = 'bytes',
): object => ({ unit, first, last, complete });

test.each([
  ['bytes 3-19/100', range(3, 19, 100)],
  ['bytes 0-0/*', range(0, 0, null)],
  ['bytes 5-/600', range(5, null, 600)],
  ['bytes 5-/*', range(5, null, null)],
  ['bytes */600', range(null, null, 600)],
  ['BYTES\t 0-1/2 ', range(0, 1, 2)],
  ['100-199/200', range(100, 199, 200, null)],
  [' 5-/*', range(5, null, null, null)],
  ['*/9', range(null, null, 9, null)],
  ['bytes 005-0019/00100', range(5, 19, 100)],
  ['bytes 0-9007199254740990/9007199254740991', range(0, 9007199254740990, 9007199254740991)],
])('%j is read', (value, expected) => {
  expect(parseContentRange(value)).toEqual(expected);
});

test.each([
  ['', 'syntax', 0],
  ['bytes', 'syntax', 5],
  ['bytes ', 'syntax', 6],
  ['bytes 3-19', 'syntax', 10],
  ['bytes=3-19/100', 'syntax', 5],
  ['bytes -5/100', 'syntax', 6],
  ['bytes 3/100', 'syntax', 7],
  ['bytes 3-x/100', 'syntax', 8],
  ['bytes 3-19/', 'syntax', 11],
  ['bytes 3-19/1x', 'syntax', 12],
  ['100/200', 'syntax', 3],
  ['"bytes" 0-1/2', 'syntax', 0],
  ['bytes */*', 'syntax', 6],
  ['bytes 3-19/100, bytes 20-29/100', 'syntax', 14],
  ['lines 1-2/3', 'unknown-unit', 0],
  ['bytes 5-4/10', 'impossible-range', 8],
  ['bytes 5-10/10', 'impossible-range', 11],
  ['bytes 10-/10', 'impossible-range', 10],
  ['bytes 9007199254740992-9007199254740993/*', 'number-too-large', 6],
  ['bytes 0-9007199254740992/*', 'number-too-large', 8],
  ['bytes 0-1/9007199254740992', 'number-too-large', 10],
])('%j is refused as %s at %i', (value, code, at) => {
  const fault = parseContentRange(value);
  expect(fault).toBeInstanceOf(FieldFault);
  expect(fault).toMatchObject({ code, at });
});

test('what is written is read back', () => {
  const integer = fc.nat({ max: 2 ** 40 });
  fc.assert(
    fc.property(
      fc.constantFrom('bytes' as const, null),
      integer,
      fc.option(integer),
      fc.option(integer),
      (unit, first, span, rest) => {
        const last = span === null ? null : first + span;
        const complete = rest === null ? null : (last ?? first) + 1 + rest;
        expect(parseContentRange(writeContentRange({ unit, first, last, complete }))).toEqual({
          unit,
          first,
          last,
          complete,
        });
      },
    ),
  );
  expect(writeContentRange({ unit: 'bytes', first: null, last: null, complete: 5 })).toBe('bytes */5');
});
