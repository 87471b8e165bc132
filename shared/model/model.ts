// The event table folded into what a person speaks of: connections, exchanges, operations, bars, coverage.
// Append-only like the table itself: whatever changes carries its time, so the state at time t is a look-up in
// what is already there. The same fold serves the live run, the opened file, the playback and the command line.

import { Coverage } from './coverage.ts';
import type { ClosedHow, OperationState } from './events.ts';
import { ClosedBy, DOWNLOAD, type EventTable, isSeenByClient, Kind, Layer, NEXT, NONE } from './events.ts';
import { extended, Uint32List } from './growable.ts';
import { Remarks } from './remarks.ts';

/** Which of the four tracks a bar is drawn on. */
export const BarKind = { requestSent: 0, requestReceived: 1, responseSent: 2, responseReceived: 3 } as const;
export type BarKind = (typeof BarKind)[keyof typeof BarKind];

/** Every stretch of bytes of one message at one end, in columns: read `start[i]` … for i < length. */
class Bars {
  length = 0;
  /** Nanoseconds of its first and of its last bytes so far. */
  start = new Float64Array(64);
  end = new Float64Array(64);
  /** Absolute stream positions: first byte, and the one after the last so far. */
  from = new Float64Array(64);
  to = new Float64Array(64);
  connection = new Uint32Array(64);
  exchange = new Uint32Array(64);
  kind = new Uint8Array(64);

  push(time: number, from: number, to: number, connection: number, exchange: number, kind: BarKind): number {
    if (this.length === this.start.length) this.#grow();
    const index = this.length++;
    this.start[index] = time;
    this.end[index] = time;
    this.from[index] = from;
    this.to[index] = to;
    this.connection[index] = connection;
    this.exchange[index] = exchange;
    this.kind[index] = kind;
    return index;
  }

  #grow(): void {
    const capacity = this.start.length * 2;
    const f64 = (old: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(capacity);
      grown.set(old);
      return grown;
    };
    const u32 = (old: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> => {
      const grown = new Uint32Array(capacity);
      grown.set(old);
      return grown;
    };
    this.start = f64(this.start);
    this.end = f64(this.end);
    this.from = f64(this.from);
    this.to = f64(this.to);
    this.connection = u32(this.connection);
    this.exchange = u32(this.exchange);
    const kind = new Uint8Array(capacity);
    kind.set(this.kind);
    this.kind = kind;
  }
}

export type How = keyof typeof ClosedHow;
export type By = keyof typeof ClosedBy;

export interface Connection {
  /** 1, 2, 3 … */
  readonly id: number;
  readonly openedAt: number;
  /** `127.0.0.1:41212 → 127.0.0.1:18080` */
  label: string;
  /** Which ends we hold. */
  client: boolean;
  server: boolean;
  /** Its bytes went through TLS: https. Known of what we opened ourselves. */
  secure: boolean;
  /** The first word about its end: a cut or a FIN at either end, whichever came first. */
  closed: {
    readonly how: How;
    readonly by: By;
    readonly end: 'client' | 'server';
    readonly at: number;
    readonly error: string;
  } | null;
  /** When the last of the ends that we hold was closed; Infinity while one is open. */
  closedAt: number;
  readonly exchanges: Uint32List;
  /** Indices into the model's bars. */
  readonly bars: Uint32List;
  /** Rows of the event table that are drawn as marks: interim, final, message, fault, closed, ended, note. */
  readonly marks: Uint32List;
  /** Rows: every fault on it. */
  readonly faults: Uint32List;
}

