// Digests and preferences for digests (RFC 9530), read from the examples of that text and from what is wrong with others.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  DIGEST_ALGORITHMS,
  DIGEST_LENGTHS,
  isDigestAlgorithm,
  parseDigest,
  parseWantDigest,
  writeDigest,
  writeWantDigest,
} from '../../../shared/fields/content-digest.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';

const SHA256 = createHash('sha256').update('{"hello": "world"}\n').digest();

test('a digest of RFC 9530 is read, whatever its algorithm', () => {
  const value = `sha-256=:${SHA256.toString('base64')}:;x=1, unixsum=:AAA=:`;
  expect(parseDigest('Repr-Digest', value)).toEqual(
    new Map([
      ['sha-256', Uint8Array.from(SHA256)],
      ['unixsum', Uint8Array.of(0, 0)],
    ]),
  );
  expect(parseDigest('Repr-Digest', '')).toEqual(new Map());
});

test.each([
  ['sha-256=abc', 0],
  ['md5=:AAA=:, sha-256="AAA="', 12],
  ['sha-256', 0],
  ['sha-256=(:AAA=: :AAA=:)', 0],
  ['SHA-256=:AAA=:', 0],
  ['sha-256=:A*=:', 13],
])('%j is no digest: %i', (value, at) => {
  const fault = parseDigest('Content-Digest', value);
  expect(fault).toBeInstanceOf(FieldFault);
  expect(fault).toMatchObject({ code: 'syntax', at });
});

test.each([
  ['sha-256=1', ['sha-256']],
  ['sha-512=3, sha-256=10, unixsum=0', ['sha-256', 'sha-512']],
  ['md5=5, sha=5', ['md5', 'sha']],
  ['', []],
])('%j wants %j', (value, names) => {
  expect(parseWantDigest('Want-Repr-Digest', value)).toEqual(names);
});

test.each([
  ['sha-256=11', 0],
  ['a=1, sha-256=-1', 5],
  ['sha-256=1.5', 0],
  ['sha-256', 0],
  ['sha-256=1,', 10],
])('%j is no preference: %i', (value, at) => {
  const fault = parseWantDigest('Want-Repr-Digest', value);
  expect(fault).toBeInstanceOf(FieldFault);
  expect(fault).toMatchObject({ code: 'syntax', at });
});

test('what is written is read back', () => {
  const digests = fc.uniqueArray(
    fc.tuple(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), fc.uint8Array({ maxLength: 64 })),
    { selector: ([name]) => name },
  );
  fc.assert(
    fc.property(digests, (pairs) => {
      expect(parseDigest('Content-Digest', writeDigest(new Map(pairs)))).toEqual(new Map(pairs));
    }),
  );
  expect(parseWantDigest('Want-Repr-Digest', writeWantDigest(['sha-512', 'sha-256']))).toEqual([
    'sha-512',
    'sha-256',
  ]);
});

test('the algorithms that are known have the lengths that Node gives', () => {
  expect(DIGEST_ALGORITHMS.map((name) => DIGEST_LENGTHS[name])).toEqual(
    ['sha512', 'sha256', 'sha1', 'md5'].map((name) => createHash(name).digest().length),
  );
  expect(['sha-256', 'unixsum', 'toString', '__proto__'].map(isDigestAlgorithm)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
