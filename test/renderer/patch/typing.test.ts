import { describe, expect, it } from 'vitest';
import { AT_START, type Caret } from '../../../renderer/patch/caret.ts';
import { MOST } from '../../../renderer/patch/cells.ts';
import { begun } from '../../../renderer/patch/history.ts';
import { erase, type Place, typeBytes, typeDigit, type Typed } from '../../../renderer/patch/typing.ts';
import { cells, shown } from './cells.ts';

/** `ab[cd]ef` and `abc|def`: what is selected, and where the caret stands. */
function place(drawn: string, over: Partial<Caret> = {}): Place {
  const text = drawn.replaceAll(/[[\]|]/g, '');
  const anchor = drawn.includes('[') ? drawn.indexOf('[') : drawn.indexOf('|');
  const at = drawn.includes(']') ? drawn.indexOf(']') - 1 : anchor;
  return { history: begun(cells(text)), caret: { ...AT_START, at, anchor, ...over } };
}

function drawn({ history, caret }: Place): string {
  const text = shown(history.cells);
  return `${text.slice(0, caret.at)}|${text.slice(caret.at)}`;
}

const digits = (start: Place, typed: string): Typed =>
  [...typed].reduce<Typed>((now, digit) => typeDigit(now, Number.parseInt(digit, 16)), {
    ...start,
    says: null,
  });
const text = (start: Place, typed: string): Typed => typeBytes(start, new TextEncoder().encode(typed));
const inserting = { mode: 'insert' } as const;

describe('typing hex', () => {
  it.each([
    ['two digits overwrite a byte', '|abc', '4a', {}, 'J|bc'],
    ['one digit is the upper half of it, and the caret stays', '|abc', '4', {}, '|Abc'],
    ['digits are appended at the end', 'abc|', '4a4b', {}, 'abcJK|'],
    ['one digit at the end makes a byte', 'ab|', '4', {}, 'ab|@'],
    ['two digits are inserted', 'a|bc', '4a', inserting, 'aJ|bc'],
    ['a missing byte becomes one', 'a|·c', '4', {}, 'a|@c'],
    ['and whole', 'a|·c', '4a', {}, 'aJ|c'],
    ['a selection is overwritten from its first byte on', 'a[bc]d', '4a', {}, 'aJ|cd'],
    ['a selection is replaced', 'a[bc]d', '4a', inserting, 'aJ|d'],
  ])('%s', (_what, from, typed, caret, to) => {
    expect(drawn(digits(place(from, caret), typed))).toBe(to);
  });

  it('is one step for each byte', () => {
    const { history } = digits(place('|abc'), '4a4b');
    expect(history.past).toHaveLength(2);
  });
});

describe('typing text, and pasting', () => {
  it.each([
    ['overwrites', '|abc', 'xy', {}, 'xy|c'],
    ['overwrites and appends', 'ab|c', 'xyz', {}, 'abxyz|'],
    ['inserts', 'a|bc', 'xy', inserting, 'axy|bc'],
    ['replaces what is selected', 'a[bc]d', 'xyz', inserting, 'axyz|d'],
    ['writes UTF-8', '|abcd', 'é', {}, 'Ã©|cd'],
    ['does nothing with nothing', 'a|b', '', inserting, 'a|b'],
  ])('%s', (_what, from, typed, caret, to) => {
    expect(drawn(text(place(from, caret), typed))).toBe(to);
  });

  it('says when what follows moves, and when it does not says nothing', () => {
    expect(text(place('a|bc', inserting), 'xy').says).toBe(
      '2 bytes inserted at 1: what follows moves, so that all of it differs.',
    );
    expect(text(place('abc|', inserting), 'xy').says).toBeNull();
    expect(text(place('a|bc'), 'x').says).toBeNull();
  });

  it('stops at what the editor holds', () => {
    const full: Place = {
      history: begun(new Int16Array(MOST)),
      caret: { ...AT_START, at: MOST, anchor: MOST },
    };
    const typed = text(full, 'x');
    expect(typed.history).toBe(full.history);
    expect(typed.says).toMatch(/1,048,576 bytes/);
    expect(digits(full, '4').history).toBe(full.history);
  });
});

describe('erasing', () => {
  const KEEPS = /keeps the length/;
  it.each([
    [
      'Backspace takes the last byte away',
      'abc|',
      'Backspace',
      {},
      'ab|',
      /taken away at the end: 2 are left/,
    ],
    ['Delete takes the last byte away', 'ab|c', 'Delete', {}, 'ab|', /1 byte taken away/],
    ['a selection up to the end is cut off', 'a[bc]', 'Delete', {}, 'a|', /2 bytes taken away/],
    ['overwriting keeps what is in the middle', 'a|bc', 'Delete', {}, 'a|bc', KEEPS],
    ['and Backspace only goes back', 'ab|c', 'Backspace', {}, 'a|bc', KEEPS],
    ['and a selection stays', 'a[b]c', 'Backspace', {}, 'ab|c', KEEPS],
    [
      'inserting, Backspace takes the byte before',
      'ab|c',
      'Backspace',
      inserting,
      'a|c',
      /1 byte removed at 1/,
    ],
    ['inserting, Delete takes the byte behind', 'a|bc', 'Delete', inserting, 'a|c', /1 byte removed at 1/],
    ['half of a byte is taken by Backspace', 'ab|c', 'Backspace', { ...inserting, half: 1 }, 'ab|', null],
  ] as const)('%s', (_what, from, key, caret, to, says) => {
    const typed = erase(place(from, caret), key);
    expect(drawn(typed)).toBe(to);
    if (says !== null) expect(typed.says).toMatch(says);
  });

  it.each([
    ['Backspace', '|abc'],
    ['Delete', 'abc|'],
    ['Delete', '|'],
  ] as const)('%s has nothing to take in %s', (key, from) => {
    const start = place(from, inserting);
    expect(erase(start, key)).toEqual({ ...start, says: null });
  });
});
