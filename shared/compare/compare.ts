// Two sessions side by side: their exchanges aligned by what they ask for, and how each pair differs. Reads content as it
// goes; holds facts, never bodies. Bounded by MOST_COMPARED exchanges of either session, of which as many rows are kept as
// whoever asks keeps.

import { align, patternOf } from './align.ts';
import { aloneDifference, type Difference, differencesOf } from './differences.ts';
import { type Compared, type ExchangeFacts, exchangeFacts } from './facts.ts';
import { Minted } from './minted.ts';

/** Exchanges of one session that are compared, the first ones. */
const MOST_COMPARED = 100_000;
/** Rows that are held with all their facts. */
export const MOST_KEPT = 2_000;
/** Pairs that are read beside each other. */
const AT_ONCE = 16;

export interface ComparedRow {
  /** At least one of them is there. */
  readonly one: ExchangeFacts | null;
  readonly other: ExchangeFacts | null;
  readonly differences: readonly Difference[];
}

export interface Comparison {
  readonly rows: readonly ComparedRow[];
  /** Rows with a difference that counts. */
  readonly differing: number;
  /** Exchanges beyond the bound, of both sessions together. */
  readonly leftOut: number;
}

/** Whether something differs that is more than a matter of time. */
export function isDiffering({ differences }: Pick<ComparedRow, 'differences'>): boolean {
  return differences.some(({ level }) => level === 'differs');
}

/** How far a comparison has come: `done` of so many rows. */
export interface Pairing {
  readonly row: ComparedRow;
  readonly done: number;
  readonly of: number;
}

/** The rows, one after the other: those of the first {@link MOST_COMPARED} exchanges of either session. */
export async function* comparedRows(one: Compared, other: Compared): AsyncGenerator<Pairing> {
  const ours = one.model.exchanges.slice(0, MOST_COMPARED);
  const theirs = other.model.exchanges.slice(0, MOST_COMPARED);
  const pairs = align(
    ours.map(({ method, target }) => patternOf(method, target)),
    theirs.map(({ method, target }) => patternOf(method, target)),
  );
  const minted = new Minted();
  let done = 0;
  for (let from = 0; from < pairs.length; from += AT_ONCE) {
    const facts = await Promise.all(
      pairs
        .slice(from, from + AT_ONCE)
        .map(([i, j]) =>
          Promise.all([
            i < 0 ? null : exchangeFacts(one, ours[i]!),
            j < 0 ? null : exchangeFacts(other, theirs[j]!),
          ]),
        ),
    );
    for (const [left, right] of facts) {
      const differences = between(left, right, minted);
      const row = {
        one: left === null ? null : withoutContent(left),
        other: right === null ? null : withoutContent(right),
        differences,
      };
      yield { row, done: ++done, of: pairs.length };
    }
  }
}

/** Exchanges beyond the bound, of both sessions together. */
export function leftOutOf(one: Compared, other: Compared): number {
  const beyond = ({ model }: Compared): number => Math.max(0, model.exchanges.length - MOST_COMPARED);
  return beyond(one) + beyond(other);
}

/** All of it, of which the first {@link MOST_KEPT} rows are kept; the others are counted, and left out. */
export async function compareSessions(one: Compared, other: Compared): Promise<Comparison> {
  const rows: ComparedRow[] = [];
  let differing = 0;
  let dropped = 0;
  for await (const { row } of comparedRows(one, other)) {
    if (isDiffering(row)) differing++;
    if (rows.length < MOST_KEPT) rows.push(row);
    else dropped++;
  }
  return { rows, differing, leftOut: dropped + leftOutOf(one, other) };
}

/** Differences of a pair; what its responses minted is known by its name from then on. */
function between(one: ExchangeFacts | null, other: ExchangeFacts | null, minted: Minted): Difference[] {
  if (one !== null && other !== null) return pairDifferences(one, other, minted);
  if (one !== null) return [aloneDifference('missing', one)];
  return other === null ? [] : [aloneDifference('extra', other)];
}

/** Differences of two exchanges that belong together, once their addresses are learnt. */
export function pairDifferences(one: ExchangeFacts, other: ExchangeFacts, minted: Minted): Difference[] {
  const [host, there] = [hostOf(one), hostOf(other)];
  if (host !== null && there !== null) minted.authority(host, there);
  minted.learn(one.minted, other.minted);
  return differencesOf(one, other, minted.translate);
}

function hostOf({ request }: ExchangeFacts): string | null {
  return request.fields?.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? null;
}

/** The digest says what is left to say of it once it was compared: a thousand small bodies need not be held. */
export function withoutContent(facts: ExchangeFacts): ExchangeFacts {
  const { request, response } = facts;
  const bare = (message: ExchangeFacts['request']): ExchangeFacts['request'] => ({
    ...message,
    content: { ...message.content, small: null },
  });
  return { ...facts, request: bare(request), response: response === null ? null : bare(response) };
}
