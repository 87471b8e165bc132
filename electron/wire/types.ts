// The captured, breakable socket as the server and the client see it. Whoever holds a Wire reads and writes through
// it only, so that nothing happens on a connection without a record.

import type { CutKind, Direction, End, Endpoint, FaultOrigin } from '../../shared/capture/records.ts';
import type { CutSpec } from '../../shared/contract.ts';
import type { ClosedNote, Recorder } from './recorder.ts';

/** Time as strategies and jobs see it; tests put their own in its place. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Calls once after that many milliseconds; the returned function takes it back. */
  after(milliseconds: number, call: () => void): () => void;
}

export interface WireHandler {
  /** Bytes were read. Valid during the call only, unless copied. */
  data(bytes: Uint8Array): void;
  /** The peer sent its FIN: nothing more will be read. */
  end?(): void;
  /** The connection is over at this end; called exactly once, last. */
  closed(note: ClosedNote): void;
}

export interface Wire {
  readonly connection: number;
  readonly end: End;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Bytes handed to the kernel, bytes read and delivered. */
  readonly sent: number;
  readonly received: number;
  /** False once a close or a cut has begun. */
  readonly open: boolean;
  /** Sets who is told; bytes read before are delivered then. */
  handle(handler: WireHandler): void;
  /**
   * Writes bytes, in slices of 64 KiB at most, at the board's pace, one slice in flight. Resolves true when the last
   * was handed to the kernel, false when the wire closed before. The bytes must not be changed afterwards.
   */
  write(bytes: Uint8Array): Promise<boolean>;
  /** Sends our FIN after what was written; reading goes on. */
  finish(): void;
  /** Gives up without a fault: `silence` (patience ran out), `rst`, or `fin` (FIN, then discard until the peer closes). */
  close(how: 'fin' | 'rst' | 'silence'): void;
  /** Breaks the connection now. */
  cut(cut: CutKind, direction: Direction, origin: FaultOrigin): void;
  /** Breaks it when that direction reaches absolute byte `at`: exactly that many are delivered or sent. */
  cutAt(at: number, cut: CutKind, direction: Direction, origin: FaultOrigin, content?: number): void;
  /** Holds bytes in both directions until resumed. */
  stall(origin: FaultOrigin): void;
  resume(origin: FaultOrigin): void;
  /** Back-pressure of the application: no more `data` until `flow(true)`. No fault, no record. */
  flow(on: boolean): void;
}

/**
 * What is armed, and how fast writes go, for every wire of an engine. Specs armed with origin `plan` queue: the next
 * is armed, for connections opened later, only when the one before has fired. Those of `user` stand each on its own.
 */
export interface FaultBoard {
  /** Bytes per second of each direction of each wire; 0 = unpaced. */
  rate: number;
  arm(spec: CutSpec, origin: 'user' | 'plan'): number;
  /** Takes one back that has not fired; false if there is none. */
  disarm(id: number): boolean;
  /** All that were armed since the last clear, in order. */
  list(): readonly { readonly id: number; readonly spec: CutSpec; readonly fired: boolean }[];
  clear(): void;
  /** Open wires, by connection number and end. */
  wire(connection: number, end: End): Wire | undefined;
  /** Called after every change: armed, fired, taken back, stalled, resumed, opened, closed. One listener. */
  changed: () => void;
}

export interface WireContext {
  readonly recorder: Recorder;
  readonly board: FaultBoard;
  readonly clock: Clock;
}

/** Resolves with an open wire. Rejects with a {@link WireError}; a refusal is recorded as a connection closed by error. */
export type Connect = (host: string, port: number, context: WireContext) => Promise<Wire>;

export interface Listener {
  readonly port: number;
  readonly address: string;
  /** Stops listening and resets what is open. */
  close(): Promise<void>;
}

/** Listens on a loopback address; `port` 0: any. Rejects with a {@link WireError}. */
export type Listen = (
  host: string,
  port: number,
  context: WireContext,
  accept: (wire: Wire) => void,
) => Promise<Listener>;

/** What the wire says of a failure: a code and a sentence for the user. */
export class WireError extends Error {
  readonly code: 'refused' | 'unreachable' | 'port-in-use' | 'not-loopback' | 'name' | 'other';
  constructor(code: WireError['code'], message: string) {
    super(message);
    this.name = 'WireError';
    this.code = code;
  }
}
