// How long a connection may do nothing: watches a limit that changes with what the connection is waiting for. Closes
// nothing itself.

import type { Clock } from '../../wire/types.ts';

interface IdleOptions {
  readonly clock: Clock;
  /** Milliseconds that are allowed now, since the last activity; null: it is not the client that is waited for. */
  limit(): number | null;
  /** The limit was passed; called once. */
  passed(): void;
}

/** Looks again so often while the client is not waited for (ms). */
const LOOK_AGAIN = 60_000;

export class IdleWatch {
  readonly #options: IdleOptions;
  #last: number;
  /** When the timer is due. Activity does not move it: it looks again when it is. */
  #due = Infinity;
  #cancel: () => void = () => {};

  constructor(options: IdleOptions) {
    this.#options = options;
    this.#last = options.clock.now();
    this.limitChanged();
  }

  active(): void {
    this.#last = this.#options.clock.now();
  }

  /** A shorter limit needs an earlier look. */
  limitChanged(): void {
    const limit = this.#options.limit() ?? LOOK_AGAIN;
    if (this.#last + limit < this.#due) this.#lookAt(this.#last + limit);
  }

  stop(): void {
    this.#cancel();
    this.#due = -Infinity;
  }

  #lookAt(time: number): void {
    this.#cancel();
    this.#due = time;
    this.#cancel = this.#options.clock.after(time - this.#options.clock.now(), () => this.#look());
  }

  #look(): void {
    const limit = this.#options.limit();
    const now = this.#options.clock.now();
    if (limit === null) this.#lookAt(now + LOOK_AGAIN);
    else if (this.#last + limit > now) this.#lookAt(this.#last + limit);
    else {
      this.stop();
      this.#options.passed();
    }
  }
}
