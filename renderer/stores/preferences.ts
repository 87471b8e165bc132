// What a user chose once and finds again at the next start: theme, how to cut. Kept by whatever storage it is given;
// a value that is not one of the choices falls back to its default.

import { createStore } from 'zustand/vanilla';
import type { CutKind, Direction, End } from '../../shared/capture/records.ts';

export type Theme = 'system' | 'dark' | 'light';

/** Where and how the Cut button cuts. */
export interface CutChoice {
  readonly end: End;
  readonly direction: Direction;
  readonly kind: CutKind;
}

interface PreferencesState {
  readonly theme: Theme;
  readonly cut: CutChoice;
}

const KEY = 'interim.preferences';
const DEFAULTS: PreferencesState = { theme: 'system', cut: { end: 'server', direction: 'in', kind: 'rst' } };

export type Preferences = ReturnType<typeof createPreferences>;

export function createPreferences(storage: Pick<Storage, 'getItem' | 'setItem'>) {
  const store = createStore<PreferencesState>(() => read(storage.getItem(KEY)));
  store.subscribe((state) => storage.setItem(KEY, JSON.stringify(state)));
  return {
    store,
    setTheme: (theme: Theme): void => store.setState({ theme }),
    setCut: (change: Partial<CutChoice>): void =>
      store.setState({ cut: { ...store.getState().cut, ...change } }),
    /** A place for what is more than a choice. */
    place: (name: string) => ({
      read: (): string | null => storage.getItem(`interim.${name}`),
      /** False: the storage is full, or takes nothing. */
      write(text: string): boolean {
        try {
          storage.setItem(`interim.${name}`, text);
          return true;
        } catch {
          return false;
        }
      },
    }),
  };
}

function read(text: string | null): PreferencesState {
  if (text === null) return DEFAULTS;
  let found: { theme?: unknown; cut?: { end?: unknown; direction?: unknown; kind?: unknown } };
  try {
    found = JSON.parse(text) as typeof found;
  } catch {
    return DEFAULTS;
  }
  return {
    theme: oneOf(found?.theme, ['system', 'dark', 'light'], DEFAULTS.theme),
    cut: {
      end: oneOf(found?.cut?.end, ['client', 'server'], DEFAULTS.cut.end),
      direction: oneOf(found?.cut?.direction, ['in', 'out'], DEFAULTS.cut.direction),
      kind: oneOf(found?.cut?.kind, ['rst', 'fin', 'stall'], DEFAULTS.cut.kind),
    },
  };
}

function oneOf<T>(value: unknown, choices: readonly T[], otherwise: T): T {
  return choices.includes(value as T) ? (value as T) : otherwise;
}
