import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asHex, asText, readHex } from '../../../renderer/patch/clipboard.ts';

describe('the clipboard', () => {
  it('writes hex in lines of sixteen, and text as it is', () => {
    const bytes = new TextEncoder().encode('Grüße');
    expect(asHex(bytes)).toBe('47 72 c3 bc c3 9f 65');
    expect(asHex(new Uint8Array(17)).split('\n')).toHaveLength(2);
    expect(asText(bytes)).toBe('Grüße');
    expect(asText(Uint8Array.of(0x61, 0xff))).toBe('aÿ');
  });

  it.each([
    ['4a4b', [0x4a, 0x4b]],
    ['4A 4b\n4c', [0x4a, 0x4b, 0x4c]],
    ['0x4a, 0x4b', [0x4a, 0x4b]],
    ['4a:4b', [0x4a, 0x4b]],
  ])('reads %j as hex', (text, bytes) => {
    expect([...readHex(text)!]).toEqual(bytes);
  });

  it.each(['', '4', '4a4', 'xy', '4a 4g', 'hello'])('takes %j for no hex', (text) => {
    expect(readHex(text)).toBeNull();
  });

  it('reads the hex that it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), (bytes) => {
        expect([...readHex(asHex(bytes))!]).toEqual([...bytes]);
      }),
    );
  });
});
