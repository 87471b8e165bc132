// Lists of numbers that grow: what a million of something is kept in.

/** Most lists of most sessions stay empty: they share this. */
const NO_UINT32 = new Uint32Array(0);

/** An append-only list of unsigned 32-bit numbers. Read `values[0 … length)`; `values` is replaced on growth. */
export class Uint32List {
  values: Uint32Array;
  length = 0;

  constructor(capacity = 0) {
    this.values = capacity === 0 ? NO_UINT32 : new Uint32Array(capacity);
  }

  push(value: number): number {
    if (this.length === this.values.length) {
      const grown = new Uint32Array(Math.ceil(this.length * 1.5) + 4);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.length] = value;
    return this.length++;
  }

  at(index: number): number | undefined {
    return index < this.length ? this.values[index < 0 ? this.length + index : index] : undefined;
  }
}

/** An append-only list of doubles: most hold one or two, for which a typed array would cost ten times as much. */
export class Float64List {
  readonly values: number[];

  /** With its first value: an array that is begun empty gets room for seventeen. */
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
