// The timeline's own index over the model: which bars and marks stand on which row, when a message's head ended and
// its content began, and where it paused. Grows with the event table, each row of it looked at once; never draws.

import { Kind, Layer, NONE } from '../../shared/model/events.ts';
import { Float64List, Uint32List } from '../../shared/model/growable.ts';
import { BarKind, type Model } from '../../shared/model/model.ts';

/** A pause between two bytes of one message that is worth showing, in nanoseconds. */
const PAUSE = 400e6;
/** Pauses kept for one bar; more are drawn as one bar. */
const PAUSES = 64;
const CHUNK = 64;

/** The bars and marks of one connection within one operation, in order of time. */
export interface RowIndex {
  /** −1 while the connection has carried no request. */
  operation: number;
  readonly connection: number;
  readonly bars: Uint32List;
  /** Latest end among each 64 bars: what lets a query skip what is long over. */
  readonly reach: Float64List;
  /** Rows of the event table. */
  readonly marks: Uint32List;
}

function grow<T extends Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(old: T, wanted: number): T {
  if (wanted <= old.length) return old;
  const Constructor = old.constructor as new (length: number) => T;
  const grown = new Constructor(Math.max(wanted, old.length * 2));
  grown.set(old);
  return grown;
}

export class RowsIndex {
  readonly rows: RowIndex[] = [];
  /** Grows when a row appears or changes its operation: the layout must be made again. */
  version = 0;
  /** By bar: when its head was complete, and when the first byte after it moved; NaN before. */
  head = new Float64Array(64).fill(NaN);
  content = new Float64Array(64).fill(NaN);
  readonly #byKey = new Map<number, number>();
  /** By connection: the row that it was last used on. */
  readonly #current = new Map<number, number>();
  readonly #pauses = new Map<number, number[]>();
  #row = new Uint32Array(64);
  #place = new Uint32Array(64);
  /** By bar: time and position of its last bytes so far. */
  #time = new Float64Array(64);
  #to = new Float64Array(64);
  #bars = 0;
  #seen = 0;

