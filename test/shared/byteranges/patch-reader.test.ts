// What is true of every reader: which types there are, that damage does no harm, that nothing is held back for long.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutPatch, type PatchForm, type PatchOptions } from '../../../shared/byteranges/patch-layout.ts';
import { createPatchReader, PATCH_TYPES } from '../../../shared/byteranges/patch-reader.ts';
import type { PatchSink } from '../../../shared/byteranges/parts.ts';
import { byteByByte, bytesOf, randomSplits } from '../http1/transcript.ts';
import { FORMS, layoutBytes } from './patches.ts';
import { patchTranscript } from './patch-transcript.ts';

const IGNORE: PatchSink = {
  head: () => {},
  body: () => {},
  partEnd: () => {},
  fault: () => {},
};

test('there are three types, in any case and with any parameters', () => {
  for (const type of PATCH_TYPES) {
    expect(createPatchReader(type, IGNORE)).not.toBeNull();
    expect(createPatchReader(` ${type.toUpperCase()} ; a=b`, IGNORE)).not.toBeNull();
  }
  for (const type of [
    '',
    'text/plain',
    'message/byteranges',
    'multipart/mixed; boundary=B',
    'x multipart/byteranges',
  ]) {
    expect(createPatchReader(type, IGNORE)).toBeNull();
  }
});

const SOURCE = bytesOf('abc\r\n--B\r\n\r\n-- \n\r\r\n--\x08\x0a\xffxyz');

/** A patch of each form, and the type that it has. */
function patchOf(form: PatchForm, options: PatchOptions = {}): [string, Uint8Array] {
  const parts = [0, 3, 9].map((from, i) => {
    const to = from + 3 * (i + 1);
    return { range: { first: from, last: to - 1, complete: 40 }, contentType: 'a/b', from, to };
  });
  const layout = layoutPatch(form, form === 'message' ? parts.slice(2) : parts, {
    boundary: 'B',
    ...options,
  });
  return [layout.contentType, layoutBytes(layout, SOURCE)];
}

type Damage =
  | { readonly kind: 'change' | 'insert'; readonly at: number; readonly byte: number }
  | { readonly kind: 'remove' | 'repeat'; readonly at: number; readonly length: number }
  | { readonly kind: 'cut'; readonly at: number };

const at = fc.nat();
/** Bytes that mean something, and any. */
const byte = fc.oneof(
  fc.constantFrom(0, 8, 10, 13, 32, 45, 58, 66, 0x40, 0x80, 0xc0, 0xff),
  fc.nat({ max: 255 }),
);
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constantFrom('change' as const, 'insert' as const), at, byte }),
  fc.record({
    kind: fc.constantFrom('remove' as const, 'repeat' as const),
    at,
    length: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ kind: fc.constant('cut' as const), at }),
);

function damaged(bytes: readonly number[], { at: anywhere, ...how }: Damage): number[] {
  const i = anywhere % (bytes.length + 1);
  switch (how.kind) {
    case 'change':
      return i < bytes.length ? bytes.with(i, how.byte) : [...bytes];
    case 'insert':
      return bytes.toSpliced(i, 0, how.byte);
    case 'remove':
      return bytes.toSpliced(i, how.length);
    case 'repeat':
      return bytes.toSpliced(i, 0, ...bytes.slice(i, i + how.length));
    case 'cut':
      return bytes.slice(0, i);
  }
}

describe('damage', () => {
  test('never throws, and means the same however the patch is split', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FORMS),
        fc.boolean(),
        fc.boolean(),
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (form, indeterminate, contentOffset, damages, seed) => {
          const [type, sound] = patchOf(form, { indeterminate, contentOffset });
          const patch = Uint8Array.from(damages.reduce(damaged, [...sound]));
          const lines = patchTranscript(type, [patch]);
          expect(patchTranscript(type, byteByByte(patch))).toEqual(lines);
          expect(patchTranscript(type, randomSplits(patch, seed))).toEqual(lines);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('any bytes at all do no harm either', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PATCH_TYPES, 'multipart/byteranges; boundary=B'),
        fc.uint8Array({ maxLength: 200 }),
        (type, patch) => {
          expect(patchTranscript(type, byteByByte(patch))).toEqual(patchTranscript(type, [patch]));
        },
      ),
    );
  });
});

describe('a body', () => {
  test('of a multipart is handed on at once, but for what may be the boundary', () => {
    const boundary = 'b'.repeat(70);
    const body = bytesOf(`text\r\n--${'b'.repeat(69)}\r\r\n--${'b'.repeat(70)}`);
    let told = 0;
    const reader = createPatchReader(`multipart/byteranges; boundary=${boundary}`, {
      ...IGNORE,
      body: (_bytes, from, to) => {
        told += to - from;
      },
    })!;
    const head = bytesOf(`--${boundary}\r\nContent-Offset: 0\r\n\r\n`);
    reader.feed(head, 0, head.length, 0);
    let most = 0;
    for (let i = 0; i < body.length - 1; i++) {
      reader.feed(body, i, i + 1, head.length + i);
      most = Math.max(most, i + 1 - told);
    }
    expect(most).toBe(boundary.length + 4 - 1);
  });

  test.each(FORMS)('is never copied: %s hands out the bytes it was given', (form) => {
    const [type, patch] = patchOf(form);
    const seen: Uint8Array[] = [];
    const reader = createPatchReader(type, { ...IGNORE, body: (bytes) => seen.push(bytes) })!;
    reader.feed(patch, 0, patch.length, 0);
    expect(seen).toHaveLength(form === 'message' ? 1 : 3);
    for (const bytes of seen) expect(bytes).toBe(patch);
  });

  test('that comes in pieces with gaps between, as chunks do, keeps each byte at its place', () => {
    const [type, patch] = patchOf('multipart', { boundary: 'BB', contentOffset: true });
    const found: number[] = [];
    const reader = createPatchReader(type, {
      ...IGNORE,
      body: (bytes, from, to, position) => {
        for (let i = from; i < to; i++) {
          expect(position % 10).toBe(0);
          expect(bytes[i]).toBe(patch[position / 10 + (i - from)]);
          found.push(position);
        }
      },
    })!;
    for (let i = 0; i < patch.length; i++) reader.feed(patch, i, i + 1, i * 10);
    expect(reader.end()).toBe(true);
    expect(found).toHaveLength(3 + 6 + 9);
  });
});
