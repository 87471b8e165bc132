// What disturbs one wire: throttle, delay, fragments and a changed byte, in each direction, and cuts after a time. Put
// together from what stands on the board; moves no byte itself, and must cost nothing while nothing stands.

import { assertNever, type CutKind, type Direction, type FaultOrigin } from '../../shared/capture/records.ts';
import type { Disturbance } from '../../shared/contract.ts';
import type { FaultNote } from './recorder.ts';
import type { ArmedDisturbance, Clock, PlannedChange } from './types.ts';

/** What is told to the recorder of one that was taken back, in place of its amount. */
const TAKEN_BACK = 0;

/** Whether a disturbance is carried by one direction of an end that it names. */
function disturbs(disturbance: Disturbance, direction: Direction): boolean {
  switch (disturbance.fault) {
    case 'throttle':
    case 'delay':
    case 'fragment':
      return disturbance.direction === direction;
    case 'corrupt':
      return direction === 'out';
    case 'cut-after':
    case 'cut-idle':
      return false;
    default:
      return assertNever(disturbance);
  }
}

type Note = (note: FaultNote) => void;
type Spent = (armed: ArmedDisturbance) => void;

/** One direction of a wire: what a slice of bytes has to bear before it may move. */
export class Way {
  /** Something stands. Read for every slice, so kept ready. */
  active = false;
  /** Bytes per second; 0: not throttled. */
  rate = 0;
  /** Bytes of one write, or of one delivery, at most. */
  fragment = Infinity;
  readonly #direction: Direction;
  readonly #note: Note;
  readonly #spent: Spent;
  #delay = 0;
  /** When the delay was set (ms of the clock): what waited before that waits anew. */
  #delaySince = -Infinity;
  /** From the board, from a plan that was reached, and both. */
  #armed: readonly ArmedDisturbance[] = [];
  #reached: readonly ArmedDisturbance[] = [];
  #standing: readonly ArmedDisturbance[] = [];
  /** What is still to come, by position. */
  #planned: readonly PlannedChange[] = [];
  #lastPlanned = 0;
  /** Those that the record tells of. */
  readonly #told = new Map<number, ArmedDisturbance>();

  constructor(direction: Direction, note: Note, spent: Spent) {
    this.#direction = direction;
    this.#note = note;
    this.#spent = spent;
  }

  /** @param at bytes of this direction that have moved @param now ms of the clock */
  stand(standing: readonly ArmedDisturbance[], at: number, now: number): void {
    this.#armed = standing.filter(({ disturbance }) => disturbs(disturbance, this.#direction));
    this.#settle(at, now);
  }

  /** Position of the next change that is planned: what moves at once ends there. */
  get limit(): number {
    return this.#planned[0]?.at ?? Infinity;
  }

  /** Plans a change; those of one position come in the order in which they are planned. */
  plan(change: PlannedChange, at: number, now: number): void {
    this.#planned = [...this.#planned, change].sort((x, y) => x.at - y.at);
    this.active = true;
    this.reach(at, now);
  }

  /** So many bytes have moved: what is planned for there stands from now on, or stands no longer. */
  reach(at: number, now: number): void {
    if (this.limit > at) return;
    for (let next = this.#planned[0]; next !== undefined && next.at <= at; next = this.#planned[0]) {
      this.#planned = this.#planned.slice(1);
      const { action } = next;
      if (next.amount === TAKEN_BACK) {
        // The record does not say which: of several the first.
        const gone = this.#reached.find(({ disturbance }) => disturbance.fault === action);
        this.#reached = this.#reached.filter((armed) => armed !== gone);
      } else this.#reached = [...this.#reached, this.#armedAs(next)];
    }
    this.#settle(at, now);
  }

