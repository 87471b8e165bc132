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

/**
 * Aligns two lists of patterns: every place of either occurs once, in order. Up to {@link WINDOW} places that differ, as many
 * as can be stand beside their like; of longer stretches nearly as many.
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
  const found = windowed(...middle);
  for (const [i, j] of spread(found, middle[0].length, middle[1].length))
    pairs.push([i < 0 ? i : i + begin, j < 0 ? j : j + begin]);
  for (let i = tail; i > 0; i--) pairs.push([one.length - i, other.length - i]);
  return pairs;
}

/** Each window is settled for its first half: what is beyond may find its like further on. */
function windowed(one: readonly string[], other: readonly string[]): Pair[] {
  const pairs: Pair[] = [];
  let i = 0;
  let j = 0;
  while (i < one.length && j < other.length) {
    const found = longest(one.slice(i, i + WINDOW), other.slice(j, j + WINDOW));
    const isLast = i + WINDOW >= one.length && j + WINDOW >= other.length;
    const settled = isLast ? found : found.filter(([x, y]) => x < WINDOW / 2 && y < WINDOW / 2);
    for (const [x, y] of settled) pairs.push([i + x, j + y]);
    if (isLast) break;
    const last = settled.at(-1);
    // Where nothing stands beside its like, both lists go on.
    i += last === undefined ? WINDOW / 2 : last[0] + 1;
    j += last === undefined ? WINDOW / 2 : last[1] + 1;
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
