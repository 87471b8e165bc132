import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesPerRow,
  glyph,
  offsetDigits,
  offsetLabel,
  ROW_HEIGHT,
  type Span,
  spanAt,
  windowAt,
} from '../../../renderer/inspector/hex-rows.ts';

describe('the hex view', () => {
  it.each([
    [0, 4],
    [65_536, 4],
    [65_537, 6],
    [2 ** 24 + 1, 8],
    [2 ** 32, 8],
    [2 ** 32 + 1, 10],
  ])('writes offsets of a stream of %d bytes with %d digits', (length, digits) => {
    expect(offsetDigits(length)).toBe(digits);
  });

  it.each([
    [280, 8],
    [372, 8],
    [560, 16],
    [1000, 32],
  ])('fits a width of %d px with %d bytes a row', (width, bytes) => {
    expect(bytesPerRow(width, 8)).toBe(bytes);
  });

  it('labels offsets and bytes', () => {
    expect(offsetLabel(0x1f0, 6)).toBe('0001f0');
    expect(Array.from([0x41, 0x7e, 0x7f, 0x0a, 0x20, 0xff], glyph).join('')).toBe('A~·· ·');
  });

  it('cuts a stream of any length into windows that a browser can scroll', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 42 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(8, 16, 32),
        (length, share, perRow) => {
          const position = Math.floor(Math.max(0, length - 1) * share);
          const { start, end, index, count } = windowAt(position, length, perRow);
          expect(start <= position && (position < end || length === 0)).toBe(true);
          expect(start % perRow).toBe(0);
          expect(end).toBeLessThanOrEqual(length);
          expect(((end - start) / perRow) * ROW_HEIGHT).toBeLessThanOrEqual(16_000_000);
          expect(index).toBeLessThan(count);
        },
      ),
    );
  });

  it('finds the structure of a byte', () => {
    const spans: Span[] = [
      { kind: 'method', start: 0, end: 4 },
      { kind: 'target', start: 5, end: 9 },
      { kind: 'body', start: 100, end: 200 },
    ];
    const found = (position: number) => spans[spanAt(spans, position)]?.kind ?? null;
    expect([0, 3, 4, 5, 8, 9, 99, 100, 199, 200].map(found)).toEqual([
      'method',
      'method',
      null,
      'target',
      'target',
      null,
      null,
      'body',
      'body',
      null,
    ]);
    expect(spanAt([], 3)).toBe(-1);
  });
});
