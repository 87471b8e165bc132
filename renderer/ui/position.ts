// Positions as people type them. Pure.

/** Reads a position as people type it: `1,000`, `0x1f0`. Null for anything else. */
export function readPosition(typed: string): number | null {
  const bare = typed.trim().replaceAll(/[, _]/g, '');
  const value = /^0x[0-9a-f]+$/i.test(bare)
    ? Number.parseInt(bare, 16)
    : /^\d+$/.test(bare)
      ? Number(bare)
      : NaN;
  return Number.isSafeInteger(value) ? value : null;
}
