// Two sessions side by side: their exchanges aligned by what they ask for, and how each pair differs. Reads content as it
// goes; holds facts, never bodies. Bounded by MOST_COMPARED exchanges of either session.

import { align, patternOf } from './align.ts';
import { aloneDifference, type Difference, differencesOf } from './differences.ts';
import { type Compared, type ExchangeFacts, exchangeFacts } from './facts.ts';
import { Minted } from './minted.ts';

/** Exchanges of one session that are compared, the first ones: their table takes 16 MB. */
export const MOST_COMPARED = 2_000;

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

export async function compareSessions(one: Compared, other: Compared): Promise<Comparison> {
  const ours = one.model.exchanges.slice(0, MOST_COMPARED);
  const theirs = other.model.exchanges.slice(0, MOST_COMPARED);
  const pairs = align(
    ours.map(({ method, target }) => patternOf(method, target)),
    theirs.map(({ method, target }) => patternOf(method, target)),
  );
  const rows: ComparedRow[] = [];
  const minted = new Minted();
  for (const [i, j] of pairs) {
    const left = i < 0 ? null : await exchangeFacts(one, ours[i]!);
    const right = j < 0 ? null : await exchangeFacts(other, theirs[j]!);
    const differences = between(left, right, minted);
    rows.push({
      one: left === null ? null : withoutContent(left),
      other: right === null ? null : withoutContent(right),
      differences,
    });
  }
  return {
    rows,
    differing: rows.filter(isDiffering).length,
    leftOut: one.model.exchanges.length - ours.length + other.model.exchanges.length - theirs.length,
  };
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
