// What a user chose once and finds again at the next start: looks, pace, how to cut. Kept by whatever storage it is given;
// a value that is not one of the choices falls back to its default.

import { createStore } from 'zustand/vanilla';
import type { CutKind, Direction, End } from '../../shared/capture/records.ts';

export type Theme = 'system' | 'dark' | 'light';
export type Contrast = 'system' | 'more';
export type Motion = 'system' | 'less';

/** Where and how the Cut button cuts. */
export interface CutChoice {
  readonly end: End;
  readonly direction: Direction;
  readonly kind: CutKind;
}

interface PreferencesState {
  readonly theme: Theme;
  readonly contrast: Contrast;
  readonly motion: Motion;
  /** Of every write at the start, bytes per second, 0 = unpaced; null: as the engine has it. */
  readonly pace: number | null;
  /** Bytes of a session that are kept; null: as the engine has it. */
  readonly keptBytes: number | null;
  /** The timeline follows a live session from the start. */
  readonly follow: boolean;
  /** The guide through the first example was seen, or left. */
  readonly toured: boolean;
  readonly cut: CutChoice;
}

const KEY = 'interim.preferences';
const DEFAULTS: PreferencesState = {
  theme: 'system',
  contrast: 'system',
  motion: 'system',
  pace: null,
  keptBytes: null,
  follow: true,
  toured: false,
  cut: { end: 'server', direction: 'in', kind: 'rst' },
};

export type Preferences = ReturnType<typeof createPreferences>;

export function createPreferences(storage: Pick<Storage, 'getItem' | 'setItem'>) {
  const store = createStore<PreferencesState>(() => read(storage.getItem(KEY)));
  store.subscribe((state) => storage.setItem(KEY, JSON.stringify(state)));
  return {
    store,
    set: (change: Partial<Omit<PreferencesState, 'cut'>>): void => store.setState(change),
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
  let found: { readonly [Name in keyof PreferencesState]?: unknown } & {
    readonly cut?: { readonly [Name in keyof CutChoice]?: unknown };
  };
  try {
    found = JSON.parse(text) as typeof found;
  } catch {
    return DEFAULTS;
  }
  return {
    theme: oneOf(found?.theme, ['system', 'dark', 'light'], DEFAULTS.theme),
    contrast: oneOf(found?.contrast, ['system', 'more'], DEFAULTS.contrast),
    motion: oneOf(found?.motion, ['system', 'less'], DEFAULTS.motion),
    pace: wholeNumber(found?.pace, 0),
    keptBytes: wholeNumber(found?.keptBytes, 1),
    follow: oneOf(found?.follow, [true, false], DEFAULTS.follow),
    toured: oneOf(found?.toured, [true, false], DEFAULTS.toured),
    cut: {
      end: oneOf(found?.cut?.end, ['client', 'server'], DEFAULTS.cut.end),
      direction: oneOf(found?.cut?.direction, ['in', 'out'], DEFAULTS.cut.direction),
      kind: oneOf(found?.cut?.kind, ['rst', 'fin', 'stall'], DEFAULTS.cut.kind),
    },
  };
}

function wholeNumber(value: unknown, least: number): number | null {
  return Number.isSafeInteger(value) && (value as number) >= least ? (value as number) : null;
}

function oneOf<T>(value: unknown, choices: readonly T[], otherwise: T): T {
  return choices.includes(value as T) ? (value as T) : otherwise;
}
