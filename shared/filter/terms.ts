// What may stand behind each name of a filter: reads it, or says in one sentence what would be right.

import { COMPARISONS, type Comparison, type FilterKind, FilterFault, KINDS, type Term } from './filter.ts';
import type { Token } from './tokens.ts';

/** The names of terms, in the order in which they are offered, and what each looks at. */
export const NAMES = {
  status: 'status of a response: 404, 1xx, >=400',
  kind: 'what happened: interim, final, cut, note …',
  method: 'method of the request',
  path: 'part of the target',
  field: 'a field of any head: NAME or NAME=VALUE',
  note: 'a note: error, warning, its code, or mine for your own',
  size: 'bytes both ways: >1MB',
  conn: 'number of the connection',
  op: 'number of the operation',
} as const;
export type Name = keyof typeof NAMES;

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

export function isName(name: string): name is Name {
  return Object.hasOwn(NAMES, name);
}

/** What a token of a term says. @param isLast nothing stands behind it, so that more may still be typed */
export function readTerm(token: Token, isLast: boolean): Term | FilterFault {
  const { name, value } = token;
  if (token.open >= 0)
    return new FilterFault('incomplete', token.open, token.to, 'The quote is still open: close it with ".');
  if (name === null) {
    if (value === '')
      return new FilterFault('incomplete', token.from, token.to, 'There is nothing between the quotes.');
    return { name: 'text', text: value };
  }
  if (!isName(name)) {
    const message = `There is no “${name}:”; to search for these words, put them in quotes.`;
    return new FilterFault('unknown-name', token.from, token.to, message);
  }
  const term = VALUES[name](value);
  if (term !== null) return term;
  if (value === '') return new FilterFault('incomplete', token.from, token.to, EXPECTED[name]);
  const code = isLast && BEGUN[name]?.(value) === true ? 'incomplete' : 'value';
  return new FilterFault(code, token.valueAt, token.to, EXPECTED[name]);
}

/** Whether a value that is none can still become one. */
const BEGUN: Partial<Readonly<Record<Name, (value: string) => boolean>>> = {
  status: (value) => /^(?:[1-9][0-9x.]?|(?:[<>]=?|=)(?:[1-9][0-9]?)?)$/i.test(value),
  kind: (value) => KINDS.some((kind) => kind.startsWith(value.toLowerCase())),
  size: (value) => /^(?:[<>]=?|=)?(?:[0-9]{1,15}\.?)?$/.test(value),
};

const EXPECTED: Readonly<Record<Name, string>> = {
  status: 'A status is a number, a class or a comparison: 404, 1xx, >=400.',
  kind: `A kind is one of ${KINDS.slice(0, -1).join(', ')} and ${KINDS.at(-1)}.`,
  method: 'A method is a word such as PATCH.',
  path: 'A part of the target follows, such as path:/job.',
  field: 'The name of a field follows, or its name and value: progress, upload-offset=100.',
  note: 'A level or a code follows: error, warning, info, the code of a note, or mine.',
  size: 'A size is a comparison and a number of bytes: >1MB, <=64KiB.',
  conn: 'The number of a connection follows, from 1 on.',
  op: 'The number of an operation follows, from 1 on.',
};

const VALUES: Readonly<Record<Name, (value: string) => Term | null>> = {
  status: readStatus,
  kind: (value) => {
    const kind = value.toLowerCase() as FilterKind;
    return KINDS.includes(kind) ? { name: 'kind', kind } : null;
  },
  // RFC 9110 §5.6.2: a method is a token.
  method: (value) => (TOKEN.test(value) ? { name: 'method', method: value.toUpperCase() } : null),
  path: (value) => (value === '' ? null : { name: 'path', text: value }),
  field: (value) => {
    const equals = value.indexOf('=');
    const field = (equals < 0 ? value : value.slice(0, equals)).toLowerCase();
    if (!TOKEN.test(field)) return null;
    return { name: 'field', field, value: equals < 0 ? null : value.slice(equals + 1) };
  },
  note: (value) => (/^[a-z][a-z0-9-]*$/i.test(value) ? { name: 'note', note: value.toLowerCase() } : null),
  size: readSize,
  conn: (value) => numbered('conn', value),
  op: (value) => numbered('op', value),
};

const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

function readStatus(value: string): Term | null {
  // Dots are what a regular expression has for any digit.
  if (/^[1-9][0-9x.]{2}$/i.test(value))
    return { name: 'status', pattern: value.toLowerCase().replaceAll('.', 'x') };
  const [comparison, rest] = compared(value);
  if (comparison === null || !/^[1-9][0-9]{2}$/.test(rest)) return null;
  return { name: 'status-range', comparison, status: Number(rest) };
}

function readSize(value: string): Term | null {
  const [comparison, rest] = compared(value);
  const found = /^([0-9]{1,15}(?:\.[0-9]{1,6})?)([kmg]?i?b?)$/i.exec(rest);
  const unit = found === null ? undefined : UNITS[unitOf(found[2]!)];
  if (found === null || unit === undefined) return null;
  return { name: 'size', comparison: comparison ?? '=', bytes: Math.round(Number(found[1]) * unit) };
}

/** `1M` is `1MB`. */
function unitOf(written: string): string {
  const unit = written.toLowerCase();
  return unit === '' || unit.endsWith('b') ? unit : `${unit}b`;
}

function compared(value: string): [Comparison | null, string] {
  const comparison = COMPARISONS.find((sign) => value.startsWith(sign));
  return comparison === undefined ? [null, value] : [comparison, value.slice(comparison.length)];
}

function numbered(name: 'conn' | 'op', value: string): Term | null {
  return /^[1-9][0-9]{0,8}$/.test(value) ? { name, id: Number(value) } : null;
}
