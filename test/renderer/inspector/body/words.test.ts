// What is said of a body: how much there is of it, what its file is called, how it can be shown.

import { describe, expect, test } from 'vitest';
import {
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
    ['a response that was cut', CUT, '12,345 of 100,000 bytes arrived, then it ended', true],
    [
      'a request that was cut',
      { ...CUT, stream: 'request' },
      '12,345 of 100,000 bytes sent, then it ended',
      true,
    ],
    [
      'a request of which less arrived than was sent',
      { ...CUT, stream: 'request', arrived: 9000 },
      '12,345 of 100,000 bytes sent, then it ended, 9,000 of them arrived',
      true,
    ],
    ['cut without a length', { complete: false }, '12,345 bytes arrived, then it ended', true],
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
