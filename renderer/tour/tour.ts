// Where the guide through the first example is. It begins by itself once, can be left at any time, and can be asked for
// again. It must never get between the user and the window: it shows the story and selects events, and nothing else.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Model } from '../../shared/model/model.ts';
import type { RunState, SessionState } from '../../shared/contract.ts';
import type { Preferences } from '../stores/preferences.ts';
import type { Selection } from '../timeline/types.ts';
import { eventOf, STOPS, TOURED } from './stops.ts';

interface TourHost {
  readonly engine: Pick<
    StoreApi<{ readonly run: RunState; readonly session: SessionState }>,
    'getState' | 'subscribe'
  >;
  readonly preferences: Preferences;
  readonly model: () => Model;
  readonly select: (selection: Selection | null) => void;
  /** Shows the story, which the stops speak of. */
  readonly showStory: () => void;
  readonly say: (sentence: string) => void;
  /** Runs the example. */
  readonly run: () => void;
}

export function createTour({ engine, preferences, model, select, showStory, say, run }: TourHost) {
  const store = createStore<{ readonly stop: number | null }>(() => ({ stop: null }));

  const go = (stop: number): void => {
    const found = STOPS[stop];
    if (found === undefined) return;
    store.setState({ stop });
    if (stop === 0) showStory();
    const row = eventOf(found, model());
    if (row !== null) select({ kind: 'event', id: row });
    say(`${found.title}. ${found.words}`);
  };
  const isThere = (): boolean => {
    const { run: ran, session } = engine.getState();
    return ran.experiment === TOURED && ran.state === 'completed' && session.live;
  };

  engine.subscribe((state, before) => {
    const { stop } = store.getState();
    const isOver = state.run.state === 'running' || state.session.epoch !== before.session.epoch;
    if (stop !== null && isOver) store.setState({ stop: null });
    if (before.run.state === 'running' && isThere() && !preferences.store.getState().toured) go(0);
  });

  return {
    store,

    /** From the first stop; runs the example before where it is not what is shown. */
    begin(): void {
      if (isThere()) {
        go(0);
        return;
      }
      preferences.set({ toured: false });
      run();
    },

    /** One stop on or back; behind the last one it ends. */
    step(by: 1 | -1): void {
      const { stop } = store.getState();
      if (stop === null) return;
      if (stop + by >= STOPS.length) this.leave();
      else go(stop + by);
    },

    leave(): void {
      store.setState({ stop: null });
      preferences.set({ toured: true });
    },
  };
}
