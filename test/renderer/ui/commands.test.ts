import { describe, expect, it } from 'vitest';
import {
  type CommandHost,
  keyLabel,
  matches,
  offeredCommands,
  standingCommands,
} from '../../../renderer/ui/commands.ts';

const stroke = (key: string, modifiers: { ctrlKey?: boolean; metaKey?: boolean; altKey?: boolean } = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...modifiers,
});

describe('keys', () => {
  it.each([
    ['C', stroke('c'), false, true],
    ['C', stroke('C'), false, true],
    ['C', stroke('c', { ctrlKey: true }), false, false],
    ['C', stroke('c', { altKey: true }), false, false],
    ['Space', stroke(' '), false, true],
    ['+', stroke('='), false, true],
    ['+', stroke('+'), false, true],
    ['?', stroke('?'), false, true],
    ['Mod+K', stroke('k', { ctrlKey: true }), false, true],
    ['Mod+K', stroke('k', { metaKey: true }), false, false],
    ['Mod+K', stroke('k', { metaKey: true }), true, true],
    ['Mod+K', stroke('k', { ctrlKey: true }), true, false],
    ['Mod+K', stroke('k'), false, false],
    ['ArrowLeft', stroke('ArrowLeft'), false, true],
  ])('%s and %o (mac %o): %o', (key, struck, mac, expected) => {
    expect(matches(struck, key, mac)).toBe(expected);
  });

  it('are shown as they are printed', () => {
    expect(keyLabel('Mod+K', true)).toBe('⌘K');
    expect(keyLabel('Mod+K', false)).toBe('Ctrl K');
    expect(keyLabel('ArrowRight', false)).toBe('→');
    expect(keyLabel('C', false)).toBe('C');
  });
});

describe('commands', () => {
  const host = { laboratory: { playhead: {} } } as unknown as CommandHost;
  const standing = standingCommands(host);

  it('have ids and keys of their own', () => {
    const ids = standing.map(({ id }) => id);
    const keys = standing.flatMap(({ key }) => key ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('answer every action of the native menu', () => {
    const ids = new Set(standing.map(({ id }) => id));
    for (const action of ['open', 'save', 'export', 'new', 'palette', 'keys', 'settings', 'tour'])
      expect(ids.has(action)).toBe(true);
  });

  it('offer experiments and recent sessions', () => {
    const opened: string[] = [];
    const offered = offeredCommands(
      { laboratory: { openPath: (path: string) => opened.push(path) } } as unknown as CommandHost,
      { experiments: [], recents: [{ path: '/a.pcapng', name: 'a', modifiedAt: 0, bytes: 1 }] },
    );
    expect(offered.map(({ title }) => title)).toEqual(['a']);
    offered[0]!.run();
    expect(opened).toEqual(['/a.pcapng']);
  });
});
