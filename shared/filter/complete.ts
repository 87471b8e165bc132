// What may follow at the caret of a filter: names, and behind a name the values that occur in this session. Pure.

import { KINDS } from './filter.ts';
import { quoted } from './print.ts';
import { isName, type Name, NAMES } from './terms.ts';
import { type Token, tokenize } from './tokens.ts';
import type { Counts, Vocabulary } from './vocabulary.ts';

/** Values that are offered at most. */
const OFFERED = 40;

export interface Completion {
  /** What takes the place of the characters {@link Completions.from} … {@link Completions.to}. */
  readonly insert: string;
  readonly label: string;
  /** What it means; empty: it speaks for itself. */
  readonly detail: string;
  /** How often it occurs; null: not counted. */
  readonly count: number | null;
  /** The term is whole with it: another can follow. */
  readonly whole: boolean;
}

export interface Completions {
  readonly from: number;
  readonly to: number;
  readonly options: readonly Completion[];
}

/** @param caret index in `text`, 0 … its length */
export function complete(text: string, caret: number, vocabulary: Vocabulary): Completions {
  const token = tokenize(text).find(
    (one) =>
      (one.kind === 'term' || one.kind === 'or' || one.kind === 'and') && one.from < caret && caret <= one.to,
  );
  if (token === undefined) return { from: caret, to: caret, options: names('') };
  if (token.name !== null && isName(token.name) && caret >= token.valueAt) {
    const typed = text.slice(token.valueAt, caret).replaceAll('"', '');
    return { from: token.valueAt, to: token.to, options: values(token.name, typed, vocabulary) };
  }
  return { from: token.from, to: token.to, options: words(text, token, caret, vocabulary) };
}

/** What a word can become: a name, or a value that needs none to be understood. */
function words(text: string, token: Token, caret: number, vocabulary: Vocabulary): Completion[] {
  const typed = text.slice(token.from, caret);
  if (typed.startsWith('"')) return [];
  const options = names(typed);
  if (typed.length < 2) return options;
  for (const name of ['method', 'status', 'kind', 'note'] as const)
    for (const value of values(name, typed, vocabulary))
      if (value.label.toLowerCase().startsWith(typed.toLowerCase()))
        options.push({ ...value, insert: `${name}:${value.insert}`, label: `${name}:${value.label}` });
  return options;
}

function names(typed: string): Completion[] {
  return Object.entries(NAMES)
    .filter(([name]) => name.startsWith(typed.toLowerCase()))
    .map(([name, detail]) => ({ insert: `${name}:`, label: `${name}:`, detail, count: null, whole: false }));
}

function values(name: Name, typed: string, vocabulary: Vocabulary): Completion[] {
  switch (name) {
    case 'status':
      return statuses(typed, vocabulary.statuses);
    case 'kind':
      return KINDS.filter((kind) => kind.startsWith(typed.toLowerCase())).map((kind) =>
        value(kind, '', vocabulary.kinds.get(kind) ?? 0),
      );
    case 'method':
      return counted(typed, vocabulary.methods, false);
    case 'path':
      return counted(typed, vocabulary.paths, true);
    case 'note':
      return counted(typed, vocabulary.notes, true);
    case 'field':
      return counted(typed, vocabulary.fields, true);
    case 'conn':
      return counted(typed, vocabulary.connections, false, 'exchanges');
    case 'op':
      return counted(typed, vocabulary.operations, false, 'exchanges');
    case 'size':
      return ['>1kB', '>64KiB', '>1MB', '>100MB']
        .filter((size) => size.startsWith(typed))
        .map((size) => ({ ...value(size, '', 0), count: null }));
  }
}

/** Classes first where more than one status of them occurs, then each status. */
function statuses(typed: string, counts: Counts): Completion[] {
  const classes = new Map<string, { total: number; different: number }>();
  for (const [status, times] of counts) {
    const known = classes.get(status[0]!) ?? { total: 0, different: 0 };
    classes.set(status[0]!, { total: known.total + times, different: known.different + 1 });
  }
  const all = [...classes]
    .filter(([digit, { different }]) => different > 1 && `${digit}xx`.startsWith(typed))
    .sort()
    .map(([digit, { total }]) => value(`${digit}xx`, '', total));
  const each = counted(typed, counts, false);
  return [...all, ...each.sort((x, y) => Number(x.label) - Number(y.label))];
}

/** The most frequent first. `within`: what was typed may stand anywhere in the value. */
function counted(typed: string, counts: Counts, within: boolean, detail = ''): Completion[] {
  const small = typed.toLowerCase();
  return [...counts]
    .filter(([one]) => (within ? one.toLowerCase().includes(small) : one.toLowerCase().startsWith(small)))
    .sort(([, x], [, y]) => y - x)
    .slice(0, OFFERED)
    .map(([one, times]) => value(one, detail, times));
}

function value(label: string, detail: string, count: number): Completion {
  return { insert: quoted(label), label, detail, count, whole: true };
}
