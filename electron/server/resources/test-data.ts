// The 1,000,000 bytes of /test/data: lines `00000000` … `00099999`, each with CRLF. Made once, when they are first
// read: a server that makes them up for each of many clients answers nobody else meanwhile.

import type { ContentSource } from '../uploads/content-store.ts';

const LINE = 10;
const ZERO = 0x30;

/** The byte at a position of the pattern, which goes on for ever. */
export function testByte(at: number): number {
  const column = at % LINE;
  if (column === 8) return 0x0d;
  if (column === 9) return 0x0a;
  const line = Math.floor(at / LINE);
  return ZERO + (Math.floor(line / 10 ** (7 - column)) % 10);
}

let made: Uint8Array | null = null;

export const TEST_DATA: ContentSource = {
  length: 1_000_000,
  read(from, to) {
    if (made === null) {
      made = new Uint8Array(TEST_DATA.length);
      for (let at = 0; at < made.length; at++) made[at] = testByte(at);
    }
    return made.slice(from, to);
  },
};
