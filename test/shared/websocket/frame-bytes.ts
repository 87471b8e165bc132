// Frames as bytes, well-formed or not, and what a reader tells of them as lines of text.

import { createFrameReader } from '../../../shared/websocket/frames.ts';
import { type FrameOptions, Opcode } from '../../../shared/websocket/frame-types.ts';

export interface FrameParts {
  readonly opcode: number;
  readonly payload: Uint8Array;
  /** Default true. */
  readonly fin?: boolean;
  /** 0x40, 0x20, 0x10. */
  readonly reserved?: number;
  /** Four bytes; none: not masked. */
  readonly mask?: readonly number[];
  /** In how many bytes the length is written behind the second one: 0, 2 or 8. Default: as few as it needs. */
  readonly lengthBytes?: 0 | 2 | 8;
}

export const MASK = [0x37, 0xfa, 0x21, 0x3d] as const;

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function frame(parts: FrameParts): Uint8Array {
  const { opcode, payload, fin = true, reserved = 0, mask } = parts;
  const { length } = payload;
  const size = parts.lengthBytes ?? (length < 126 ? 0 : length < 0x1_0000 ? 2 : 8);
  const second = size === 0 ? length : size === 2 ? 126 : 127;
  const bytes = [(fin ? 0x80 : 0) | reserved | opcode, (mask === undefined ? 0 : 0x80) | second];
  for (let i = size - 1; i >= 0; i--) bytes.push(Math.floor(length / 256 ** i) % 256);
  bytes.push(...(mask ?? []));
  payload.forEach((byte, i) => bytes.push(mask === undefined ? byte : byte ^ mask[i & 3]!));
  return Uint8Array.from(bytes);
}

export function closePayload(code: number, reason = ''): Uint8Array {
  return Uint8Array.from([code >> 8, code & 0xff, ...utf8(reason)]);
}

export const text = (content: string, more: Partial<FrameParts> = {}): Uint8Array =>
  frame({ opcode: Opcode.text, payload: utf8(content), ...more });

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

/** Feeds the pieces one after the other, the first byte at `at`, and returns what was told. */
export function told(pieces: readonly Uint8Array[], options: FrameOptions, at = 0): string[] {
  const lines: string[] = [];
  const reader = createFrameReader(
    {
      message: ({ type, start, end, length, payload, compressed, code }) => {
        const kept =
          type === 'binary' || compressed ? `[${payload.join(' ')}]` : JSON.stringify(shown(payload, type));
        lines.push(
          `${start}–${end} ${compressed ? 'compressed ' : ''}${type} ${length}: ${code ?? ''}${kept}`,
        );
      },
      violation: ({ code, at: where, close }) => lines.push(`${code} at ${where}: ${close}`),
    },
    options,
  );
  let position = at;
  for (const piece of pieces) {
    reader.feed(piece, 0, piece.length, position);
    position += piece.length;
  }
  if (reader.inMessage) lines.push('in a message');
  if (reader.closed) lines.push('closed');
  return lines;
}

function shown(payload: Uint8Array, type: string): string {
  return new TextDecoder().decode(type === 'close' ? payload.subarray(2) : payload);
}
