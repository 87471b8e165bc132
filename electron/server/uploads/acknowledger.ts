// Tells now and then, by interim responses, how much of an upload is stored, so that the client can let go of it: as
// `Prefer: acknowledge` wants it (draft-wright-http-resume-request), or as 104s do. Never tells more than that, nor takes
// the interim responses that others need.

import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { Exchange } from '../http/exchange.ts';

interface AcknowledgerOptions {
  /** Bytes of the upload that are stored already. */
  readonly have: number;
  /** Bytes that the request may bring; null: unknown. */
  readonly expected: number | null;
  /** Bytes between two acknowledgements, at least. */
  readonly spacing: number;
  /** Interim responses that are needed for something else. */
  readonly others: number;
  /** The interim response that tells so many bytes. */
  readonly telling: (have: number) => { readonly status: number; readonly fields: FieldLines };
}

export class Acknowledger {
  readonly #exchange: Exchange;
  readonly #growing: boolean;
  readonly #telling: AcknowledgerOptions['telling'];
  /** How many can still be told. */
  #left: number;
  #spacing: number;
  #acknowledged: number;

  constructor(exchange: Exchange, { have, expected, spacing, others, telling }: AcknowledgerOptions) {
    this.#exchange = exchange;
    this.#telling = telling;
    this.#left = Math.max(0, exchange.interimsLeft - others);
    this.#acknowledged = have;
    // Where the end is not known, each comes after twice as many bytes as the one before it.
    this.#growing = expected === null;
    this.#spacing = Math.max(spacing, Math.ceil((expected ?? 0) / Math.max(1, this.#left)));
  }

  /** @param have bytes of the upload that are stored now */
  stored(have: number): void {
    if (this.#left === 0 || have - this.#acknowledged < this.#spacing) return;
    this.#left--;
    this.#acknowledged = have;
    if (this.#growing) this.#spacing *= 2;
    const { status, fields } = this.#telling(have);
    void this.#exchange.interim(status, fields);
  }
}
