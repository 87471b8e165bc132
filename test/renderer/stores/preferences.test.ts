import { describe, expect, it } from 'vitest';
import { createPreferences } from '../../../renderer/stores/preferences.ts';

function storage(initial: string | null = null) {
  let held = initial;
  return {
    getItem: () => held,
    setItem: (_key: string, value: string) => void (held = value),
    held: () => held,
  };
}

const DEFAULTS = {
  theme: 'system',
  contrast: 'system',
  motion: 'system',
  pace: null,
  keptBytes: null,
  follow: true,
  toured: false,
  cut: { end: 'server', direction: 'in', kind: 'rst' },
};

describe('preferences', () => {
  it('finds again at the next start what was chosen', () => {
    const disk = storage();
    const preferences = createPreferences(disk);
    const chosen = {
      theme: 'light',
      contrast: 'more',
      motion: 'less',
      pace: 0,
      keptBytes: 1_048_576,
      follow: false,
      toured: true,
    } as const;
    preferences.set(chosen);
    preferences.setCut({ kind: 'fin', end: 'client' });
    expect(createPreferences(disk).store.getState()).toEqual({
      ...chosen,
      cut: { end: 'client', direction: 'in', kind: 'fin' },
    });
  });

  it.each([
    [null],
    ['no json'],
    ['null'],
    ['[]'],
    ['{"contrast":1,"motion":"much","pace":-1,"keptBytes":0.5,"follow":"no","toured":null}'],
    ['{"theme":"pink","cut":{"end":"middle","direction":3,"kind":null}}'],
  ])('falls back to defaults for %s', (text) => {
    expect(createPreferences(storage(text)).store.getState()).toEqual(DEFAULTS);
  });

  it('give a place of its own to what is more than a choice, and say when there is no room', () => {
    const held = new Map<string, string>();
    const preferences = createPreferences({
      getItem: (key) => held.get(key) ?? null,
      setItem: (key, value) => {
        if (value.length > 10) throw new Error('QuotaExceededError');
        held.set(key, value);
      },
    });
    const place = preferences.place('draft');
    expect(place.read()).toBeNull();
    expect(place.write('short')).toBe(true);
    expect(place.write('far too long')).toBe(false);
    expect(place.read()).toBe('short');
    expect([...held.keys()]).toEqual(['interim.draft']);
  });
});
