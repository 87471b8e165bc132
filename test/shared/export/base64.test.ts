import fc from 'fast-check';
import { expect, it } from 'vitest';
import { base64, fromBase64 } from '../../../shared/export/base64.ts';

it('writes any bytes as Node writes them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40_000, size: 'max' }), (bytes) => {
      expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    }),
    { numRuns: 20 },
  );
});

it('reads any bytes that Node wrote', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(fromBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes);
    }),
  );
});

it.each(['a', 'ab', 'abc', '====', 'ab=c', 'ab c', 'ab_-', 'äbcd', 'abc=abcd'])(
  'takes %j for no Base64',
  (text) => {
    expect(fromBase64(text)).toBeNull();
  },
);
