// A call at a moment of a clock, and never before it: what is counted by the number of its intervals (questions, looks,
// steps) must not come out one higher because a timer rang early.

import type { Clock } from './types.ts';

/**
 * Calls once the clock has reached `moment` (ms of that clock), never from inside this call. Timers count whole
 * milliseconds and may ring within the one before: then it waits for the rest.
 * @returns takes it back
 */
export function alarm(clock: Clock, moment: number, call: () => void): () => void {
  let cancel: () => void = () => {};
  const wait = (): void => {
    cancel = clock.after(Math.max(0, moment - clock.now()), look);
  };
  const look = (): void => {
    if (clock.now() < moment) wait();
    else call();
  };
  wait();
  return () => cancel();
}
