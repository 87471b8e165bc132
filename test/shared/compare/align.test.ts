// Exchanges of two sessions, put beside each other.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align, patternOf } from '../../../shared/compare/align.ts';

describe('the pattern of a request', () => {
  it.each([
    ['GET', '/uploads', 'GET /uploads'],
    ['PATCH', '/uploads/e7O-e-6EkptVbuPj', 'PATCH /uploads/*'],
    ['HEAD', '/job/0.req', 'HEAD /job/*'],
    ['GET', '/test/2', 'GET /test/*'],
    ['GET', '/v1/files', 'GET /v1/files'],
    ['GET', 'http://127.0.0.1:18080/files/1?part=2&of=3', 'GET /files/*?part=&of='],
    ['OPTIONS', '*', 'OPTIONS *'],
  ])('of %s %s is %s', (method, target, pattern) => {
    expect(patternOf(method, target)).toBe(pattern);
  });
});

describe('aligned exchanges', () => {
  it.each([
    ['nothing', '', '', ''],
    ['what is the same', 'abc', 'abc', 'aa bb cc'],
    ['what only the first has', 'abc', 'ac', 'aa b- cc'],
    ['what only the second has', 'ac', 'abc', 'aa -b cc'],
    ['what was asked for instead', 'axc', 'ayc', 'aa x- -y cc'],
    ['a retry in the middle', 'phphc', 'phphphc', 'pp hh pp hh -p -h cc'],
  ])('show %s', (_, one, other, shown) => {
    const pairs = align([...one], [...other]);
    const text = pairs.map(([i, j]) => `${i < 0 ? '-' : one[i]}${j < 0 ? '-' : other[j]}`).join(' ');
    expect(text.length).toBe(shown.length);
    expect(pairs.filter(([i, j]) => i >= 0 && j >= 0).length).toBe(
      shown.split(' ').filter((pair) => pair !== '' && !pair.includes('-')).length,
    );
  });

  it('are found in lists far longer than a window, too', () => {
    // One stretch is missing in the second, and something else was asked for now and then.
    const one = Array.from({ length: 30_000 }, (_, i) => `GET /${i % 97}`);
    const other = [...one.slice(0, 9_000), ...one.slice(9_300)].map((what, i) =>
      i % 1_000 === 7 ? `POST /${i}` : what,
    );
    const alike = align(one, other).filter(([i, j]) => i >= 0 && j >= 0).length;
    expect(alike).toBeGreaterThan(29_500);
  });

  it.each<[string, number, (at: number) => string]>([
    ['fewer than a window, of paths that repeat', 600, (at) => `GET /${at % 97}`],
    ['more than a window, of paths that repeat', 1_700, (at) => `GET /${at % 97}`],
    ['fewer than a window, of paths of their own', 600, (at) => `GET /${at}`],
    ['more than a window, of paths of their own', 1_700, (at) => `GET /${at}`],
  ])('are found behind many that only one of them has: %s', (_, more, path) => {
    const common = Array.from({ length: 5_000 }, (__, at) => path(at));
    const extra = Array.from({ length: more }, (__, at) => `POST /${at}`);
    // Neither list begins or ends as the other does.
    const longer = [...extra, ...common, 'GET /end'];
    const shorter = [...common, 'GET /other-end'];
    const alike = (pairs: readonly (readonly [number, number])[]): number =>
      pairs.filter(([i, j]) => i >= 0 && j >= 0).length;
    expect(alike(align(longer, shorter))).toBeGreaterThan(4_900);
    expect(alike(align(shorter, longer))).toBeGreaterThan(4_900);
  });

  it('are found where one of them is short', () => {
    const long = Array.from({ length: 4_000 }, (_, at) => `GET /${at % 7}`);
    const short = ['GET /a', 'POST /b', 'GET /c'];
    const pairs = align([...long, ...short, 'GET /end'], [...short, 'GET /other-end']);
    expect(pairs.filter(([i, j]) => i >= 0 && j >= 0)).toHaveLength(3);
  });

  it('hold every exchange once, in order, and only like beside like', () => {
    const few = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 });
    // Far longer than a window, of stretches that repeat and of exchanges of their own.
    const many = fc
      .array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(1_400), fc.boolean()), { maxLength: 3 })
      .map((stretches) =>
        stretches.flatMap(([what, length, isOwn]) =>
          Array.from({ length }, (_, at) => (isOwn ? `${what}${at}` : what)),
        ),
      );
    const list = fc.oneof({ weight: 9, arbitrary: few }, { weight: 1, arbitrary: many });
    fc.assert(
      fc.property(list, list, (one, other) => {
        const pairs = align(one, other);
        const ones = pairs.map(([i]) => i).filter((i) => i >= 0);
        const others = pairs.map(([, j]) => j).filter((j) => j >= 0);
        expect(ones).toEqual(one.map((_, i) => i));
        expect(others).toEqual(other.map((_, j) => j));
        for (const [i, j] of pairs) if (i >= 0 && j >= 0) expect(one[i]).toBe(other[j]);
      }),
    );
  });
});
