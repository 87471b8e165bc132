// What differed when a session was sent again: each exchange beside the one that it was, and what did not come about. Pure
// but for the reading of captured bytes. It must never call a replay the same when an exchange is missing.

import {
  type ComparedRow,
  isDiffering,
  MOST_KEPT,
  pairDifferences,
  withoutContent,
} from '../compare/compare.ts';
import { aloneDifference, type Difference } from '../compare/differences.ts';
import { type Compared, type ExchangeFacts, exchangeFacts } from '../compare/facts.ts';
import { Minted } from '../compare/minted.ts';

/** What came of the connections: which number each has now, and what did not happen as it had. */
export interface Happened {
  /** From a connection's number in the recording to that of the session it was sent again in; 0: it was never opened. */
  readonly connections: ReadonlyMap<number, number>;
  /** One sentence each: a fault that did not strike, a wait that was given up. */
  readonly remarks: readonly string[];
}

export interface ReplayVerdict {
  readonly same: boolean;
  readonly exchanges: number;
  /** Each exchange as it was recorded, beside what it is now: the first {@link MOST_KEPT}. */
  readonly rows: readonly ComparedRow[];
  /** Rows with a difference that counts. */
  readonly differing: number;
  readonly remarks: readonly string[];
}

export async function verdictOf(
  recorded: Compared,
  again: Compared,
  { connections, remarks }: Happened,
): Promise<ReplayVerdict> {
  const minted = new Minted();
  const rows: ComparedRow[] = [];
  let differing = 0;
  const add = (
    one: ExchangeFacts | null,
    other: ExchangeFacts | null,
    differences: readonly Difference[],
  ): void => {
    if (isDiffering({ differences })) differing++;
    if (rows.length >= MOST_KEPT) return;
    rows.push({
      one: one === null ? null : withoutContent(one),
      other: other === null ? null : withoutContent(other),
      differences,
    });
  };
  const exchanges = recorded.model.exchanges.filter(({ connection }) => connections.has(connection));
  for (const exchange of exchanges) {
    const nth = placeOf(recorded, exchange.connection, exchange.id);
    const found = again.model.connections[connections.get(exchange.connection)! - 1]?.exchanges.at(nth);
    const facts = await exchangeFacts(recorded, exchange);
    if (found === undefined) {
      add(facts, null, [aloneDifference('missing', facts)]);
      continue;
    }
    const others = await exchangeFacts(again, again.model.exchanges[found]!);
    add(facts, others, pairDifferences(facts, others, minted).filter(counts));
  }
  for (const [before, now] of connections) {
    const list = again.model.connections[now - 1]?.exchanges;
    const expected = recorded.model.connections[before - 1]?.exchanges.length ?? 0;
    for (let i = expected; i < (list?.length ?? 0); i++) {
      const facts = await exchangeFacts(again, again.model.exchanges[list!.values[i]!]!);
      add(null, facts, [aloneDifference('extra', facts)]);
    }
  }
  return {
    same: differing === 0 && remarks.length === 0,
    exchanges: exchanges.length,
    rows,
    differing,
    remarks,
  };
}

/** What was sent is what was planned: that its addresses are called otherwise is no difference of what came of it. */
function counts({ kind }: Difference): boolean {
  return kind !== 'target' && kind !== 'request-field' && kind !== 'response-field';
}

function placeOf({ model }: Compared, connection: number, exchange: number): number {
  const { values, length } = model.connections[connection - 1]!.exchanges;
  return values.subarray(0, length).indexOf(exchange);
}
