// Refusals: a status and one sentence that tells a person what was wrong and what to do instead. Never changes state.

import type { Violation } from '../../../shared/http1/types.ts';
import { type FieldLines, writeResponse } from '../../../shared/http1/writer.ts';
import type { ServerError } from '../errors.ts';
import type { Exchange, FinalResponse } from './exchange.ts';

const encoder = new TextEncoder();

/** A plain text of one or more lines, each ended by CRLF; what is not printable ASCII becomes a question mark. */
export function text(...lines: string[]): Uint8Array {
  return encoder.encode(lines.map((line) => `${line.replaceAll(/[^\x20-\x7e]/g, '?')}\r\n`).join(''));
}

export const PLAIN_TEXT = ['Content-Type', 'text/plain'] as const;

export function refuse(exchange: Exchange, status: number, sentence: string, fields: FieldLines = []): void {
  void exchange.final({ status, fields: [...fields, PLAIN_TEXT], content: text(sentence) });
}

/** A failure of the disk: 507 where there is no room (RFC 4918 §11.5), 409 where something is in the way, else 500. */
export function refuseStorage(exchange: Exchange, error: ServerError): void {
  const status = error.code === 'store-full' ? 507 : error.code === 'store-blocked' ? 409 : 500;
  refuse(exchange, status, error.message);
}

/** 405: RFC 9110 §15.5.6 wants the methods that there are. */
export function refuseMethod(exchange: Exchange, allowed: string): void {
  refuse(exchange, 405, `${exchange.method} is not possible here, only ${allowed}.`, [['Allow', allowed]]);
}

/** Answers a request whose content broke the rules of HTTP/1.1. */
export function refuseSyntax(exchange: Exchange, violation: Violation): void {
  void exchange.final(syntaxRefusal(violation));
}

/** The answer to bytes that are no request at all; the connection ends after it. */
export function syntaxRefusalBytes(violation: Violation): Uint8Array {
  return lastBytes(syntaxRefusal(violation));
}

/** The answer to a head that does not come to its end (RFC 9110 §15.5.9); the connection ends after it. */
export function slowHeadBytes(milliseconds: number): Uint8Array {
  const sentence = `The head of the request was not complete after ${milliseconds / 1000} seconds: send it faster.`;
  return lastBytes({ status: 408, fields: [PLAIN_TEXT], content: text(sentence) });
}

function lastBytes({ status, fields, content }: Refusal): Uint8Array {
  const head = writeResponse({
    status,
    fields: [
      ['Date', new Date().toUTCString()],
      ...fields,
      ['Content-Length', String(content.length)],
      ['Connection', 'close'],
    ],
  });
  const bytes = new Uint8Array(head.length + content.length);
  bytes.set(head);
  bytes.set(content, head.length);
  return bytes;
}

type Refusal = FinalResponse & { readonly content: Uint8Array };

function syntaxRefusal(violation: Violation): Refusal {
  const what = violation.code.replaceAll('-', ' ');
  const rule = violation.rfc.replace('§', 'section ');
  return {
    status: statusOf(violation),
    fields: [PLAIN_TEXT],
    content: text(
      `This is not valid HTTP/1.1: ${what}, at byte ${violation.at} of the connection (${rule}).`,
    ),
  };
}

function statusOf(violation: Violation): number {
  switch (violation.code) {
    case 'start-line-too-long':
      return 414;
    case 'head-too-large':
    case 'too-many-fields':
    case 'trailers-too-large':
      return 431;
    default:
      return 400;
  }
}
