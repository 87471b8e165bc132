// Which exchange is pointed at, in whichever panel: every panel lights it. Drawn by those who listen, without a render.

import { createStore } from 'zustand/vanilla';
import type { Pointed } from '../timeline/types.ts';

export function createPointed(): Pointed {
  const store = createStore<{ readonly exchange: number | null }>(() => ({ exchange: null }));
  return {
    exchange: () => store.getState().exchange,
    point: (exchange) => {
      if (exchange !== store.getState().exchange) store.setState({ exchange });
    },
    subscribe: (changed) => store.subscribe(changed),
  };
}
