import fc from 'fast-check';
import { expect, it } from 'vitest';
import { base64 } from '../../../shared/export/base64.ts';

it('writes any bytes as Node writes them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40_000, size: 'max' }), (bytes) => {
      expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    }),
    { numRuns: 20 },
  );
});