  /** Takes in the rows of the event table since the last call; the model must have folded them. */
  update(model: Model): void {
    const { columns } = model.events;
    for (let event = this.#seen; event < model.folded; event++) {
      const kind = columns.kind[event] as Kind;
      switch (kind) {
        case Kind.requestBytes:
        case Kind.responseBytes: {
          const received = columns.code[event] === Layer.received ? 1 : 0;
          const which = kind === Kind.requestBytes ? BarKind.requestSent : BarKind.responseSent;
          this.#bytes(
            model,
            columns.exchange[event]!,
            which + received,
            columns.time[event]!,
            columns.b[event]!,
          );
          break;
        }
        case Kind.requestHead:
          this.#headEnded(
            model,
            columns.exchange[event]!,
            columns.code[event] === Layer.received ? BarKind.requestReceived : BarKind.requestSent,
            columns.time[event]!,
            columns.b[event]!,
          );
          break;
        case Kind.finalSent:
        case Kind.finalReceived:
          this.#headEnded(
            model,
            columns.exchange[event]!,
            kind === Kind.finalSent ? BarKind.responseSent : BarKind.responseReceived,
            columns.time[event]!,
            columns.b[event]!,
          );
          this.#mark(model, event);
          break;
        case Kind.interimSent:
        case Kind.interimReceived:
        case Kind.fault:
        case Kind.connectionClosed:
        case Kind.ended:
        case Kind.note:
          this.#mark(model, event);
          break;
        case Kind.connectionOpened:
          if (!this.#current.has(columns.connection[event]!))
            this.#current.set(columns.connection[event]!, this.#rowOf(-1, columns.connection[event]!));
          break;
        case Kind.exchange:
          this.#current.set(
            columns.connection[event]!,
            this.#rowOf(columns.a[event]!, columns.connection[event]!),
          );
          break;
        default:
          break;
      }
    }
    this.#seen = model.folded;
  }

  /** Bars of a row that touch first … last (nanoseconds), in order of their starts. */
  bars(model: Model, row: RowIndex, first: number, last: number, take: (bar: number) => void): void {
    const { start, end } = model.bars;
    const { values, length } = row.bars;
    const beyond = this.#firstAfter(start, row, last);
    for (let chunk = 0; chunk * CHUNK < beyond; chunk++) {
      if (row.reach.values[chunk]! < first) continue;
      const stop = Math.min((chunk + 1) * CHUNK, beyond, length);
      for (let place = chunk * CHUNK; place < stop; place++) {
        const bar = values[place]!;
        if (end[bar]! >= first) take(bar);
      }
    }
  }

  /** How many bars of a row touch first … last at most: whole chunks are counted. */
  barsWithin(model: Model, row: RowIndex, first: number, last: number): number {
    const beyond = this.#firstAfter(model.bars.start, row, last);
    let found = 0;
    for (let chunk = 0; chunk * CHUNK < beyond; chunk++)
      if (row.reach.values[chunk]! >= first) found += Math.min(CHUNK, beyond - chunk * CHUNK);
    return found;
  }

  /** The first place among a row's marks that is not before `time`. */
  markFrom(model: Model, row: RowIndex, time: number): number {
    const times = model.events.columns.time;
    const { values } = row.marks;
    let low = 0;
    let high = row.marks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (times[values[middle]!]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Pauses of a bar: begin, end, begin, end … in nanoseconds. */
  pauses(bar: number): readonly number[] {
    return this.#pauses.get(bar) ?? [];
  }

  /** The row that an exchange is on. */
  rowOfExchange(model: Model, exchange: number): RowIndex | undefined {
    const found = model.exchanges[exchange];
    if (found === undefined) return undefined;
    const index = this.#byKey.get(key(found.operation, found.connection));
    return index === undefined ? undefined : this.rows[index];
  }

  /** The row on which a mark stands that may belong to no exchange: the one its connection was last used on. */
  rowOfEvent(model: Model, event: number): RowIndex | undefined {
    const { columns } = model.events;
    const exchange = columns.exchange[event]!;
    if (exchange !== NONE) return this.rowOfExchange(model, exchange);
    const index = this.#current.get(columns.connection[event]!);
    return index === undefined ? undefined : this.rows[index];
  }

  /** How many bars of the row begin at `time` or before. */
  #firstAfter(start: Float64Array, row: RowIndex, time: number): number {
    const { values } = row.bars;
    let low = 0;
    let high = row.bars.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (start[values[middle]!]! <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #rowOf(operation: number, connection: number): number {
    const wanted = key(operation, connection);
    const known = this.#byKey.get(wanted);
    if (known !== undefined) return known;
    this.version++;
    // A connection without a request so far: its row becomes the row of its first operation.
    const orphan = this.#byKey.get(key(-1, connection));
    if (orphan !== undefined) {
      this.#byKey.delete(key(-1, connection));
      this.rows[orphan]!.operation = operation;
      this.#byKey.set(wanted, orphan);
      return orphan;
    }
    const row: RowIndex = {
      operation,
      connection,
      bars: new Uint32List(),
      reach: new Float64List(1),
      marks: new Uint32List(),
    };
    const index = this.rows.push(row) - 1;
    this.#byKey.set(wanted, index);
    return index;
  }

  #bytes(model: Model, exchangeId: number, kind: number, time: number, to: number): void {
    const exchange = exchangeId === NONE ? undefined : model.exchanges[exchangeId];
    const bar = exchange?.bars[kind] ?? -1;
    if (exchange === undefined || bar < 0) return;
    if (bar >= this.#bars) this.#begin(bar, exchange.operation, exchange.connection, time);
    const row = this.rows[this.#row[bar]!]!;
    row.reach.values[this.#place[bar]! >> 6] = time;
    if (!Number.isNaN(this.head[bar]!)) {
      if (Number.isNaN(this.content[bar]!)) this.content[bar] = time;
      else if (time - this.#time[bar]! > PAUSE) this.#paused(bar, this.#time[bar]!, time);
    }
    this.#time[bar] = time;
    this.#to[bar] = to;
  }

  /** Bars are numbered in the order of their first bytes, so a new one is always the next. */
  #begin(bar: number, operation: number, connection: number, time: number): void {
    if (bar >= this.#row.length) {
      this.#row = grow(this.#row, bar + 1);
      this.#place = grow(this.#place, bar + 1);
      this.#time = grow(this.#time, bar + 1);
      this.#to = grow(this.#to, bar + 1);
      this.head = grow(this.head, bar + 1);
      this.content = grow(this.content, bar + 1);
    }
    this.head[bar] = NaN;
    this.content[bar] = NaN;
    const index = this.#rowOf(operation, connection);
    const row = this.rows[index]!;
    this.#row[bar] = index;
    const place = row.bars.push(bar);
    this.#place[bar] = place;
    if (place % CHUNK === 0) row.reach.push(time);
    this.#bars = bar + 1;
  }

  #headEnded(model: Model, exchangeId: number, kind: BarKind, time: number, end: number): void {
    const bar = exchangeId === NONE ? -1 : (model.exchanges[exchangeId]?.bars[kind] ?? -1);
    if (bar < 0 || bar >= this.#bars) return;
    this.head[bar] = time;
    // Head and content came in one read.
    if (this.#to[bar]! > end) this.content[bar] = time;
  }

  #paused(bar: number, from: number, to: number): void {
    const known = this.#pauses.get(bar);
    if (known === undefined) this.#pauses.set(bar, [from, to]);
    else if (known.length < PAUSES * 2) known.push(from, to);
  }

  #mark(model: Model, event: number): void {
    const { columns } = model.events;
    const connection = columns.connection[event]!;
    if (connection === 0) return;
    const exchange = columns.exchange[event]!;
    const operation = exchange === NONE ? undefined : model.exchanges[exchange]?.operation;
    const index =
      operation === undefined
        ? (this.#current.get(connection) ?? this.#rowOf(-1, connection))
        : this.#rowOf(operation, connection);
    this.rows[index]!.marks.push(event);
  }
}

/** One number for a pair; connections are below 2^26, operations from −1. */
function key(operation: number, connection: number): number {
  return (operation + 1) * 67_108_864 + connection;
}
