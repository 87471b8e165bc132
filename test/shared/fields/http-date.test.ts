// HTTP-date in its three forms, and what is no date.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { parseHttpDate, writeHttpDate } from '../../../shared/fields/http-date.ts';

const at = (iso: string): number => Date.parse(iso);

test.each([
  ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
  ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37Z'],
  ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37Z'],
  ['Sat Oct 29 19:43:31 1994', '1994-10-29T19:43:31Z'],
  ['Sat, 29 Oct 1994 19:43:31 GMT', '1994-10-29T19:43:31Z'],
  [' Thu, 01 Jan 1970 00:00:00 GMT\t', '1970-01-01T00:00:00Z'],
  ['Thu, 29 Feb 2024 23:59:59 GMT', '2024-02-29T23:59:59Z'],
  ['Sat, 31 Dec 2016 23:59:60 GMT', '2017-01-01T00:00:00Z'],
  ['Mon, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
  ['Mon, 01 Jan 0001 00:00:00 GMT', '0001-01-01T00:00:00Z'],
  ['Wednesday, 01-Jan-69 00:00:00 GMT', '2069-01-01T00:00:00Z'],
  ['Thursday, 01-Jan-70 00:00:00 GMT', '1970-01-01T00:00:00Z'],
])('%j is %s', (value, iso) => {
  expect(parseHttpDate(value)).toBe(at(iso));
});

describe('a year of two digits', () => {
  test.each([
    ['76', '2026-06-01T00:00:00Z', '2076'],
    ['77', '2026-06-01T00:00:00Z', '1977'],
    ['26', '2026-06-01T00:00:00Z', '2026'],
    ['00', '1999-12-31T00:00:00Z', '2000'],
    ['49', '1999-12-31T00:00:00Z', '2049'],
    ['50', '1999-12-31T00:00:00Z', '1950'],
  ])('%s, read at %s, is %s', (digits, now, year) => {
    const date = parseHttpDate(`Monday, 15-Mar-${digits} 00:00:00 GMT`, at(now));
    expect(date).toBe(at(`${year}-03-15T00:00:00Z`));
  });
});

test.each([
  ['', 0],
  ['1994-11-06T08:49:37Z', 0],
  ['sun, 06 Nov 1994 08:49:37 GMT', 0],
  ['Sun,06 Nov 1994 08:49:37 GMT', 4],
  ['Sun, 6 Nov 1994 08:49:37 GMT', 5],
  ['Sun, 00 Nov 1994 08:49:37 GMT', 5],
  ['Sun, 31 Nov 1994 08:49:37 GMT', 5],
  ['Wed, 29 Feb 2023 08:49:37 GMT', 5],
  ['Sun, 06 nov 1994 08:49:37 GMT', 8],
  ['Sun, 06 Nov 94 08:49:37 GMT', 12],
  ['Sun, 06 Nov 1994 24:49:37 GMT', 17],
  ['Sun, 06 Nov 1994 08:60:37 GMT', 20],
  ['Sun, 06 Nov 1994 08:49:61 GMT', 23],
  ['Sun, 06 Nov 1994 08:49:37', 25],
  ['Sun, 06 Nov 1994 08:49:37 UTC', 26],
  ['Sun, 06 Nov 1994 08:49:37 GMT+1', 29],
  ['Sunday 06-Nov-94 08:49:37 GMT', 6],
  ['Sunday, 06-Nov-1994 08:49:37 GMT', 17],
  ['Sun Nov 6 08:49:37 1994', 8],
  ['Sun Nov  6 08:49:37 1994 GMT', 25],
])('%j is no date, from %i on', (value, position) => {
  expect(parseHttpDate(value)).toMatchObject({ code: 'syntax', at: position });
});

const LATEST = at('9999-12-31T23:59:59Z');
const EARLIEST = at('0000-01-01T00:00:00Z');

test('what is written is read back, to the second', () => {
  fc.assert(
    fc.property(fc.integer({ min: EARLIEST, max: LATEST }), (ms) => {
      const value = writeHttpDate(ms);
      expect(value).toHaveLength(29);
      expect(parseHttpDate(value)).toBe(Math.floor(ms / 1_000) * 1_000);
    }),
  );
  expect(writeHttpDate(at('1994-11-06T08:49:37.999Z'))).toBe('Sun, 06 Nov 1994 08:49:37 GMT');
  expect(writeHttpDate(-1)).toBe('Wed, 31 Dec 1969 23:59:59 GMT');
});

test('the obsolete forms mean the same moment as the one that is written', () => {
  const long = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: at('2069-12-31T23:59:59Z') }), (ms) => {
      const value = writeHttpDate(ms);
      const [, day, month, year, time] = /^..., (..) (...) (....) (\S+) GMT$/.exec(value)!;
      const name = long[new Date(ms).getUTCDay()]!;
      const moment = parseHttpDate(value);
      expect(moment).not.toBeInstanceOf(FieldFault);
      expect(parseHttpDate(`${name}, ${day}-${month}-${year!.slice(2)} ${time} GMT`)).toBe(moment);
      expect(parseHttpDate(`${name.slice(0, 3)} ${month} ${day!.replace(/^0/, ' ')} ${time} ${year}`)).toBe(
        moment,
      );
    }),
  );
});
