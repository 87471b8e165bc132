// Which dialog is open: one at a time, opened by commands that know nothing of components.

import { createStore } from 'zustand/vanilla';

type DialogName = 'export' | 'settings';

export function createDialogs() {
  const store = createStore<{ open: DialogName | null }>(() => ({ open: null }));
  return {
    store,
    show: (open: DialogName): void => store.setState({ open }),
    close: (): void => store.setState({ open: null }),
  };
}
