// Sessions held against each other: which dialog or table is open, and what it shows. Holds no protocol and no DOM; what
// differs was found out by the engine.

import { createStore } from 'zustand/vanilla';
import type { CommandArgs, EngineCommands } from '../../shared/contract.ts';
import type { ReplayPreview } from '../../shared/replay/preview.ts';
import type { ListedRow, SidesComparison, SidesRow } from '../../shared/compare/sides.ts';
import { count, counted } from '../timeline/format.ts';

export interface DeskState {
  /** The list of sessions to choose from is open. */
  readonly choosing: boolean;
  /** What is asked before the session is sent again: what there is to send, once it was read; null: nothing is asked. */
  readonly asked: ReplayPreview | 'reading' | null;
  readonly busy: 'no' | 'sending' | 'comparing';
  /** What is shown; null: nothing. `again`: the second session is the first, sent again. */
  readonly shown: { readonly comparison: SidesComparison; readonly again: boolean } | null;
  readonly onlyDifferences: boolean;
  /** Index in the comparison's rows; −1: none. */
  readonly selected: number;
  /** All that the selected row says, once it was asked for. */
  readonly detail: { readonly index: number; readonly row: SidesRow } | null;
  /** How far a comparison has come, 0 … 1. */
  readonly share: number;
}

interface DeskHost {
  readonly commands: () => Pick<EngineCommands, 'replay' | 'replayPreview' | 'compare' | 'comparedRow'>;
  /** Runs a command; its refusal becomes a notice. Undefined when refused. */
  attempt<T>(work: Promise<T>): Promise<T | undefined>;
  say(sentence: string): void;
  /** What is sent again is looked at as it happens. */
  follow(): void;
}

export function createDesk({ commands, attempt, say, follow }: DeskHost) {
  const store = createStore<DeskState>(() => ({
    choosing: false,
    asked: null,
    busy: 'no',
    shown: null,
    onlyDifferences: false,
    selected: -1,
    detail: null,
    share: 0,
  }));

  /** How often was asked what there is to send: an earlier answer may be of another session. */
  let questions = 0;

  /** Selects a row, and asks for the rest of it; of several that were asked for only the selected one is shown. */
  const select = async (selected: number): Promise<void> => {
    const { shown, detail } = store.getState();
    store.setState({ selected });
    if (shown?.comparison.rows[selected] === undefined || detail?.index === selected) return;
    const row = await attempt(commands().comparedRow({ index: selected }));
    const now = store.getState();
    if (row !== undefined && now.selected === selected && now.shown === shown)
      store.setState({ detail: { index: selected, row } });
  };

  const show = (comparison: SidesComparison | undefined, again: boolean): void => {
    store.setState({ busy: 'no' });
    if (comparison === undefined) return;
    store.setState({ shown: { comparison, again }, onlyDifferences: false, detail: null });
    say(verdictWords(comparison, again));
    void select(firstDiffering(comparison.rows));
  };

  return {
    store,

    /** Asks how the session that is looked at is to be sent again, and tells what there is to send. */
    async ask(): Promise<void> {
      const { busy, asked } = store.getState();
      if (busy !== 'no' || asked !== null) return;
      store.setState({ asked: 'reading' });
      const question = ++questions;
      const preview = await attempt(commands().replayPreview({}));
      // It may have been closed in the meantime.
      if (question === questions && store.getState().asked === 'reading')
        store.setState({ asked: preview ?? null });
    },

    dismiss(): void {
      store.setState({ asked: null });
    },

    /** Sends the session that is looked at again, then shows what differed. */
    async sendAgain(how: CommandArgs<'replay'>): Promise<void> {
      if (store.getState().busy !== 'no') return;
      store.setState({ busy: 'sending', shown: null, asked: null });
      say('The session is sent again.');
      follow();
      show(await attempt(commands().replay(how)), true);
    },

    choose(choosing: boolean): void {
      store.setState({ choosing });
    },

    async compareWith(path: string): Promise<void> {
      if (store.getState().busy !== 'no') return;
      store.setState({ busy: 'comparing', choosing: false, share: 0 });
      show(await attempt(commands().compare({ path })), false);
    },

    /** How far the comparison has come. */
    progress(share: number): void {
      store.setState({ share });
    },

    select: (selected: number): void => void select(selected),

    /** Selects the next (1) or the previous (−1) row that differs, if there is one. */
    toDifference(by: 1 | -1): void {
      const { shown, selected } = store.getState();
      if (shown === null) return;
      const next = differenceFrom(shown.comparison.rows, selected, by);
      if (next === null) say(by === 1 ? 'Nothing differs further down.' : 'Nothing differs further up.');
      else void select(next);
    },

    setOnlyDifferences(onlyDifferences: boolean): void {
      store.setState({ onlyDifferences });
    },

    close(): void {
      store.setState({ shown: null });
    },
  };
}

/** How a row stands: only in one of both, different, or the same. */
export type RowMark = 'gone' | 'new' | 'differs' | 'same';

export function markOf({ one, other, differs }: ListedRow): RowMark {
  if (other === null) return 'gone';
  if (one === null) return 'new';
  return differs.length > 0 ? 'differs' : 'same';
}

/** The next row in a direction that differs; null: there is none. */
function differenceFrom(rows: readonly ListedRow[], from: number, by: 1 | -1): number | null {
  for (let at = from + by; at >= 0 && at < rows.length; at += by) if (markOf(rows[at]!) !== 'same') return at;
  return null;
}

function firstDiffering(rows: readonly ListedRow[]): number {
  const found = rows.findIndex((row) => markOf(row) !== 'same');
  return found === -1 && rows.length > 0 ? 0 : found;
}

/** The result in a sentence: `Sent again, and the same: 4 exchanges.` */
export function verdictWords({ rows, differing, remarks, leftOut }: SidesComparison, again: boolean): string {
  const all = counted(rows.length, 'exchange');
  const more = leftOut > 0 ? ` ${counted(leftOut, 'exchange')} beyond these were left out.` : '';
  if (differing === 0 && remarks.length === 0)
    return `${again ? 'Sent again, and the same' : 'The same'}: ${all}.${more}`;
  if (differing === 0) return `${all} came out as before, with ${counted(remarks.length, 'remark')}.${more}`;
  return `${count(differing)} of ${all} ${differing === 1 ? 'differs' : 'differ'}.${more}`;
}
