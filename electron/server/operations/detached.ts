// Work that goes on when its request has been answered: it ends with the server at the latest, and then without a word.

import type { Clock } from '../../wire/types.ts';

/** Pieces of work at a time; one more is done at once. */
const MOST = 1000;

export class DetachedWork {
  readonly #clock: Clock;
  /** What takes each back that has not been done. */
  readonly #pending = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Does it after so many milliseconds; at once for 0. */
  after(milliseconds: number, work: () => void): void {
    if (milliseconds === 0 || this.#pending.size >= MOST) {
      work();
      return;
    }
    const cancel = this.#clock.after(milliseconds, () => {
      this.#pending.delete(cancel);
      work();
    });
    this.#pending.add(cancel);
  }

  close(): void {
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
  }
}
