// The messages of an exchange and what their bytes mean, for showing: which stretch of which stream to read, and start
// line, fields and trailers out of explained spans. Pure.

import type { Stream } from '../../shared/capture/records.ts';
import type { Exchange, Model } from '../../shared/model/model.ts';
import type { Span } from './hex-rows.ts';

/** One message of an exchange: its request, an interim response or the final one. */
export interface Part {
  readonly id: string;
  readonly kind: 'request' | 'interim' | 'final';
  /** `POST`, `100`, `100 65536` (acknowledged), `102 1/3`, `201` */
  readonly label: string;
  readonly stream: Stream;
  readonly start: number;
  readonly headEnd: number;
  /** After its content, as far as it came; NaN: no content. */
  readonly end: number;
  readonly complete: boolean;
  /** Row of the event that ended its head; −1: none. */
  readonly row: number;
}

/** Interim responses listed one by one; more are counted. */
export const LISTED_INTERIMS = 200;

/** The messages of an exchange up to `time`, in order of their streams. */
export function partsOf(model: Model, exchange: Exchange, time: number): Part[] {
  const { columns } = model.events;
  const parts: Part[] = [];
  if (!Number.isNaN(exchange.requestHeadEnd))
    parts.push({
      id: 'request',
      kind: 'request',
      label: exchange.method,
      stream: 'request',
      start: exchange.requestStart,
      headEnd: exchange.requestHeadEnd,
      end: Number.isNaN(exchange.requestEnd) ? reached(model, exchange, [0, 1]) : exchange.requestEnd,
      complete: exchange.requestComplete,
      row: -1,
    });
  const listed = Math.min(exchange.interim.length, LISTED_INTERIMS);
  for (let i = 0; i < listed; i++) {
    const row = exchange.interim.values[i]!;
    if (columns.time[row]! > time) break;
    const gist = model.events.text(row);
    const told = /^\d+\/\d*/.exec(gist)?.[0] ?? /^has (\d+)$/.exec(gist)?.[1];
    parts.push({
      id: `interim ${row}`,
      kind: 'interim',
      label: told === undefined ? String(columns.code[row]!) : `${columns.code[row]!} ${told}`,
      stream: 'response',
      start: columns.a[row]!,
      headEnd: columns.b[row]!,
      end: NaN,
      complete: true,
      row,
    });
  }
  if (exchange.status !== null && exchange.statusAt <= time)
    parts.push({
      id: 'final',
      kind: 'final',
      label: String(exchange.status),
      stream: 'response',
      start: exchange.responseStart,
      headEnd: exchange.responseHeadEnd,
      end: Number.isNaN(exchange.responseEnd) ? reached(model, exchange, [2, 3]) : exchange.responseEnd,
      complete: exchange.complete,
      row: -1,
    });
  return parts;
}

/** How far a message had come by its bars. */
function reached(model: Model, exchange: Exchange, kinds: readonly number[]): number {
  return kinds.reduce((most, kind) => {
    const bar = exchange.bars[kind]!;
    return bar === -1 ? most : Math.max(most, model.bars.to[bar]!);
  }, 0);
}

/** How many bytes of a stream of a connection are known of, at either end. */
export function streamLength(model: Model, connection: number, stream: Stream): number {
  const of = model.connections[connection - 1];
  if (of === undefined) return 0;
  let most = 0;
  for (let i = of.bars.length - 1; i >= 0; i--) {
    const bar = of.bars.values[i]!;
    const isRequest = model.bars.kind[bar]! <= 1;
    if (isRequest === (stream === 'request')) most = Math.max(most, model.bars.to[bar]!);
  }
  // Interim responses have no bar: the stream reaches at least to the end of the last.
  if (stream === 'response')
    for (let i = of.exchanges.length - 1; i >= 0 && i >= of.exchanges.length - 2; i--) {
      const interim = model.exchanges[of.exchanges.values[i]!]?.interim.at(-1);
      if (interim !== undefined) most = Math.max(most, model.events.columns.b[interim]!);
    }
  return most;
}

interface FieldLine {
  readonly name: string;
  readonly value: string;
  readonly start: number;
}

export interface ReadMessage {
  /** `POST /capture HTTP/1.1` in its three parts. */
  readonly startLine: readonly { readonly kind: string; readonly text: string }[];
  readonly fields: readonly FieldLine[];
  readonly trailers: readonly FieldLine[];
}

const START_LINE = new Set(['method', 'target', 'version', 'status', 'reason']);

/** Reads the first message out of explained spans. */
export function readMessage(spans: readonly Span[]): ReadMessage {
  const textOf = (span: Span): string => readable(span.text ?? '');
  const fields: FieldLine[] = [];
  const trailers: FieldLine[] = [];
  const startLine: { kind: string; text: string }[] = [];
  let name: Span | null = null;
  for (const span of spans) {
    if (START_LINE.has(span.kind)) {
      // A later message: only the first is read.
      if (fields.length > 0) break;
      startLine.push({ kind: span.kind, text: textOf(span) });
    } else if (span.kind === 'field-name' || span.kind === 'trailer-name') name = span;
    else if ((span.kind === 'field-value' || span.kind === 'trailer-value') && name !== null) {
      const line = { name: textOf(name), value: textOf(span), start: name.start };
      (span.kind === 'field-value' ? fields : trailers).push(line);
      name = null;
    }
  }
  return { startLine, fields, trailers };
}

/** Text whose characters are bytes: as UTF-8 if they are, else as it is (RFC 9110 §5.5: obs-text is opaque). */
function readable(latin1: string): string {
  const bytes = Uint8Array.from(latin1, (character) => character.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return latin1;
  }
}
