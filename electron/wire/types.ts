// The captured, breakable socket as the server and the client see it. Whoever holds a Wire reads and writes through
// it only, so that nothing happens on a connection without a record.

import type { CutKind, Direction, End, Endpoint, FaultOrigin } from '../../shared/capture/records.ts';
import type { CutSpec, Disturbance } from '../../shared/contract.ts';
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
  /** The peer sent its FIN: nothing more will be read. Without this method the wire finishes, too. */
  end?(): void;
  /**
   * The connection is over for whoever holds the wire; called exactly once, last, never from inside a method of the
   * wire. After a FIN that we sent it comes at once; what is discarded until the peer closes is the wire's own affair.
   */
  closed(note: ClosedNote): void;
}

/** A disturbance as a record tells it: what, from which byte on, and how much (as a FaultRecord's `amount`). */
export interface PlannedChange {
  readonly action: 'throttle' | 'delay' | 'fragment' | 'corrupt';
  readonly at: number;
  readonly amount: number;
}

export interface Wire {
  readonly connection: number;
  readonly end: End;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Bytes handed to the kernel, bytes read and delivered. */
  readonly sent: number;
  readonly received: number;
  /** False once a close, or a cut that ends the connection, has begun. Silence leaves it open: it can be resumed. */
  readonly open: boolean;
  /** Bytes are held, by {@link stall} or by a cut of kind `stall`. */
  readonly stalled: boolean;
  /** Resolves once the connection's last record is made: after our FIN, when the peer has ended it, too, or was left. */
  readonly over: Promise<void>;
  /** Sets who is told; bytes read before are delivered then. */
  handle(handler: WireHandler): void;
  /**
   * Writes bytes, recorded in slices of 64 KiB at most, at the board's pace, one write in flight: of one slice when
   * paced (25 a second or more), of 16 when not. Resolves true when the last
   * was handed to the kernel, false when the wire closed before. The bytes must not be changed afterwards. What waits
   * is not bounded here: a writer with much to say awaits each write.
   */
  write(bytes: Uint8Array): Promise<boolean>;
  /** Sends our FIN after what was written; reading goes on. */
  finish(): void;
  /**
   * Gives up without a fault: `silence` (patience ran out; the peer sees a reset), `rst`, or `fin` (FIN behind the slice
   * in flight, then discard until the peer closes, for 5 s and 64 MiB at most; what was not begun is not sent).
   * Whatever but `fin` ends such a discarding at once.
   */
  close(how: 'fin' | 'rst' | 'silence'): void;
  /**
   * Breaks the connection now. `stall` silences it: held in both directions, as {@link stall}, for a server that still
   * answers is not silent; the direction only says where its byte is counted.
   */
  cut(cut: CutKind, direction: Direction, origin: FaultOrigin): void;
  /**
   * Breaks it when that direction reaches absolute byte `at`: exactly that many are delivered or sent. At once if it is
   * there or past it, but byte 0 is reached by the first byte only. With `content`, a content spec of the user that says the same counts as fired by it.
   */
  cutAt(at: number, cut: CutKind, direction: Direction, origin: FaultOrigin, content?: number): void;
  /**
   * Plans a disturbance of origin `plan` for a direction, as the record of a session has it: from that byte on, or, of a
   * `corrupt`, of that byte; with `amount` 0 the first of its kind that was planned is taken back there.
   */
  disturbAt(change: PlannedChange, direction: Direction): void;
  /**
   * Holds bytes in both directions until resumed, or until the other side gives up: resets, or, at the server's end,
   * sends its FIN. Its end is then `silence` by `fault`, and what was held is never delivered. The record names
   * direction `in`.
   */
  stall(origin: FaultOrigin): void;
  /** Goes on with what was held; without effect on a wire that holds nothing. */
  resume(origin: FaultOrigin): void;
  /** Back-pressure of the application: no more `data` until `flow(true)`. No fault, no record. */
  flow(on: boolean): void;
}

/**
 * What is armed, and how fast writes go, for every wire of an engine. Specs armed with origin `plan` queue: the next
 * is armed, for connections opened later, only when the one before has fired. Those of `user` stand each on its own.
 */
