// Frames of a WebSocket (RFC 6455 §5) out of the bytes of one direction, joined to messages. Sans I/O; never copies more
// of a message than it keeps, never throws for what a peer sent.

import { FrameHead } from './frame-head.ts';
import {
  CloseCode,
  type FrameMessageType,
  type FrameOptions,
  type FrameReader,
  type FrameSink,
  type FrameViolation,
  type FrameViolationCode,
  Opcode,
  READ_ON,
} from './frame-types.ts';
import { Utf8Check } from './utf8.ts';

const KEEPS = 64 * 1024;
/** RFC 6455 §5.5. */
const LONGEST_CONTROL = 125;
const RSV1 = 0x40;

/** Makes a reader for the frames of one direction, from behind the handshake on. */
export function createFrameReader(sink: FrameSink, options: FrameOptions): FrameReader {
  return new Reader(sink, options);
}

/** What is collected of a message, or of a control frame. */
class Collected {
  type: FrameMessageType = 'binary';
  start = 0;
  length = 0;
  compressed = false;
  held = new Uint8Array(0);
  #fill = 0;

  begin(type: FrameMessageType, start: number, compressed: boolean): void {
    this.type = type;
    this.start = start;
    this.compressed = compressed;
    this.length = 0;
    this.#fill = 0;
  }

