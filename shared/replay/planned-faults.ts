// The faults of a recorded session as they are made again: what breaks or holds a connection at a byte, and what disturbs it
// from a byte on. Pure; must never make one of what only lets go of another.

import type { CutKind, Direction, End, FaultRecord, Stream } from '../capture/records.ts';
import { assertNever, streamOf } from '../capture/records.ts';

/** A cut, or a stall, at a byte of one end's direction. */
export interface PlannedFault {
  readonly end: End;
  readonly direction: Direction;
  /** Position in the stream, as it was recorded. */
  readonly at: number;
  readonly cut: CutKind;
}

/** A throttle, a delay, fragments or a changed byte, from a byte of one end's direction on; `amount` as a FaultRecord's. */
export interface PlannedDisturbance {
  readonly end: End;
  readonly direction: Direction;
  readonly action: 'throttle' | 'delay' | 'fragment' | 'corrupt';
  /** Position in the stream, as it was recorded. */
  readonly at: number;
  readonly amount: number;
}

/** What a recorded fault is to do again; nothing where it is none that disturbs. */
export function plannedDisturbance({
  end,
  direction,
  at,
  action,
  amount,
}: FaultRecord): PlannedDisturbance[] {
  switch (action) {
    case 'throttle':
    case 'delay':
    case 'fragment':
    case 'corrupt':
      return amount === undefined ? [] : [{ end, direction, at, action, amount }];
    case 'cut':
    case 'stall':
    case 'resume':
      return [];
    default:
      return assertNever(action);
  }
}

/** The same of one that breaks or holds. */
export function plannedFault({ end, direction, at, action, cut }: FaultRecord): PlannedFault[] {
  switch (action) {
    case 'cut':
      return [{ end, direction, at, cut: cut ?? 'rst' }];
    case 'stall':
      return [{ end, direction, at, cut: 'stall' }];
    case 'resume':
    case 'throttle':
    case 'delay':
    case 'fragment':
    case 'corrupt':
      return [];
    default:
      return assertNever(action);
  }
}

/** The stream that a fault's byte is counted in. */
export function streamOfFault({ end, direction }: Pick<PlannedFault, 'end' | 'direction'>): Stream {
  return streamOf(end, direction);
}

/** Whether it was done to bytes of the request. */
export function isOfRequest({ end, direction }: FaultRecord): boolean {
  return streamOf(end, direction) === 'request';
}
