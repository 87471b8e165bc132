// Fields that tell what a request's content hashes to, computed before the request is sent: the content is read once for
// the hash, piece by piece, and once more when it goes out.

import { createHash } from 'node:crypto';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import { type ContentSource, PIECE } from '../content.ts';
import { NO_CONTENT, type Sum } from '../errands.ts';

/** The field lines; none where the signal was aborted before. Rejects as the source does. */
export async function sumFields(
  sums: readonly Sum[],
  source: ContentSource | null,
  signal: AbortSignal,
): Promise<FieldLines> {
  const content = source ?? NO_CONTENT;
  const fields: [string, string][] = [];
  for (const { field, algorithm, from, to, write } of sums) {
    const hash = createHash(algorithm);
    for (let at = from; at < to;) {
      if (signal.aborted) return [];
      const piece = await content.read(at, Math.min(at + PIECE, to));
      hash.update(piece);
      at += piece.length;
    }
    fields.push([field, write(hash.digest())]);
  }
  return fields;
}
