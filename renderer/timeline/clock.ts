// The present of a live session. Events tell it; between them, while an exchange is under way, the page's clock carries
// it on, so that a silence is seen to last. Never runs ahead of what the promptest event told.

import type { Model } from '../../shared/model/model.ts';

/** A present that goes on without events does so for this long, in nanoseconds. */
const UNHEARD = 60e9;
/** Connections that are looked at for an exchange under way: the newest. */
const LOOKED_AT = 64;

export class SessionClock {
  readonly #page: () => number;
  /** Nanoseconds of the session when the page's clock was at 0, by the event that came with the least delay. */
  #epoch = -Infinity;
  #heard = 0;
  #latest = 0;

  /** `page`: a clock in milliseconds that never goes back. */
  constructor(page: () => number = () => performance.now()) {
    this.#page = page;
  }

  /** An exchange is under way, and its last event is not too long ago: the present moves on by itself. */
  moving(model: Model, live: boolean): boolean {
    return live && underWay(model) && this.#told(model) < model.endTime + UNHEARD;
  }

  /** Nanoseconds since the session began; never before its last event. */
  now(model: Model, live: boolean): number {
    if (!live) return model.endTime;
    const told = underWay(model) ? Math.min(this.#told(model), model.endTime + UNHEARD) : model.endTime;
    // An event that ends the wait was on its way while the present moved on: it does not go back.
    this.#latest = Math.max(this.#latest, told, model.endTime);
    return this.#latest;
  }

  #told(model: Model): number {
    const page = this.#page() * 1e6;
    if (model.folded !== this.#heard) {
      this.#heard = model.folded;
      this.#epoch = Math.max(this.#epoch, model.endTime - page);
    }
    return page + this.#epoch;
  }
}

/** An exchange on an open connection has not ended. */
function underWay(model: Model): boolean {
  const { connections } = model;
  for (let at = connections.length - 1; at >= Math.max(0, connections.length - LOOKED_AT); at--) {
    const connection = connections[at];
    if (connection === undefined || connection.closedAt !== Infinity) continue;
    const last = connection.exchanges.at(-1);
    if (last !== undefined && model.exchanges[last]!.endedAt === Infinity) return true;
  }
  return false;
}
