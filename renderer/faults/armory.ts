// The faults that stand, and the one that is about to be armed: whether its form is open, what is typed into it. Acts only
// through the functions that it is given.

import { createStore } from 'zustand/vanilla';
import type { CommandResult } from '../../shared/contract.ts';
import type { CutChoice } from '../stores/preferences.ts';
import { type Fault, type FaultDraft, FIRST_DRAFT, type FigureName, readDraft } from './draft.ts';
import { armedLabel, placeLabel } from './labels.ts';

interface ArmoryHost {
  /** Undefined: refused, and the user was told why. */
  arm(fault: Fault): Promise<CommandResult<'arm'> | undefined>;
  /** How the Cut button cuts: where a cut at a byte begins to be described. */
  choice(): CutChoice;
  say(sentence: string): void;
}

export function createArmory({ arm, choice, say }: ArmoryHost) {
  const store = createStore<{ readonly isOpen: boolean; readonly draft: FaultDraft }>(() => ({
    isOpen: false,
    draft: FIRST_DRAFT,
  }));
  return {
    store,

    show(isOpen: boolean): void {
      store.setState({ isOpen });
    },

    /** Opens the form on a cut at a byte. */
    showCut(): void {
      const { draft } = store.getState();
      if (draft.kind === 'cut-at') return this.show(true);
      const { end, direction, kind } = choice();
      const place = placeLabel(end, direction);
      store.setState({ isOpen: true, draft: { ...draft, kind: 'cut-at', place, cut: kind } });
    },

    edit(change: Partial<Omit<FaultDraft, 'figures'>>): void {
      store.setState(({ draft }) => ({ draft: { ...draft, ...change } }));
    },

    type(name: FigureName, typed: string): void {
      store.setState(({ draft }) => ({
        draft: { ...draft, figures: { ...draft.figures, [name]: typed } },
      }));
    },

    /** Arms what the form describes; nothing happens while a figure of it is wrong. */
    async arm(): Promise<void> {
      const fault = readDraft(store.getState().draft);
      if (fault === null) return;
      if ((await arm(fault)) !== undefined) say(`Armed: ${armedLabel(fault)}.`);
    },
  };
}
