// Time for tests that run what waits: the machine's, with leaps over whatever would only be waited for. A test does not
// take the time that it tells of, and nothing is late because the machine is slow, or busy with others.

import { performance } from 'node:perf_hooks';
import { systemClock } from '../../electron/wire/clock.ts';
import type { Clock } from '../../electron/wire/types.ts';

interface Waiting {
  readonly at: number;
  readonly call: () => void;
}

/** Still looks in a row before a leap over up to so many milliseconds: time-outs are not to win a race. */
const STILL: readonly (readonly [upTo: number, looks: number])[] = [
  [100, 3],
  [1000, 5],
  [Infinity, 8],
];
/** Looks of that many in a row are a turn of the loop apart, those after them a millisecond. */
const TURNS = 3;
/** Looks after which a call is made that is due, however much is under way. */
const LATEST = 20;

/** What ends by itself, and is no event of the loop before: work on the disk, and names. */
const UNDER_WAY = /^(?:FSReq|FileHandle|CloseReq|GetAddrInfo)/;
/** Somebody wants the next turn. */
const NEXT_TURN = 'Immediate';
/** A program that was started. Nobody sees whether it is under way: pauses are leaped over, what it may be waited for is not. */
const PROGRAM = 'ProcessWrap';
const STILL_WITH_PROGRAM: typeof STILL = [
  [1000, 10],
  [Infinity, Infinity],
];

/** Clocks that somebody waits for. */
const clocks = new Set<{ turn(still: number, needed: typeof STILL): void }>();
let looking = false;
let seen = 0;
let still = 0;

function look(): void {
  const { events } = performance.nodeTiming.uvMetricsInfo;
  const resources = process.getActiveResourcesInfo();
  const moved = events !== seen || resources.includes(NEXT_TURN);
  const pending = resources.some((name) => UNDER_WAY.test(name));
  still = moved || pending ? 0 : still + 1;
  const needed = resources.includes(PROGRAM) ? STILL_WITH_PROGRAM : STILL;
  seen = events;
  for (const clock of clocks) clock.turn(still, needed);
  looking = false;
  lookAgain(moved || (!pending && still < TURNS));
}

function lookAgain(soon: boolean): void {
  if (looking || clocks.size === 0) return;
  looking = true;
  if (soon) setImmediate(look);
  else setTimeout(look, 1);
}

/**
 * A clock that leaps to the next call once nothing is under way in this process. What is due waits for such a moment, too:
 * whatever came meanwhile may have made it needless. Both ends must live by it: it does not wait for the machine's clock.
 * @param busy milliseconds that a look leaps over which finds something under way, for tests of what never stands still
 */
export function leaping(busy = 0): Clock {
  /** Those that wait, in the order of their times. */
  const queue: Waiting[] = [];
  let leapt = 0;
  let overdue = 0;
  const now = (): number => systemClock.now() + leapt;

  const clock = {
    turn(looks: number, needed: typeof STILL): void {
      if (looks === 0) leapt += busy;
      const first = queue[0]!;
      const left = first.at - now();
      if (left > 0) {
        if (looks < needed.find(([upTo]) => left <= upTo)![1]) return;
        leapt += left;
      } else if (looks === 0 && ++overdue < LATEST) return;
      remove(0);
      still = 0;
      first.call();
    },
  };

  function remove(index: number): void {
    queue.splice(index, 1);
    if (index === 0) overdue = 0;
    if (queue.length === 0) clocks.delete(clock);
  }

  return {
    now,
    after(milliseconds, call) {
      const waiting = { at: now() + Math.max(milliseconds, 0), call };
      let index = queue.length;
      while (index > 0 && queue[index - 1]!.at > waiting.at) index--;
      queue.splice(index, 0, waiting);
      clocks.add(clock);
      lookAgain(true);
      return () => {
        const found = queue.indexOf(waiting);
        if (found >= 0) remove(found);
      };
    },
  };
}
