// Which exchange of one session stands beside which of another: the longest common subsequence of what they ask for.
// Pure. Long lists are aligned a window after the other, so that its table stays small.

/** A place in one list, beside a place in the other; −1: there is none. */
export type Pair = readonly [one: number, other: number];

/**
 * What an exchange asks for, without what a server mints: `PATCH /uploads/*`. Parts of a path that hold a digit and are
 * 4 characters or longer, or are a number, count as minted; of a query only the names are kept.
 */
export function patternOf(method: string, target: string): string {
  const [address = '', query] = target.split('?', 2);
  const path = address
    .replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '')
    .split('/')
    .map((part) => (isMinted(part) ? '*' : part))
    .join('/');
  const names = query === undefined ? '' : `?${query.replaceAll(/=[^&]*/g, '=')}`;
  return `${method} ${path}${names}`;
}

function isMinted(part: string): boolean {
  return /^\d+$/.test(part) || (part.length >= 4 && /\d/.test(part) && /^[\w~.%-]+$/.test(part));
}

/** Places of each list in a window: its table takes 4 MB. */
const WINDOW = 1_000;
const HALF = WINDOW / 2;

/**
 * Aligns two lists of patterns: every place of either occurs once, in order. Of up to {@link WINDOW} places of either list,
 * between what both begin and end with and without what only one of them has, as many as can be stand beside their like;
 * of more nearly as many, unless stretches that repeat are apart by more than that.
 */
export function align(one: readonly string[], other: readonly string[]): Pair[] {
  let begin = 0;
  while (begin < one.length && begin < other.length && one[begin] === other[begin]) begin++;
  let tail = 0;
  while (
    tail < one.length - begin &&
    tail < other.length - begin &&
    one[one.length - 1 - tail] === other[other.length - 1 - tail]
  )
    tail++;
  const pairs: Pair[] = [];
  for (let i = 0; i < begin; i++) pairs.push([i, i]);
  const middle = [one.slice(begin, one.length - tail), other.slice(begin, other.length - tail)] as const;
  for (const [i, j] of spread(alike(...middle), middle[0].length, middle[1].length))
    pairs.push([i < 0 ? i : i + begin, j < 0 ? j : j + begin]);
  for (let i = tail; i > 0; i--) pairs.push([one.length - i, other.length - i]);
  return pairs;
}

/** What stands beside its like. What the other list does not have at all is passed over before anything is looked for. */
function alike(one: readonly string[], other: readonly string[]): Pair[] {
  const ones = placesIn(one, new Set(other));
  const others = placesIn(other, new Set(one));
  const kept = anchored(
    ones.map((place) => one[place]!),
    others.map((place) => other[place]!),
  );
  return kept.map(([i, j]) => [ones[i]!, others[j]!]);
}

function placesIn(list: readonly string[], wanted: ReadonlySet<string>): number[] {
  return Array.from(list.keys()).filter((place) => wanted.has(list[place]!));
}

/** Long lists are held together by what is asked for once in each; between two of these a window follows the other. */
function anchored(one: readonly string[], other: readonly string[]): Pair[] {
  if (one.length <= WINDOW && other.length <= WINDOW) return longest(one, other);
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  const between = (x: number, y: number): void => {
    for (const [from, to] of windowed(one.slice(i, x), other.slice(j, y))) pairs.push([i + from, j + to]);
  };
  for (const [x, y] of anchors(one, other)) {
    between(x, y);
    pairs.push([x, y]);
    [i, j] = [x + 1, y + 1];
  }
  between(one.length, other.length);
  return pairs;
}

/** Pairs of what is once in either list: the most of them that are in the same order in both. */
function anchors(one: readonly string[], other: readonly string[]): Pair[] {
  const there = once(other);
  const pairs: Pair[] = [];
  for (const [what, i] of once(one)) {
    const j = there.get(what);
    if (j !== undefined) pairs.push([i, j]);
  }
  // The longest increasing subsequence of the second places: by length, the pair that ends it lowest.
  const ends: number[] = [];
  const before: number[] = [];
  pairs.forEach(([, j], at) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (pairs[ends[middle]!]![1] < j) low = middle + 1;
      else high = middle;
    }
    before.push(low === 0 ? -1 : ends[low - 1]!);
    ends[low] = at;
  });
  const kept: Pair[] = [];
  for (let at = ends.at(-1) ?? -1; at !== -1; at = before[at]!) kept.push(pairs[at]!);
  return kept.toReversed();
}

/** The places of what a list has once, in their order. */
function once(list: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const what of list) times.set(what, (times.get(what) ?? 0) + 1);
  return new Map(list.flatMap((what, place) => (times.get(what) === 1 ? [[what, place] as const] : [])));
}

/** Each window is settled for its first half: what is beyond may find its like further on. */
function windowed(one: readonly string[], other: readonly string[]): Pair[] {
  const pairs: Pair[] = [];
  let i = 0;
  let j = 0;
  while (i < one.length && j < other.length) {
    const found = longest(one.slice(i, i + WINDOW), other.slice(j, j + WINDOW));
    const [endsOne, endsOther] = [i + WINDOW >= one.length, j + WINDOW >= other.length];
    const settled = found.filter(([x, y]) => (x < HALF || endsOne) && (y < HALF || endsOther));
    for (const [x, y] of settled) pairs.push([i + x, j + y]);
    if (endsOne && endsOther) break;
    const last = settled.at(-1);
    const [first] = found;
    if (last !== undefined) [i, j] = [i + last[0] + 1, j + last[1] + 1];
    // Their like is further on in one of them: the next window begins there.
    else if (first !== undefined) [i, j] = [i + first[0], j + first[1]];
    // Where nothing stands beside its like, what is longer goes on, else both.
    else [i, j] = [endsOne ? i : i + HALF, endsOther ? j : j + HALF];
  }
  return pairs;
}

function longest(one: readonly string[], other: readonly string[]): Pair[] {
  const width = other.length + 1;
  const lengths = new Uint32Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i--)
    for (let j = other.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        one[i] === other[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
  const pairs: Pair[] = [];
  for (let i = 0, j = 0; i < one.length && j < other.length;) {
    if (one[i] === other[j]) pairs.push([i++, j++]);
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}

/** Puts in what stands alone: first what only one has, then what only the other has. */
function* spread(pairs: readonly Pair[], ones: number, others: number): Generator<Pair> {
  let i = 0;
  let j = 0;
  for (const [one, other] of [...pairs, [ones, others] as const]) {
    while (i < one) yield [i++, -1];
    while (j < other) yield [-1, j++];
    if (one < ones) yield [i++, j++];
  }
}
