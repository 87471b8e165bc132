// What is remembered by name, and only so much of it. Pure.

/** Forgets what was put in first until `most` are left: maps and sets of JavaScript keep that order. */
export function forgetOldest<Key>(kept: Map<Key, unknown> | Set<Key>, most: number): void {
  for (const oldest of kept.keys()) {
    if (kept.size <= most) return;
    kept.delete(oldest);
  }
}
