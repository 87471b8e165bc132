// A session as NDJSON: one line of JSON an event, in the order of time, for jq and for scripts of one's own.
// It must never hold more than a few lines at once, nor say what the event table does not.
//
//   {"format":"interim-events","version":1,"title":"…","startedAt":"2026-11-26T10:00:00.000Z","events":123}
//   {"time":1204000,"kind":"interim-received","connection":1,"exchange":0,"status":102,"start":120,"end":163,"text":"1/3"}
//
// `time`: nanoseconds since the session began, on one clock for both ends. `start` (inclusive) … `end` (exclusive) and
// `at`: byte positions in the request or the response stream of the connection, heads included. Exchanges and operations
// count from 0, connections from 1. What has no value is left out.

import { assertNever } from '../capture/records.ts';
import {
  ClosedBy,
  ClosedHow,
  DOWNLOAD,
  type EventRow,
  type EventTable,
  isSeenByClient,
  Kind,
  Layer,
  Located,
  MESSAGE_OF_CLIENT,
  MESSAGE_TYPE,
  MessageType,
  NONE,
  NoteLevel,
  OperationState,
  unpackFault,
} from '../model/events.ts';
import type { Model } from '../model/model.ts';

export interface NdjsonInfo {
  /** When the session began: milliseconds since 1970. */
  readonly startedAt: number;
  readonly title: string;
}

/** Characters that are handed over at once. */
const PIECE = 64 * 1024;
const FORMAT_VERSION = 1;

type Value = string | number | boolean | null | undefined;

/** The whole session in pieces of text, each of whole lines. The model must be folded. */
export function* toNdjson({ events, remarks }: Model, { startedAt, title }: NdjsonInfo): Generator<string> {
  // What stood before, or was taken back, is nobody else's.
  const isPast = (row: number): boolean =>
    events.columns.kind[row] === Kind.remark && remarks.ofRow(row) === null;
  const head = {
    format: 'interim-events',
    version: FORMAT_VERSION,
    title,
    startedAt: Number.isFinite(startedAt) && Math.abs(startedAt) <= 8.64e15 ? new Date(startedAt) : null,
    events: events.length - (remarks.rows - remarks.size),
  };
  let piece = `${JSON.stringify(head)}\n`;
  for (let row = 0; row < events.length; row++) {
    if (isPast(row)) continue;
    piece += `${JSON.stringify(eventLine(events, row))}\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function eventLine(events: EventTable, row: number): Record<string, Value> {
  const event = events.row(row);
  const line: Record<string, Value> = {
    time: event.time,
    kind: KINDS.get(event.kind) ?? String(event.kind),
  };
  if (event.connection !== 0) line['connection'] = event.connection;
  if (event.exchange !== NONE) line['exchange'] = event.exchange;
  for (const [name, value] of Object.entries(detailsOf(event)))
    if (value !== undefined && value !== '' && !Number.isNaN(value)) line[name] = value;
  return line;
}

/** `connectionOpened` → `connection-opened` */
const KINDS = new Map<Kind, string>(
  Object.entries(Kind).map(([name, kind]) => [
    kind,
    name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  ]),
);

/** The columns of a row under the names of what they hold for its kind. */
function detailsOf({ kind, code, a, b, text }: EventRow): Record<string, Value> {
  switch (kind) {
    case Kind.connectionOpened:
      return { label: text, client: (code & 1) !== 0, server: (code & 2) !== 0 };
    case Kind.connectionClosed:
      return { how: nameOf(ClosedHow, code), by: nameOf(ClosedBy, a), end: endOf(b), error: text };
    case Kind.exchange: {
      const space = text.indexOf(' ');
      return { operation: a, start: b, method: text.slice(0, space), target: text.slice(space + 1) };
    }
    case Kind.operation:
      return { operation: a, title: text };
    case Kind.operationState:
      return { operation: a, state: nameOf(OperationState, code), why: text };
    case Kind.requestBytes:
    case Kind.responseBytes:
    case Kind.requestHead:
      return { layer: nameOf(Layer, code), start: a, end: b };
    case Kind.requestEnd:
    case Kind.responseEnd:
      return { layer: nameOf(Layer, code), at: a, complete: b === 1 };
    case Kind.interimSent:
    case Kind.interimReceived:
      return { status: code, start: a, end: b, text };
    case Kind.finalSent:
    case Kind.finalReceived:
      return { status: code, reason: text, start: a, end: b };
    case Kind.coverage:
      return { of: sideOf(code), layer: nameOf(Layer, code & 7), first: a, end: b };
    case Kind.representation:
      return { of: sideOf(code), length: a, operation: b };
    case Kind.progress:
      return { done: a, of: b, text };
    case Kind.fault: {
      const { action, cut, origin, end, direction } = unpackFault(code);
      return { action, cut: cut ?? undefined, origin, end, direction, at: a, content: b };
    }
    case Kind.link:
      return { resumes: a, cutConnection: b };
    case Kind.note: {
      const [note, side, rfc] = text.split('|');
      const stream = b === 1 ? 'response' : 'request';
      return { level: nameOf(NoteLevel, code), code: note, side, rfc, stream, at: a };
    }
    case Kind.step: {
      const bar = text.indexOf('|');
      return { operation: a, step: text.slice(0, bar), why: text.slice(bar + 1) };
    }
    case Kind.document:
      return { status: code, reason: text };
    case Kind.about:
      return { text };
    case Kind.ended:
      return { end: endOf(b), direction: code === 1 ? 'in' : 'out' };
    case Kind.range:
      return Number.isNaN(a) ? { suffix: b } : { first: a, last: b };
    case Kind.transaction:
      return { transaction: code === 1 ? 'atomic' : 'persist', told: a === 1 };
    case Kind.result:
      return { status: code, reference: text };
    case Kind.message:
      return {
        type: nameOf(MessageType, code & MESSAGE_TYPE),
        from: (code & MESSAGE_OF_CLIENT) === 0 ? 'server' : 'client',
        seenBy: isSeenByClient(code) ? 'client' : 'server',
        start: a,
        end: b,
        text,
      };
    case Kind.location:
      return { located: nameOf(Located, code), reference: text };
    case Kind.remark: {
      const bar = text.indexOf('|');
      const beside = code === 1 ? { moment: b } : { event: a };
      return { id: Number(text.slice(0, bar)), ...beside, text: text.slice(bar + 1) };
    }
    default:
      return assertNever(kind);
  }
}

function nameOf(names: Readonly<Record<string, number>>, value: number): string | undefined {
  return Object.entries(names).find(([, known]) => known === value)?.[0];
}

function endOf(value: number): string {
  return value === 1 ? 'server' : 'client';
}

function sideOf(code: number): string {
  return (code & DOWNLOAD) === 0 ? 'request' : 'response';
}
