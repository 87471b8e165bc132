import { describe, expect, it } from 'vitest';
import { count, moment, shortBytes, shorten, span } from '../../../renderer/timeline/format.ts';
import { timeLabel, timeStep, timeTicks } from '../../../renderer/timeline/ticks.ts';

describe('the time axis', () => {
  it.each([
    [10e9, 1000, 1e9],
    [5e9, 500, 1e9],
    [1e6, 1000, 1e5],
    [600e9, 1000, 60e9],
    [2e3, 1000, 200],
    [400 * 86_400e9, 1000, 39 * 86_400e9],
  ])('chooses a round step for %d ns on %d pixels', (length, width, step) => {
    expect(timeStep({ from: 0, span: length, width }, 96)).toBe(step);
  });

  it.each([
    [0, 1e9, 5e9, '0 s'],
    [2.5e9, 0.5e9, 5e9, '2.5 s'],
    [150e9, 30e9, 300e9, '2:30'],
    [3_725e9, 30e9, 4000e9, '1:02:05'],
    [50_000, 50_000, 200_000, '50 µs'],
    [12.5e6, 0.5e6, 30e6, '12.5 ms'],
    [12.5e6, 0.5e6, 30e9, '0.0125 s'],
  ])('labels %d ns at a step of %d as %s', (time, step, last, label) => {
    expect(timeLabel(time, step, last)).toBe(label);
  });

  it('begins where the session does and labels every second line', () => {
    const ticks = timeTicks({ from: -2e9, span: 8e9, width: 800 });
    expect(ticks[0]).toEqual({ time: 0, label: '0 s' });
    expect(ticks.slice(0, 5).map((tick) => tick.label)).toEqual(['0 s', '', '1 s', '', '2 s']);
  });

  it('keeps labels apart at any zoom', () => {
    for (let length = 1e3; length < 1e14; length *= 3.7) {
      const view = { from: 0, span: length, width: 800 };
      const labelled = timeTicks(view).filter((tick) => tick.label !== '');
      expect(labelled.length).toBeGreaterThan(0);
      expect(labelled.length).toBeLessThan(11);
    }
  });
});

describe('numbers in panels', () => {
  it('groups counts and never rounds them', () => {
    expect(count(1_000_000)).toBe('1,000,000');
    expect(count(9_007_199_254_740_991)).toBe('9,007,199,254,740,991');
  });

  it.each([
    [999, '999 B'],
    [1000, '1.0 kB'],
    [267_232, '267 kB'],
    [1_900_000, '1.9 MB'],
    [999_600, '1.0 MB'],
    [2 ** 30, '1.1 GB'],
  ])('shortens %d bytes to %s', (bytes, words) => {
    expect(shortBytes(bytes)).toBe(words);
  });

  it.each([
    [40, '40 ns'],
    [40_000, '40 µs'],
    [12.5e6, '12.5 ms'],
    [2.4e9, '2.4 s'],
    [125e9, '2 min 5 s'],
    [7200e9, '2 h 0 min'],
  ])('tells a span of %d ns as %s', (ns, words) => {
    expect(span(ns)).toBe(words);
  });

  it('tells moments to the millisecond', () => {
    expect(moment(1.302e9)).toBe('1.302 s');
    expect(moment(125.12e9)).toBe('2:05.120');
  });

  it('keeps the end of a path, where paths differ', () => {
    expect(shorten('/job/7f3a91.req', 8)).toBe('…3a91.req'.slice(-8).replace(/^./, '…'));
    expect(shorten('/a', 8)).toBe('/a');
  });
});
