// Paths of resources where there is little room. Pure.

/**
 * Shortens in the middle, so that both where it is and what it ends in stay: `/job/7f3a….req`.
 * @param end characters that stay at the end
 */
export function middle(path: string, most: number, end = 4): string {
  if (path.length <= most) return path;
  const tail = Math.min(end, Math.max(0, most - 2));
  return `${path.slice(0, most - tail - 1)}…${path.slice(path.length - tail)}`;
}