export interface Exchange {
  readonly id: number;
  readonly connection: number;
  readonly operation: number;
  readonly method: string;
  readonly target: string;
  readonly startedAt: number;
  /** Absolute positions in the request stream; `requestEnd` NaN until the request is complete or cut. */
  readonly requestStart: number;
  requestHeadEnd: number;
  requestEnd: number;
  requestComplete: boolean;
  /** Rows of its interim responses, in order: once each, as the client saw them (as sent, without a client end). */
  readonly interim: Uint32List;
  /** Rows of its messages, in order: once each, at the client's end (at the server's, without a client end). */
  readonly messages: Uint32List;
  status: number | null;
  reason: string;
  /** When the final head was known; NaN before. */
  statusAt: number;
  /** Absolute positions of the final response; NaN before. */
  responseStart: number;
  responseHeadEnd: number;
  responseEnd: number;
  /** The final response came whole. */
  complete: boolean;
  /** When nothing more came of it; Infinity while it runs. */
  endedAt: number;
  /** The response inside a message/http document. */
  document: { readonly status: number; readonly reason: string; readonly at: number } | null;
  /** The exchange whose cut this one mends. */
  resumes: number | null;
  /** Indices into the model's bars, by {@link BarKind}; −1: none. */
  readonly bars: number[];
}

/** A change of an operation's state: what was true from then on. */
export interface StateChange {
  readonly at: number;
  readonly state: OperationState;
  readonly why: string;
}

export interface Operation {
  readonly id: number;
  readonly title: string;
  readonly startedAt: number;
  readonly exchanges: Uint32List;
  /** Connection numbers, in order of first use. */
  connections: number[];
  states: StateChange[];
  /** The request's representation: sent, received, acknowledged. */
  readonly upload: Coverage;
  /** The response's representation. */
  readonly download: Coverage;
  /** Rows of Kind.progress. */
  readonly progress: Uint32List;
  /** Rows of Kind.fault, Kind.step, Kind.note. */
  readonly faults: Uint32List;
  readonly steps: Uint32List;
  readonly notes: Uint32List;
}

const HOWS: Record<number, How> = { 1: 'fin', 2: 'rst', 3: 'silence', 4: 'error' };
const BYS: Record<number, By> = { 1: 'client', 2: 'server', 3: 'fault' };

export class Model {
  readonly events: EventTable;
  readonly bars = new Bars();
  /** Index: connection number − 1. */
  readonly connections: Connection[] = [];
  readonly exchanges: Exchange[] = [];
  readonly operations: Operation[] = [];
  /** Rows of Kind.link. */
  readonly links = new Uint32List();
  /** Rows of Kind.about. */
  readonly abouts = new Uint32List();
  /** Rows that a Story could tell of; see story.ts. */
  readonly interims = new Uint32List();
  /** What people wrote beside it. */
  readonly remarks: Remarks;
  #folded = 0;

  constructor(events: EventTable) {
    this.events = events;
    this.remarks = new Remarks(events);
  }

  /** Nanoseconds of the last event, 0 without any. */
  get endTime(): number {
    return this.events.length === 0 ? 0 : this.events.columns.time[this.events.length - 1]!;
  }

  /** Rows that have been folded; grows with every {@link fold}. */
  get folded(): number {
    return this.#folded;
  }

