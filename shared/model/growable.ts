// Lists of numbers that grow: what a million of something is kept in.

/** Values of a list that is short. */
const SHORT = 4;
/** Most lists of most sessions stay empty: they share this. */
const NO_UINT32 = new Uint32Array(0);

/**
 * An append-only list of unsigned 32-bit numbers. Read `values[0 … length)`; `values` is replaced on growth. A list of one
 * has an array only once somebody has looked at it: of a hundred thousand operations most have one exchange.
 */
export class Uint32List {
  length = 0;
  #values: Uint32Array;
  #only = 0;

  constructor(capacity = 0) {
    this.#values = capacity === 0 ? NO_UINT32 : new Uint32Array(capacity);
  }

  get values(): Uint32Array {
    if (this.length > this.#values.length) this.#values = Uint32Array.of(this.#only);
    return this.#values;
  }

  push(value: number): number {
    const { length } = this;
    if (length === 0 && this.#values.length === 0) this.#only = value;
    else {
      const { values } = this;
      if (length === values.length) {
        this.#values = new Uint32Array(Math.ceil(length * 1.5) + 4);
        this.#values.set(values);
      }
      this.#values[length] = value;
    }
    return this.length++;
  }

  at(index: number): number | undefined {
    return index < this.length ? this.values[index < 0 ? this.length + index : index] : undefined;
  }
}

/** An append-only list of doubles: most hold one or two, for which a typed array would cost ten times as much. */
export class Float64List {
  readonly values: number[];

  /** With its first value, if there is one: see {@link extended}. */
  constructor(first?: number) {
    this.values = first === undefined ? [] : [first];
  }

  get length(): number {
    return this.values.length;
  }

  push(value: number): number {
    return this.values.push(value) - 1;
  }

  /** How many leading values are ≤ `value`, given that they never decrease. */
  prefix(value: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.values[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * A list with one value more: the same, or while it is short a new one. An array that grows by `push` gets room for
 * sixteen more at once, and there are hundreds of thousands of short ones.
 */
export function extended<T>(list: T[], value: T): T[] {
  if (list.length < SHORT) return [...list, value];
  list.push(value);
  return list;
}
