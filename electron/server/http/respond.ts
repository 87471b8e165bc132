// Final responses that serve a representation: whole, one or several ranges of it, nothing but its fields, or that it is
// still the one that the client has.

import { randomBytes } from 'node:crypto';
import { layoutPatch, type PatchLayout } from '../../../shared/byteranges/patch-layout.ts';
import { decideConditions } from '../../../shared/fields/conditions.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { parseHttpDate } from '../../../shared/fields/http-date.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { Exchange, FinalResponse } from './exchange.ts';
import { bytesSource } from './exchange.ts';
import type { ContentSource } from '../uploads/content-store.ts';
import { type ByteRange, decideRange } from './range.ts';
import { refuse } from './refuse.ts';

/**
 * Answers GET and HEAD under the client's conditions (RFC 9110 §13); for GET, Range is honoured (§14). An ETag and a
 * Last-Modified among the fields are what conditions are compared with.
 * @param dated Last-Modified is, in whole seconds, the time of no other representation there ever was
 */
export function respond(exchange: Exchange, response: FinalResponse, dated = true): void {
  const source = response.content instanceof Uint8Array ? bytesSource(response.content) : response.content;
  const fields = [...response.fields, ['Accept-Ranges', 'bytes'] as const];
  const modified = parseHttpDate(valueOf(fields, 'Last-Modified') ?? '');
  const decision = decideConditions(exchange, {
    exists: true,
    etag: valueOf(fields, 'ETag'),
    lastModified: modified instanceof FieldFault ? null : modified,
  });
  switch (decision.kind) {
    case 'failed':
      refuse(exchange, 412, `The representation is not as ${decision.field} wants it.`);
      return;
    case 'invalid':
      refuse(exchange, 400, `${decision.field} cannot be read: ${decision.fault.message}`);
      return;
    case 'not-modified':
      void exchange.final({ status: 304, fields, content: new Uint8Array(0) });
      return;
    case 'proceed': {
      const strong = dated && !(modified instanceof FieldFault) && Date.now() - modified >= SECOND;
      const range = decision.range && (strong || !isDate(exchange.field('If-Range')));
      serve(exchange, { ...response, fields }, source, range ? exchange.field('Range') : null);
    }
  }
}

/**
 * RFC 9110 §13.1.5, §8.8.2.2: a date is compared only where it is a strong validator. Within the second that it names, the
 * representation may change once more.
 */
const SECOND = 1000;

function isDate(condition: string | null): boolean {
  return condition !== null && !(parseHttpDate(condition) instanceof FieldFault);
}

function serve(
  exchange: Exchange,
  response: FinalResponse,
  source: ContentSource,
  wanted: string | null,
): void {
  // RFC 9110 §14.2: Range is defined for GET only.
  const range = decideRange(exchange.method === 'GET' ? wanted : null, source.length);
  switch (range.kind) {
    case 'all':
      void exchange.final(response);
      return;
    case 'unsatisfiable':
      refuse(exchange, 416, `There are ${source.length} bytes here: ask for a range within them.`, [
        ['Content-Range', `bytes */${source.length}`],
      ]);
      return;
    case 'part':
      void exchange.final({
        status: 206,
        fields: [
          ...response.fields,
          ['Content-Range', `bytes ${range.first}-${range.last}/${source.length}`],
        ],
        content: partOf(source, range.first, range.last + 1),
      });
      return;
    case 'parts':
      void exchange.final(severalParts(response.fields, source, range.parts));
  }
}

/** RFC 9110 §15.3.7.2: each part has the type of the whole and its own range. */
function severalParts(fields: FieldLines, source: ContentSource, parts: readonly ByteRange[]): FinalResponse {
  const contentType = valueOf(fields, 'Content-Type');
  const layout = layoutPatch(
    'multipart',
    parts.map(({ first, last }) => ({
      range: { first, last, complete: source.length },
      ...(contentType === null ? {} : { contentType }),
      from: first,
      to: last + 1,
    })),
    { boundary: randomBytes(18).toString('hex') },
  );
  return {
    status: 206,
    fields: [
      ...fields.filter(([name]) => name !== 'Content-Type'),
      ['Content-Type', layout.contentType] as const,
    ],
    content: laidOut(layout, source),
  };
}

/** The bytes of a layout, made as they are read: constant memory for ranges of any length. */
function laidOut({ length, pieces }: PatchLayout, source: ContentSource): ContentSource {
  return {
    length,
    read(from, to) {
      const out = new Uint8Array(to - from);
      let at = 0;
      for (const piece of pieces) {
        const size = 'bytes' in piece ? piece.bytes.length : piece.to - piece.from;
        const first = Math.max(from, at);
        const end = Math.min(to, at + size);
        if (first < end) {
          const bytes =
            'bytes' in piece
              ? piece.bytes.subarray(first - at, end - at)
              : source.read(piece.from + first - at, piece.from + end - at);
          if (bytes === null) return null;
          out.set(bytes, first - from);
        }
        at += size;
      }
      return out;
    },
  };
}

function partOf(source: ContentSource, from: number, to: number): ContentSource {
  return { length: to - from, read: (start, end) => source.read(from + start, from + end) };
}

function valueOf(fields: FieldLines, name: string): string | null {
  return fields.find(([other]) => other === name)?.[1] ?? null;
}
