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
/** Bars that a new row has room for, and marks: of the first of a connection, and of later ones, which are many and short. */
const ROOM = { bars: 32, marks: 16 };
const LITTLE_ROOM = { bars: 4, marks: 0 };
/** Rows before the end of a head among which its bytes are looked for. */
const LOOK_BACK = 16;

type Column =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>;

/** The column, or a longer one with the same values and `rest` behind them. */
function grown<T extends Column>(old: T, wanted: number, rest = 0): T {
  if (wanted <= old.length) return old;
  const Constructor = old.constructor as new (length: number) => T;
  const column = new Constructor(Math.max(wanted, Math.ceil(old.length * 1.6)));
  if (rest !== 0) column.fill(rest, old.length);
  column.set(old);
  return column;
}

/** Bars by place: those of one row side by side, so that a whole row is read in one go. */
export class RowColumns {
  /** The bar's number in the model, its kind, and where its drawing begins and ends in nanoseconds. A response is drawn
   * from its final head on: NaN before it has one. */
  bar = new Uint32Array(64);
  kind = new Uint8Array(64);
  from = new Float64Array(64);
  to = new Float64Array(64);
  #length = 0;

  /** Room for so many; where it begins. */
  take(room: number): number {
    const base = this.#length;
    this.#length += room;
    this.bar = grown(this.bar, this.#length);
    this.kind = grown(this.kind, this.#length);
    this.from = grown(this.from, this.#length);
    this.to = grown(this.to, this.#length);
    return base;
  }

  move(from: number, length: number, to: number): void {
    for (const column of [this.bar, this.kind, this.from, this.to])
      column.copyWithin(to, from, from + length);
  }
}

/** The bars and marks of one connection within one operation, in order of time. */
export class RowIndex {
  /** −1 while the connection has carried no request. */
  operation: number;
  readonly connection: number;
  /** Its bars are those at `base` … `base + length` of these. */
  readonly columns: RowColumns;
  base: number;
  length = 0;
  #room: number;
  /** Latest end among each 64 bars: what lets a query skip what is long over. */
  readonly reach: Float64List;
  /** Rows of the event table. */
  readonly marks: Uint32List;
  /** Those of them that are seen among thousands: all but final responses below 400. */
  readonly loud = new Uint32List();

  /** `bars` and `marks`: how many it will have at least, if that is known. */
  constructor(operation: number, connection: number, columns: RowColumns, bars: number, marks: number) {
    this.operation = operation;
    this.connection = connection;
    this.columns = columns;
    this.base = columns.take(bars);
    this.#room = bars;
    this.reach = new Float64List();
    this.marks = new Uint32List(marks);
  }

  /** Returns the place of the new bar. */
  push(bar: number, kind: number, time: number): number {
    const place = this.length;
    if (place === this.#room) this.#grow();
    const { columns, base } = this;
    columns.bar[base + place] = bar;
    columns.kind[base + place] = kind;
    columns.from[base + place] = kind >= BarKind.responseSent ? NaN : time;
    columns.to[base + place] = time;
    if (place % CHUNK === 0) this.reach.push(time);
    else this.reach.values[place >> 6] = time;
    this.length = place + 1;
    return place;
  }

  /** Its bars move to where there is room for twice as many. */
  #grow(): void {
    const room = Math.max(4, this.#room * 2);
    const base = this.columns.take(room);
    this.columns.move(this.base, this.length, base);
    this.base = base;
    this.#room = room;
  }
}

export class RowsIndex {
  readonly rows: RowIndex[] = [];
  readonly #columns = new RowColumns();
  /** Grows when a row appears or changes its operation: the layout must be made again. */
  version = 0;
  /** By bar, nanoseconds: from its first byte to its whole head, and from there to the first byte after it; NaN before. */
  #head = new Float32Array(64);
  #content = new Float32Array(64);
  readonly #byKey = new Map<number, number>();
  /** By connection: the row that it was last used on; −1: none. */
  #current = new Int32Array(64).fill(-1);
  /** By exchange: its row, or −1; and its four bars by kind, or −1. Own columns, so that no object is touched a row. */
  #rowOfExchange = new Int32Array(64).fill(-1);
  #barsOfExchange = new Int32Array(256).fill(-1);
  readonly #pauses = new Map<number, number[]>();
  /** Ends (absolute positions) of heads whose bar is still to come, by exchange and kind of bar. */
  readonly #heads = new Map<number, number>();
  #place = new Uint32Array(64);
  #bars = 0;
  #seen = 0;

  /** Takes in the rows of the event table since the last call; the model must have folded them. */
  update(model: Model): void {
    const { columns } = model.events;
    const { folded } = model;
    this.#reserve(model.bars.length, model.exchanges.length);
    const {
      kind: kinds,
      code: codes,
      time: times,
      exchange: exchanges,
      connection: connections,
      b: ends,
    } = columns;
    // Bytes are most of the rows: they are taken in here, on columns held in local names.
    const { rows } = this;
    const head = this.#head;
    const content = this.#content;
    const starts = model.bars.start;
    const rowOf = this.#rowOfExchange;
    const barsOf = this.#barsOfExchange;
    const places = this.#place;
    for (let event = this.#seen; event < folded; event++) {
      const kind = kinds[event] as Kind;
      switch (kind) {
        case Kind.requestBytes:
        case Kind.responseBytes: {
          const exchange = exchanges[event]!;
          // No exchange, or one that nobody announced.
          const row = exchange < rowOf.length ? rows[rowOf[exchange]!] : undefined;
          if (row === undefined) break;
          const which =
            (kind === Kind.requestBytes ? BarKind.requestSent : BarKind.responseSent) +
            (codes[event] === Layer.received ? 1 : 0);
          const time = times[event]!;
          let bar = barsOf[exchange * 4 + which]!;
          let place: number;
          if (bar < 0) {
            // Bars are numbered in the order of their first bytes, so a new one is always the next.
            bar = this.#bars;
            if (model.bars.exchange[bar] !== exchange || model.bars.kind[bar] !== which) break;
            this.#bars = bar + 1;
            place = row.push(bar, which, time);
            places[bar] = place;
            barsOf[exchange * 4 + which] = bar;
            head[bar] = NaN;
            content[bar] = NaN;
            // A head that came in one read is told before the bytes that it lies in.
            const told = this.#heads.get(exchange * 4 + which);
            if (told !== undefined) {
              this.#heads.delete(exchange * 4 + which);
              head[bar] = 0;
              if (ends[event]! > told) content[bar] = 0;
              if (kind === Kind.responseBytes) row.columns.from[row.base + place] = time;
            }
          } else {
            place = places[bar]!;
            const { to } = row.columns;
            const at = row.base + place;
            // False while the head is not complete (NaN).
            if (head[bar]! >= 0) {
              if (content[bar]! >= 0) {
                if (time - to[at]! > PAUSE) this.#paused(bar, to[at]!, time);
              } else content[bar] = Math.max(0, time - starts[bar]! - head[bar]!);
            }
            row.reach.values[place >> 6] = time;
            to[at] = time;
          }
          break;
        }
        case Kind.requestHead:
        case Kind.finalSent:
        case Kind.finalReceived: {
          const exchange = exchanges[event]!;
          const row = exchange < rowOf.length ? rows[rowOf[exchange]!] : undefined;
          if (row === undefined) break;
          const request = kind === Kind.requestHead;
          const received = request ? codes[event] === Layer.received : kind === Kind.finalReceived;
          const which = (request ? BarKind.requestSent : BarKind.responseSent) + (received ? 1 : 0);
          if (!request) {
            row.marks.push(event);
            if (codes[event]! >= 400) row.loud.push(event);
          }
          const bar = barsOf[exchange * 4 + which]!;
          if (bar < 0) {
            this.#heads.set(exchange * 4 + which, ends[event]!);
            break;
          }
          const time = times[event]!;
          head[bar] = time - starts[bar]!;
          // From its final head on a response is drawn; before it, it was marks only.
          if (!request) row.columns.from[row.base + places[bar]!] = time;
          // Head and content came in one read: the row of its bytes stands shortly before.
          const bytes = request ? Kind.requestBytes : Kind.responseBytes;
          const layer = received ? Layer.received : Layer.sent;
          for (let before = event - 1; before >= 0 && before >= event - LOOK_BACK; before--) {
            if (kinds[before] !== bytes || exchanges[before] !== exchange || codes[before] !== layer)
              continue;
            if (times[before] === time && ends[before]! > ends[event]!) content[bar] = 0;
            break;
          }
          break;
        }
        case Kind.interimSent:
        case Kind.interimReceived:
        case Kind.fault:
        case Kind.connectionClosed:
        case Kind.ended:
        case Kind.note:
          this.#mark(model, connections[event]!, exchanges[event]!, event);
          break;
        case Kind.message:
          this.rowOfExchange(exchanges[event]!)?.marks.push(event);
          break;
        case Kind.connectionOpened:
          if (this.#rowNow(connections[event]!) < 0) this.#use(model, -1, connections[event]!);
          break;
        case Kind.exchange: {
          const exchange = exchanges[event]!;
          this.#rowOfExchange[exchange] = this.#use(model, columns.a[event]!, connections[event]!);
          break;
        }
        default:
          break;
      }
    }
    this.#seen = folded;
  }

  /** Bars of a row that touch first … last (nanoseconds), in order of their starts. */
  bars(model: Model, row: RowIndex, first: number, last: number, take: (bar: number) => void): void {
    const { start, end } = model.bars;
    const { columns, base, length } = row;
    const beyond = this.#firstAfter(start, row, last);
    for (let chunk = 0; chunk * CHUNK < beyond; chunk++) {
      if (row.reach.values[chunk]! < first) continue;
      const stop = Math.min((chunk + 1) * CHUNK, beyond, length);
      for (let place = chunk * CHUNK; place < stop; place++) {
        const bar = columns.bar[base + place]!;
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

  /** The first place among marks of a row that is not before `time`. */
  markFrom(model: Model, marks: Uint32List, time: number): number {
    const times = model.events.columns.time;
    const { values } = marks;
    let low = 0;
    let high = marks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (times[values[middle]!]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** When the head of a bar's message was complete, in nanoseconds (to a microsecond in ten seconds); NaN before. */
  headAt(model: Model, bar: number): number {
    return model.bars.start[bar]! + this.#head[bar]!;
  }

  /** When the first byte after the head moved; NaN while there is none. */
  contentAt(model: Model, bar: number): number {
    return model.bars.start[bar]! + this.#head[bar]! + this.#content[bar]!;
  }

  /** Pauses of a bar: begin, end, begin, end … in nanoseconds. */
  pauses(bar: number): readonly number[] {
    return this.#pauses.get(bar) ?? [];
  }

  /** The row that an exchange is on. */
  rowOfExchange(exchange: number): RowIndex | undefined {
    return this.rows[this.#rowOfExchange[exchange] ?? -1];
  }

  /** The row on which a mark stands; one that belongs to no exchange: where its connection was last used. */
  rowOfEvent(model: Model, event: number): RowIndex | undefined {
    const { columns } = model.events;
    const exchange = columns.exchange[event]!;
    if (exchange !== NONE) return this.rowOfExchange(exchange);
    return this.rows[this.#rowNow(columns.connection[event]!)];
  }

  /** How many bars of the row begin at `time` or before. */
  #firstAfter(start: Float64Array, row: RowIndex, time: number): number {
    const { bar } = row.columns;
    let low = 0;
    let high = row.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (start[bar[row.base + middle]!]! <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #rowNow(connection: number): number {
    return this.#current[connection] ?? -1;
  }

  /** The row of a connection within an operation, from now on the one that the connection is on. */
  #use(model: Model, operation: number, connection: number): number {
    this.#current = grown(this.#current, connection + 1, -1);
    const now = this.#current[connection]!;
    if (now >= 0 && this.rows[now]!.operation === operation) return now;
    const row = this.#rowOf(model, operation, connection);
    this.#current[connection] = row;
    return row;
  }

  #rowOf(model: Model, operation: number, connection: number): number {
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
    // An opened session is known as a whole: its rows need not grow. Later rows of a connection share what is there.
    const isFirst = this.#rowNow(connection) < 0;
    const of = isFirst ? model.connections[connection - 1] : undefined;
    const room = isFirst ? ROOM : LITTLE_ROOM;
    const row = new RowIndex(
      operation,
      connection,
      this.#columns,
      Math.max(of?.bars.length ?? 0, room.bars),
      Math.max(of?.marks.length ?? 0, room.marks),
    );
    const index = this.rows.push(row) - 1;
    this.#byKey.set(wanted, index);
    return index;
  }

  /** Room for all that the model has: once for an opened session, now and then for a live one. */
  #reserve(bars: number, exchanges: number): void {
    this.#place = grown(this.#place, bars);
    this.#head = grown(this.#head, bars);
    this.#content = grown(this.#content, bars);
    this.#rowOfExchange = grown(this.#rowOfExchange, exchanges, -1);
    this.#barsOfExchange = grown(this.#barsOfExchange, exchanges * 4, -1);
  }

  #paused(bar: number, from: number, to: number): void {
    const known = this.#pauses.get(bar);
    if (known === undefined) this.#pauses.set(bar, [from, to]);
    else if (known.length < PAUSES * 2) known.push(from, to);
  }

  #mark(model: Model, connection: number, exchange: number, event: number): void {
    if (connection === 0) return;
    let row = exchange === NONE ? -1 : (this.#rowOfExchange[exchange] ?? -1);
    if (row < 0) row = this.#rowNow(connection);
    if (row < 0) row = this.#use(model, -1, connection);
    this.rows[row]!.marks.push(event);
    this.rows[row]!.loud.push(event);
  }
}

/** One number for a pair; connections are below 2^26, operations from −1. */
function key(operation: number, connection: number): number {
  return (operation + 1) * 67_108_864 + connection;
}
