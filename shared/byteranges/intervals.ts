// A set of whole numbers, bytes of a representation, as half-open ranges. Arithmetic is exact up to 2^53 − 1; memory is
// in proportion to the number of ranges, never to their length.

export class Intervals {
  /** In order, none empty, none touching another. */
  readonly #list: [first: number, end: number][] = [];
  #total = 0;

  /** The union of ranges [first, end), in any order. */
  static from(list: Iterable<readonly [first: number, end: number]>): Intervals {
    const intervals = new Intervals();
    for (const [first, end] of list) intervals.add(first, end);
    return intervals;
  }

  /** How many bytes are covered. */
  get total(): number {
    return this.#total;
  }

  /**
   * Covers first … end − 1; a range that ends where it begins, or before, is empty.
   * @returns how many of its bytes were not covered before
   */
  add(first: number, end: number): number {
    if (end <= first) return 0;
    const list = this.#list;
    const from = this.#search(first);
    const next = list[from];
    if (next === undefined || next[0] > end) {
      list.splice(from, 0, [first, end]);
      this.#total += end - first;
      return end - first;
    }
    let to = from;
    let merged = 0;
    while (to < list.length && list[to]![0] <= end) {
      merged += list[to]![1] - list[to]![0];
      to++;
    }
    const last = list[to - 1]![1];
    next[0] = Math.min(next[0], first);
    next[1] = Math.max(last, end);
    if (to > from + 1) list.splice(from + 1, to - from - 1);
    const added = next[1] - next[0] - merged;
    this.#total += added;
    return added;
  }

  /** Uncovers first … end − 1. */
  remove(first: number, end: number): void {
    if (end <= first) return;
    const list = this.#list;
    const from = this.#search(first + 1);
    let to = from;
    const rest: [number, number][] = [];
    while (to < list.length && list[to]![0] < end) {
      const [start, stop] = list[to]!;
      if (start < first) rest.push([start, first]);
      if (stop > end) rest.push([end, stop]);
      this.#total -= Math.min(stop, end) - Math.max(start, first);
      to++;
    }
    if (to > from) list.splice(from, to - from, ...rest);
  }

  /** Whether all of first … end − 1 is covered; of an empty range, it is. */
  has(first: number, end: number): boolean {
    return end <= first || this.endOf(first) >= end;
  }

  /** How many of first … end − 1 are covered. */
  covered(first: number, end: number): number {
    if (end <= first) return 0;
    let sum = 0;
    for (let i = this.#search(first + 1); i < this.#list.length; i++) {
      const [start, stop] = this.#list[i]!;
      if (start >= end) break;
      sum += Math.min(stop, end) - Math.max(start, first);
    }
    return sum;
  }

  /** The first byte from `from` on that is not covered. */
  firstGap(from = 0): number {
    return this.endOf(from);
  }

  /** The end of the range that covers byte `at`; `at` where none does. */
  endOf(at: number): number {
    const found = this.#list[this.#search(at + 1)];
    return found !== undefined && found[0] <= at ? found[1] : at;
  }

  /** What is not covered of 0 … length − 1, in order. */
  gaps(length: number): [first: number, end: number][] {
    const gaps: [number, number][] = [];
    let at = 0;
    for (const [first, end] of this.#list) {
      if (first >= length) break;
      if (first > at) gaps.push([at, first]);
      at = end;
    }
    if (at < length) gaps.push([at, length]);
    return gaps;
  }

  /** The ranges, in order and as few as there can be: a view, good until the next change. */
  list(): readonly (readonly [first: number, end: number])[] {
    return this.#list;
  }

  /** Index of the first range that ends at `at` or behind it. */
  #search(at: number): number {
    const list = this.#list;
    // Most that comes, comes at the end.
    const last = list.at(-1);
    if (last === undefined || last[1] < at) return list.length;
    let low = 0;
    let high = list.length - 1;
    if (high > 0 && list[high - 1]![1] < at) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (list[middle]![1] < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
