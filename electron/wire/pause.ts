// A wait on a clock that ends with whoever waits: what is stopped waits no longer, and leaves no timer behind.

import { alarm } from './alarm.ts';
import type { Clock } from './types.ts';

/** Whoever waits: by which clock, and until when it goes on at all. */
export interface Waiter {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Resolves after so many milliseconds, or when the signal is aborted; never rejects. */
export function pause(waiter: Waiter, milliseconds: number): Promise<void> {
  return pauseUntil(waiter, waiter.clock.now() + milliseconds);
}

/** Resolves when the clock has reached `moment` (ms of that clock), or when the signal is aborted; never rejects. */
export function pauseUntil({ clock, signal }: Waiter, moment: number): Promise<void> {
  if (moment <= clock.now() || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = alarm(clock, moment, done);
    signal.addEventListener('abort', done);
  });
}
