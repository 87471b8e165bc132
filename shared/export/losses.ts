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

/**
 * A row for each kind of thing that there is. The model must be folded.
 * @param leftOutBytes bytes of the session that were counted, not kept
 */
export function lossesOf(model: Model, leftOutBytes: number): LossRow[] {
  const found = tally(model);
  const rows: LossRow[] = [
    {
      what: 'Requests',
      count: found.requests,
      unit: null,
      formats: {
        har: kept(),
        ndjson: partly('no fields, no content'),
        curl: kept('as commands'),
        http: kept(),
        'trace-event': partly('as slices'),
      },
    },
    {
      what: 'Interim responses',
      count: found.interim,
      unit: null,
      formats: {
        har: kept('_interimResponses'),
        ndjson: partly('status and gist'),
        curl: lost(),
        http: kept(),
        'trace-event': partly('as instants'),
      },
    },
    {
      what: 'Final responses',
      count: found.final,
      unit: null,
      formats: {
        har: kept(),
        ndjson: partly('no fields, no content'),
        curl: lost(),
        http: kept(),
        'trace-event': partly('status only'),
      },
    },
    {
      what: 'Messages over 1 MiB',
      count: found.large,
      unit: null,
      formats: {
        har: partly('their first MiB'),
        ndjson: lost(),
        curl: partly('requests, whole'),
        http: partly('their first MiB'),
        'trace-event': lost(),
      },
    },
    {
      what: 'Stream messages',
      count: found.messages,
      unit: null,
      formats: {
        har: kept('_webSocketMessages, _eventSourceMessages'),
        ndjson: partly('200 characters each'),
        curl: lost(),
        http: partly('where they are text'),
        'trace-event': partly('200 characters each'),
      },
    },
    {
      what: 'Cuts',
      count: found.cuts,
      unit: null,
      formats: {
        har: kept('_abort'),
        ndjson: kept(),
        curl: partly('content ends there'),
        http: partly('content ends there'),
        'trace-event': kept('as instants'),
      },
    },
    {
      what: 'Other faults',
      count: found.otherFaults,
      unit: null,
      formats: {
        har: lost(),
        ndjson: kept(),
        curl: lost(),
        http: lost(),
        'trace-event': kept('as instants'),
      },
    },
    {
      what: 'Resumes',
      count: found.resumes,
      unit: null,
      formats: {
        har: kept('_operation'),
        ndjson: kept(),
        curl: lost(),
        http: lost(),
        'trace-event': kept('as arrows'),
      },
    },
    {
      what: 'Steps and why',
      count: found.steps,
      unit: null,
      formats: {
        har: lost(),
        ndjson: kept(),
        curl: lost(),
        http: lost(),
        'trace-event': kept('as instants'),
      },
    },
    {
      what: 'Conformance notes',
      count: found.notes,
      unit: null,
      formats: {
        har: lost(),
        ndjson: kept(),
        curl: lost(),
        http: lost(),
        'trace-event': kept('as instants'),
      },
    },
    {
      what: 'Your notes',
      count: model.remarks.size,
      unit: null,
      formats: {
        har: kept('comment'),
        ndjson: kept(),
        curl: kept('as comments'),
        http: kept('as remarks'),
        'trace-event': kept('as instants'),
      },
    },
    {
      what: 'Bytes of the wire',
      count: found.bytes,
      unit: 'bytes',
      formats: {
        har: lost('decoded content'),
        ndjson: lost('positions only'),
        curl: lost('decoded content'),
        http: partly('where they are text'),
        'trace-event': lost(),
      },
    },
    {
      what: 'Times',
      count: null,
      unit: null,
      formats: {
        har: partly('three phases'),
        ndjson: kept('nanoseconds'),
        curl: lost('one after the other'),
        http: partly('one a message'),
        'trace-event': partly('phases, instants'),
      },
    },
    {
      what: 'Not kept by the session',
      count: leftOutBytes,
      unit: 'bytes',
      formats: {
        har: lost(),
        ndjson: partly('positions only'),
        curl: lost('their requests, too'),
        http: lost(),
        'trace-event': lost(),
      },
    },
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
