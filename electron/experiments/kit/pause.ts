// A wait between two requests of an experiment, on its clock; a run that is stopped does not wait.

import type { ExperimentContext } from './types.ts';

/** Resolves after so many milliseconds, at once when the run is stopped. */
export function pause({ clock, signal }: ExperimentContext, milliseconds: number): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(milliseconds, done);
    signal.addEventListener('abort', done);
  });
}
