// `Prefer: acknowledge` (draft-wright-http-resume-request): tells now and then how much of an upload is stored, so that
// the client can let go of it. Never tells more than that, nor takes the interim responses that others need.

import { writeAcknowledge } from '../../shared/fields/acknowledge.ts';
import type { Exchange } from './exchange.ts';

/** Bytes between two acknowledgements, at least. */
const LEAST_SPACING = 64 * 1024;

interface AcknowledgerOptions {
  /** Bytes of the upload that are stored already. */
  readonly have: number;
  /** Bytes that the request may bring; null: unknown. */
  readonly expected: number | null;
  /** Interim responses that are needed for something else. */
  readonly others: number;
}

export class Acknowledger {
  readonly #exchange: Exchange;
  readonly #growing: boolean;
  /** How many can still be told. */
  #left: number;
  #spacing: number;
  #acknowledged: number;

  constructor(exchange: Exchange, { have, expected, others }: AcknowledgerOptions) {
    this.#exchange = exchange;
    this.#left = Math.max(0, exchange.interimsLeft - others);
    this.#acknowledged = have;
    // Where the end is not known, each comes after twice as many bytes as the one before it.
    this.#growing = expected === null;
    this.#spacing = Math.max(LEAST_SPACING, Math.ceil((expected ?? 0) / Math.max(1, this.#left)));
  }

  /** @param have bytes of the upload that are stored now */
  stored(have: number): void {
    if (this.#left === 0 || have - this.#acknowledged < this.#spacing) return;
    this.#left--;
    this.#acknowledged = have;
    if (this.#growing) this.#spacing *= 2;
    void this.#exchange.interim(100, [['Acknowledge', writeAcknowledge(have)]]);
  }
}
