// A difference as a sentence for a person: in the command line, and wherever a table has no room. Pure.

import { assertNever } from '../capture/records.ts';
import type { Difference } from './differences.ts';

/** What differs: `status`, `field ETag of the response`. */
export function differenceName({ kind, name = '' }: Pick<Difference, 'kind' | 'name'>): string {
  switch (kind) {
    case 'missing':
    case 'extra':
      return 'exchange';
    case 'target':
      return 'target';
    case 'status':
      return 'status';
    case 'interim':
      return 'interim responses';
    case 'interim-count':
      return 'number of interim responses';
    case 'request-field':
      return `field ${name} of the request`;
    case 'response-field':
      return `field ${name} of the response`;
    case 'request-content':
      return 'content of the request';
    case 'response-content':
      return 'content of the response';
    case 'complete':
      return 'end of the response';
    case 'timing':
      return 'duration';
    default:
      return assertNever(kind);
  }
}

/** `status: 201 → 400`; of what only one has: `field ETag of the response: none → "a"`. */
export function differenceText(difference: Difference): string {
  const { kind, one, other } = difference;
  if (kind === 'missing') return 'only in the first';
  if (kind === 'extra') return 'only in the second';
  return `${differenceName(difference)}: ${shown(one)} → ${shown(other)}`;
}

/** A value on one line. */
function shown(value: string | null): string {
  return value === null ? 'none' : value.replaceAll('\n', ', ');
}
