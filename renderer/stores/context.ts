// How components reach the stores: one context, one hook a store. A component renders again only for what it selects.

import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Model } from '../../shared/model/model.ts';
import type { Setup } from '../experiments/setup.ts';
import type { Selection } from '../timeline/types.ts';
import type { EngineState, Laboratory } from './laboratory.ts';
import type { CutChoice } from './preferences.ts';

interface Shell {
  readonly laboratory: Laboratory;
  readonly setup: Setup;
}

export const ShellContext = createContext<Shell | null>(null);

function useShell(): Shell {
  const shell = useContext(ShellContext);
  if (shell === null) throw new Error('No laboratory: render below ShellContext.');
  return shell;
}

export function useLaboratory(): Laboratory {
  return useShell().laboratory;
}

export function useSetup(): Setup {
  return useShell().setup;
}

export function useEngine<T>(select: (state: EngineState) => T): T {
  return useStore(useLaboratory().engine, select);
}

/** The model, and a number that grows with each fold: the same object each time, so the number must be looked at. */
export function useModel(): { model: Model; revision: number } {
  return useStore(useLaboratory().feed.store);
}

/** Nanoseconds since the session began; Infinity: all there is. */
export function usePlayheadTime(): number {
  return useStore(useLaboratory().playhead.store, (state) => state.time);
}

export function useSelected(): Selection | null {
  return useStore(useLaboratory().selection, (state) => state.selected);
}

export function useCutChoice(): CutChoice {
  return useStore(useLaboratory().preferences.store, (state) => state.cut);
}
