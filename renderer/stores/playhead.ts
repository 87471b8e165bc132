// The time that every panel shows. Infinity: all there is, which for a live session means following it. Playing moves
// the playhead by the clock it is given; nothing is derived again for it.

import { createStore } from 'zustand/vanilla';

export interface PlayheadState {
  /** Nanoseconds since the session began; Infinity at the end. */
  readonly time: number;
  readonly playing: boolean;
  /** Times real time: 0.1 … 100. */
  readonly speed: number;
}

export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 100] as const;

interface PlayheadHost {
  /** The time of the last event, nanoseconds. */
  endTime(): number;
  /** Calls back once, in the next frame, with a clock in milliseconds. */
  nextFrame(callback: (now: number) => void): void;
}

export function createPlayhead(host: PlayheadHost) {
  const store = createStore<PlayheadState>(() => ({ time: Infinity, playing: false, speed: 1 }));
  /** Which run of the loop is the present one: an older one ends at its next frame. */
  let turn = 0;

  const loop = (mine: number, before: number | null): void => {
    host.nextFrame((now) => {
      const { playing, time, speed } = store.getState();
      if (mine !== turn || !playing) return;
      if (before !== null) {
        const next = time + (now - before) * 1e6 * speed;
        if (next >= host.endTime()) {
          store.setState({ time: Infinity, playing: false });
          return;
        }
        store.setState({ time: next });
      }
      loop(mine, now);
    });
  };

  return {
    store,

    /** From where the playhead stands; at the end, from the beginning. */
    play(): void {
      const { time } = store.getState();
      store.setState({ playing: true, time: time >= host.endTime() ? 0 : time });
      loop(++turn, null);
    },

    /** Stops where it is; at the live end, freezes what is shown. */
    pause(): void {
      const { time } = store.getState();
      turn++;
      store.setState({ playing: false, time: Math.min(time, host.endTime()) });
    },

    /** Shows the state at a time; at or past the end, all there is. */
    seek(time: number): void {
      store.setState({ time: time >= host.endTime() ? Infinity : Math.max(0, time) });
    },

    /** To the end, and with it if it is live. */
    toEnd(): void {
      turn++;
      store.setState({ time: Infinity, playing: false });
    },

    setSpeed(speed: number): void {
      store.setState({ speed: Math.min(100, Math.max(0.1, speed)) });
    },
  };
}
