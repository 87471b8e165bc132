// Time for tests that run what waits: every delay takes a fraction of its time.

import { systemClock } from '../../electron/wire/clock.ts';
import type { Clock } from '../../electron/wire/types.ts';

interface Waiting {
  readonly at: number;
  readonly call: () => void;
}

/**
 * A clock on which every delay takes a fraction of its time; order and proportions stay. Timers of Node alone would not
 * keep the order: of several that are due at once, because the machine was busy, a later one may ring first.
 */
export function hurried(times: number): Clock {
  /** Those that wait, in the order of their times. */
  const queue: Waiting[] = [];
  let cancel: () => void = () => {};
  const now = (): number => systemClock.now() * times;

  function wait(): void {
    cancel();
    const next = queue[0];
    if (next === undefined) return;
    const left = next.at - now();
    if (left > 0) cancel = systemClock.after(left / times, ring);
    else {
      // A turn of the loop for each, as timers have it.
      const immediate = setImmediate(ring);
      cancel = () => clearImmediate(immediate);
    }
  }

  function ring(): void {
    const next = queue[0];
    if (next === undefined) return;
    if (next.at > now()) {
      wait();
      return;
    }
    queue.shift();
    wait();
    next.call();
  }

  return {
    now,
    after: (milliseconds, call) => {
      const waiting = { at: now() + Math.max(milliseconds, 0), call };
      let index = queue.length;
      while (index > 0 && queue[index - 1]!.at > waiting.at) index--;
      queue.splice(index, 0, waiting);
      if (index === 0) wait();
      return () => {
        const found = queue.indexOf(waiting);
        if (found < 0) return;
        queue.splice(found, 1);
        if (found === 0) wait();
      };
    },
  };
}
