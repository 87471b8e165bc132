// What is wrong with a patch, for programs as well as for people: application/problem+json (RFC 9457).

import { reasonOf } from '../../../shared/http1/status.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { Exchange } from '../http/exchange.ts';
import { jsonLine } from '../http/json.ts';

export interface Problem {
  readonly status: number;
  /** What was wrong and what to do instead. */
  readonly sentence: string;
  /** Byte of the request's content at which it was found; null: it is about no byte. */
  readonly at: number | null;
  readonly fields?: FieldLines;
}

export function refuseWithProblem(exchange: Exchange, { status, sentence, at, fields = [] }: Problem): void {
  const problem = {
    type: 'about:blank',
    title: reasonOf(status),
    status,
    detail: sentence,
    ...(at === null ? {} : { at }),
  };
  void exchange.final({
    status,
    fields: [...fields, ['Content-Type', 'application/problem+json']],
    content: jsonLine(problem),
  });
}
