// What the wire and the strategies write their observations to. The session's recorder implements it; the wire
// knows nothing of files, models or windows.

import type {
  AboutRecord,
  Closing,
  CutKind,
  Direction,
  End,
  Endpoint,
  FaultAction,
  FaultOrigin,
  StepName,
} from '../../shared/capture/records.ts';

/** Everything of a record but what the recorder itself knows (its kind and its time). */
export interface ClosedNote {
  readonly how: Closing;
  readonly by: 'client' | 'server' | 'fault';
  readonly sent: number;
  readonly received: number;
  readonly error?: string;
}

export interface FaultNote {
  readonly direction: Direction;
  readonly action: FaultAction;
  readonly cut?: CutKind;
  readonly origin: FaultOrigin;
  readonly at: number;
  readonly content?: number;
  readonly amount?: number;
}

export interface Recorder {
  /** Nanoseconds since the session began (monotonic). */
  now(): number;
  /**
   * An end of a connection is open. Both ends of one TCP connection (same client and server endpoints) that are held
   * in this process get the same number, whichever comes first.
   */
  opened(end: End, client: Endpoint, server: Endpoint): number;
  /** Call before the write. The bytes are kept by reference: the caller must not change them afterwards. */
  sent(connection: number, end: End, bytes: Uint8Array): void;
  /** Bytes were read and are about to be delivered. True: they are kept by reference and must not be overwritten. */
  received(connection: number, end: End, bytes: Uint8Array): boolean;
  /** Bytes were read and thrown away. They are not overwritten: they may be kept by reference. */
  discarded(connection: number, end: End, bytes: Uint8Array): void;
  ended(connection: number, end: End, direction: Direction): void;
  closed(connection: number, end: End, note: ClosedNote): void;
  fault(connection: number, end: End, note: FaultNote): void;
  /** `connection` 0 where the step belongs to none. `why`: one sentence. */
  step(connection: number, step: StepName, why: string): void;
  about(about: Omit<AboutRecord, 'kind' | 'time' | 'connection'>): void;
}
