// A session in the Trace Event Format, which Perfetto, speedscope and Chrome's tracing page open: connections are threads,
// exchanges slices with their phases inside, interim responses, messages and faults instants, a resume an arrow.
// It must never let two slices of one thread cross: viewers would drop one of them.

import { assertNever } from '../capture/records.ts';
import { ClosedBy, ClosedHow, Kind, NONE, unpackFault } from '../model/events.ts';
import type { Connection, Exchange, Model } from '../model/model.ts';
import { phasesOf } from './phases.ts';

/** Events that are handed over at once. */
const PIECE = 512;
const PROCESS = 1;

type Args = Record<string, string | number | boolean | null>;

/** One entry of `traceEvents`; times in microseconds, with the nanoseconds as decimals. */
interface TraceEvent {
  readonly name: string;
  /** M names, X slice, i instant, C counter, s and f the ends of an arrow. */
  readonly ph: 'M' | 'X' | 'i' | 'C' | 's' | 'f';
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly s?: 't';
  readonly id?: number;
  readonly bp?: 'e';
  readonly args?: Args;
}

/** The whole session in pieces of text; together one JSON document. The model must be folded. */
export function* toTraceEvents(model: Model, title: string): Generator<string> {
  let piece: string[] = [];
  let before = '{"displayTimeUnit":"ms","traceEvents":[\n';
  for (const event of eventsOf(model, title)) {
    piece.push(JSON.stringify(event));
    if (piece.length < PIECE) continue;
    yield before + piece.join(',\n');
    before = ',\n';
    piece = [];
  }
  yield `${piece.length === 0 ? '' : before}${piece.join(',\n')}\n]}\n`;
}

function* eventsOf(model: Model, title: string): Generator<TraceEvent> {
  yield { name: 'process_name', ph: 'M', pid: PROCESS, tid: 0, args: { name: title } };
  const threads = threadsOf(model);
  for (const { tid, name } of threads.all) {
    yield { name: 'thread_name', ph: 'M', pid: PROCESS, tid, args: { name } };
    yield { name: 'thread_sort_index', ph: 'M', pid: PROCESS, tid, args: { sort_index: tid } };
  }
  for (const exchange of model.exchanges) yield* slicesOf(model, exchange, threads.of(exchange));
  for (let i = 0; i < model.links.length; i++) yield* arrowOf(model, model.links.values[i]!, i, threads);
  for (let row = 0; row < model.events.length; row++) {
    const instant = instantOf(model, row, threads);
    if (instant !== null) yield instant;
  }
  for (const { exchange, connection, time, text } of model.remarks.list()) {
    const of = exchange === null ? undefined : model.exchanges[exchange];
    const tid = of === undefined ? threads.ofConnection(connection) : threads.of(of);
    yield { name: text, ph: 'i', s: 't', cat: 'remark', pid: PROCESS, tid, ts: time / 1e3, args: {} };
  }
}

interface Thread {
  readonly tid: number;
  readonly name: string;
  /** When its last slice ends. */
  until: number;
}

interface Threads {
  readonly all: readonly Thread[];
  of(exchange: Exchange): number;
  ofConnection(connection: number): number;
}

/** A thread for each connection, and further ones where its exchanges overlap (pipelining). */
function threadsOf(model: Model): Threads {
  const all: Thread[] = [];
  const byExchange = new Uint32Array(model.exchanges.length);
  const byConnection = new Map<number, number>();
  const add = (connection: Connection, lane: number): Thread => {
    const name = `Connection ${connection.id}${lane === 0 ? ` · ${connection.label}` : ` · pipelined ${lane + 1}`}`;
    const thread = { tid: all.length + 1, name, until: -1 };
    all.push(thread);
    return thread;
  };
  for (const connection of model.connections) {
    const lanes = [add(connection, 0)];
    byConnection.set(connection.id, lanes[0]!.tid);
    for (const id of connection.exchanges.values.subarray(0, connection.exchanges.length)) {
      const { startedAt, overAt } = phasesOf(model, model.exchanges[id]!);
      let lane = lanes.find(({ until }) => until <= startedAt);
      if (lane === undefined) lanes.push((lane = add(connection, lanes.length)));
      lane.until = overAt;
      byExchange[id] = lane.tid;
    }
  }
  return {
    all,
    of: ({ id }) => byExchange[id]!,
    ofConnection: (connection) => byConnection.get(connection) ?? 0,
  };
}

