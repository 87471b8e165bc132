// Paths of resources where there is little room. Pure.

/**
 * A path in two, of which the first gives way and the second stays: where it is and what it ends in are both to be read.
 * @param end characters of the second; fewer where the path is short
 */
export function parted(path: string, end: number): readonly [string, string] {
  const at = Math.max(0, path.length - end);
  return [path.slice(0, at), path.slice(at)];
}
