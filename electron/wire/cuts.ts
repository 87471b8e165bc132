// The cuts that wait for their byte in one direction of one wire.
// Knows only where the nearest is; applying it is the wire's affair.

import type { CutKind, FaultOrigin } from '../../shared/capture/records.ts';
import type { ArmedCut } from './types.ts';

export interface PendingCut {
  /** Absolute byte of the direction. */
  readonly at: number;
  readonly cut: CutKind;
  readonly origin: FaultOrigin;
  readonly content: number | undefined;
  /** Its place on the board, for one that came from there. */
  readonly armed: ArmedCut | null;
}

export class PendingCuts {
  /** The nearest byte at which one waits; Infinity when none does. Read for every slice, so kept ready. */
  limit = Infinity;
  #cuts: PendingCut[] = [];

  add(cut: PendingCut): void {
    this.#cuts.push(cut);
    this.limit = Math.min(this.limit, cut.at);
  }

  /** Takes out the cut that is due at `position`, if one still stands: others were fired elsewhere or taken back. */
  due(position: number): PendingCut | null {
    if (position < this.limit) return null;
    this.#cuts = this.#cuts.filter(({ armed }) => armed === null || armed.state === 'armed');
    let nearest: PendingCut | null = null;
    for (const cut of this.#cuts) if (nearest === null || cut.at < nearest.at) nearest = cut;
    const due = nearest !== null && nearest.at <= position ? nearest : null;
    this.#cuts = this.#cuts.filter((cut) => cut !== due);
    this.limit = this.#cuts.reduce((least, { at }) => Math.min(least, at), Infinity);
    return due;
  }
}
