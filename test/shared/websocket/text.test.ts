import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textLength } from '../../../shared/websocket/text.ts';

const encoder = new TextEncoder();

describe('the length of a text', () => {
  it.each([
    ['nothing', [], 0],
    ['ASCII', [0x61, 0x62], 2],
    ['a character of two bytes', [0xc3, 0xbc], 2],
    ['the first of two bytes', [0x61, 0xc3], 1],
    ['two of three bytes', [0x61, 0xe2, 0x82], 1],
    ['three of four bytes', [0xf0, 0x9f, 0x98], 0],
    ['all four bytes', [0xf0, 0x9f, 0x98, 0x80], 4],
    ['a byte that goes on with nothing', [0x80], null],
    ['a byte that is in no UTF-8', [0x61, 0xff], null],
    ['an overlong form', [0xc0, 0x80], null],
    ['a surrogate', [0xed, 0xa0, 0x80], null],
    ['a character that is broken off', [0xc3, 0x61], null],
  ])('of %s', (_name, bytes, length) => {
    expect(textLength(Uint8Array.from(bytes))).toBe(length);
  });

  it('leaves over less than a character wherever a text is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (text, cut) => {
        const bytes = encoder.encode(text);
        const part = bytes.subarray(0, cut % (bytes.length + 1));
        const length = textLength(part)!;
        expect(part.length - length).toBeLessThan(4);
        // Throws where a character is cut.
        expect(
          text.startsWith(
            new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(part.subarray(0, length)),
          ),
        ).toBe(true);
      }),
    );
  });
});
