// How fast a wire writes: a token bucket over an injected time. Decides only; never waits or writes.

/** Slices a second at least, so that a person sees paced bytes move. */
const SLICES_A_SECOND = 25;

/** Largest slice, paced or not: 64 KiB. */
export const LARGEST_SLICE = 64 * 1024;

/**
 * How far (ms) a late timer may be made up for. Without it every late timer would slow the average; with more, a pause
 * would be followed by a burst.
 */
const CREDIT = 50;

/** Bytes of one write at `rate` bytes per second; 0 = unpaced. */
export function sliceAt(rate: number): number {
  if (rate <= 0) return LARGEST_SLICE;
  return Math.max(1, Math.min(LARGEST_SLICE, Math.floor(rate / SLICES_A_SECOND)));
}

export class Pace {
  /** When the bytes so far are paid for. */
  #paid = -Infinity;

  /** Milliseconds until the next slice may be written; 0 = now. */
  wait(now: number, rate: number): number {
    return rate <= 0 ? 0 : Math.max(0, this.#paid - now);
  }

  /** `bytes` were written at `now` (ms). */
  took(bytes: number, now: number, rate: number): void {
    this.#paid = rate <= 0 ? now : Math.max(this.#paid, now - CREDIT) + (bytes * 1000) / rate;
  }

  /** Forgets debts that an older, slower rate left. */
  forgive(now: number): void {
    this.#paid = Math.min(this.#paid, now);
  }
}
