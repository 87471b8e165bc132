// How two exchanges differ, each difference by its kind and with both values. Pure: facts in, differences out.
// It must never call two exchanges alike whose content is not known.

import type { ContentFacts, ExchangeFacts, Field, MessageFacts } from './facts.ts';

export const DIFFERENCE_KINDS = [
  'missing',
  'extra',
  'target',
  'status',
  'interim',
  'interim-count',
  'request-field',
  'response-field',
  'request-content',
  'response-content',
  'complete',
  'timing',
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

export interface Difference {
  readonly kind: DifferenceKind;
  /** `information`: differs between any two runs (times, dates); `differs` is what counts. */
  readonly level: 'differs' | 'information';
  /** Fields: the name, in the case of whoever has it. */
  readonly name?: string;
  /** As text for a person; null: there is none. */
  readonly one: string | null;
  readonly other: string | null;
}

/** Makes one value of a session what it is called in the other: for what a server minted. */
export type Translate = (text: string) => string;

/** Fields that tell of the moment, or of the address that was asked. */
const OF_THE_MOMENT: ReadonlySet<string> = new Set(['date', 'last-modified', 'expires', 'age', 'host']);
/** Durations differ that are this many times as long, and this many nanoseconds longer. */
const TIMES = 2;
const LONGER = 50e6;

/** Everything that differs, in the order of an exchange. `translate`: from the first session's words to the second's. */
export function differencesOf(
  one: ExchangeFacts,
  other: ExchangeFacts,
  translate: Translate = (text) => text,
): Difference[] {
  const found: Difference[] = [];
  const add = (
    kind: DifferenceKind,
    left: string | null,
    right: string | null,
    level: Difference['level'] = 'differs',
  ): void => {
    if (left !== right) found.push({ kind, level, one: left, other: right });
  };
  if (translate(one.target) !== other.target) add('target', one.target, other.target);
  found.push(...fieldDifferences('request-field', one.request, other.request, translate));
  contentDifference(found, 'request-content', one.request.content, other.request.content, translate);
  const [interims, others] = [runs(one.interim), runs(other.interim)];
  // Of an exchange that broke off, how many had come by then is a matter of time.
  const whole = isWhole(one) && isWhole(other);
  add('interim', interims, others, whole ? 'differs' : 'information');
  if (interims === others)
    add('interim-count', String(one.interimCount), String(other.interimCount), 'information');
  add('status', statusOf(one), statusOf(other));
  if (one.response !== null && other.response !== null) {
    found.push(...fieldDifferences('response-field', one.response, other.response, translate));
    contentDifference(found, 'response-content', one.response.content, other.response.content, translate);
    add('complete', wholeness(one.response), wholeness(other.response));
  }
  if (one.took !== null && other.took !== null) {
    const [less, more] = [Math.min(one.took, other.took), Math.max(one.took, other.took)];
    if (more >= less * TIMES && more - less >= LONGER)
      add('timing', milliseconds(one.took), milliseconds(other.took), 'information');
  }
  return found;
}

/** What one session has and the other has not. */
export function aloneDifference(kind: 'missing' | 'extra', facts: ExchangeFacts): Difference {
  const what = `${facts.method} ${facts.target}`;
  return {
    kind,
    level: 'differs',
    one: kind === 'missing' ? what : null,
    other: kind === 'missing' ? null : what,
  };
}

function isWhole({ response }: ExchangeFacts): boolean {
  return response !== null && response.content.whole;
}

function wholeness({ content }: MessageFacts): string {
  return content.whole ? 'complete' : 'cut short';
}

function statusOf({ status }: ExchangeFacts): string {
  return status === null ? 'no final response' : String(status);
}

/** `102… 104`: repeated ones once. */
function runs(statuses: readonly number[]): string {
  const words: string[] = [];
  for (let i = 0; i < statuses.length; i++)
    if (i === 0 || statuses[i] !== statuses[i - 1]) words.push(String(statuses[i]));
  return words.length === 0 ? 'none' : words.join(' ');
}

function fieldDifferences(
  kind: 'request-field' | 'response-field',
  one: MessageFacts,
  other: MessageFacts,
  translate: Translate,
): Difference[] {
  if (one.fields === null || other.fields === null) return [];
  const ours = byName(one.fields);
  const theirs = byName(other.fields);
  const found: Difference[] = [];
  for (const [key, { name, value }] of ours) {
    const there = theirs.get(key);
    if (there !== undefined && (translate(value) === there.value || value === there.value)) continue;
    found.push({ kind, name, level: levelOf(key), one: value, other: there?.value ?? null });
  }
  for (const [key, { name, value }] of theirs)
    if (!ours.has(key)) found.push({ kind, name, level: levelOf(key), one: null, other: value });
  return found;
}

function levelOf(name: string): Difference['level'] {
  return OF_THE_MOMENT.has(name) ? 'information' : 'differs';
}

/** Field lines of one name in order (RFC 9110 §5.3): their order among other names means nothing. */
function byName(fields: readonly Field[]): Map<string, { readonly name: string; readonly value: string }> {
  const found = new Map<string, { name: string; value: string }>();
  for (const [name, value] of fields) {
    const known = found.get(name.toLowerCase());
    if (known === undefined) found.set(name.toLowerCase(), { name, value });
    else known.value += `\n${value}`;
  }
  return found;
}

function contentDifference(
  found: Difference[],
  kind: 'request-content' | 'response-content',
  one: ContentFacts,
  other: ContentFacts,
  translate: Translate,
): void {
  if (one.digest !== null && one.digest === other.digest) return;
  if (one.small !== null && other.small !== null) {
    const text = translate(latin1(one.small));
    if (text === latin1(other.small)) return;
  }
  // What was cut short, was so at a moment.
  const level = one.whole && other.whole ? 'differs' : 'information';
  found.push({ kind, level, one: contentText(one), other: contentText(other) });
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** `1,000 bytes, SHA-256 1f3a…` */
export function contentText({ length, digest }: ContentFacts): string {
  const bytes = `${length.toLocaleString('en-US')} ${length === 1 ? 'byte' : 'bytes'}`;
  if (digest === null) return `${bytes}, not all kept`;
  return length === 0 ? bytes : `${bytes}, SHA-256 ${digest.slice(0, 12)}…`;
}

function milliseconds(nanoseconds: number): string {
  return `${(nanoseconds / 1e6).toFixed(nanoseconds < 10e6 ? 1 : 0)} ms`;
}
