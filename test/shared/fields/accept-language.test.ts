// Accept-Language: what is wished for, and which of the languages on offer that chooses.

import { describe, expect, test } from 'vitest';
import { chooseLanguage, parseAcceptLanguage } from '../../../shared/fields/accept-language.ts';

test.each([
  ['', []],
  ['da', [['da', 1]]],
  [
    'da, en-gb;q=0.8, en;q=0.7',
    [
      ['da', 1],
      ['en-gb', 0.8],
      ['en', 0.7],
    ],
  ],
  [
    ',*;q=0,\tde-DE-1996 ; Q=1.000 ,',
    [
      ['*', 0],
      ['de-DE-1996', 1],
    ],
  ],
  ['en;q=0.', [['en', 0]]],
])('%j wishes for that', (value, ranges) => {
  expect(parseAcceptLanguage(value)).toEqual(ranges.map(([range, weight]) => ({ range, weight })));
});

test.each([
  ['en_GB', 2],
  ['123', 0],
  ['abcdefghi', 0],
  ['en-', 0],
  ['en-*', 0],
  ['en de', 3],
  ['en;', 3],
  ['en;x=1', 3],
  ['en;q', 4],
  ['en;q=', 5],
  ['en;q=2', 5],
  ['en;q=1.001', 5],
  ['en;q=0.1234', 5],
  ['en;q=-1', 5],
  ['da, en;q=x', 9],
])('%j is none, from %i on', (value, at) => {
  expect(parseAcceptLanguage(value)).toMatchObject({ code: 'syntax', at });
});

describe('of en, de, de-CH, zh-Hant, ja', () => {
  const offered = ['en', 'de', 'de-CH', 'zh-Hant', 'ja'];
  test.each([
    [null, 'en'],
    ['', 'en'],
    ['en;q=nonsense', 'en'],
    ['ja', 'ja'],
    ['JA-jp', 'ja'],
    ['de-CH-1996', 'de-CH'],
    ['de-AT', 'de'],
    ['zh-Hant-CN-x-private1-private2', 'zh-Hant'],
    ['zh', null],
    ['fr', null],
    ['fr, *;q=0.1', 'en'],
    ['fr, *;q=0', null],
    ['fr;q=0.9, ja;q=0.8, de;q=0.7', 'ja'],
    ['de;q=0.5, ja', 'ja'],
    ['de, ja', 'de'],
    ['en;q=0, *', 'de'],
    ['de;q=0, de-CH', 'de-CH'],
    ['de-CH, de;q=0', 'de-CH'],
    ['de-AT, de;q=0, ja;q=0.1', 'ja'],
    ['*', 'en'],
  ])('%j chooses %j', (value, language) => {
    expect(chooseLanguage(value, offered)).toBe(language);
  });

  test('nothing is chosen of nothing', () => {
    expect(chooseLanguage(null, [])).toBeNull();
    expect(chooseLanguage('*', [])).toBeNull();
  });
});
