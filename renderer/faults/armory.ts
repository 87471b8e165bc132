// The faults that stand, and the one that is about to be armed: whether its form is open, what is typed into it. Acts only
// through the functions that it is given.

import { createStore } from 'zustand/vanilla';
import type { CommandResult, Disturbance } from '../../shared/contract.ts';
import { type FaultDraft, FIRST_DRAFT, type FigureName, readDraft } from './draft.ts';
import { disturbanceLabel } from './labels.ts';

interface ArmoryHost {
  /** Undefined: refused, and the user was told why. */
  disturb(disturbance: Disturbance): Promise<CommandResult<'disturb'> | undefined>;
  say(sentence: string): void;
}

export function createArmory({ disturb, say }: ArmoryHost) {
  const store = createStore<{ readonly isOpen: boolean; readonly draft: FaultDraft }>(() => ({
    isOpen: false,
    draft: FIRST_DRAFT,
  }));
  return {
    store,

    show(isOpen: boolean): void {
      store.setState({ isOpen });
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
      const disturbance = readDraft(store.getState().draft);
      if (disturbance === null) return;
      if ((await disturb(disturbance)) !== undefined) say(`Armed: ${disturbanceLabel(disturbance)}.`);
    },
  };
}
