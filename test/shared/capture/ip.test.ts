// Addresses between text and bytes, and the checksum of RFC 1071.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, formatAddress, parseAddress, sumWords } from '../../../shared/capture/ip.ts';

describe('addresses', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['::1', '::1'],
    ['::', '::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:10.0.0.7', '::ffff:10.0.0.7'],
    ['1::', '1::'],
  ])('%s is written %s (RFC 5952)', (text, written) => {
    expect(formatAddress(parseAddress(text)!)).toBe(written);
  });

  it.each([
    '',
    'localhost',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1:2:3',
    '::1::',
    '12345::',
    ':::',
    '1:2:3:4:5:6:7:8:9',
  ])('%j is none', (text) => {
    expect(parseAddress(text)).toBe(null);
  });

  it('come back as they were, of whatever bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
    );
    fc.assert(
      fc.property(bytes, (address) => {
        expect(parseAddress(formatAddress(address))).toEqual(address);
      }),
    );
  });
});

it('sums words as RFC 1071 does, byte pair by byte pair', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4000, size: 'max' }), (bytes) => {
      const padded = new Uint8Array((bytes.length + 3) & ~3);
      padded.set(bytes);
      let plain = 0;
      for (let i = 0; i < padded.length; i += 2) plain += (padded[i]! << 8) | padded[i + 1]!;
      const words = new Int32Array(padded.buffer);
      expect(fold(sumWords(words, 0, words.length))).toBe(fold(plain));
    }),
  );
  const full = new Int32Array(16_384).fill(-1);
  expect(sumWords(full, 0, full.length)).toBe(0xffff);
});
