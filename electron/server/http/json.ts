// Answers in JSON: one small document, and a line end for who reads it in a terminal. Never for content of any size.

import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { Exchange } from './exchange.ts';

export const JSON_TYPE = ['Content-Type', 'application/json'] as const;

/** The document as one line in UTF-8. */
export function jsonLine(document: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(document)}\n`);
}

/** A final response with what is so at this moment: no cache keeps it (RFC 9111 §5.2.2.5). */
export function answerJson(
  exchange: Exchange,
  status: number,
  document: unknown,
  fields: FieldLines = [],
): void {
  void exchange.final({
    status,
    fields: [JSON_TYPE, ['Cache-Control', 'no-store'], ...fields],
    content: jsonLine(document),
  });
}
