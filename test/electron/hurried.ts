// Time for tests that run what waits: every delay takes a fraction of its time.

import { systemClock } from '../../electron/wire/clock.ts';
import type { Clock } from '../../electron/wire/types.ts';

/** A clock on which every delay takes a fraction of its time; order and proportions stay. */
export function hurried(times: number): Clock {
  return {
    now: () => systemClock.now() * times,
    after: (milliseconds, call) => systemClock.after(milliseconds / times, call),
  };
}