  /** The board's identifiers are positive. */
  #armedAs({ action, at, amount }: PlannedChange): ArmedDisturbance {
    const place = { end: 'client', direction: this.#direction } as const;
    const of = (): Disturbance => {
      switch (action) {
        case 'throttle':
          return { fault: action, ...place, rate: amount };
        case 'delay':
          return { fault: action, ...place, milliseconds: amount };
        case 'fragment':
          return { fault: action, ...place, bytes: amount };
        case 'corrupt':
          return { fault: action, end: place.end, at, mask: amount };
        default:
          return assertNever(action);
      }
    };
    return { id: --this.#lastPlanned, disturbance: of(), origin: 'plan', state: 'armed' };
  }

  #settle(at: number, now: number): void {
    this.#standing = [...this.#armed, ...this.#reached];
    this.active = this.#standing.length > 0 || this.#planned.length > 0;
    this.rate = 0;
    this.fragment = Infinity;
    let delay = 0;
    // Of several of a kind the one that is felt most; delays add up.
    for (const { disturbance } of this.#standing) {
      if (disturbance.fault === 'throttle') this.rate = slower(this.rate, disturbance.rate);
      else if (disturbance.fault === 'delay') delay += disturbance.milliseconds;
      else if (disturbance.fault === 'fragment') this.fragment = Math.min(this.fragment, disturbance.bytes);
    }
    if (delay !== this.#delay) this.#delaySince = now;
    this.#delay = delay;
    for (const armed of Array.from(this.#told.values())) {
      if (this.#standing.includes(armed)) continue;
      this.#told.delete(armed.id);
      this.#tell(armed, at, TAKEN_BACK);
    }
  }

  /** Milliseconds that bytes which came at `since` have still to wait; 0: they may move. */
  wait(since: number, now: number): number {
    return this.#delay === 0 ? 0 : Math.max(0, Math.max(since, this.#delaySince) + this.#delay - now);
  }

  /**
   * Bytes are about to move: the record is told, once, of what stands, and a byte that is to be changed is changed.
   * @param at position of the first of them
   * @returns the same bytes, or a changed copy
   */
  strike(bytes: Uint8Array, at: number): Uint8Array {
    let struck = bytes;
    for (const armed of this.#standing) {
      const { disturbance } = armed;
      if (disturbance.fault !== 'corrupt') {
        if (this.#told.has(armed.id)) continue;
        this.#told.set(armed.id, armed);
        this.#tell(armed, at, amountOf(disturbance));
        continue;
      }
      const place = disturbance.at - at;
      if (armed.state !== 'armed' || place < 0 || place >= bytes.length) continue;
      // No slice(): of a Buffer that is no copy.
      if (struck === bytes) struck = Uint8Array.from(bytes);
      struck[place]! ^= disturbance.mask;
      this.#tell(armed, disturbance.at, disturbance.mask);
      if (this.#reached.includes(armed)) this.#reached = this.#reached.filter((one) => one !== armed);
      else this.#spent(armed);
    }
    return struck;
  }

  #tell({ disturbance, origin }: ArmedDisturbance, at: number, amount: number): void {
    const { fault } = disturbance;
    if (fault === 'cut-after' || fault === 'cut-idle') return;
    this.#note({ direction: this.#direction, action: fault, origin, at, amount });
  }
}

function amountOf(disturbance: Disturbance): number {
  switch (disturbance.fault) {
    case 'throttle':
      return disturbance.rate;
    case 'fragment':
      return disturbance.bytes;
    case 'corrupt':
      return disturbance.mask;
    case 'delay':
    case 'cut-after':
      return disturbance.milliseconds;
    case 'cut-idle':
      return disturbance.firstByte;
    default:
      return assertNever(disturbance);
  }
}

/** The slower of two rates, bytes per second, of which 0 is none. */
export function slower(one: number, other: number): number {
  return one === 0 ? other : other === 0 ? one : Math.min(one, other);
}

/** The cuts after a time of one wire: each counts from when the wire is opened, or from when it is armed if that is later. */
export class TimedCuts {
  readonly #clock: Clock;
  readonly #cut: (cut: CutKind, direction: Direction, origin: FaultOrigin) => void;
  readonly #spent: Spent;
  /** What takes back the timer of each. */
  readonly #waiting = new Map<ArmedDisturbance, () => void>();

  constructor(
    clock: Clock,
    cut: (cut: CutKind, direction: Direction, origin: FaultOrigin) => void,
    spent: Spent,
  ) {
    this.#clock = clock;
    this.#cut = cut;
    this.#spent = spent;
  }

  stand(standing: readonly ArmedDisturbance[]): void {
    for (const [armed, cancel] of Array.from(this.#waiting)) {
      if (standing.includes(armed)) continue;
      cancel();
      this.#waiting.delete(armed);
    }
    for (const armed of standing) {
      const { disturbance, origin } = armed;
      if (disturbance.fault !== 'cut-after' || this.#waiting.has(armed)) continue;
      const { cut, direction, milliseconds } = disturbance;
      const cancel = this.#clock.after(milliseconds, () => {
        this.#waiting.delete(armed);
        if (armed.state !== 'armed') return;
        // First, so that a connection that is opened for what this one leaves undone is not under it.
        this.#spent(armed);
        this.#cut(cut, direction, origin);
      });
      this.#waiting.set(armed, cancel);
    }
  }

  stop(): void {
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }
}
