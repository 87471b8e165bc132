// The Range field for a resource that serves parts of itself: one range at a time; several are answered in full.
// Decides only, never reads the content.

export type RangeDecision =
  | { readonly kind: 'all' }
  | { readonly kind: 'part'; readonly first: number; readonly last: number }
  | { readonly kind: 'unsatisfiable' };

/**
 * RFC 9110 §14.2: what a Range field asks of a representation of `length` bytes. An invalid field, another unit and
 * more than one range are ignored, as the RFC allows. Positions may have any number of digits (§14.1.2: a last one past
 * the end is the end).
 */
export function decideRange(value: string | null, length: number): RangeDecision {
  const match = value === null ? null : /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(value);
  if (match === null) return { kind: 'all' };
  const [, from = '', to = ''] = match;
  if (from === '') {
    if (to === '') return { kind: 'all' };
    const suffix = Math.min(Number(to), length);
    return suffix === 0
      ? { kind: 'unsatisfiable' }
      : { kind: 'part', first: length - suffix, last: length - 1 };
  }
  // Rounded, or infinite, only where it is past every representation's end.
  const first = Number(from);
  const last = to === '' ? length - 1 : Math.min(Number(to), length - 1);
  if (to !== '' && isLess(to, from)) return { kind: 'all' };
  return first >= length ? { kind: 'unsatisfiable' } : { kind: 'part', first, last };
}

/** Whether one number in digits is less than another: of more digits than a number can tell apart, too. */
function isLess(one: string, other: string): boolean {
  const [a, b] = [one.replace(/^0+/, ''), other.replace(/^0+/, '')];
  return a.length === b.length ? a < b : a.length < b.length;
}
