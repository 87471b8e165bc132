// The content of one message in pieces, out of its chunks, for exports that may not hold it whole.
// It must never hold more than one piece, nor go on behind bytes that were not kept.

import { createParser } from '../http1/parser.ts';
import type { Place, ReadBytes } from './message.ts';

const PIECE = 256 * 1024;

/** Content after transfer decoding, as far as it was captured and kept. */
export async function* contentPieces(read: ReadBytes, place: Place): AsyncGenerator<Uint8Array> {
  let found: Uint8Array[] = [];
  const take = (bytes: Uint8Array, from: number, to: number): void => {
    found.push(bytes.slice(from, to));
  };
  const parser = createParser(place.stream, { content: take, tunnel: take });
  if (place.stream === 'response') parser.expect(place.method);
  for (let at = place.start; at < place.end;) {
    const { bytes, kept } = await read(place.connection, place.stream, at, Math.min(place.end, at + PIECE));
    if (bytes.length > 0) parser.feed(bytes);
    yield* found;
    found = [];
    at += bytes.length;
    if (!kept || bytes.length === 0) return;
  }
}
