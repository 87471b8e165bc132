// Times as a capture tells them, made into times that a session can have: damaged ones become the one before.
// It must never let time run backwards.

/** Nanoseconds: 100 days. No session lasts longer, and a double counts nanoseconds exactly up to 104 days. */
const LONGEST = 100 * 86_400 * 1e9;
/** Nanoseconds since 1970 of the year 10000, from which on dates have no common form. */
const LATEST_START = 253_402_300_800n * 1_000_000_000n;

/** Whether a session can have begun then, in nanoseconds since 1970. */
export function believableStart(startedAt: bigint): boolean {
  return startedAt >= 0n && startedAt < LATEST_START;
}

export class Times {
  /** How many times could not be believed. */
  doubtful = 0;
  #last = 0;

  /** The time of the record before, in nanoseconds since the session began. */
  get last(): number {
    return this.#last;
  }

  /** A time of a session of ours, nanoseconds after it began: one before the last is damaged too. */
  own(time: number): number {
    if (time >= this.#last && time <= LONGEST) this.#last = time;
    else this.doubtful++;
    return this.#last;
  }

  /** A time of another's capture. Those of several interfaces are not always in order; records are. */
  foreign(time: number): number {
    if (Math.abs(time) > LONGEST) this.doubtful++;
    else if (time > this.#last) this.#last = time;
    return this.#last;
  }

  /** A packet of which no believable time can be told at all. */
  none(): number {
    this.doubtful++;
    return this.#last;
  }
}
