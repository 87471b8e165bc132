// What differed when a session was sent again: each exchange beside the one that it was, and what did not come about. Pure
// but for the reading of captured bytes. It must never call a replay the same when an exchange is missing.

import { pairDifferences } from '../compare/compare.ts';
import { aloneDifference, type Difference } from '../compare/differences.ts';
import { type Compared, exchangeFacts } from '../compare/facts.ts';
import { Minted } from '../compare/minted.ts';

/** What came of the connections: which number each has now, and what did not happen as it had. */
export interface Happened {
  /** From a connection's number in the recording to that of the session it was sent again in; 0: it was never opened. */
  readonly connections: ReadonlyMap<number, number>;
  /** One sentence each: a fault that did not strike, a wait that was given up. */
  readonly remarks: readonly string[];
}

export interface ReplayedRow {
  /** Exchange ids in the recording, and in the session that it was sent again in; null: there is none. */
  readonly recorded: number | null;
  readonly again: number | null;
  readonly method: string;
  readonly target: string;
  readonly status: number | null;
  readonly differences: readonly Difference[];
}

export interface ReplayVerdict {
  readonly same: boolean;
  readonly exchanges: number;
  /** Rows with something to say, {@link MOST_ROWS} at most. */
  readonly rows: readonly ReplayedRow[];
  /** Rows with a difference that counts. */
  readonly differing: number;
  readonly remarks: readonly string[];
}

/** Rows that a verdict lists. */
export const MOST_ROWS = 1_000;

export async function verdictOf(
  recorded: Compared,
  again: Compared,
  { connections, remarks }: Happened,
): Promise<ReplayVerdict> {
  const minted = new Minted();
  const rows: ReplayedRow[] = [];
  let differing = 0;
  const add = (row: ReplayedRow): void => {
    if (row.differences.some(({ level }) => level === 'differs')) differing++;
    if (row.differences.length > 0 && rows.length < MOST_ROWS) rows.push(row);
  };
  const exchanges = recorded.model.exchanges.filter(({ connection }) => connections.has(connection));
  for (const exchange of exchanges) {
    const nth = placeOf(recorded, exchange.connection, exchange.id);
    const there = again.model.connections[connections.get(exchange.connection)! - 1];
    const found = there?.exchanges.values[nth];
    const facts = await exchangeFacts(recorded, exchange);
    const { id, method, target, status } = exchange;
    if (there === undefined || found === undefined || nth >= there.exchanges.length) {
      add({
        recorded: id,
        again: null,
        method,
        target,
        status,
        differences: [aloneDifference('missing', facts)],
      });
      continue;
    }
    const others = await exchangeFacts(again, again.model.exchanges[found]!);
    const differences = pairDifferences(facts, others, minted).filter(counts);
    add({ recorded: id, again: found, method, target, status: others.status, differences });
  }
  for (const [before, now] of connections) {
    const list = again.model.connections[now - 1]?.exchanges;
    const expected = recorded.model.connections[before - 1]?.exchanges.length ?? 0;
    for (let i = expected; i < (list?.length ?? 0); i++) {
      const facts = await exchangeFacts(again, again.model.exchanges[list!.values[i]!]!);
      const { id, method, target, status } = facts;
      add({
        recorded: null,
        again: id,
        method,
        target,
        status,
        differences: [aloneDifference('extra', facts)],
      });
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
