// Time for wires, jobs and strategies: the machine's, and one that a test moves by hand.
// Must never call back before the call that asked for it has returned.

import type { Clock } from './types.ts';

/** Longest delay a Node timer takes; a longer one would fire at once. */
const LONGEST = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, call) {
    let turn: ReturnType<typeof setImmediate> | undefined;
    // Whoever was halted, by a busy machine or a closed lid, reads what came meanwhile first: it may take the call back.
    const due = (): void => void (turn = setImmediate(call));
    const timer = setTimeout(due, Math.min(Math.max(milliseconds, 0), LONGEST));
    return () => {
      clearTimeout(timer);
      clearImmediate(turn);
    };
  },
};

export interface ManualClock extends Clock {
  /** Moves time on and makes the calls that fall due, in the order of their times. */
  advance(milliseconds: number): void;
  /** Calls that wait. */
  readonly pending: number;
}

/** A clock that stands still until {@link ManualClock.advance}. */
export function createManualClock(): ManualClock {
  const waiting = new Set<{ readonly at: number; readonly call: () => void }>();
  let time = 0;
  return {
    now: () => time,
    after(milliseconds, call) {
      const entry = { at: time + Math.max(milliseconds, 0), call };
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
    advance(milliseconds) {
      const until = time + milliseconds;
      for (;;) {
        let next: { readonly at: number; readonly call: () => void } | null = null;
        for (const entry of waiting)
          if (entry.at <= until && (next === null || entry.at < next.at)) next = entry;
        if (next === null) break;
        waiting.delete(next);
        time = Math.max(time, next.at);
        next.call();
      }
      time = until;
    },
    get pending() {
      return waiting.size;
    },
  };
}