export interface FaultBoard {
  /** Bytes per second of each direction of each wire; 0 = unpaced. Live wires follow at once. */
  rate: number;
  /** The idle time-out that accepted wires are under, those that are opened from now on; null: none. */
  idle: IdleRule | null;
  /**
   * Arms a cut, which fires once. `server:` ones concern accepted wires, `client:` ones connected wires, opened later;
   * a byte spec of `user` also the live ones that have not passed its byte. At most 1000 stand: fired ones make room.
   * @throws {WireError} when 1000 stand and none has fired
   */
  arm(spec: CutSpec, origin: 'user' | 'plan'): number;
  /**
   * Arms what is no cut at a byte, for live wires and later ones (`cut-idle`: later ones only). Stands until it is taken
   * back; `corrupt` and `cut-after` until they have struck once. At most 100 stand.
   * @throws {WireError} when as many stand
   */
  disturb(disturbance: Disturbance, origin: 'user' | 'plan'): number;
  /** Those that stand, in order. */
  disturbances(): readonly ArmedDisturbance[];
  /** Takes a cut back that has not fired, or a disturbance; false if there is none. */
  disarm(id: number): boolean;
  /** All that were armed and are neither taken back nor forgotten, in order. */
  list(): readonly { readonly id: number; readonly spec: CutSpec; readonly fired: boolean }[];
  /** Forgets the cuts that have fired, before something new begins; what was armed and waits stands on. */
  forgetFired(): void;
  /**
   * Cuts for one operation beside others: they queue, as those of a plan do, for the connections that are opened with them
   * ({@link WireContext.reserved}), at either end that is ours, until they are released.
   * @throws {WireError} as {@link arm} does
   */
  reserve(specs: readonly CutSpec[]): ReservedCuts;
  /** An open wire, by connection number and end. */
  wire(connection: number, end: End): Wire | undefined;
  /** All of them, in the order in which they were opened. */
  wires(): readonly Wire[];
  /** Called after every change: armed, fired, taken back, stalled, resumed, opened, closed. One listener. */
  changed: () => void;
  /** For wires only. */
  readonly registry: WireRegistry;
}

/** What {@link FaultBoard.reserve} gives: the end of a connection that is opened with it knows no other plan. */
export interface ReservedCuts {
  /** Takes back those that have not fired, and tells which. */
  release(): readonly CutSpec[];
}

/**
 * How long a server may be silent while it owes an answer: past it, its connection is reset, as a router before it would
 * do. That is a fault of origin `plan`.
 */
export interface IdleRule {
  /** Milliseconds from the end of a request, or of the answer before, to the first byte … */
  readonly firstByte: number;
  /** … and from any byte of either side to the next, until the answer is whole. */
  readonly between: number;
  /** What the first byte is: any that is sent, or one of the final response, for which interim ones do not count. */
  readonly first: 'any-byte' | 'final-response';
}

/** A cut on the board. Wires that carry it ask for its state when they get to its byte. */
export interface ArmedCut {
  readonly id: number;
  readonly spec: CutSpec;
  readonly origin: 'user' | 'plan';
  state: 'armed' | 'fired' | 'gone';
}

/** A disturbance on the board, with an identifier that no cut has. */
export interface ArmedDisturbance {
  readonly id: number;
  readonly disturbance: Disturbance;
  readonly origin: 'user' | 'plan';
  state: 'armed' | 'gone';
}

/** A wire as the board sees it. */
export interface RegisteredWire extends Wire {
  /** Bytes that were handed to the socket, whether or not the kernel has them. */
  readonly committed: number;
  carry(cut: ArmedCut): void;
  /** The rate changed. */
  repace(): void;
  /** What stands on the board has changed. */
  disturbed(): void;
}

/** What wires say to their board. */
export interface WireRegistry {
  opened(wire: RegisteredWire, reserved?: ReservedCuts): void;
  closed(wire: RegisteredWire): void;
  fired(cut: ArmedCut): void;
  /** A disturbance that strikes once has struck. */
  spent(armed: ArmedDisturbance): void;
  /** The content spec of a user that asks for the same cut at the same byte of the representation. */
  same(end: End, direction: Direction, cut: CutKind, content: number): ArmedCut | null;
  /** Bytes that the other end of the connection has read, as far as it is or was held here. */
  readByPeer(connection: number, end: End): number;
  stalledOrResumed(): void;
}

export interface WireContext {
  readonly recorder: Recorder;
  readonly board: FaultBoard;
  readonly clock: Clock;
  /** Of the board: for the connections that are opened with this context. */
  readonly reserved?: ReservedCuts;
}

/**
 * Resolves with an open wire. Rejects with a {@link WireError}, after 30 s of the clock at the latest. What never opened
 * leaves no record of the wire's: whoever asked records the refusal as a step.
 */
export type Connect = (
  host: string,
  port: number,
  context: WireContext,
  security?: Security,
) => Promise<Wire>;

/** What a connection is under. Of TLS the records hold what goes through it, as if it were not there. */
export type Security = 'none' | 'tls';

export interface Listener {
  readonly port: number;
  readonly address: string;
  /** Stops listening and resets what is open. */
  close(): Promise<void>;
}

/** Listens on a loopback address (127.0.0.0/8, ::1, localhost); `port` 0: any. Rejects with a {@link WireError}. */
export type Listen = (
  host: string,
  port: number,
  context: WireContext,
  accept: (wire: Wire) => void,
) => Promise<Listener>;

/** What the wire says of a failure: a code and a sentence for the user. */
export class WireError extends Error {
  readonly code: 'refused' | 'unreachable' | 'port-in-use' | 'not-loopback' | 'name' | 'tls' | 'other';
  constructor(code: WireError['code'], message: string) {
    super(message);
    this.name = 'WireError';
    this.code = code;
  }
}
