// Final responses that serve a representation: whole, a range of it, or nothing but its fields.

import type { Exchange, FinalResponse } from './exchange.ts';
import { bytesSource } from './exchange.ts';
import type { ContentSource } from './content-store.ts';
import { decideRange } from './range.ts';
import { refuse } from './refuse.ts';

/**
 * Answers GET and HEAD; for GET, Range and If-Range are honoured (RFC 9110 §14). An ETag among the fields is what
 * If-Range is compared with.
 */
export function respond(exchange: Exchange, response: FinalResponse): void {
  const source = response.content instanceof Uint8Array ? bytesSource(response.content) : response.content;
  const etag = response.fields.find(([name]) => name === 'ETag')?.[1];
  const condition = exchange.field('If-Range');
  // RFC 9110 §14.2: Range is defined for GET only; §13.1.5: an If-Range that does not match asks for all of it.
  const applies = exchange.method === 'GET' && (condition === null || condition === etag);
  const range = decideRange(applies ? exchange.field('Range') : null, source.length);
  const fields = [...response.fields, ['Accept-Ranges', 'bytes'] as const];
  switch (range.kind) {
    case 'all':
      void exchange.final({ ...response, fields });
      return;
    case 'unsatisfiable':
      refuse(exchange, 416, `There are ${source.length} bytes here: ask for a range within them.`, [
        ['Content-Range', `bytes */${source.length}`],
      ]);
      return;
    case 'part':
      void exchange.final({
        status: 206,
        fields: [...fields, ['Content-Range', `bytes ${range.first}-${range.last}/${source.length}`]],
        content: partOf(source, range.first, range.last + 1),
      });
  }
}

function partOf(source: ContentSource, from: number, to: number): ContentSource {
  return { length: to - from, read: (start, end) => source.read(from + start, from + end) };
}
