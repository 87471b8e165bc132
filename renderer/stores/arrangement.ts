// How the window was left: which sections of the rail are folded, which tab of the inspector is shown, how large each panel
// is. Kept by whatever storage it is given; what cannot be read falls back to how a window first looks.

import { createStore } from 'zustand/vanilla';

export const SECTIONS = ['experiments', 'server', 'sessions'] as const;
export type Section = (typeof SECTIONS)[number];

export const TABS = ['story', 'message', 'body', 'messages', 'hex', 'notes', 'lenses'] as const;
export type InspectorTab = (typeof TABS)[number];

/** Sizes of the panels of a group, in percent of it, by the panels' names. */
export type Sizes = Readonly<Record<string, number>>;

export interface ArrangementState {
  /** Sections of the rail that show only their title. */
  readonly folded: readonly Section[];
  readonly tab: InspectorTab;
  /** By group and the panels it then had: each combination is arranged for itself. */
  readonly sizes: Readonly<Record<string, Sizes>>;
}

/** Groups and their combinations of panels that are remembered; more than the window has. */
const MOST_GROUPS = 32;
const FIRST: ArrangementState = { folded: [], tab: 'story', sizes: {} };

interface ArrangementHost {
  readonly kept: () => string | null;
  readonly keep: (text: string) => void;
}

export function createArrangement({ kept, keep }: ArrangementHost) {
  const store = createStore<ArrangementState>(() => read(kept()));
  store.subscribe((state) => keep(JSON.stringify(state)));
  return {
    store,

    /** Folds a section of the rail, or unfolds it. */
    toggle(section: Section): void {
      const { folded } = store.getState();
      store.setState({
        folded: folded.includes(section) ? folded.filter((one) => one !== section) : [...folded, section],
      });
    },

    showTab(tab: InspectorTab): void {
      store.setState({ tab });
    },

    /** How a group of those panels was left; undefined: never touched. */
    sizesOf: (group: string, panels: readonly string[]): Sizes | undefined =>
      store.getState().sizes[nameOf(group, panels)],

    /** Remembers what the user made of a group. */
    resized(group: string, sizes: Sizes): void {
      const { [nameOf(group, Object.keys(sizes))]: _before, ...others } = store.getState().sizes;
      const entries = Object.entries(others).slice(1 - MOST_GROUPS);
      store.setState({
        sizes: { ...Object.fromEntries(entries), [nameOf(group, Object.keys(sizes))]: sizes },
      });
    },
  };
}

function nameOf(group: string, panels: readonly string[]): string {
  return `${group}: ${panels.toSorted().join(' ')}`;
}

function read(text: string | null): ArrangementState {
  if (text === null) return FIRST;
  let found: { readonly [Name in keyof ArrangementState]?: unknown } | null;
  try {
    found = JSON.parse(text) as typeof found;
  } catch {
    return FIRST;
  }
  const folded: readonly unknown[] = Array.isArray(found?.folded) ? found.folded : [];
  return {
    folded: SECTIONS.filter((section) => folded.includes(section)),
    tab: TABS.find((tab) => tab === found?.tab) ?? FIRST.tab,
    sizes: readSizes(found?.sizes),
  };
}

function readSizes(found: unknown): Readonly<Record<string, Sizes>> {
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(
    Object.entries(found)
      .filter(([, sizes]) => areSizes(sizes))
      .slice(-MOST_GROUPS),
  );
}

/** Percentages that make up a whole. */
function areSizes(found: unknown): found is Sizes {
  if (typeof found !== 'object' || found === null) return false;
  const values = Object.values(found);
  const isEach = values.every((value) => typeof value === 'number' && value >= 0 && value <= 100);
  return isEach && Math.abs(values.reduce((sum: number, value) => sum + (value as number), 0) - 100) < 1;
}
