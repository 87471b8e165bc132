// Turns what a reader of patches reports into lines of text. Bodies are joined where they touch, so the same patch gives the same lines
// however it was split; every byte of a body is compared with the patch, at the position it is said to be at.

import { expect } from 'vitest';
import type { PatchSink } from '../../../shared/byteranges/parts.ts';
import { createPatchReader } from '../../../shared/byteranges/patch-reader.ts';

/** Position of a patch's first byte. */
export const START = 1000;

/** What the reader says about a patch that comes in these pieces. */
export function patchTranscript(contentType: string, pieces: readonly Uint8Array[]): string[] {
  const patch = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
  const lines: string[] = [];
  let body: { at: number; end: number; text: string } | null = null;
  /** A note about a body stands behind it, wherever it came. */
  const notes: string[] = [];
  let faults = 0;
  const line = (text: string): void => {
    if (faults > 0) expect.fail(`${text} after a fault`);
    if (body !== null) lines.push(`body ${body.at} ${JSON.stringify(body.text)}`);
    body = null;
    lines.push(...notes.splice(0), text);
  };
  let parts = 0;
  const sink: PatchSink = {
    head({ range: { unit, first, last, complete }, said, contentType: type, length }, index) {
      expect(index).toBe(parts++);
      const where = `${unit === null ? '' : 'bytes '}${first}–${last}/${complete}`;
      line(`head ${said === 'content-offset' ? 'offset ' : ''}${where} ${type || '-'} length ${length}`);
    },
    body(bytes, from, to, at) {
      const text = String.fromCharCode(...bytes.subarray(from, to));
      const sent = String.fromCharCode(...patch.subarray(at - START, at - START + (to - from)));
      // Asserted only where it fails: there is a call for each byte.
      if (text === '' || text !== sent) expect(`${text} at ${at}`).toBe(sent);
      if (body !== null && body.end !== at) lines.push(`body ${body.at} ${JSON.stringify(body.text)}`);
      if (body === null || body.end !== at) body = { at, end: at, text: '' };
      body.end += to - from;
      body.text += text;
    },
    partEnd: (whole) => line(whole ? 'part whole' : 'part short'),
    note({ code, message, at }) {
      expect(message).toMatch(/\.$/);
      notes.push(`note ${code} at ${at}`);
    },
    fault({ code, message, at }) {
      expect(message).toMatch(/\.$/);
      line(`fault ${code} at ${at}`);
      faults++;
    },
  };
  const reader = createPatchReader(contentType, sink)!;
  let at = START;
  for (const piece of pieces) {
    // As the bytes of a wire's slab: something else stands before and behind them.
    const slab = new Uint8Array(piece.length + 8).fill(0x0d);
    slab.set(piece, 4);
    reader.feed(slab, 4, 4 + piece.length, at);
    slab.fill(0x23);
    at += piece.length;
  }
  const whole = reader.end();
  expect(reader.end(), 'a second end').toBe(false);
  if (faults > 0) expect(whole).toBe(false);
  faults = 0;
  line(whole ? 'whole' : 'not whole');
  return lines;
}
