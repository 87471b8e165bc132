// Which of the faults that were planned came about when a session was sent again: read from its own records. Decides nothing
// else.

import { type EventRow, unpackFault } from '../../shared/model/events.ts';
import type { Model } from '../../shared/model/model.ts';
import type { PlannedConnection } from '../../shared/replay/plan.ts';

/** What a disturbance would have done, for the sentence that says that it did not. */
const DISTURBED = {
  throttle: 'A throttle did not slow',
  delay: 'A delay did not hold up',
  fragment: 'Nothing fragmented the writes of',
  corrupt: 'A changed byte did not reach',
} as const;

/** The faults of a connection so far. */
export function faultsOf(model: Model, connection: number): EventRow[] {
  const faults = model.connections[connection - 1]?.faults;
  return Array.from({ length: faults?.length ?? 0 }, (_, i) => model.events.row(faults!.values[i]!));
}

/** How many cuts of a plan have struck. */
export function struckOf(faults: readonly EventRow[]): number {
  return faults.filter(({ code }) => {
    const { action, origin } = unpackFault(code);
    return action === 'cut' && origin === 'plan';
  }).length;
}

/** A sentence for each disturbance that did not come: as much of each kind was recorded as was planned, or it was not. */
export function missingOf({ id, disturbances }: PlannedConnection, faults: readonly EventRow[]): string[] {
  const begun = new Map<string, number>();
  for (const { code, text } of faults) {
    const { action, origin } = unpackFault(code);
    if (origin === 'plan' && text !== '0') begun.set(action, (begun.get(action) ?? 0) + 1);
  }
  const missing: string[] = [];
  for (const { action, amount } of disturbances) {
    if (amount === 0) continue;
    const left = begun.get(action) ?? 0;
    begun.set(action, left - 1);
    if (left < 1) missing.push(`${DISTURBED[action]} connection ${id} any more: its byte was not reached.`);
  }
  return missing;
}
