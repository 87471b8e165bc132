// Decimal numbers read out of a text, without a string for each. Nothing else.

/** The number that text[from … to) spells; NaN where that is nothing, or no decimal number of 15 digits at most. */
export function digits(text: string, from: number, to: number): number {
  if (to <= from || to - from > 15) return NaN;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}
