// A session that is looked at, held against a file: the rows as they are listed, and each again with all that it says when it
// is looked at. Reads both; must never change either.

import { comparedRows, isDiffering, leftOutOf } from '../../shared/compare/compare.ts';
import type { Difference } from '../../shared/compare/differences.ts';
import { type Compared, exchangeFacts } from '../../shared/compare/facts.ts';
import { type ListedRow, listedOf, type SidesRow, sidesOf } from '../../shared/compare/sides.ts';
import type { CommandResult } from '../../shared/contract.ts';
import { readView, type View } from './view.ts';

/** What can be asked of a comparison once its rows are listed. */
export interface Details {
  /** Undefined: there is no such row. */
  row(index: number): Promise<SidesRow | undefined>;
  close(): Promise<void>;
}

/** Rows whose differences are kept; of those beyond nothing is marked when they are looked at. */
const KEPT = 20_000;
/** Rows between two words of how far it has come. */
const TOLD_AFTER = 500;

/**
 * Compares a session with a file, which stays open until the details are closed. Rejects with an Error whose message is for
 * the user.
 * @param told how far it has come, 0 … 1
 */
export async function compareWith(
  view: View,
  path: string,
  told: (share: number) => void,
  signal: AbortSignal,
): Promise<{ readonly result: CommandResult<'compare'>; readonly details: Details }> {
  await unlessStopped(view.flush(), signal);
  const second = await readView(path, () => undefined);
  try {
    await unlessStopped(second.whole, signal);
    const [one, other] = [comparedOf(view), comparedOf(second)];
    const rows: ListedRow[] = [];
    const kept = new Map<number, readonly Difference[]>();
    let differing = 0;
    for await (const { row, done, of } of comparedRows(one, other)) {
      if (signal.aborted) throw stopped();
      if (isDiffering(row)) {
        differing++;
        if (kept.size < KEPT) kept.set(rows.length, row.differences);
      }
      rows.push(listedOf(row));
      if (done % TOLD_AFTER === 0) told(done / of);
    }
    return {
      result: {
        one: view.name,
        other: second.name,
        rows,
        differing,
        leftOut: leftOutOf(one, other),
        remarks: [],
      },
      details: {
        row: async (index) => {
          const row = rows[index];
          return row === undefined ? undefined : detailOf(row, kept.get(index) ?? [], one, other);
        },
        close: () => second.close(),
      },
    };
  } catch (error) {
    await second.close();
    throw error;
  }
}

/** Reading a long file need not be waited for by whoever has stopped. */
function unlessStopped(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(stopped());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function stopped(): Error {
  return new Error('The comparison was stopped before its end.');
}

async function detailOf(
  row: ListedRow,
  differences: readonly Difference[],
  one: Compared,
  other: Compared,
): Promise<SidesRow> {
  const facts = async (of: Compared, side: ListedRow['one']) =>
    side === null ? null : exchangeFacts(of, of.model.exchanges[side.id]!);
  return sidesOf({ one: await facts(one, row.one), other: await facts(other, row.other), differences });
}

export function comparedOf(view: View): Compared {
  view.model.fold();
  return { model: view.model, read: view.bytes.bind(view) };
}
