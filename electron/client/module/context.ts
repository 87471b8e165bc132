// Where a request of a program happens: by default nowhere that is recorded, with no faults, on the machine's own time.

import { systemClock } from '../../wire/clock.ts';
import { createFaultBoard } from '../../wire/faults.ts';
import type { Recorder } from '../../wire/recorder.ts';
import type { WireContext } from '../../wire/types.ts';

export function contextOf(given: Partial<WireContext> = {}): WireContext {
  return {
    recorder: given.recorder ?? silentRecorder(),
    board: given.board ?? createFaultBoard(),
    clock: given.clock ?? systemClock,
  };
}

/** Keeps nothing; it only numbers the connections. */
function silentRecorder(): Recorder {
  let connections = 0;
  const nothing = (): void => {};
  return {
    now: () => 0,
    opened: () => ++connections,
    sent: nothing,
    received: () => false,
    discarded: nothing,
    ended: nothing,
    closed: nothing,
    fault: nothing,
    step: nothing,
    about: nothing,
  };
}
