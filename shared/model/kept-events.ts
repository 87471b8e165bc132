// How many events of one exchange become rows, where they come without end: the first of them all, and of those behind
// ever fewer. Must never lose what they add up to: stretches that are left out go into the next row.

/** Events of one kind, in one layer of one exchange, that all become rows. */
export const ALL_KEPT = 1_000_000;

/**
 * Whether the event number `n` (0, 1, 2 …) becomes a row: each of the first `all`, of those behind one in two, and half as
 * often with each doubling of their number: a million times as many take ten times the room.
 */
export function isKept(n: number, all: number): boolean {
  return n < all || n % 2 ** (Math.floor(Math.log2(n / all)) + 1) === 0;
}

/** Stretches that follow one another: those that are left out are held, as one, until the next row. */
export class Stretches {
  /** The stretch that was added last, and those before it that were held. */
  from = 0;
  to = 0;
  isHeld = false;
  readonly #all: number;
  #count = 0;

  /** @param all how many of the first become rows without exception */
  constructor(all: number) {
    this.#all = all;
  }

  /** Takes the next stretch. @returns whether it becomes a row, with what was held */
  add(from: number, to: number): boolean {
    if (!this.isHeld) this.from = from;
    this.to = to;
    this.isHeld = !isKept(this.#count++, this.#all);
    return !this.isHeld;
  }

  /** Whether a stretch goes on where this one ends. What takes something back does not. */
  goesOn(from: number, to: number): boolean {
    return from === this.to && from < to;
  }
}

/** What one layer of one stream of an exchange has come to. */
export class KeptEvents {
  readonly bytes: Stretches;
  readonly coverage: Stretches;
  readonly #all: number;
  #marks = 0;
  #progress = 0;

  /** @param all how many of the first of each kind become rows without exception */
  constructor(all: number) {
    this.#all = all;
    this.bytes = new Stretches(all);
    this.coverage = new Stretches(all);
  }

  /** Whether the next interim response or message becomes a row. */
  get keepsNext(): boolean {
    return isKept(this.#marks, this.#all);
  }

  /** An interim response or a message: whether it becomes a row. */
  mark(): boolean {
    return isKept(this.#marks++, this.#all);
  }

  /** A Progress value in content: whether it becomes a row. */
  progress(): boolean {
    return isKept(this.#progress++, this.#all);
  }
}
