// What the interface says beside its panels: problems to be read and dismissed, and words for screen readers.
// Bounded: the oldest of more than five goes; the same sentence again only moves to the end.

import { createStore } from 'zustand/vanilla';

export interface Notice {
  readonly id: number;
  readonly tone: 'error' | 'info';
  readonly message: string;
  /** What can be done about it by one press; absent: nothing. */
  readonly action?: NoticeAction;
}

interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

interface NoticesState {
  readonly notices: readonly Notice[];
  /** The newest word for the live region. */
  readonly spoken: string;
}

const MOST = 5;

export type Notices = ReturnType<typeof createNotices>;

export function createNotices() {
  const store = createStore<NoticesState>(() => ({ notices: [], spoken: '' }));
  let next = 1;
  return {
    store,

    /** Returns its number, by which it can be dismissed. */
    tell(tone: Notice['tone'], message: string, action?: NoticeAction): number {
      const others = store.getState().notices.filter((notice) => notice.message !== message);
      const notice: Notice = { id: next++, tone, message, ...(action === undefined ? {} : { action }) };
      store.setState({ notices: [...others, notice].slice(-MOST), spoken: message });
      return notice.id;
    },

    /** Says something in the live region only. */
    say(spoken: string): void {
      store.setState({ spoken });
    },

    /** Takes back mere information, once something new begins. */
    clearInformation(): void {
      store.setState({ notices: store.getState().notices.filter(({ tone }) => tone === 'error') });
    },

    dismiss(id: number): void {
      store.setState({ notices: store.getState().notices.filter((notice) => notice.id !== id) });
    },
  };
}
