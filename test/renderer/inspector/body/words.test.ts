// What is said of a body: how much there is of it, what its file is called, how it can be shown.

import { describe, expect, test } from 'vitest';
import type { Ranges } from '../../../../shared/model/coverage.ts';
import { MOST } from '../../../../renderer/inspector/body/source.ts';
import {
  assembledWords,
  type Extent,
  extentWords,
  fileName,
  viewName,
  viewsOf,
} from '../../../../renderer/inspector/body/words.ts';

const WHOLE: Extent = {
  stream: 'response',
  size: 12_345,
  announced: null,
  complete: true,
  missing: false,
  broken: false,
  more: false,
  growing: false,
  arrived: null,
};
const CUT: Partial<Extent> = { complete: false, announced: 100_000 };

describe('the extent of a body', () => {
  test.each<[string, Partial<Extent>, string, boolean]>([
    ['whole', {}, '12,345 bytes', false],
    ['one byte', { size: 1 }, '1 byte', false],
    ['a response that was cut', CUT, '12,345 of 100,000 bytes arrived, then cut short', true],
    [
      'a request that was cut',
      { ...CUT, stream: 'request' },
      '12,345 of 100,000 bytes sent, then cut short',
      true,
    ],
    [
      'a request of which less arrived than was sent',
      { ...CUT, stream: 'request', arrived: 9000 },
      '12,345 of 100,000 bytes sent, 9,000 of them arrived',
      true,
    ],
    ['cut without a length', { complete: false }, '12,345 bytes arrived, then cut short', true],
    ['still coming', { ...CUT, growing: true }, '12,345 of 100,000 bytes so far', false],
    ['read in part', { ...CUT, more: true }, 'the first 12,345 of 100,000 bytes', false],
    [
      'kept in part',
      { ...CUT, missing: true },
      '12,345 of 100,000 bytes kept; the others were counted, not kept',
      true,
    ],
    ['broken', { complete: false, broken: true }, '12,345 bytes, then what is no HTTP/1.1', true],
  ])('%s', (_, said, text, short) => {
    expect(extentWords({ ...WHOLE, ...said })).toEqual({ text, short });
  });
});

describe('a representation that is put together', () => {
  const FOUND = { contentType: '', contentEncoding: '', exchanges: 2 };
  test.each<[string, Ranges, number | null, string, boolean]>([
    ['whole', [[0, 10]], 10, 'all 10 bytes, brought by 2 exchanges', false],
    ['not whole', [[0, 8]], 10, '8 of 10 bytes, brought by 2 exchanges', true],
    [
      'with gaps',
      [
        [1, 4],
        [6, 8],
      ],
      10,
      '5 of 10 bytes, brought by 2 exchanges; 2 gaps, shown as zeros',
      true,
    ],
    ['of a length that nobody told', [[0, 8]], null, '8 bytes, brought by 2 exchanges', true],
  ])('%s', (_, ranges, length, text, short) => {
    const bytes = new Uint8Array(ranges.at(-1)![1]);
    expect(assembledWords({ ...FOUND, bytes, ranges, length })).toEqual({ text, short });
  });

  test('says where it ends for its length', () => {
    const found = { ...FOUND, bytes: new Uint8Array(MOST), ranges: [[0, MOST]] as const, length: 2 * MOST };
    expect(assembledWords(found).text).toMatch(/only the first 17 MB are put together here$/);
    expect(assembledWords(found).short).toBe(false);
  });
});

describe('the name of a saved file', () => {
  test.each([
    ['/uploads/report.pdf', '', 'application/pdf', 'report.pdf'],
    ['/uploads/report?x=/y', '', 'application/json; charset=utf-8', 'report.json'],
    ['/a/b/', '', 'text/plain', 'b.txt'],
    ['/', '', '', 'body.bin'],
    ['http://host/x', 'attachment; filename="../../etc/pass wd.txt"', '', '_.._etc_pass wd.txt'],
    ['/naïve%20', '', 'image/png', 'naïve_20.png'],
    ['/..', '', '', 'body.bin'],
  ])('%s, %j, %j', (target, disposition, type, name) => {
    expect(fileName(target, disposition, type)).toBe(name);
  });
});

test('each kind is shown in the way that suits it first', () => {
  expect(viewsOf('json', false).map((view) => viewName(view, 'json'))).toEqual(['JSON', 'Text', 'Hex']);
  expect(viewsOf('binary', false).map((view) => viewName(view, 'binary'))).toEqual(['Hex', 'Text']);
  expect(viewsOf('image', false).map((view) => viewName(view, 'image'))).toEqual(['Image', 'Hex']);
  expect(viewsOf('image', true).map((view) => viewName(view, 'image'))).toEqual(['Image', 'Text', 'Hex']);
  expect(viewsOf('empty', false)).toEqual([]);
});
