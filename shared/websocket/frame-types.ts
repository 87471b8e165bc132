// What is told of the frames of a WebSocket (RFC 6455 §5), and to whom. Only the vocabulary.

/** RFC 6455 §5.2. */
export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
export type Opcode = (typeof Opcode)[keyof typeof Opcode];

/** Close codes that have a meaning here (RFC 6455 §7.4.1). */
export const CloseCode = { normal: 1000, goingAway: 1001, protocol: 1002, data: 1007, tooBig: 1009 } as const;

export type FrameMessageType = 'text' | 'binary' | 'close' | 'ping' | 'pong';

/** A message, or a control frame. Valid only during the call that hands it over: its payload is used again. */
export interface FrameMessage {
  readonly type: FrameMessageType;
  /** Absolute positions in the stream: of its first frame's first byte, and the one behind its last frame. */
  readonly start: number;
  readonly end: number;
  /** Bytes of its payload in all. */
  readonly length: number;
  /** The first of them, unmasked: as many as the reader keeps. */
  readonly payload: Uint8Array;
  /** Its payload is compressed (RFC 7692 §6). */
  readonly compressed: boolean;
  /** Close: the code; null without. Else null. */
  readonly code: number | null;
}

export type FrameViolationCode =
  // read on
  | 'unmasked-client-frame'
  | 'masked-server-frame'
  | 'frame-length-not-minimal'
  // fatal
  | 'reserved-frame-bit'
  | 'unknown-frame-opcode'
  | 'control-frame-too-long'
  | 'control-frame-fragmented'
  | 'continuation-without-start'
  | 'message-within-message'
  | 'frame-too-long'
  | 'message-too-big'
  | 'malformed-close'
  | 'invalid-close-code'
  | 'text-not-utf-8'
  | 'frame-after-close';

export interface FrameViolation {
  readonly code: FrameViolationCode;
  /** Absolute position of the first offending byte. */
  readonly at: number;
  /** The code that the other end closes the connection with (RFC 6455 §7.4.1). */
  readonly close: number;
}

/** Violations behind which the frames can still be told apart. */
export const READ_ON: ReadonlySet<FrameViolationCode> = new Set([
  'unmasked-client-frame',
  'masked-server-frame',
  'frame-length-not-minimal',
]);

export interface FrameSink {
  message(message: FrameMessage): void;
  /** Bytes of the payload of a text or binary message that is not compressed, before the message. @param at absolute */
  payload?(at: number, length: number): void;
  violation(violation: FrameViolation): void;
}

export interface FrameOptions {
  /** Whose frames these are: the client masks its own, the server does not (RFC 6455 §5.1). */
  readonly from: 'client' | 'server';
  /** permessage-deflate was agreed on: the first frame of a message may have RSV1 (RFC 7692 §6). Default false. */
  readonly deflate?: boolean;
  /** Bytes of a text or binary message that are kept; control frames are always kept. Default 64 KiB. */
  readonly keeps?: number;
  /** Bytes of the largest message that is taken. Default: any. */
  readonly largest?: number;
}

export interface FrameReader {
  /**
   * Takes bytes[from … to) as the next ones of the stream; bytes[from] is at `at`. After a fatal violation, bytes are
   * ignored.
   */
  feed(bytes: Uint8Array, from: number, to: number, at: number): void;
  /** Within a frame, or between the frames of a message. */
  readonly inMessage: boolean;
  /** A Close frame has come. */
  readonly closed: boolean;
  readonly failed: FrameViolation | null;
}
