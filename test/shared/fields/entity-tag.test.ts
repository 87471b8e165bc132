// Entity tags: what they look like, and when two of them mean the same.

import { expect, test } from 'vitest';
import {
  parseEntityTag,
  parseEntityTags,
  strongMatch,
  weakMatch,
  writeEntityTag,
} from '../../../shared/fields/entity-tag.ts';

test.each([
  ['"xyzzy"', { weak: false, tag: 'xyzzy' }],
  ['W/"xyzzy"', { weak: true, tag: 'xyzzy' }],
  ['""', { weak: false, tag: '' }],
  [' "a,b\\" ', { weak: false, tag: 'a,b\\' }],
  ['"é"', { weak: false, tag: 'é' }],
])('%j is one', (value, tag) => {
  expect(parseEntityTag(value)).toEqual(tag);
  expect(writeEntityTag(tag)).toBe(value.trim());
});

test.each([
  ['', 0],
  ['xyzzy', 0],
  ['w/"a"', 0],
  ['W/ "a"', 2],
  ['"a b"', 2],
  ['"a', 2],
  ['"a" "b"', 4],
  ['"a", "b"', 3],
  ['*', 0],
])('%j is none, from %i on', (value, at) => {
  expect(parseEntityTag(value)).toMatchObject({ code: 'syntax', at });
});

test.each([
  [' * ', '*'],
  ['"a"', [{ weak: false, tag: 'a' }]],
  [
    ',"a,b" , W/"c",',
    [
      { weak: false, tag: 'a,b' },
      { weak: true, tag: 'c' },
    ],
  ],
])('%j is a list', (value, tags) => {
  expect(parseEntityTags(value)).toEqual(tags);
});

test.each([
  ['', 0],
  [' ,', 2],
  ['*, "a"', 1],
  ['"a", *', 5],
  ['"a" "b"', 4],
])('%j is no list, from %i on', (value, at) => {
  expect(parseEntityTags(value)).toMatchObject({ code: 'syntax', at });
});

// RFC 9110 §8.8.3.2, the table.
test.each([
  ['W/"1"', 'W/"1"', false, true],
  ['W/"1"', 'W/"2"', false, false],
  ['W/"1"', '"1"', false, true],
  ['"1"', '"1"', true, true],
])('%s and %s: the same bytes %s, the same meaning %s', (first, second, strong, weak) => {
  const [a, b] = [parseEntityTag(first), parseEntityTag(second)];
  if ('code' in a || 'code' in b) throw new Error('both are tags');
  expect([strongMatch(a, b), weakMatch(a, b)]).toEqual([strong, weak]);
  expect([strongMatch(b, a), weakMatch(b, a)]).toEqual([strong, weak]);
});
