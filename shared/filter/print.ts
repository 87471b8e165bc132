// Writes a filter as it is typed. What is written reads back as the same filter; nothing else is promised of it.

import { assertNever } from '../capture/records.ts';
import type { Expression, Term } from './filter.ts';

export function printFilter(expression: Expression): string {
  switch (expression.op) {
    case 'term':
      return printTerm(expression.term);
    case 'not':
      return `-${grouped(expression.of)}`;
    case 'all':
      return expression.of.map((one) => (one.op === 'any' ? grouped(one) : printFilter(one))).join(' ');
    case 'any':
      return expression.of.map(printFilter).join(' OR ');
    default:
      return assertNever(expression);
  }
}

function grouped(expression: Expression): string {
  const text = printFilter(expression);
  return expression.op === 'all' || expression.op === 'any' ? `(${text})` : text;
}

export function printTerm(term: Term): string {
  switch (term.name) {
    case 'status':
      return `status:${term.pattern}`;
    case 'status-range':
      return `status:${term.comparison}${term.status}`;
    case 'kind':
      return `kind:${term.kind}`;
    case 'method':
      return `method:${term.method}`;
    case 'conn':
    case 'op':
      return `${term.name}:${term.id}`;
    case 'field':
      return `field:${term.field}${term.value === null ? '' : `=${quoted(term.value)}`}`;
    case 'size':
      return `size:${term.comparison === '=' ? '' : term.comparison}${term.bytes}`;
    case 'note':
      return `note:${term.note}`;
    case 'path':
      return `path:${quoted(term.text)}`;
    case 'text':
      return /^[\p{L}\p{N}][^\s"():\\]*$/u.test(term.text) && term.text !== 'OR' && term.text !== 'AND'
        ? term.text
        : `"${escaped(term.text)}"`;
    default:
      return assertNever(term);
  }
}

/** A value as it may stand behind a name: in quotes where it would end too early. */
export function quoted(value: string): string {
  return /[\s"()\\]/.test(value) ? `"${escaped(value)}"` : value;
}

function escaped(value: string): string {
  return value.replaceAll(/["\\]/g, '\\$&');
}