function* slicesOf(model: Model, exchange: Exchange, tid: number): Generator<TraceEvent> {
  const { startedAt, sentAt, answeredAt, overAt } = phasesOf(model, exchange);
  const slice = (name: string, from: number, to: number, args?: Args): TraceEvent => ({
    name,
    ph: 'X',
    cat: 'http',
    pid: PROCESS,
    tid,
    ts: from / 1e3,
    dur: (to - from) / 1e3,
    ...(args === undefined ? {} : { args }),
  });
  yield slice(`${exchange.method} ${exchange.target}`, startedAt, overAt, {
    exchange: exchange.id,
    operation: model.operations[exchange.operation]?.title ?? '',
    status: exchange.status,
    reason: exchange.reason,
    interimResponses: exchange.interim.length,
    complete: exchange.complete && exchange.requestComplete,
  });
  if (sentAt > startedAt) yield slice('send', startedAt, sentAt);
  if (answeredAt > sentAt) yield slice('wait', sentAt, answeredAt);
  if (overAt > answeredAt) yield slice('receive', answeredAt, overAt);
}

/** From the exchange that was cut to the one that goes on. */
function* arrowOf(model: Model, row: number, id: number, threads: Threads): Generator<TraceEvent> {
  const { columns } = model.events;
  const to = model.exchanges[columns.exchange[row]!];
  const from = model.exchanges[columns.a[row]!];
  if (to === undefined || from === undefined) return;
  const end = { name: 'resumes', cat: 'resume', pid: PROCESS, id };
  const cutAt = Math.min(phasesOf(model, from).overAt, to.startedAt);
  yield { ...end, ph: 's', tid: threads.of(from), ts: Math.max(from.startedAt, cutAt) / 1e3 };
  yield { ...end, ph: 'f', bp: 'e', tid: threads.of(to), ts: to.startedAt / 1e3 };
}

function closedOf(code: number, closer: number): { readonly how: string; readonly by: string } {
  const nameOf = (names: Readonly<Record<string, number>>, value: number): string =>
    Object.entries(names).find(([, known]) => known === value)?.[0] ?? '';
  return { how: nameOf(ClosedHow, code), by: nameOf(ClosedBy, closer) };
}

function instantOf(model: Model, row: number, threads: Threads): TraceEvent | null {
  const { columns } = model.events;
  const kind = columns.kind[row] as Kind;
  const connection = columns.connection[row]!;
  const exchange = columns.exchange[row] === NONE ? undefined : model.exchanges[columns.exchange[row]!];
  const tid = exchange === undefined ? threads.ofConnection(connection) : threads.of(exchange);
  const ts = columns.time[row]! / 1e3;
  const code = columns.code[row]!;
  const at = columns.a[row]!;
  const mark = (cat: string, name: string, args: Args = {}): TraceEvent => ({
    name: name.trim(),
    ph: 'i',
    s: 't',
    cat,
    pid: PROCESS,
    tid,
    ts,
    args,
  });
  switch (kind) {
    case Kind.interimReceived:
    case Kind.interimSent: {
      // Once each, as the client saw it where we hold that end.
      const byClient = model.connections[connection - 1]?.client === true;
      if ((kind === Kind.interimReceived) !== byClient) return null;
      return mark('interim', `${code} ${model.events.text(row)}`, { position: at });
    }
    case Kind.message:
      return mark('message', model.events.text(row) || 'message', { position: at });
    case Kind.fault: {
      const { action, cut, origin, end, direction } = unpackFault(code);
      return mark('fault', `${action} ${cut ?? ''}`, { origin, end, direction, position: at });
    }
    case Kind.note: {
      const [name = '', side = '', rfc = ''] = model.events.text(row).split('|');
      return mark('note', name, { side, rfc, position: at });
    }
    case Kind.connectionClosed: {
      const { how, by } = closedOf(code, at);
      return mark('connection', `closed ${how}`, { by, end: columns.b[row] === 1 ? 'server' : 'client' });
    }
    case Kind.step: {
      const [name = '', ...why] = model.events.text(row).split('|');
      return mark('step', name, { why: why.join('|') });
    }
    case Kind.progress: {
      const name = `progress of operation ${exchange?.operation ?? 0}`;
      return { name, ph: 'C', pid: PROCESS, tid: 0, ts, args: { done: at } };
    }
    case Kind.connectionOpened:
    case Kind.exchange:
    case Kind.operation:
    case Kind.operationState:
    case Kind.requestBytes:
    case Kind.requestHead:
    case Kind.requestEnd:
    case Kind.responseBytes:
    case Kind.finalSent:
    case Kind.finalReceived:
    case Kind.responseEnd:
    case Kind.coverage:
    case Kind.representation:
    case Kind.link:
    case Kind.document:
    case Kind.about:
    case Kind.ended:
    case Kind.range:
    case Kind.transaction:
    case Kind.result:
    case Kind.location:
    // Told when what it is beside was: not in the order of the table.
    case Kind.remark:
      return null;
    default:
      return assertNever(kind);
  }
}
