// Whole numbers within bounds, as they are typed into a form. Pure.

import { readNumber } from './numbers.ts';

export interface Bounds {
  readonly least: number;
  readonly most: number;
  /** `bytes`: a unit may stand behind it, as in `64 KiB`. */
  readonly of?: 'bytes';
}

/** The number; a sentence that says what it must be where it is none, or out of bounds. Groups may be separated. */
export function readFigure({ least, most, of }: Bounds, typed: string): number | string {
  const hasUnit = /[a-z]/i.test(typed);
  const value = hasUnit && of !== 'bytes' ? NaN : (readNumber(typed) ?? NaN);
  if (value >= least && value <= most) return value;
  const words = of === 'bytes' ? 'A whole number of bytes' : 'A whole number';
  const example = of === 'bytes' ? ', such as 4,096 or 4 KiB' : '';
  if (most === Number.MAX_SAFE_INTEGER)
    return `${words}${least === 0 ? '' : ` from ${grouped(least)} on`}${example}.`;
  return `${words} from ${grouped(least)} to ${grouped(most)}${example}.`;
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
