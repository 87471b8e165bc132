// What an option may be: a number without sense would make an upload that never moves. Pure.

import { inspect } from 'node:util';
import { INTEROP_VERSIONS } from '../../shared/fields/upload-draft-interop-version.ts';
import type { StrategyOptions } from './strategy.ts';

/** Connections of a sparse upload. */
export const MOST_PARALLEL = 100;
/** Milliseconds that a timer can count. */
const LONGEST_TIME = 2 ** 31 - 1;

const NUMBERS = [
  ['segmentSize', Number.MAX_SAFE_INTEGER],
  ['parallel', MOST_PARALLEL],
  ['patience', LONGEST_TIME],
  ['interval', LONGEST_TIME],
  ['longest', Number.MAX_SAFE_INTEGER],
] as const;

const WORDS: readonly (readonly [keyof StrategyOptions, readonly unknown[]])[] = [
  ['transaction', ['atomic', 'persist']],
  ['interopVersion', INTEROP_VERSIONS],
  ['first', ['whole', 'empty']],
  ['digests', ['content', 'representation', 'both']],
  ['checksum', ['sha1', 'sha256']],
];

/** What is wrong with the options, whoever gave them: a sentence with what is right; null: nothing. */
export function wrongOption(options: StrategyOptions): string | null {
  for (const [name, most] of NUMBERS) {
    const value: unknown = options[name];
    if (value !== undefined && !isWhole(value, 1, most))
      return `${name} is a whole number from 1 to ${most}, not ${inspect(value)}.`;
  }
  const { preferences, segments, metadata } = options as Readonly<Record<string, unknown>>;
  if (preferences !== undefined && !isListOf(preferences, (value) => typeof value === 'string'))
    return `preferences is an array of strings, not ${inspect(preferences)}.`;
  if (segments !== undefined && !isListOf(segments, (value) => isWhole(value, 1, Number.MAX_SAFE_INTEGER)))
    return `segments is an array of whole numbers of bytes, not ${inspect(segments)}.`;
  for (const [name, words] of WORDS) {
    const value: unknown = options[name];
    if (value !== undefined && !words.includes(value))
      return `${name} is ${words.map((word) => inspect(word)).join(' or ')}, not ${inspect(value)}.`;
  }
  if (metadata !== undefined && !isMetadata(metadata))
    return `metadata is an object of strings whose keys are ASCII without space and comma, not ${inspect(metadata)}.`;
  return null;
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
}

function isListOf(value: unknown, is: (value: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}

/** tus 1.0.0, Upload-Metadata */
function isMetadata(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(
      ([key, text]: readonly [string, unknown]) => /^[!-+\--~]+$/.test(key) && typeof text === 'string',
    )
  );
}
