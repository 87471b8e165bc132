// Which of several writers a newer one ends, and what it costs to find out.

import { describe, expect, test } from 'vitest';
import { type Writer, Writers } from '../../../../electron/server/files/writers.ts';
import { createManualClock, type ManualClock } from '../../../../electron/wire/clock.ts';
import { Intervals } from '../../../../shared/byteranges/intervals.ts';

const writersOf = (clock = createManualClock()): Writers => new Writers(clock, () => {});

/** Ranges that count how often anything is asked of them. */
class Counted extends Intervals {
  asked = 0;
  walked = 0;

  override covered(first: number, end: number): number {
    this.asked++;
    return super.covered(first, end);
  }

  override list(): ReturnType<Intervals['list']> {
    this.walked++;
    return super.list();
  }
}

function writer(name: string, ended: string[]): Writer & { readonly ranges: Counted } {
  return { inPlace: true, persists: true, ranges: new Counted(), end: () => void ended.push(name) };
}

describe('a newer writer', () => {
  test.each([
    [0, 10, []],
    [9, 11, ['ten']],
    [19, 20, ['ten']],
    [20, 30, []],
    [15, 31, ['ten', 'thirty']],
    [15, 15, []],
    [39, Number.MAX_SAFE_INTEGER, ['thirty']],
  ])('of bytes %d to %d ends those that have one of them: %j', (first, end, expected) => {
    const ended: string[] = [];
    const writers = writersOf();
    const [ten, thirty, newer] = ['ten', 'thirty', 'newer'].map((name) => writer(name, ended));
    for (const each of [ten!, thirty!, newer!]) writers.add(each);
    ten!.ranges.add(10, 20);
    thirty!.ranges.add(30, 40);
    newer!.ranges.add(first, end);
    writers.yieldTo(newer!, first, end);
    expect([ended, writers.size]).toEqual([expected, 3 - expected.length]);
  });

  test('asks each other one once a part, however many parts that one has', () => {
    const parts = 9_900;
    const ended: string[] = [];
    const writers = writersOf();
    const all = Array.from({ length: 8 }, (_value, index) => writer(String(index), ended));
    for (const each of all) writers.add(each);
    for (let part = 0; part < parts; part++) {
      for (const [index, each] of all.entries()) {
        const at = 20 * part + 2 * index;
        each.ranges.add(at, at + 1);
        writers.yieldTo(each, at, at + 1);
      }
    }
    expect(ended).toEqual([]);
    expect(all.map(({ ranges }) => ranges.asked)).toEqual(all.map(() => 7 * parts));
    expect(all.map(({ ranges }) => ranges.walked)).toEqual(all.map(() => 0));
  });
});

describe('a question', () => {
  test.each<[string, (writers: Writers, writer: Writer, clock: ManualClock) => void, boolean]>([
    ['has just begun', () => {}, false],
    ['has brought its last byte a moment ago', (_writers, _writer, clock) => clock.advance(999), false],
    ['has stood still for a second', (_writers, _writer, clock) => clock.advance(1000), true],
    [
      'goes on, however long ago it began',
      (writers, writer, clock) => {
        for (let second = 0; second < 60; second++) {
          writers.heard(writer);
          clock.advance(999);
        }
      },
      false,
    ],
  ])('about what a lone writer writes that %s ends it only if it stands still', (_name, happen, over) => {
    const clock = createManualClock();
    const ended: string[] = [];
    const writers = writersOf(clock);
    const lone = writer('lone', ended);
    writers.add(lone);
    happen(writers, lone, clock);
    writers.yieldToQuestion();
    expect([ended, writers.size]).toEqual(over ? [['lone'], 0] : [[], 1]);
    // One that was ended comes not back by what was under way.
    writers.heard(lone);
    expect(writers.size).toBe(over ? 0 : 1);
  });
});
