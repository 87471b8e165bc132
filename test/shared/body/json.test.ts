// JSON set out: nothing but blanks may differ from what was sent.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonFault, setOutJson } from '../../../shared/body/json.ts';

describe('JSON that is set out', () => {
  test.each([
    ['{"a":[1,2],"b":{}}', '{\n  "a": [\n    1,\n    2\n  ],\n  "b": {}\n}'],
    ['[ ]', '[]'],
    ['"a{b,c:\\"d"', '"a{b,c:\\"d"'],
    ['12345678901234567890.10', '12345678901234567890.10'],
    ['{"a":1,"a":2}', '{\n  "a": 1,\n  "a": 2\n}'],
    ['{"a":"cut o', '{\n  "a": "cut o'],
    ['{"a":', '{\n  "a": '],
    ['', ''],
  ])('%j', (text, set) => {
    expect(setOutJson(text)).toBe(set);
  });

  test('is what the platform would write, for any value', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const value: unknown = JSON.parse(json);
        const compact = JSON.stringify(value);
        expect(setOutJson(compact)).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  test('does not grow beyond all bounds', () => {
    const deep = '['.repeat(100_000);
    expect(setOutJson(deep)).toBe(deep);
  });
});

test('a text that is no JSON says why', () => {
  expect(jsonFault('{"a":1}')).toBeNull();
  expect(jsonFault('{"a":')).not.toBe('');
  expect(jsonFault('{"a":')).not.toBeNull();
});
