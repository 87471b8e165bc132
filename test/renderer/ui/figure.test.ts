import { describe, expect, it } from 'vitest';
import { type Bounds, readFigure } from '../../../renderer/ui/figure.ts';

const TIME: Bounds = { least: 1, most: 60_000 };
const PIECE: Bounds = { least: 1, most: 65_536, of: 'bytes' };
const PLACE: Bounds = { least: 0, most: Number.MAX_SAFE_INTEGER, of: 'bytes' };

describe('a figure of a form', () => {
  it.each<[Bounds, string, number | string]>([
    [TIME, '300', 300],
    [TIME, ' 1,500 ', 1500],
    [TIME, '0', 'A whole number from 1 to 60,000.'],
    [TIME, '1 kB', 'A whole number from 1 to 60,000.'],
    [PIECE, '64 KiB', 65_536],
    [PIECE, '65 KiB', 'A whole number of bytes from 1 to 65,536, such as 4,096 or 4 KiB.'],
    [PLACE, '0', 0],
    [PLACE, '1.5 MB', 'A whole number of bytes, such as 4,096 or 4 KiB.'],
    [PLACE, '', 'A whole number of bytes, such as 4,096 or 4 KiB.'],
  ])('%o: %j is %s', (bounds, typed, read) => {
    expect(readFigure(bounds, typed)).toBe(read);
  });
});
