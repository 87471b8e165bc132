// The capture vocabulary: what really happened at one end of one connection. Only these are stored;
// messages, exchanges, coverage and progress are derived from them and never written down.

/** Which end of a connection saw something. A relay holds one of each, on two connections. */
export type End = 'client' | 'server';

/** Seen from an end: `out` is what it writes, `in` what it reads. */
export type Direction = 'out' | 'in';

/** One of the two byte streams of a connection: `request` runs from client to server, `response` back. */
export type Stream = 'request' | 'response';

/** The stream that an end writes (`out`) or reads (`in`). */
export function streamOf(end: End, direction: Direction): Stream {
  return (end === 'client') === (direction === 'out') ? 'request' : 'response';
}

/** One side of a TCP connection: IP address in text form and port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * How an end of a connection ended: `fin` an orderly end, `rst` a reset, `silence` given up after hearing
 * nothing, `error` anything else (refused, host unreachable …).
 */
export type Closing = 'fin' | 'rst' | 'silence' | 'error';

/** What a fault does. A `cut` ends a connection (or silences it: kind `stall`); the others disturb it. */
export type FaultAction = 'cut' | 'stall' | 'resume' | 'throttle' | 'delay' | 'fragment' | 'corrupt';
export type CutKind = 'rst' | 'fin' | 'stall';

/** Who asked for a fault: a person, a plan (`--cut`, an experiment's own), or the test server's own test. */
export type FaultOrigin = 'user' | 'plan' | 'server';

interface At {
  /** Nanoseconds since the session began, on one clock for both ends. */
  readonly time: number;
  /** 1, 2, 3 … in the order in which connections were opened; both ends of a connection share it. 0: none. */
  readonly connection: number;
}

export interface OpenedRecord extends At {
  readonly kind: 'opened';
  readonly end: End;
  readonly client: Endpoint;
  readonly server: Endpoint;
}

/**
 * Bytes at one end. `sent` is recorded before the write, `received` when read and delivered, `discarded` when read
 * after a FIN cut and thrown away. `bytes` is null where the other end's record holds them, or they were over budget.
 */
export interface BytesRecord extends At {
  readonly kind: 'sent' | 'received' | 'discarded';
  readonly end: End;
  /** Position in the stream (of {@link streamOf}) of the first byte; 0 is the first byte of the connection. */
  readonly offset: number;
  readonly length: number;
  readonly bytes: Uint8Array | null;
}

/** Half a close: this end sent its FIN (`out`) or read the peer's (`in`). */
export interface EndedRecord extends At {
  readonly kind: 'ended';
  readonly end: End;
  readonly direction: Direction;
}

export interface ClosedRecord extends At {
  readonly kind: 'closed';
  readonly end: End;
  readonly how: Closing;
  /** Who ended it: the peer's or our own ordinary close, or a fault that we applied. */
  readonly by: 'client' | 'server' | 'fault';
  /** Bytes that were truly handed to the kernel; less than the sum of `sent` takes the difference back. */
  readonly sent: number;
  readonly received: number;
  /** For `error`: a code such as ECONNREFUSED. */
  readonly error?: string;
}

/** A fault that was applied (not merely armed). */
export interface FaultRecord extends At {
  readonly kind: 'fault';
  readonly end: End;
  readonly direction: Direction;
  readonly action: FaultAction;
  /** For a `cut`: how it cuts. */
  readonly cut?: CutKind;
  readonly origin: FaultOrigin;
  /** Position in the stream at which it took effect. */
  readonly at: number;
  /** The same as an offset in the representation, where the armed fault named one. */
  readonly content?: number;
  /**
   * `throttle`: bytes per second; `delay`: milliseconds; `fragment`: bytes per write; `corrupt`: the bits of the byte that
   * were turned. 0: it was taken back here.
   */
  readonly amount?: number;
}

/** What a step of an operation can be; the reason is in the record's `why`. */
export type StepName =
  | 'begin'
  | 'secure'
  | 'connect'
  | 'send'
  | 'await-continue'
  | 'learn-locations'
  | 'cut-noticed'
  | 'silence-noticed'
  | 'ask-offset'
  | 'offset-learned'
  | 'resume'
  | 'retry'
  | 'fetch-response'
  | 'follow-status'
  | 'acknowledge'
  | 'complete'
  | 'refused'
  | 'give-up';

/** A step that an operation took, and why: one sentence for a person. */
export interface StepRecord extends At {
  readonly kind: 'step';
  readonly step: StepName;
  readonly why: string;
}

/** The session speaks of itself: its name, the experiment it ran with which parameters, its outcome. */
export interface AboutRecord extends At {
  readonly kind: 'about';
  readonly experiment?: string;
  readonly title?: string;
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  /** The user's own server that it ran against. */
  readonly target?: string;
  /** Cuts that were planned when it began, as the command line writes them. */
  readonly cuts?: readonly string[];
  readonly outcome?: 'completed' | 'failed' | 'refused';
  readonly reason?: string;
  readonly digest?: { readonly sent: string | null; readonly stored: string | null };
  readonly checks?: readonly { readonly id: string; readonly level: CheckLevel; readonly message: string }[];
  readonly tables?: readonly ResultTable[];
}

/** What a run found out, where it is more than a sentence: which client noticed what, which response arrived where. */
export interface ResultTable {
  readonly title: string;
  readonly columns: readonly string[];
  /** As many cells each as there are columns; the first names the row. */
  readonly rows: readonly (readonly string[])[];
  /** What to bear in mind when reading it: one sentence. */
  readonly note?: string;
}

/**
 * What a person wrote beside something that happened. A later one with the same `id` takes its place; an empty text takes it
 * back. Its `connection` is that of what it is beside; 0: none.
 */
export interface RemarkRecord extends At {
  readonly kind: 'remark';
  /** 1, 2, 3 … in the order in which they were first written. */
  readonly id: number;
  readonly beside: RemarkPlace;
  /** What remark.ts lets pass. */
  readonly text: string;
}

/** What a remark is beside: said by what will be found again however the session is read. */
export interface RemarkPlace {
  /** The name of an event's kind (model/events.ts), or `moment`: a time at which nothing needs to have happened. */
  readonly event: string;
  /** Nanoseconds since the session began: when that was. */
  readonly time: number;
  /** Where several of a kind came at once: the position that tells this one. */
  readonly position?: number;
}

/** `pass` met, `info` worth knowing, `warning` unusual, `error` broken. */
export type CheckLevel = 'pass' | 'info' | 'warning' | 'error';

export type CaptureRecord =
  | OpenedRecord
  | BytesRecord
  | EndedRecord
  | ClosedRecord
  | FaultRecord
  | StepRecord
  | AboutRecord
  | RemarkRecord;

/** When a session began: wall clock in nanoseconds since 1970 (UTC). */
export interface SessionHeader {
  readonly startedAt: bigint;
  readonly application: string;
}

/** Makes a forgotten case of a closed union a type error. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
