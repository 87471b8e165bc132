// Turns what a parser reports into lines of text, so that a test reads like a transcript of the stream.
// Content that comes in pieces is joined: the same stream gives the same lines however it was split.

import { createParser } from '../../../shared/http1/parser.ts';
import type { Head, Http1Parser, Http1Sink, Limits, Role } from '../../../shared/http1/types.ts';

export interface Feeding {
  readonly limits?: Partial<Limits>;
  /** Methods of the requests that the responses answer; `HEAD/1.0` for an HTTP/1.0 request. */
  readonly expect?: readonly string[];
  /** Report spans too. */
  readonly spans?: boolean;
  /** Call end() after the last byte. */
  readonly end?: boolean;
  /** Called with the parser when a head arrives. */
  readonly onHead?: (head: Head, parser: Http1Parser) => void;
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function fieldsOf(head: Head): string {
  const fields = [];
  for (let i = 0; i < head.fieldCount; i++) fields.push(`${head.fieldName(i)}: ${head.fieldValue(i)}`);
  return fields.length === 0 ? '' : ` {${fields.join(' | ')}}`;
}

function describe(head: Head): string {
  const start =
    head.role === 'request'
      ? `${head.method} ${head.target}`
      : `${head.status} ${JSON.stringify(head.reason)}`;
  const length = head.framing === 'content-length' ? `=${head.contentLength}` : '';
  const persists = head.keepAlive ? '' : ' closes';
  return `${head.start}–${head.end} ${start} HTTP/1.${head.minor} ${head.framing}${length}${persists}${fieldsOf(head)}`;
}

/** Feeds the pieces one after the other and returns what was reported. */
export function transcript(role: Role, pieces: readonly Uint8Array[], feeding: Feeding = {}): string[] {
  const lines: string[] = [];
  let open: { label: string; start: number; end: number; text: string } | null = null;
  const close = (): void => {
    if (open !== null) lines.push(`${open.label} ${open.start}–${open.end} ${JSON.stringify(open.text)}`);
    open = null;
  };
  const piece = (label: string, bytes: Uint8Array, from: number, to: number, at: number): void => {
    const text = String.fromCharCode(...bytes.subarray(from, to));
    if (open?.label === label && open.end === at) {
      open.end += to - from;
      open.text += text;
      return;
    }
    close();
    open = { label, start: at, end: at + to - from, text };
  };
  let body: { start: number; end: number } | null = null;
  const spans: string[] = [];
  const closeBody = (): void => {
    if (body !== null) spans.push(`body ${body.start}–${body.end}`);
    body = null;
  };
  const sink: Http1Sink = {
    head(head) {
      close();
      lines.push(`head ${describe(head)}`);
      feeding.onHead?.(head, parser);
    },
    content: (bytes, from, to, at) => piece('content', bytes, from, to, at),
    chunk(start, end, size) {
      close();
      lines.push(`chunk ${start}–${end} size ${size}`);
    },
    trailers(trailers) {
      close();
      lines.push(`trailers ${trailers.start}–${trailers.end}${fieldsOf(trailers)}`);
    },
    messageEnd(end, complete) {
      close();
      lines.push(`end ${end} ${complete ? 'complete' : 'incomplete'}`);
    },
    tunnel: (bytes, from, to, at) => piece('tunnel', bytes, from, to, at),
    note(note) {
      close();
      lines.push(`note ${note.code} at ${note.at}`);
    },
    error(error) {
      close();
      lines.push(`error ${error.code} at ${error.at} by ${error.side}`);
    },
    ...(feeding.spans === true && {
      span(kind, start, end) {
        if (kind === 'body') {
          if (body !== null && (body as { end: number }).end === start) (body as { end: number }).end = end;
          else {
            closeBody();
            body = { start, end };
          }
          return;
        }
        closeBody();
        spans.push(`${kind} ${start}–${end}`);
      },
    }),
  };
  const parser = createParser(role, sink, feeding.limits);
  for (const method of feeding.expect ?? []) {
    const [name, version] = method.split('/');
    parser.expect(name!, version === '1.0' ? 0 : 1);
  }
  for (const bytes of pieces) parser.feed(bytes);
  if (feeding.end === true) parser.end();
  close();
  closeBody();
  return [...lines, ...spans];
}

/** The stream in one piece. */
export function whole(bytes: Uint8Array): Uint8Array[] {
  return [bytes];
}

/** The stream byte by byte, each byte in a slab that is overwritten afterwards. */
export function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, i) => bytes.slice(i, i + 1));
}

/** The stream split at these positions, in any order, repeats allowed. */
function splitAt(bytes: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const cuts = [0, ...positions.map((at) => at % (bytes.length + 1)).sort((x, y) => x - y), bytes.length];
  return cuts.slice(1).map((end, i) => bytes.slice(cuts[i]!, end));
}

/** Splits of a stream that differ in every run of the table but never between runs: a small seeded generator. */
export function randomSplits(bytes: Uint8Array, seed: number): Uint8Array[] {
  let state = (seed * 2654435761 + bytes.length) >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
  return splitAt(
    bytes,
    Array.from({ length: 1 + (next() % 8) }, () => next()),
  );
}
