// Whole patches as bytes, for tests that read them.

import type { PatchForm, PatchLayout } from '../../../shared/byteranges/patch-layout.ts';

export const FORMS: readonly PatchForm[] = ['message', 'multipart', 'application'];

/** The bytes of a patch whose bodies are of this source. */
export function layoutBytes({ pieces }: PatchLayout, source: Uint8Array): Uint8Array {
  return Uint8Array.from(
    pieces.flatMap((piece) => [...('bytes' in piece ? piece.bytes : source.subarray(piece.from, piece.to))]),
  );
}
