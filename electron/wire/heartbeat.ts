// Whether a peer that may have nothing to say is still there: it is pinged, and given up when it is not heard of. Counts
// pings and not time: a process that was held up must not take that for the silence of others. Sends nothing itself.

import type { Clock } from './types.ts';

interface HeartbeatOptions {
  readonly clock: Clock;
  /** Milliseconds from one ping to the next. */
  readonly every: number;
  /** Pings on end, none of them followed by any word, after which the peer is lost. */
  readonly most: number;
  ping(): void;
  /** Called once, and nothing after it. */
  lost(): void;
}

export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #unanswered = 0;
  #cancel: (() => void) | null = null;

  /** Begins at once; the first ping comes after one interval. */
  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#wait();
  }

  /** The peer has said something, whatever it was. */
  heard(): void {
    this.#unanswered = 0;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #wait(): void {
    const { clock, every, most, ping, lost } = this.#options;
    this.#cancel = clock.after(every, () => {
      if (this.#unanswered === most) {
        this.#cancel = null;
        lost();
        return;
      }
      this.#unanswered++;
      this.#wait();
      ping();
    });
  }
}
