// HTTP-date: a moment in whole seconds of UTC (RFC 9110 §5.6.7). The one form in use is written; the two obsolete ones
// are read too. The name of the day is read and decides nothing.

import { FieldFault } from './fault.ts';
import { FieldScanner } from './scanner.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What stands in a date, from left to right: a name of {@link Parts}, or text that is exactly so. */
type Step = keyof Parts | ' ' | '-' | ':' | ' GMT';

interface Parts {
  day: string;
  month: string;
  year: string;
  shortYear: string;
  hour: string;
  minute: string;
  second: string;
}

const TIME: readonly Step[] = ['hour', ':', 'minute', ':', 'second'];
/** `Sun, 06 Nov 1994 08:49:37 GMT`, behind the comma. */
const FIXED: readonly Step[] = [' ', 'day', ' ', 'month', ' ', 'year', ' ', ...TIME, ' GMT'];
/** `Sunday, 06-Nov-94 08:49:37 GMT`, behind the comma. */
const RFC_850: readonly Step[] = [' ', 'day', '-', 'month', '-', 'shortYear', ' ', ...TIME, ' GMT'];
/** `Sun Nov  6 08:49:37 1994`, behind the name of the day. */
const ASCTIME: readonly Step[] = [' ', 'month', ' ', 'day', ' ', ...TIME, ' ', 'year'];

const PATTERNS: Readonly<Record<keyof Parts, readonly [pattern: RegExp, wanted: string]>> = {
  day: [/(?:0[1-9]|[12][0-9]|3[01])/y, 'a day of two digits'],
  month: [new RegExp(`(?:${MONTHS.join('|')})`, 'y'), 'a month such as Jan'],
  year: [/[0-9]{4}/y, 'a year of four digits'],
  shortYear: [/[0-9]{2}/y, 'a year of two digits'],
  hour: [/(?:[01][0-9]|2[0-3])/y, 'an hour of two digits'],
  minute: [/[0-5][0-9]/y, 'a minute of two digits'],
  // 60 is a leap second.
  second: [/(?:[0-5][0-9]|60)/y, 'a second of two digits'],
};
const ASCTIME_DAY = /(?:0[1-9]|[12][0-9]|3[01]| [1-9])/y;

const DAY_NAME = /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/y;
const REST_OF_DAY_NAME = /(?<=Mon|Fri|Sun)day|(?<=Tue)sday|(?<=Wed)nesday|(?<=Thu)rsday|(?<=Sat)urday/y;

/**
 * Reads an HTTP-date. @returns milliseconds since 1970, a multiple of 1,000
 * @param now in the same milliseconds: a year of two digits lies less than 50 years after it. Without, it is one of
 * 1970 … 2069.
 */
export function parseHttpDate(value: string, now?: number): number | FieldFault {
  const scanner = new FieldScanner('HTTP-date', value);
  scanner.skipBlanks();
  if (scanner.take(DAY_NAME) === null) return scanner.fault('the name of a day');
  const long = scanner.take(REST_OF_DAY_NAME) !== null;
  const comma = scanner.skip(',');
  if (long && !comma) return scanner.fault('a comma');
  const steps = long ? RFC_850 : comma ? FIXED : ASCTIME;
  const parts: Partial<Parts> = {};
  let dayAt = 0;
  for (const step of steps) {
    if (step === 'day') dayAt = scanner.at;
    const fault = take(scanner, step, steps === ASCTIME, parts);
    if (fault !== undefined) return fault;
  }
  scanner.skipBlanks();
  if (!scanner.done) return scanner.fault('the end');
  const time = timeOf(parts as Parts, now);
  return time ?? new FieldFault('syntax', dayAt, `${parts.month} has no such day.`);
}

function take(
  scanner: FieldScanner,
  step: Step,
  asctime: boolean,
  parts: Partial<Parts>,
): FieldFault | undefined {
  if (!(step in PATTERNS)) {
    for (const character of step) if (!scanner.skip(character)) return scanner.fault(JSON.stringify(step));
    return undefined;
  }
  const part = step as keyof Parts;
  const [pattern, wanted] = PATTERNS[part];
  const found = scanner.take(part === 'day' && asctime ? ASCTIME_DAY : pattern);
  if (found === null) return scanner.fault(wanted);
  parts[part] = found[0];
  return undefined;
}

/** Null for a day that the month does not have. */
function timeOf(parts: Parts, now: number | undefined): number | null {
  const year = parts.shortYear === undefined ? Number(parts.year) : fullYear(Number(parts.shortYear), now);
  const date = new Date(0);
  // Date.UTC would take the years 0 … 99 for 1900 … 1999.
  date.setUTCFullYear(year, MONTHS.indexOf(parts.month), Number(parts.day));
  if (date.getUTCDate() !== Number(parts.day)) return null;
  return date.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second));
}

/** RFC 9110 §5.6.7: what would be more than 50 years ahead is the last year in the past with these digits. */
function fullYear(twoDigits: number, now: number | undefined): number {
  const last = now === undefined ? 2069 : new Date(now).getUTCFullYear() + 50;
  return last - ((last - twoDigits) % 100);
}

/** Writes a moment, rounded down to the second. @param ms milliseconds since 1970, of the years 0000 … 9999 */
export function writeHttpDate(ms: number): string {
  // What ECMAScript gives is the form of RFC 9110, character for character.
  return new Date(Math.floor(ms / 1_000) * 1_000).toUTCString();
}
