// Says of every byte of a stream what it is: the answer of `interim explain --json`, to the letter of its description.
// Decides nothing itself: all it tells is what the parser reports.

import { latin1, unfold } from './grammar.ts';
import { createParser } from './parser.ts';
import type { Framing, Head, Role, SpanKind, ViolationCode } from './types.ts';

export interface ExplainedSpan {
  readonly kind: SpanKind;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** The bytes as ISO-8859-1, obs-folds replaced by SP; not for content. */
  readonly text?: string;
}

export interface ExplainedMessage {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly complete: boolean;
  readonly status?: number;
  readonly method?: string;
  readonly target?: string;
  readonly framing: Framing;
  readonly bodyBytes: number;
}

export interface Explanation {
  readonly spans: readonly ExplainedSpan[];
  /** Interim responses are messages of their own. A head that is not whole is none. */
  readonly messages: readonly ExplainedMessage[];
  readonly notes: readonly { readonly code: ViolationCode; readonly at: number; readonly rfc: string }[];
  readonly error: {
    readonly code: ViolationCode;
    readonly at: number;
    readonly side: 'client' | 'server';
  } | null;
}

export interface ExplainOptions {
  /** The method of the requests that the responses answer; GET by default. HEAD and CONNECT change the framing. */
  readonly method?: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Parses bytes as the whole of one direction of a connection. Responses answer as many requests as needed. */
export function explain(bytes: Uint8Array, role: Role, options: ExplainOptions = {}): Explanation {
  const spans: Mutable<ExplainedSpan>[] = [];
  const messages: Mutable<ExplainedMessage>[] = [];
  const notes: Explanation['notes'][number][] = [];
  let error: Explanation['error'] = null;
  const parser = createParser(role, {
    span(kind, start, end) {
      const last = spans.at(-1);
      if (kind !== 'body') spans.push({ kind, start, end, text: unfold(latin1(bytes, start, end)) });
      else if (last?.kind === 'body' && last.end === start) last.end = end;
      else spans.push({ kind, start, end });
    },
    head: (head) => messages.push(message(head)),
    content(_, from, to) {
      messages.at(-1)!.bodyBytes += to - from;
    },
    messageEnd(end, complete) {
      Object.assign(messages.at(-1)!, { end, complete });
      if (role === 'response') expectOne();
    },
    note: ({ code, at, rfc }) => notes.push({ code, at, rfc }),
    error({ code, at, side }) {
      error = { code, at, side };
    },
  });
  const expectOne = (): void => parser.expect(options.method ?? 'GET');
  if (role === 'response') expectOne();
  parser.feed(bytes);
  parser.end();
  return { spans, messages, notes, error };
}

function message(head: Head): ExplainedMessage {
  const { start, end, framing } = head;
  const what =
    head.role === 'response' ? { status: head.status } : { method: head.method, target: head.target };
  return { start, end, complete: true, ...what, framing, bodyBytes: 0 };
}
