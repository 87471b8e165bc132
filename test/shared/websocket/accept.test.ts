import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { acceptOf } from '../../../shared/websocket/accept.ts';

it('answers the key of RFC 6455 §1.3 as it does', () => {
  expect(acceptOf('dGhlIHNhbXBsZSBub25jZQ==')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
});

it('answers any key as SHA-1 has it', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (key) => {
      const suffixed = `${key.trim()}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      expect(acceptOf(key)).toBe(createHash('sha1').update(suffixed).digest('base64'));
    }),
  );
});
