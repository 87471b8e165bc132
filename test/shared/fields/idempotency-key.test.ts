import { describe, expect, it } from 'vitest';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { parseIdempotencyKey, writeIdempotencyKey } from '../../../shared/fields/idempotency-key.ts';

describe('Idempotency-Key', () => {
  it.each([
    ['"8e03978e-40d5-43e8-bc93-6894a57f9324"', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['"a";version=2', 'a'],
    [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
  ])('reads %s', (value, key) => {
    expect(parseIdempotencyKey(value)).toBe(key);
  });

  it.each(['', 'a1', '8e03978e-40d5', '""', '"a', '5', '?1', `"${'x'.repeat(256)}"`, '"a", "b"'])(
    'does not take %j for a key',
    (value) => {
      expect(parseIdempotencyKey(value)).toBeInstanceOf(FieldFault);
    },
  );

  it.each(['a1', 'a"b\\c'])('writes %s as it is read', (key) => {
    expect(parseIdempotencyKey(writeIdempotencyKey(key))).toBe(key);
  });
});
