// What rules must remember: of an exchange while it lasts, of an operation over all its exchanges. Only state; what is
// made of it stands with the rules. Most operations upload nothing: what only uploads need is made when it is needed.

import { Intervals } from '../../byteranges/intervals.ts';
import type { Preferences } from '../../fields/prefer.ts';
import type { Ranges } from '../../fields/range.ts';
import type { Counted, Counts } from './notebook.ts';
import { ProgressWatch } from './progress-watch.ts';

/** How many names of preferences an operation remembers. */
const MOST_PREFERENCES = 64;

/** What is known of an upload: offsets in its representation. */
export class UploadWatch {
  /** The largest offset that the server told it has; −1 before the first. */
  told = -1;
  /** The offset that the last HEAD told after a cut; −1 once the upload went on, and before. */
  found = -1;
  /** The end of the furthest byte that has arrived; 0 before the first. */
  top = 0;
  /** Its segments came in another order than that of their bytes. */
  sparse = false;
  /** Everything of the upload that was parsed so far, on its way or there. */
  readonly offered = new Intervals();
  /** Everything that ever arrived at the server, or was sent to it where only the client's end is held. */
  readonly arrived = new Intervals();
  /** What of it is stored, as far as is known: not given up again, by either side. */
  readonly stored = new Intervals();
  /** What of it the server told it has. */
  readonly confirmed = new Intervals();

  /** What was stored is gone, or is replaced by what comes now. */
  restart(): void {
    this.told = -1;
    this.found = -1;
    this.offered.remove(0, Number.MAX_SAFE_INTEGER);
    this.stored.remove(0, Number.MAX_SAFE_INTEGER);
    this.confirmed.remove(0, Number.MAX_SAFE_INTEGER);
  }
}

export class OperationWatch {
  /** That of the exchange that told most; null: none was told. */
  progress: ProgressWatch | null = null;
  /** Nothing was there before it: every byte that is there was uploaded by it. */
  creates = false;
  #preferences: Set<string> | null = null;
  #upload: UploadWatch | null = null;

  get upload(): UploadWatch {
    return (this.#upload ??= new UploadWatch());
  }

  /** Null: nothing was uploaded so far, and nothing told of it. */
  get uploadSoFar(): UploadWatch | null {
    return this.#upload;
  }

  prefer(names: Iterable<string>): void {
    this.#preferences ??= new Set();
    for (const name of names) if (this.#preferences.size < MOST_PREFERENCES) this.#preferences.add(name);
  }

  /** Whether one of its requests sent a preference of that name, as far as is remembered. */
  preferred(name: string): boolean {
    const known = this.#preferences;
    return known !== null && (known.has(name) || known.size === MOST_PREFERENCES);
  }
}

export class ExchangeWatch implements Counted {
  notes: Counts | null = null;
  /** What it began with, and has told since; null: nothing. */
  progress: ProgressWatch | null = null;
  /** The request expects 100-continue. */
  expects = false;
  prefers: Preferences | null = null;
  /** The Range that was asked for; null without, or if it cannot be read. */
  range: Ranges | null = null;
  /** The request has a Range field, whatever it says. */
  ranged = false;
  /** How many interim responses answered it. */
  interims = 0;
  /** A 102 is among them. */
  processing = false;
  /** The first 102 is to tell where the status document is: the request prefers to follow the work. */
  follows = false;
  /** The absolute URL of the status document that a 102 named. */
  statusUrl: string | null = null;
  /** What the server had told it has, when this request began. */
  told: number;
  /** The bytes of the upload that passed in this exchange: sent, received. */
  sent: Intervals | null = null;
  received: Intervals | null = null;
  /** Bytes count as stored when they arrive, not only when a 2xx says so. */
  keeps = false;

  /** @param operation what is known of its operation; null: nothing */
  constructor(operation: OperationWatch | null) {
    const progress = operation?.progress ?? null;
    if (progress !== null) this.progress = new ProgressWatch(progress);
    this.told = operation?.uploadSoFar?.told ?? -1;
  }
}
