import { describe, expect, it } from 'vitest';
import { FilterFault } from '../../../shared/filter/filter.ts';
import { printFilter } from '../../../shared/filter/print.ts';
import { parseTyped } from '../../../shared/filter/typing.ts';

function read(text: string): string {
  const found = parseTyped(text);
  if (found instanceof FilterFault) return found.code;
  return found === null ? 'nothing' : printFilter(found);
}

describe('what is being typed', () => {
  it.each([
    ['s', 'nothing'],
    ['status', 'nothing'],
    ['status:', 'nothing'],
    ['status:4', 'nothing'],
    ['a status:>=4', 'a'],
    ['a kind:in', 'a'],
    ['a size:>', 'a'],
    ['status:4 a', 'value'],
    ['a status:4y', 'a'],
    ['a kind:ix', 'a'],
    ['a -', 'a'],
    ['status:404', 'status:404'],
    ['status:404 m', 'status:404'],
    ['status:404 -me', 'status:404'],
    ['status:404 OR', 'status:404'],
    ['status:404 OR (-ki', 'status:404'],
    ['status:404 "not f', 'status:404'],
    // Behind a space it is a word like any other.
    ['status ', 'status'],
    ['"status"', '"status"'.slice(1, -1)],
    ['statusx', 'statusx'],
    ['a colour:red', 'a'],
    ['colour:red a', 'unknown-name'],
    ['(status:404 m', 'incomplete'],
    ['a) m', 'misplaced'],
  ])('%s holds as %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});
