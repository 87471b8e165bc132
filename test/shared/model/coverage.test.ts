import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Coverage, size } from '../../../shared/model/coverage.ts';
import { Layer } from '../../../shared/model/events.ts';

describe('coverage', () => {
  it('joins the runs of exchanges that follow each other', () => {
    const coverage = new Coverage();
    coverage.add(Layer.sent, 0, 10, 0, 100);
    coverage.add(Layer.sent, 0, 20, 100, 300);
    coverage.add(Layer.sent, 1, 30, 300, 400);
    expect(coverage.ranges(Layer.sent)).toEqual([[0, 400]]);
    expect(coverage.repeated(Layer.sent)).toEqual([]);
  });

  it('shows what was sent twice, and the gaps', () => {
    const coverage = new Coverage();
    coverage.add(Layer.sent, 0, 10, 0, 300);
    coverage.add(Layer.sent, 1, 20, 250, 500);
    coverage.add(Layer.sent, 2, 30, 501, 600);
    expect(coverage.ranges(Layer.sent)).toEqual([
      [0, 500],
      [501, 600],
    ]);
    expect(coverage.repeated(Layer.sent)).toEqual([[250, 300]]);
    expect(coverage.total(Layer.sent)).toBe(599);
  });

  it('is, at a time, what it was at that time', () => {
    const coverage = new Coverage();
    coverage.setLength(1000, 5);
    coverage.add(Layer.received, 0, 10, 0, 100);
    coverage.add(Layer.received, 0, 20, 100, 300);
    coverage.add(Layer.received, 1, 30, 300, 1000);
    expect(coverage.ranges(Layer.received, 9)).toEqual([]);
    expect(coverage.ranges(Layer.received, 10)).toEqual([[0, 100]]);
    expect(coverage.ranges(Layer.received, 29)).toEqual([[0, 300]]);
    expect(coverage.ranges(Layer.received, 30)).toEqual([[0, 1000]]);
    expect(coverage.lengthAt(4)).toBeNull();
    expect(coverage.lengthAt(5)).toBe(1000);
  });

  it('takes back what was not handed to the kernel, from that time on', () => {
    const coverage = new Coverage();
    coverage.add(Layer.sent, 0, 10, 0, 65_536);
    coverage.add(Layer.sent, 0, 20, 40_000, 40_000);
    expect(coverage.ranges(Layer.sent, 15)).toEqual([[0, 65_536]]);
    expect(coverage.ranges(Layer.sent)).toEqual([[0, 40_000]]);
  });

  it('keeps one run for each exchange of several that take turns', () => {
    const coverage = new Coverage();
    for (let piece = 0; piece < 10; piece++)
      for (const exchange of [0, 1, 2]) {
        const first = exchange * 1000 + piece * 100;
        coverage.add(Layer.sent, exchange, piece, first, first + 100);
      }
    expect(coverage.stretches(Layer.sent)).toEqual([
      [0, 1000, 0],
      [1000, 2000, 1],
      [2000, 3000, 2],
    ]);
  });

  it('agrees with a bitmap, for any writes', () => {
    const write = fc.record({ first: fc.nat(60), length: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(fc.array(write, { maxLength: 20 }), (writes) => {
        const coverage = new Coverage();
        const times = new Uint8Array(120);
        writes.forEach(({ first, length }, exchange) => {
          coverage.add(Layer.sent, exchange, exchange, first, first + length);
          for (let i = first; i < first + length; i++) times[i]!++;
        });
        const once = times.filter((count) => count >= 1).length;
        const twice = times.filter((count) => count >= 2).length;
        expect(size(coverage.ranges(Layer.sent))).toBe(once);
        expect(size(coverage.repeated(Layer.sent))).toBe(twice);
        for (const [first, end] of coverage.ranges(Layer.sent))
          for (let i = first; i < end; i++) expect(times[i]).toBeGreaterThan(0);
      }),
    );
  });
});
