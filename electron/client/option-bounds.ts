// What an option may be: a number without sense would make an upload that never moves. Pure.

import { inspect } from 'node:util';
import type { StrategyOptions } from './strategy.ts';

/** Connections of a sparse upload. */
export const MOST_PARALLEL = 100;
/** Milliseconds that a timer can count. */
const LONGEST_TIME = 2 ** 31 - 1;

const NUMBERS = [
  ['segmentSize', Number.MAX_SAFE_INTEGER],
  ['parallel', MOST_PARALLEL],
  ['patience', LONGEST_TIME],
  ['longest', Number.MAX_SAFE_INTEGER],
] as const;

/** What is wrong with the options, whoever gave them: a sentence with what is right; null: nothing. */
export function wrongOption(options: StrategyOptions): string | null {
  for (const [name, most] of NUMBERS) {
    const value: unknown = options[name];
    if (value !== undefined && !isWhole(value, 1, most))
      return `${name} is a whole number from 1 to ${most}, not ${inspect(value)}.`;
  }
  const { preferences, segments, transaction } = options as Readonly<Record<string, unknown>>;
  if (preferences !== undefined && !isListOf(preferences, (value) => typeof value === 'string'))
    return `preferences is an array of strings, not ${inspect(preferences)}.`;
  if (segments !== undefined && !isListOf(segments, (value) => isWhole(value, 1, Number.MAX_SAFE_INTEGER)))
    return `segments is an array of whole numbers of bytes, not ${inspect(segments)}.`;
  if (transaction !== undefined && transaction !== 'atomic' && transaction !== 'persist')
    return `transaction is 'atomic' or 'persist', not ${inspect(transaction)}.`;
  return null;
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
}

function isListOf(value: unknown, is: (value: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}
