// How far work is, as the JSON of a status document or of a message tells it. Reads a few well-known shapes, and never
// guesses: what is none of them says nothing.

import { type ProgressItem, writeProgress } from './progress.ts';

/** As a Progress field would tell it. */
export interface JsonProgress {
  readonly numerator: number;
  /** NaN while it is not known. */
  readonly denominator: number;
  /** The value of that field. */
  readonly text: string;
  /** Its remark, as it is to be read; '' without. */
  readonly remark: string;
}

/** What a JSON document tells of work that it stands for. */
export interface JsonStatus {
  readonly progress: JsonProgress | null;
  /** It says that the work is not done: who wants the result asks again. */
  readonly unfinished: boolean;
  /** What the work is called, by which it can be asked for (AIP-151); null: it has no name. */
  readonly name: string | null;
}

const NOTHING: JsonStatus = { progress: null, unfinished: false, name: null };

/** Characters of its text that are told. */
const LONGEST_TEXT = 200;

/** Any of these, and it may be a status. */
const TELLING = /"(?:progress|percentComplete|progressPercent|done|status|state)"/;

/** States that are not the last one, of the long-running operations that are in use; in lower case. */
const UNFINISHED: ReadonlySet<string> = new Set([
  'accepted',
  'inprogress',
  'notstarted',
  'pending',
  'processing',
  'queued',
  'running',
  'waiting',
]);

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a JSON text; one that is none, or no object, tells nothing.
 * @param isStatus it is known to be the status of work: then a state says enough by itself
 */
export function statusOf(text: string, isStatus: boolean): JsonStatus {
  if (!TELLING.test(text)) return NOTHING;
  const status = membersOf(parse(text));
  if (status === null) return NOTHING;
  const progress = fractionOf(membersOf(status['progress'])) ?? percentageOf(status);
  const unfinished = isUnfinished(status, progress, isStatus);
  if (progress === null && !unfinished) return NOTHING;
  const { name } = status;
  return { progress, unfinished, name: typeof name === 'string' && unfinished ? name : null };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `{ "done": 3, "total": 10, "text": "…" }`; the total may be null. */
function fractionOf(progress: Members | null): JsonProgress | null {
  if (progress === null) return null;
  const { done, total = null, text } = progress;
  if (!isCount(done) || (total !== null && !isCount(total))) return null;
  return progressOf(done, total, typeof text === 'string' ? text : '');
}

/** A percentage at the top, or in the properties or the metadata; its fraction is given up. */
function percentageOf(status: Members): JsonProgress | null {
  for (const place of [status, membersOf(status['properties']), membersOf(status['metadata'])])
    for (const name of ['percentComplete', 'progressPercent']) {
      const percent = place?.[name];
      if (typeof percent === 'number' && percent >= 0 && percent <= 100)
        return progressOf(Math.floor(percent), 100, '');
    }
  return null;
}

function progressOf(numerator: number, denominator: number | null, text: string): JsonProgress {
  const short = text.slice(0, LONGEST_TEXT);
  const remark: ProgressItem = /^[\x20-\x7e]*$/.test(short)
    ? { kind: 'quoted', text: short }
    : { kind: 'text', text: short, language: '' };
  return {
    numerator,
    denominator: denominator ?? NaN,
    text: writeProgress({ numerator, denominator }, text === '' ? [] : [remark]),
    remark: short,
  };
}

function isUnfinished(status: Members, progress: JsonProgress | null, isStatus: boolean): boolean {
  // AIP-151: an operation says by one member whether it is over.
  if (typeof status['done'] === 'boolean') return !status['done'];
  const state = [status['status'], status['state']].find((value) => typeof value === 'string');
  if (state === undefined) return progress !== null && progress.numerator < progress.denominator;
  // Whatever runs for ever says so as well: work is what tells its progress.
  return (isStatus || progress !== null) && UNFINISHED.has((state as string).toLowerCase());
}

function membersOf(value: unknown): Members | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
