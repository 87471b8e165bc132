// Whole numbers as people type them. Pure.

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

/**
 * `1000000`, `1,000,000`, `1 MB`, `64 KiB`: a whole number; null for anything else, and beyond what is exact. A comma stands
 * before three digits only: `1,5` is one and a half to half the world.
 */
export function readNumber(text: string): number | null {
  const bare = text.replaceAll(/[\s_\u00A0]/g, '').toLowerCase();
  const found = /^(\d+|\d{1,3}(?:,\d{3})+)([a-z]*)$/.exec(bare);
  const unit = UNITS[found?.[2] ?? 'none'];
  const value = found === null || unit === undefined ? NaN : Number(found[1]!.replaceAll(',', '')) * unit;
  return Number.isSafeInteger(value) ? value : null;
}
