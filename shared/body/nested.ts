// The messages inside message/http content (RFC 9112 §10.1): requests or responses, each with its content. Tells what has
// come of them; never more messages than its bound.

import { fieldsOf } from '../export/message.ts';
import { createParser } from '../http1/parser.ts';
import type { Head, Role } from '../http1/types.ts';
import { joined } from './ranges.ts';

/** Messages that are told. */
const MESSAGES = 100;

export interface NestedMessage {
  /** `HTTP/1.1 201 Created`, `POST /capture HTTP/1.1` */
  readonly startLine: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly content: Uint8Array;
  readonly complete: boolean;
}

export function nestedMessages(bytes: Uint8Array): NestedMessage[] {
  const role: Role = startsLikeResponse(bytes) ? 'response' : 'request';
  const found: { startLine: string; fields: [string, string][]; content: Uint8Array; complete: boolean }[] =
    [];
  let pieces: Uint8Array[] = [];
  let isOver = false;
  const parser = createParser(role, {
    head(head) {
      isOver = found.length === MESSAGES;
      if (isOver) return;
      const isInterim = role === 'response' && head.status < 200;
      found.push({
        startLine: startLine(head),
        fields: fieldsOf(head),
        content: new Uint8Array(0),
        complete: isInterim,
      });
    },
    content: (piece, from, to) => pieces.push(piece.subarray(from, to)),
    messageEnd(_, complete) {
      const message = found.at(-1);
      if (message !== undefined && !isOver) {
        message.content = joined(pieces);
        message.complete = complete;
      }
      pieces = [];
      if (role === 'response') parser.expect('GET');
    },
  });
  if (role === 'response') parser.expect('GET');
  parser.feed(bytes);
  parser.end();
  return found;
}

function startsLikeResponse(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, 5)) === 'HTTP/';
}

function startLine(head: Head): string {
  const version = `HTTP/1.${head.minor}`;
  return head.role === 'response'
    ? `${version} ${head.status} ${head.reason}`.trimEnd()
    : `${head.method} ${head.target} ${version}`;
}
