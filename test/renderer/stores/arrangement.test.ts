import { describe, expect, it } from 'vitest';
import { createArrangement } from '../../../renderer/stores/arrangement.ts';

function place(initial: string | null = null) {
  let held = initial;
  return { kept: () => held, keep: (text: string) => void (held = text) };
}

const FIRST = { folded: [], tab: 'story', sizes: {} };

describe('how the window was left', () => {
  it('is found again at the next start', () => {
    const disk = place();
    const arrangement = createArrangement(disk);
    arrangement.toggle('server');
    arrangement.toggle('sessions');
    arrangement.toggle('server');
    arrangement.showTab('hex');
    arrangement.resized('centre', { timeline: 70, below: 30 });
    const again = createArrangement(disk);
    expect(again.store.getState()).toMatchObject({ folded: ['sessions'], tab: 'hex' });
    expect(again.sizesOf('centre', ['below', 'timeline'])).toEqual({ timeline: 70, below: 30 });
  });

  it('is remembered for each combination of panels by itself', () => {
    const arrangement = createArrangement(place());
    arrangement.resized('centre', { timeline: 70, below: 30 });
    arrangement.resized('centre', { compose: 50, timeline: 40, below: 10 });
    arrangement.resized('centre', { below: 40, timeline: 60 });
    expect(arrangement.sizesOf('centre', ['timeline', 'below'])).toEqual({ timeline: 60, below: 40 });
    expect(arrangement.sizesOf('centre', ['compose', 'timeline', 'below'])).toMatchObject({ compose: 50 });
    expect(arrangement.sizesOf('centre', ['timeline'])).toBeUndefined();
    expect(arrangement.sizesOf('window', ['timeline', 'below'])).toBeUndefined();
  });

  it('does not grow without end', () => {
    const disk = place();
    const arrangement = createArrangement(disk);
    for (let group = 0; group < 100; group++) arrangement.resized(`group ${group}`, { one: 100 });
    expect(Object.keys(arrangement.store.getState().sizes)).toHaveLength(32);
    expect(arrangement.sizesOf('group 99', ['one'])).toEqual({ one: 100 });
    expect(arrangement.sizesOf('group 0', ['one'])).toBeUndefined();
    expect(createArrangement(disk).store.getState()).toEqual(arrangement.store.getState());
  });

  it.each([
    ['nothing', null, FIRST],
    ['no JSON', '{', FIRST],
    ['null', 'null', FIRST],
    ['a list', '[]', FIRST],
    ['a section that is none', '{"folded":["attic","server"]}', { ...FIRST, folded: ['server'] }],
    ['a tab that is none', '{"tab":"weather"}', FIRST],
    ['sizes that are no numbers', '{"sizes":{"a: b c":{"b":"50","c":50}}}', FIRST],
    ['sizes that are no whole', '{"sizes":{"a: b c":{"b":50,"c":20}}}', FIRST],
    ['sizes below nothing', '{"sizes":{"a: b c":{"b":-10,"c":110}}}', FIRST],
    ['no sizes of a group', '{"sizes":{"a: b":null}}', FIRST],
  ])('falls back to how it first looks where %s was kept', (_what, text, state) => {
    expect(createArrangement(place(text)).store.getState()).toEqual(state);
  });
});