  /** The next byte of the payload. @param most bytes that are kept */
  keep(byte: number, most: number): void {
    if (this.#fill >= most) return;
    if (this.#fill === this.held.length) {
      const grown = new Uint8Array(Math.min(most, Math.max(128, this.#fill * 2)));
      grown.set(this.held);
      this.held = grown;
    }
    this.held[this.#fill++] = byte;
  }

  get payload(): Uint8Array {
    return this.held.subarray(0, this.#fill);
  }
}

class Reader implements FrameReader {
  failed: FrameViolation | null = null;
  closed = false;
  readonly #sink: FrameSink;
  readonly #from: 'client' | 'server';
  readonly #deflate: boolean;
  readonly #keeps: number;
  readonly #largest: number;
  readonly #head = new FrameHead();
  readonly #message = new Collected();
  /** Control frames come between the frames of a message (RFC 6455 §5.4). */
  readonly #control = new Collected();
  readonly #text = new Utf8Check();
  /** A message has begun and not ended. */
  #open = false;
  /** Absolute position of the frame's first byte. */
  #frameStart = 0;
  /** Bytes of the frame's payload that are still to come; −1: in its head. */
  #left = -1;
  /** Index in the payload of the frame, for its mask. */
  #index = 0;

  constructor(sink: FrameSink, { from, deflate = false, keeps = KEEPS, largest = Infinity }: FrameOptions) {
    this.#sink = sink;
    this.#from = from;
    this.#deflate = deflate;
    this.#keeps = keeps;
    this.#largest = largest;
  }

  get inMessage(): boolean {
    return this.failed === null && (this.#open || this.#head.begun);
  }

  feed(bytes: Uint8Array, from: number, to: number, at: number): void {
    const origin = at - from;
    let i = from;
    while (i < to && this.failed === null) {
      if (this.#left === -1) {
        if (!this.#head.begun) this.#frameStart = origin + i;
        if (this.#head.take(bytes[i++]!)) this.#begin();
      } else {
        const end = Math.min(to, i + this.#left);
        this.#payload(bytes, i, end, origin);
        this.#left -= end - i;
        i = end;
      }
      this.#endWhenDone(origin + i);
    }
  }

  #endWhenDone(at: number): void {
    if (this.#left === 0 && this.failed === null) this.#endFrame(at);
  }

  /** The head of a frame is whole. */
  #begin(): void {
    const head = this.#head;
    const at = this.#frameStart;
    if (this.closed) return this.#violate('frame-after-close', at, CloseCode.protocol);
    const code = this.#fault();
    if (code !== null) return this.#violate(code, at, CloseCode.protocol);
    if (head.overflows) return this.#violate('frame-too-long', at, CloseCode.tooBig);
    if (!head.isControl && this.#sofar() + head.length > this.#largest)
      return this.#violate('message-too-big', at, CloseCode.tooBig);
    if (head.padded) this.#violate('frame-length-not-minimal', at, CloseCode.protocol);
    if (this.#from === 'client' && !head.masked)
      this.#violate('unmasked-client-frame', at, CloseCode.protocol);
    if (this.#from === 'server' && head.masked) this.#violate('masked-server-frame', at, CloseCode.protocol);
    this.#left = head.length;
    this.#index = 0;
    if (head.isControl) {
      this.#control.begin(typeOf(head.opcode), at, false);
    } else if (head.opcode !== Opcode.continuation) {
      this.#open = true;
      this.#message.begin(typeOf(head.opcode), at, head.reserved === RSV1);
      this.#text.reset();
    }
  }

  /** What is wrong with a head by itself, and in this place; null: nothing. */
  #fault(): FrameViolationCode | null {
    const { opcode, reserved, fin, length, isControl } = this.#head;
    // RFC 7692 §6: only the first frame of a message tells that it is compressed.
    const compressible = this.#deflate && (opcode === Opcode.text || opcode === Opcode.binary);
    if (reserved !== 0 && !(compressible && reserved === RSV1)) return 'reserved-frame-bit';
    if ((opcode > Opcode.binary && opcode < Opcode.close) || opcode > Opcode.pong)
      return 'unknown-frame-opcode';
    if (isControl) {
      if (!fin) return 'control-frame-fragmented';
      if (length > LONGEST_CONTROL) return 'control-frame-too-long';
      // RFC 6455 §5.5.1: two bytes of a code, or nothing.
      return opcode === Opcode.close && length === 1 ? 'malformed-close' : null;
    }
    if (opcode === Opcode.continuation) return this.#open ? null : 'continuation-without-start';
    return this.#open ? 'message-within-message' : null;
  }

  #sofar(): number {
    return this.#head.opcode === Opcode.continuation ? this.#message.length : 0;
  }

  #payload(bytes: Uint8Array, from: number, to: number, origin: number): void {
    const { isControl, masked, mask } = this.#head;
    const into = isControl ? this.#control : this.#message;
    const { type, compressed } = into;
    const isText = type === 'text' && !compressed;
    const most = isControl ? LONGEST_CONTROL : this.#keeps;
    const start = this.#index;
    this.#index += to - from;
    const before = into.length;
    into.length += to - from;
    if (!isControl && !compressed) this.#sink.payload?.(origin + from, to - from);
    // What is neither kept nor text is only counted.
    if (!isText && before >= most) return;
    for (let i = from; i < to; i++) {
      const byte = masked ? bytes[i]! ^ mask[(start + i - from) & 3]! : bytes[i]!;
      into.keep(byte, most);
      if (isText && !this.#text.take(byte))
        return this.#violate('text-not-utf-8', origin + i, CloseCode.data);
    }
  }

  /** @param end absolute position behind the frame */
  #endFrame(end: number): void {
    const { fin, isControl, opcode } = this.#head;
    this.#left = -1;
    this.#head.reset();
    if (isControl) {
      if (opcode === Opcode.close && !this.#close(end)) return;
      this.#tell(this.#control, end, opcode === Opcode.close ? codeOf(this.#control.payload) : null);
      return;
    }
    if (!fin) return;
    this.#open = false;
    if (this.#message.type === 'text' && !this.#message.compressed && this.#text.within)
      return this.#violate('text-not-utf-8', end, CloseCode.data);
    this.#tell(this.#message, end, null);
  }

  /** Whether a Close frame is well-formed (RFC 6455 §5.5.1, §7.4). */
  #close(end: number): boolean {
    const { payload, start } = this.#control;
    this.closed = true;
    const code = codeOf(payload);
    if (code === null) return true;
    if (!isCloseCode(code)) this.#violate('invalid-close-code', start, CloseCode.protocol);
    else {
      const reason = new Utf8Check();
      const wrong = payload.findIndex((byte, i) => i >= 2 && !reason.take(byte));
      if (wrong === -1 && !reason.within) return true;
      const at = wrong === -1 ? end : end - payload.length + wrong;
      this.#violate('text-not-utf-8', at, CloseCode.data);
    }
    return false;
  }

  #tell({ type, start, length, payload, compressed }: Collected, end: number, code: number | null): void {
    this.#sink.message({ type, start, end, length, payload, compressed, code });
  }

  #violate(code: FrameViolationCode, at: number, close: number): void {
    const violation = { code, at, close };
    if (!READ_ON.has(code)) this.failed = violation;
    this.#sink.violation(violation);
  }
}

function typeOf(opcode: number): FrameMessageType {
  switch (opcode) {
    case Opcode.text:
      return 'text';
    case Opcode.close:
      return 'close';
    case Opcode.ping:
      return 'ping';
    case Opcode.pong:
      return 'pong';
    default:
      return 'binary';
  }
}

function codeOf(payload: Uint8Array): number | null {
  return payload.length < 2 ? null : payload[0]! * 256 + payload[1]!;
}

/** RFC 6455 §7.4: whether a Close frame may carry this code. */
function isCloseCode(code: number): boolean {
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
}
