// A message of a stream as text: unmasked, set out, out of its chunks.

import { describe, expect, test } from 'vitest';
import { wholeMessage } from '../../../renderer/inspector/whole-message.ts';
import { MESSAGE_OF_CLIENT, MessageType } from '../../../shared/model/events.ts';

const utf8 = (text: string): number[] => Array.from(new TextEncoder().encode(text));

/** An unfragmented frame (RFC 6455 §5.2) of at most 125 bytes; masked with 1, 2, 3, 4 for a client. */
function frame(opcode: number, payload: number[], masked = false): Uint8Array {
  const mask = [1, 2, 3, 4];
  return Uint8Array.from([
    0x80 | opcode,
    payload.length | (masked ? 0x80 : 0),
    ...(masked ? mask : []),
    ...(masked ? payload.map((byte, at) => byte ^ mask[at % 4]!) : payload),
  ]);
}

describe('a WebSocket message', () => {
  test.each([
    ['text', frame(1, utf8('grüß dich')), MessageType.text, 'grüß dich'],
    ['masked text of a client', frame(1, utf8('hello'), true), MessageType.text | MESSAGE_OF_CLIENT, 'hello'],
    ['JSON', frame(1, utf8('{"a":[1]}')), MessageType.text, '{\n  "a": [\n    1\n  ]\n}'],
    ['what only looks like JSON', frame(1, utf8('{oops')), MessageType.text, '{oops'],
    ['bytes', frame(2, [0, 255, 16]), MessageType.binary, '00 ff 10'],
    ['a close with a reason', frame(8, [0x03, 0xe8, ...utf8('bye')]), MessageType.close, '1000 bye'],
    ['a close without a code', frame(8, []), MessageType.close, 'No code.'],
    ['an empty ping', frame(9, []), MessageType.ping, 'Nothing.'],
  ])('%s', (_, bytes, code, text) => {
    expect(wholeMessage(bytes, code)).toBe(text);
  });

  test('of many bytes is broken off, and says how many are missing', () => {
    const bytes = new Uint8Array(4 + 1000);
    bytes.set([0x82, 126, 0x03, 0xe8]);
    expect(wholeMessage(bytes, MessageType.binary)).toMatch(/\n… 488 bytes more$/);
  });
});

test.each([
  ['an event in one chunk', 'id: 1\r\ndata: x\r\n\r\n', 'id: 1\r\ndata: x'],
  ['an event that a chunk begins in', 'data: on\r\n4;a=b\r\ne\ndata: two\n\n', 'data: one\ndata: two'],
  ['a comment', ': still here\n\n', ': still here'],
])('%s', (_, text, shown) => {
  expect(wholeMessage(Uint8Array.from(utf8(text)), MessageType.event)).toBe(shown);
});
