// The answer to one request as it was on the wire: interim responses, final response, trailers, and how it ended. Parsed
// from its bytes; never keeps content.

import { fieldsOf } from '../export/message.ts';
import { createParser } from '../http1/parser.ts';
import type { FieldLines } from '../http1/writer.ts';

export interface AnswerHead {
  readonly status: number;
  readonly reason: string;
  readonly fields: FieldLines;
}

/** How a connection ended within an answer; `open`: it did not, as far as is known. */
export type AnswerEnd = 'fin' | 'rst' | 'silence' | 'open';

export interface WireAnswer {
  readonly interim: readonly AnswerHead[];
  readonly final: AnswerHead | null;
  /** Bytes of content. */
  readonly content: number;
  readonly trailers: FieldLines;
  readonly whole: boolean;
  /** What came is no HTTP/1.1. */
  readonly broken: boolean;
  readonly end: AnswerEnd;
}

/**
 * @param bytes of the response stream from the first byte of the answer on, as far as they are there
 * @param method of the request @param end what came behind them
 */
export function readAnswer(bytes: Uint8Array, method: string, end: AnswerEnd): WireAnswer {
  const interim: AnswerHead[] = [];
  let final: AnswerHead | null = null;
  let content = 0;
  let trailers: FieldLines = [];
  let isOver = false;
  let isWhole = false;
  let isBroken = false;
  const parser = createParser('response', {
    head(head) {
      const read = { status: head.status, reason: head.reason, fields: fieldsOf(head) };
      if (head.status < 200 && head.status !== 101) interim.push(read);
      else final = read;
    },
    content: (_, from, to) => {
      content += to - from;
    },
    trailers: (found) => {
      trailers = fieldsOf(found);
    },
    messageEnd: (_, complete) => {
      isWhole = complete;
      isOver = true;
    },
    error: ({ code }) => {
      isBroken = !isOver && !code.startsWith('closed-');
    },
  });
  parser.expect(method);
  parser.feed(bytes);
  // A reset is no end of content that nothing delimits (RFC 9112 §8).
  if (end === 'fin') parser.end();
  return { interim, final, content, trailers, whole: isWhole, broken: isBroken, end };
}
