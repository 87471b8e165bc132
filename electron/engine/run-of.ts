// The state of the run that a session holds, as its own records tell it. Must never ask anything but the events.

import type { Check, ResultTable, RunState } from '../../shared/contract.ts';
import { Kind } from '../../shared/model/events.ts';
import type { View } from './view.ts';

export const IDLE: RunState = { experiment: null, state: 'idle', reason: '', checks: [], tables: [] };

/** What a recording says of the run that it holds. */
export function runOf(view: View): RunState {
  const { table } = view;
  const last = table.columns.kind.lastIndexOf(Kind.about, table.length - 1);
  if (last === -1) return IDLE;
  const about = JSON.parse(table.row(last).text) as {
    experiment?: string;
    outcome?: RunState['state'];
    reason?: string;
    checks?: Check[];
    tables?: ResultTable[];
  };
  return {
    experiment: about.experiment ?? null,
    state: about.outcome ?? 'idle',
    reason: about.reason ?? '',
    checks: about.checks ?? [],
    tables: about.tables ?? [],
  };
}
