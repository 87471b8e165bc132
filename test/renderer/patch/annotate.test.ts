import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotate } from '../../../renderer/patch/annotate.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const said = (text: string): string[] =>
  annotate(bytes(text)).map(({ from, to, says }) => `${from}-${to} ${says}`);

describe('application/byteranges, explained', () => {
  it('says of every byte what it is', () => {
    expect(said('\x08\x1a\x0dcontent-range\x0bbytes 1-1/3\x01X')).toEqual([
      '0-1 framing: known length',
      '1-2 fields: 26 bytes',
      '2-3 name: 13 bytes',
      '3-16 content-range',
      '16-17 value: 11 bytes',
      '17-28 bytes 1-1/3',
      '28-29 content: 1 bytes',
      '29-30 content',
    ]);
  });

  it('reads lengths of two bytes and more, and messages that follow each other', () => {
    const content = 'x'.repeat(300);
    expect(said(`\x08\x00\x41\x2c${content}\x08\x00\x80\x00\x00\x00`)).toEqual([
      '0-1 framing: known length',
      '1-2 fields: 0 bytes',
      '2-4 content: 300 bytes',
      '4-304 content',
      '304-305 framing: known length',
      '305-306 fields: 0 bytes',
      '306-310 content: 0 bytes',
    ]);
  });

  it.each([
    ['another framing', '\x0a\x00'],
    ['fields cut short', '\x08\x20abc'],
    ['a name beyond its fields', '\x08\x02\x09ab'],
    ['content cut short', '\x08\x00\x05ab'],
    ['a length cut short', '\x08\x40'],
  ])('does not guess at %s', (_what, text) => {
    expect(annotate(bytes(text)).at(-1)).toMatchObject({ kind: 'unknown', to: text.length });
  });

  it('gives no stretch to a name or a value without bytes', () => {
    expect(annotate(bytes('\x08\x02\x00\x00\x00')).map(({ kind }) => kind)).toEqual([
      'framing',
      'length',
      'length',
      'length',
      'length',
    ]);
  });

  it('gives every byte exactly once, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (some, known) => {
        const all = known ? Uint8Array.of(8, ...some) : some;
        let at = 0;
        for (const { from, to } of annotate(all)) {
          expect(from).toBe(at);
          expect(to).toBeGreaterThan(from);
          at = to;
        }
        expect(at).toBe(all.length);
      }),
    );
  });
});
