// Reads pieces of a session file into one stretch of bytes. It must never read more than was asked for.

import type { Piece } from '../../shared/capture/pieces.ts';
import type { Captured } from './recorder.ts';

type ReadAt = (
  file: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number,
) => Promise<{ bytesRead: number }>;

/** @param kept what the index says of the whole range; a file that is shorter than its index makes it false */
export async function readPieces(
  file: number,
  readAt: ReadAt,
  pieces: readonly Piece[],
  kept: boolean,
): Promise<Captured> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const { length, position } of pieces) {
    const end = at + length;
    while (at < end) {
      const { bytesRead } = await readAt(file, bytes, at, end - at, position + length - (end - at));
      if (bytesRead === 0) return { bytes: bytes.subarray(0, at), kept: false };
      at += bytesRead;
    }
  }
  return { bytes, kept };
}
