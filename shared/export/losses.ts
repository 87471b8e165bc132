// What each format keeps of one session and what it loses, counted: what somebody wants to know before exporting.
// It must agree with what the exporters do; nothing here reads a byte.

import type { ExportFormat } from '../contract.ts';
import { Kind, unpackFault } from '../model/events.ts';
import type { Exchange, Model } from '../model/model.ts';
import { MESSAGE_CONTENT } from './bounds.ts';
import { messageEnd } from './message-end.ts';

/** How much of a thing is in the file: all of it, some of it, nothing. */
export type Keeping = 'kept' | 'partly' | 'lost';

export interface Kept {
  readonly keeping: Keeping;
  /** Where it goes, or what is left of it; a few words, '' where there is nothing to say. */
  readonly how: string;
}

/** One kind of thing that the session has, and what becomes of it in each format. */
export interface LossRow {
  readonly what: string;
  /** How many there are; null: what cannot be counted. */
  readonly count: number | null;
  /** The noun of a count where it is not `what`. */
  readonly unit: 'bytes' | null;
  readonly formats: Readonly<Record<ExportFormat, Kept>>;
}

const kept = (how = ''): Kept => ({ keeping: 'kept', how });
const partly = (how: string): Kept => ({ keeping: 'partly', how });
const lost = (how = ''): Kept => ({ keeping: 'lost', how });

/** Of har, ndjson, curl, http and trace-event. */
type InEach = readonly [har: Kept, ndjson: Kept, curl: Kept, http: Kept, traceEvent: Kept];

function row(what: string, count: number | null, inEach: InEach, unit: LossRow['unit'] = null): LossRow {
  const [har, ndjson, curl, http, traceEvent] = inEach;
  return { what, count, unit, formats: { har, ndjson, curl, http, 'trace-event': traceEvent } };
}

/**
 * A row for each kind of thing that there is. The model must be folded.
 * @param leftOutBytes bytes of the session that were counted, not kept
 */
export function lossesOf(model: Model, leftOutBytes: number): LossRow[] {
  const found = tally(model);
  // Of each: har, ndjson, curl, http, trace-event.
  const rows: LossRow[] = [
    row('Requests', found.requests, [
      kept(),
      partly('no fields, no content'),
      kept('as commands'),
      kept(),
      partly('as slices'),
    ]),
    row('Interim responses', found.interim, [
      kept('_interimResponses'),
      partly('status and gist'),
      lost(),
      kept(),
      partly('as instants'),
    ]),
    row('Final responses', found.final, [
      kept(),
      partly('no fields, no content'),
      lost(),
      kept(),
      partly('status only'),
    ]),
    row('Messages over 1 MiB', found.large, [
      partly('their first MiB'),
      lost(),
      partly('requests, whole'),
      partly('their first MiB'),
      lost(),
    ]),
    row('Stream messages', found.messages, [
      kept('_webSocketMessages, _eventSourceMessages'),
      partly('200 characters each'),
      lost(),
      partly('where they are text'),
      partly('200 characters each'),
    ]),
    row('Cuts', found.cuts, [
      kept('_abort'),
      kept(),
      partly('content ends there'),
      partly('content ends there'),
      kept('as instants'),
    ]),
    row('Other faults', found.otherFaults, [lost(), kept(), lost(), lost(), kept('as instants')]),
    row('Resumes', found.resumes, [kept('_operation'), kept(), lost(), lost(), kept('as arrows')]),
    row('Steps and why', found.steps, [lost(), kept(), lost(), lost(), kept('as instants')]),
    row('Conformance notes', found.notes, [lost(), kept(), lost(), lost(), kept('as instants')]),
    row('Your notes', model.remarks.size, [
      kept('comment'),
      kept(),
      kept('as comments'),
      kept('as remarks'),
      kept('as instants'),
    ]),
    row(
      'Bytes of the wire',
      found.bytes,
      [
        lost('decoded content'),
        lost('positions only'),
        lost('decoded content'),
        partly('where they are text'),
        lost(),
      ],
      'bytes',
    ),
    row('Times', null, [
      partly('three phases'),
      kept('nanoseconds'),
      lost('one after the other'),
      partly('one a message'),
      partly('phases, instants'),
    ]),
    row(
      'Not kept by the session',
      leftOutBytes,
      [lost(), partly('positions only'), lost('their requests, too'), lost(), lost()],
      'bytes',
    ),
  ];
  return rows.filter(({ count }) => count !== 0);
}

interface Tally {
  requests: number;
  interim: number;
  final: number;
  large: number;
  messages: number;
  cuts: number;
  otherFaults: number;
  resumes: number;
  steps: number;
  notes: number;
  bytes: number;
}

function tally(model: Model): Tally {
  const found: Tally = {
    requests: model.exchanges.length,
    interim: 0,
    final: 0,
    large: 0,
    messages: 0,
    cuts: 0,
    otherFaults: 0,
    resumes: model.links.length,
    steps: 0,
    notes: 0,
    bytes: 0,
  };
  const { kind, code, a, b } = model.events.columns;
  for (const exchange of model.exchanges) {
    found.interim += exchange.interim.length;
    found.messages += exchange.messages.length;
    if (exchange.status !== null) found.final++;
    for (const stream of ['request', 'response'] as const) {
      const { head, content } = lengthsOf(model, exchange, stream);
      found.bytes += head + content;
      if (content > MESSAGE_CONTENT) found.large++;
    }
    const { values: interim, length } = exchange.interim;
    let bytes = 0;
    for (let i = 0; i < length; i++) bytes += b[interim[i]!]! - a[interim[i]!]!;
    found.bytes += bytes;
  }
  const { length } = model.events;
  for (let row = 0; row < length; row++)
    switch (kind[row]) {
      case Kind.step:
        found.steps++;
        break;
      case Kind.note:
        found.notes++;
        break;
      case Kind.fault:
        if (unpackFault(code[row]!).action === 'cut') found.cuts++;
        else found.otherFaults++;
    }
  return found;
}

/** Bytes of the head of a request or final response, and of what came behind it; 0 while they are not known. */
function lengthsOf(
  model: Model,
  exchange: Exchange,
  stream: 'request' | 'response',
): { head: number; content: number } {
  const [start, headEnd] =
    stream === 'request'
      ? [exchange.requestStart, exchange.requestHeadEnd]
      : [exchange.responseStart, exchange.responseHeadEnd];
  if (Number.isNaN(headEnd)) return { head: 0, content: 0 };
  return { head: headEnd - start, content: messageEnd(model, exchange, stream) - headEnd };
}
