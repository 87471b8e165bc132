import { describe, expect, it } from 'vitest';
import { type KeyAction, readKey, type Stroke } from '../../../renderer/patch/keys.ts';

const stroke = (key: string, over: Partial<Stroke> = {}): Stroke => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...over,
});
const CTRL = { ctrlKey: true };

describe('keys of the byte grid', () => {
  it.each<[string, Partial<Stroke>, 'hex' | 'text', KeyAction | null]>([
    ['4', {}, 'hex', { do: 'digit', digit: 4 }],
    ['F', { shiftKey: true }, 'hex', { do: 'digit', digit: 15 }],
    ['s', {}, 'hex', { do: 'no-digit' }],
    [' ', {}, 'hex', { do: 'no-digit' }],
    ['s', {}, 'text', { do: 'text', text: 's' }],
    ['😀', {}, 'text', { do: 'text', text: '😀' }],
    ['ArrowDown', { shiftKey: true }, 'hex', { do: 'move', move: 'down', extend: true }],
    ['Home', {}, 'hex', { do: 'move', move: 'row-start', extend: false }],
    ['Home', CTRL, 'hex', { do: 'move', move: 'start', extend: false }],
    ['End', { ...CTRL, shiftKey: true }, 'text', { do: 'move', move: 'end', extend: true }],
    ['Backspace', {}, 'text', { do: 'erase', key: 'Backspace' }],
    ['Insert', {}, 'text', { do: 'mode' }],
    ['Enter', {}, 'text', { do: 'column' }],
    ['z', CTRL, 'hex', { do: 'undo' }],
    ['Z', { ...CTRL, shiftKey: true }, 'hex', { do: 'redo' }],
    ['y', CTRL, 'hex', { do: 'redo' }],
    ['a', CTRL, 'hex', { do: 'select-all' }],
    ['g', CTRL, 'hex', { do: 'go-to' }],
    // What is the window's, or the browser's: copy and paste come as events of their own.
    ['k', CTRL, 'hex', null],
    ['c', CTRL, 'hex', null],
    ['v', CTRL, 'hex', null],
    ['Enter', CTRL, 'hex', null],
    ['Escape', {}, 'hex', null],
    ['Tab', {}, 'hex', null],
    ['4', { altKey: true }, 'hex', null],
    ['4', { metaKey: true }, 'hex', null],
  ])('%s %o in %s: %o', (key, over, column, action) => {
    expect(readKey(stroke(key, over), column, false)).toEqual(action);
  });

  it('are those of a Mac on a Mac', () => {
    expect(readKey(stroke('z', { metaKey: true }), 'hex', true)).toEqual({ do: 'undo' });
    expect(readKey(stroke('z', CTRL), 'hex', true)).toBeNull();
  });
});