  /** Takes in what was appended to the table since the last call. */
  fold(): void {
    const { columns, length } = this.events;
    for (let row = this.#folded; row < length; row++) {
      this.#row(
        row,
        columns.time[row]!,
        columns.kind[row] as Kind,
        columns.code[row]!,
        columns.connection[row]!,
        columns.exchange[row]!,
        columns.a[row]!,
        columns.b[row]!,
        this.#text(columns.text[row]!),
      );
    }
    this.#folded = length;
  }

  /** The text of a row whose kind is read here; the marked ones (see events.ts) are of kinds that are not. */
  #text(stored: number): string {
    return stored === 0 || stored >= NEXT ? '' : this.events.strings[stored]!;
  }

  operationState(operation: Operation, time = Infinity): StateChange | null {
    let found: StateChange | null = null;
    for (const change of operation.states) {
      if (change.at > time) break;
      found = change;
    }
    return found;
  }

  /** Absolute position that a bar had reached by `time`. */
  barPositionAt(bar: number, time: number): number {
    const { bars } = this;
    if (time >= bars.end[bar]!) return bars.to[bar]!;
    if (time < bars.start[bar]!) return bars.from[bar]!;
    const { columns } = this.events;
    const kind = bars.kind[bar]! <= BarKind.requestReceived ? Kind.requestBytes : Kind.responseBytes;
    const layer = bars.kind[bar]! % 2 === 0 ? Layer.sent : Layer.received;
    for (let row = this.events.prefix(time) - 1; row >= 0; row--) {
      if (
        columns.exchange[row] === bars.exchange[bar] &&
        columns.kind[row] === kind &&
        columns.code[row] === layer
      )
        return columns.b[row]!;
    }
    return bars.from[bar]!;
  }

  #row(
    row: number,
    time: number,
    kind: Kind,
    code: number,
    connectionId: number,
    exchangeId: number,
    a: number,
    b: number,
    text: string,
  ): void {
    const connection = this.connections[connectionId - 1];
    const exchange = exchangeId === NONE ? undefined : this.exchanges[exchangeId];
    const operation = exchange === undefined ? undefined : this.operations[exchange.operation];
    switch (kind) {
      case Kind.connectionOpened:
        this.#opened(connectionId, time, code, text);
        return;
      case Kind.connectionClosed:
        if (connection === undefined) return;
        // What one end calls the other's close is a fault of ours where that other end says so.
        if (connection.closed === null || (a === ClosedBy.fault && connection.closed.by !== 'fault'))
          connection.closed = {
            how: HOWS[code] ?? 'error',
            by: BYS[a] ?? 'client',
            end: b === 1 ? 'server' : 'client',
            at: connection.closed?.at ?? time,
            error: text,
          };
        connection.closedAt = time;
        connection.marks.push(row);
        return;
      case Kind.ended:
        connection?.marks.push(row);
        return;
      case Kind.exchange:
        this.#exchange(exchangeId, connectionId, a, b, time, text);
        return;
      case Kind.operation:
        this.operations[a] ??= {
          id: a,
          title: text,
          startedAt: time,
          exchanges: new Uint32List(),
          connections: [],
          states: [],
          upload: new Coverage(),
          download: new Coverage(),
          progress: new Uint32List(),
          faults: new Uint32List(),
          steps: new Uint32List(),
          notes: new Uint32List(),
        };
        return;
      case Kind.operationState:
        this.#state(this.operations[a], { at: time, state: code as OperationState, why: text });
        return;
      case Kind.requestBytes:
        this.#bytes(
          exchange,
          connection,
          time,
          code === Layer.sent ? BarKind.requestSent : BarKind.requestReceived,
          a,
          b,
        );
        return;
      case Kind.responseBytes:
        this.#bytes(
          exchange,
          connection,
          time,
          code === Layer.sent ? BarKind.responseSent : BarKind.responseReceived,
          a,
          b,
        );
        return;
      case Kind.requestHead:
        if (exchange !== undefined && Number.isNaN(exchange.requestHeadEnd)) exchange.requestHeadEnd = b;
        return;
      case Kind.requestEnd:
        if (exchange === undefined) return;
        if (Number.isNaN(exchange.requestEnd) || code === Layer.sent) {
          exchange.requestEnd = a;
          exchange.requestComplete = b === 1;
        }
        return;
      case Kind.interimSent:
      case Kind.interimReceived:
        connection?.marks.push(row);
        if (exchange === undefined || connection === undefined) return;
        // Once each: as received where the client end is ours, as sent where only the server's is.
        if ((kind === Kind.interimReceived) === connection.client) {
          exchange.interim.push(row);
          this.interims.push(row);
        }
        return;
      case Kind.message:
        connection?.marks.push(row);
        if (exchange === undefined || connection === undefined) return;
        if (isSeenByClient(code) === connection.client) exchange.messages.push(row);
        return;
      case Kind.finalSent:
      case Kind.finalReceived:
        connection?.marks.push(row);
        if (exchange === undefined || connection === undefined) return;
        if ((kind === Kind.finalReceived) === connection.client) {
          exchange.status = code;
          exchange.reason = text;
          exchange.statusAt = time;
        }
        exchange.responseStart = a;
        exchange.responseHeadEnd = b;
        return;
      case Kind.responseEnd:
        if (exchange === undefined || connection === undefined) return;
        if ((code === Layer.received) !== connection.client) return;
        exchange.responseEnd = a;
        exchange.complete = b === 1;
        exchange.endedAt = time;
        return;
      case Kind.coverage:
        if (operation === undefined) return;
        (code & DOWNLOAD ? operation.download : operation.upload).add(
          (code & 7) as Layer,
          exchangeId,
          time,
          a,
          b,
        );
        return;
      case Kind.representation: {
        const target = this.operations[b];
        if (target !== undefined) (code & DOWNLOAD ? target.download : target.upload).setLength(a, time);
        return;
      }
      case Kind.progress:
        operation?.progress.push(row);
        return;
      case Kind.fault:
        connection?.marks.push(row);
        connection?.faults.push(row);
        operation?.faults.push(row);
        return;
      case Kind.link:
        this.links.push(row);
        if (exchange !== undefined) exchange.resumes = a;
        return;
      case Kind.note:
        connection?.marks.push(row);
        operation?.notes.push(row);
        return;
      case Kind.step:
        if (connection !== undefined && text.startsWith('secure|')) connection.secure = true;
        (operation ?? this.operations[a])?.steps.push(row);
        return;
      case Kind.document:
        if (exchange !== undefined) exchange.document = { status: code, reason: text, at: time };
        return;
      case Kind.about:
        this.abouts.push(row);
        return;
      case Kind.remark:
        this.remarks.take(row);
        return;
      case Kind.range:
      case Kind.transaction:
      case Kind.result:
      case Kind.location:
        return;
    }
  }

  #opened(id: number, time: number, ends: number, label: string): void {
    const known = this.connections[id - 1];
    if (known !== undefined) {
      known.client ||= (ends & 1) !== 0;
      known.server ||= (ends & 2) !== 0;
      return;
    }
    this.connections[id - 1] = {
      id,
      openedAt: time,
      label,
      client: (ends & 1) !== 0,
      server: (ends & 2) !== 0,
      secure: false,
      closed: null,
      closedAt: Infinity,
      exchanges: new Uint32List(),
      bars: new Uint32List(),
      marks: new Uint32List(),
      faults: new Uint32List(),
    };
  }

  #exchange(
    id: number,
    connection: number,
    operation: number,
    start: number,
    time: number,
    text: string,
  ): void {
    const space = text.indexOf(' ');
    this.exchanges[id] = {
      id,
      connection,
      operation,
      method: text.slice(0, space),
      target: text.slice(space + 1),
      startedAt: time,
      requestStart: start,
      requestHeadEnd: NaN,
      requestEnd: NaN,
      requestComplete: false,
      interim: new Uint32List(),
      messages: new Uint32List(),
      status: null,
      reason: '',
      statusAt: NaN,
      responseStart: NaN,
      responseHeadEnd: NaN,
      responseEnd: NaN,
      complete: false,
      endedAt: Infinity,
      document: null,
      resumes: null,
      bars: [-1, -1, -1, -1],
    };
    this.connections[connection - 1]?.exchanges.push(id);
    const of = this.operations[operation];
    if (of === undefined) return;
    of.exchanges.push(id);
    if (!of.connections.includes(connection)) of.connections = extended(of.connections, connection);
  }

  #state(operation: Operation | undefined, change: StateChange): void {
    if (operation !== undefined) operation.states = extended(operation.states, change);
  }

  #bytes(
    exchange: Exchange | undefined,
    connection: Connection | undefined,
    time: number,
    kind: BarKind,
    from: number,
    to: number,
  ): void {
    if (exchange === undefined || connection === undefined) return;
    const bar = exchange.bars[kind]!;
    if (bar === -1) {
      const index = this.bars.push(time, from, to, connection.id, exchange.id, kind);
      exchange.bars[kind] = index;
      connection.bars.push(index);
      return;
    }
    this.bars.end[bar] = time;
    this.bars.to[bar] = to;
  }
}
