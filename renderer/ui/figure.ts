// Whole numbers as they are typed into a form. Pure.

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** The number; a sentence that says what it must be where it is none, or out of bounds. Groups may be separated. */
export function readFigure({ least, most }: Bounds, typed: string): number | string {
  const bare = typed.trim().replaceAll(/[ ,_]/g, '');
  const value = /^\d{1,16}$/.test(bare) ? Number(bare) : NaN;
  return value >= least && value <= most
    ? value
    : `A whole number from ${grouped(least)} to ${grouped(most)}.`;
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
