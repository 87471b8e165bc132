import { describe, expect, it } from 'vitest';
import { bytesAs, readRange } from '../../../renderer/copy/bytes.ts';

const bytes = new TextEncoder().encode('HEAD é');

describe('bytes for the clipboard', () => {
  it.each([
    ['hex', '48 45 41 44 20 c3 a9'],
    ['base64', 'SEVBRCDDqQ=='],
    ['text', 'HEAD é'],
  ] as const)('as %s are %s', (form, expected) => {
    expect(bytesAs(bytes, form)).toBe(expected);
  });

  it('shows as text where it is none', () => {
    expect(bytesAs(Uint8Array.of(0x61, 0xff), 'text')).toBe('a\ufffd');
  });
});

describe('a typed stretch of bytes', () => {
  it.each([
    ['0', '0', { start: 0, end: 1 }],
    ['1,000', '0x3ff', { start: 1000, end: 1024 }],
    [' 5 ', '9', { start: 5, end: 10 }],
  ])('%s to %s is %o', (first, last, expected) => {
    expect(readRange({ first, last }, 2000, 500)).toEqual(expected);
  });

  it.each([
    ['', '9', /two positions/],
    ['-1', '9', /two positions/],
    ['1e3', '9', /two positions/],
    ['9', '8', /before the first/],
    ['0', '2000', /ends at byte 1999/],
    ['0', '500', /500 bytes at most/],
    ['0', '99999999999999999999', /two positions/],
  ])('%s to %s is none, and it is said why', (first, last, problem) => {
    expect(readRange({ first, last }, 2000, 500)).toEqual({
      problem: expect.stringMatching(problem) as string,
    });
  });
});
