// A request whose content is the next bytes of an upload and nothing else, as the IETF's drafts and tus have it. Stores
// them as they come, or, where they must hash to something, keeps them aside until they do. What is answered is for the
// protocol to say.

import { assertNever } from '../../../shared/capture/records.ts';
import type { Acknowledger } from './acknowledger.ts';
import type { StoredContent } from './content-store.ts';
import type { ContentCheck } from './digests.ts';
import { ServerError } from '../errors.ts';
import type { ContentConsumer, Exchange } from '../http/exchange.ts';
import { Intake } from './intake.ts';
import type { Operation } from '../operations/operation.ts';
import type { ServerCore } from '../router.ts';
import type { Upload } from './uploads.ts';

/** Bytes that are moved at a time; the others have their turn in between. */
const PIECE = 256 * 1024;

export interface BringingOptions {
  /** Bytes that the request announces; null: unknown. */
  readonly expected: number | null;
  /** Most bytes that it may bring; null: as many as there may be. */
  readonly most: number | null;
  /** Bytes after which the connection is broken; null: never. */
  readonly cutAfter: number | null;
  readonly acknowledger: Acknowledger | null;
  /** No client was told where the upload is: if this request is cut, nobody can come back for it. */
  readonly unknown: boolean;
  /** What the content must hash to: nothing of it counts before; null: it counts as it comes. */
  readonly check: ContentCheck | null;
}

/** How a request ended; exactly one is called, unless it was cut or overtaken by a newer one. */
export interface BringingEnds {
  /** All of it is stored. The exchange does not hold the upload any more. */
  arrived(): void;
  /** It would go on behind the last byte of the upload; the bytes before are kept. */
  tooLong(): void;
  /** It brings more than one request may bring; the bytes before are kept. */
  tooMuch(): void;
  /** It does not hash to these of the digests that were told: none of it is stored. */
  mismatched(names: readonly string[], told: ReadonlyMap<string, Uint8Array>): void;
  /** It cannot be stored, or not be compared. */
  refuse(status: number, sentence: string): void;
}

/** Takes the content of the exchange, which must hold the upload. */
export function bring(
  exchange: Exchange,
  core: ServerCore,
  operation: Operation,
  upload: Upload,
  options: BringingOptions,
  ends: BringingEnds,
): void {
  exchange.receive(new Bringing(exchange, core, operation, upload, options, ends));
}

class Bringing implements ContentConsumer {
  readonly #exchange: Exchange;
  readonly #core: ServerCore;
  readonly #operation: Operation;
  readonly #upload: Upload;
  readonly #options: BringingOptions;
  readonly #ends: BringingEnds;
  readonly #intake: Intake;
  readonly #aside: StoredContent | null;
  /** Nothing more is taken: it was refused, cut or overtaken. */
  #over = false;

  constructor(
    exchange: Exchange,
    core: ServerCore,
    operation: Operation,
    upload: Upload,
    options: BringingOptions,
    ends: BringingEnds,
  ) {
    this.#exchange = exchange;
    this.#core = core;
    this.#operation = operation;
    this.#upload = upload;
    this.#options = options;
    this.#ends = ends;
    const { expected, cutAfter, acknowledger, check } = options;
    this.#aside = check === null ? null : core.operations.createContent();
    this.#intake = new Intake(exchange, operation, upload, {
      expected,
      cutAfter,
      // What is kept aside may still be thrown away: nobody is told of it.
      acknowledger: check === null ? acknowledger : null,
      ...(this.#aside === null ? {} : { aside: this.#aside }),
      refuse: (status, sentence) => ends.refuse(status, sentence),
    });
    // However the exchange ends, what is still aside then belongs to nothing.
    exchange.whenOver(() => this.#aside?.dispose());
  }

  content(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (this.#over) return;
    const { length, have } = this.#upload;
    const { most, check } = this.#options;
    const size = to - from;
    const before = have + (this.#aside?.length ?? 0);
    if (length !== null && before + size > length) this.#end(() => this.#ends.tooLong());
    else if (most !== null && this.#intake.stored + size > most) this.#end(() => this.#ends.tooMuch());
    else {
      check?.update(bytes, from, to);
      this.#over = !this.#intake.store(bytes, from, to, at);
    }
  }

  end(complete: boolean): void {
    if (this.#over) return;
    if (!this.#upload.holds(this.#exchange)) this.#over = true;
    else if (!complete) {
      this.#over = true;
      this.#upload.release(this.#exchange);
      if (this.#options.unknown) this.#core.operations.remove(this.#operation);
      else this.#core.operations.broken(this.#operation);
    } else if (this.#aside === null) this.#end(() => this.#ends.arrived());
    else {
      const verdict = this.#options.check?.verdict() ?? { kind: 'same' };
      switch (verdict.kind) {
        case 'same':
          void this.#move(this.#aside);
          break;
        case 'different':
          this.#end(() => this.#ends.mismatched(verdict.names, verdict.told));
          break;
        case 'unknown':
          this.#end(() => this.#ends.refuse(400, verdict.sentence));
          break;
        default:
          assertNever(verdict);
      }
    }
  }

  #end(call: () => void): void {
    this.#over = true;
    this.#upload.release(this.#exchange);
    call();
  }

  /** What was aside becomes the next bytes of the upload, unless a newer request takes that over meanwhile. */
  async #move(aside: StoredContent): Promise<void> {
    try {
      for (let at = 0; at < aside.length; at += PIECE) {
        if (!this.#upload.holds(this.#exchange)) return;
        const piece = aside.read(at, Math.min(aside.length, at + PIECE));
        if (piece === null) return;
        this.#upload.append(piece, 0, piece.length);
        await new Promise<void>((resolve) => void setImmediate(resolve));
      }
      if (this.#upload.holds(this.#exchange)) this.#end(() => this.#ends.arrived());
    } catch (error) {
      const full = error instanceof ServerError && error.code === 'store-full';
      const why = error instanceof Error ? error.message : String(error);
      this.#end(() => this.#ends.refuse(full ? 507 : 500, why));
    }
  }
}
