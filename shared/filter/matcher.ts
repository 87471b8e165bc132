// Which exchanges of a session match a filter, and which of their events are meant by it. Looks at each row once, keeps
// two numbers for each exchange, and never changes the model.

import { FRACTION, Kind, NEXT, NONE, STRING } from '../model/events.ts';
import { Uint32List } from '../model/growable.ts';
import type { Exchange, Model, Operation } from '../model/model.ts';
import { BarKind } from '../model/model.ts';
import { Compiled } from './compiled.ts';
import type { Expression } from './filter.ts';

/** Bits of an exchange's mask beyond those of the terms: it matches; one of its events does so by itself, if KNOWN; it
 * changed. */
const MATCHES = 1 << 27;
const EXACT = 1 << 28;
const KNOWN = 1 << 29;
const CHANGED = 1 << 30;
/** Events of an exchange that are looked at for whether one matches by itself. */
const LOOKED_AT = 4096;
const TERMS = (1 << 24) - 1;
/** Added to what is remembered of a string: it was looked at. */
const LOOKED = 1 << 30;

/** What is remembered of a row. */
const UNJUDGED = 0;
const MEANT_BY_IT = 1;
const NOT_MEANT = 2;

/** By kind: rows that a filter can mean. */
const MEANT = new Uint8Array(256);
for (const kind of [
  Kind.interimSent,
  Kind.interimReceived,
  Kind.finalSent,
  Kind.finalReceived,
  Kind.document,
  Kind.message,
  Kind.note,
  Kind.remark,
  Kind.fault,
  Kind.connectionClosed,
])
  MEANT[kind] = 1;

export class Matcher {
  readonly model: Model;
  /** Grows with every change of what matches. */
  version = 0;
  /** Grows when a connection of an operation gains its first match, or loses its last. */
  rowsVersion = 0;
  /** Exchanges that match. */
  count = 0;
  readonly #compiled: Compiled;
  /** By exchange: the terms that hold for it or for one of its events, with the bits above; and those of it alone. */
  #masks = new Uint32Array(64);
  #own = new Uint32Array(64);
  /** By exchange: its first and its last event; by event: the next. Row 0 is never one of an exchange. */
  #first = new Uint32Array(64);
  #last = new Uint32Array(64);
  #next = new Uint32Array(0);
  #exchanges = 0;
  #seen = 0;
  /** By connection: its newest exchange among the rows seen. */
  readonly #newest: number[] = [];
  readonly #changed = new Uint32List();
  /** By string of the table: the free text in it. */
  #strings = new Uint32Array(0);
  /** By row: fields that are in the head it tells of. */
  #fields = new Uint32Array(0);
  /** By operation and connection: how many exchanges match. */
  readonly #rows = new Map<number, number>();
  /** By row: whether it is meant, as far as that was asked. Frames ask for the same rows again and again. */
  #meant = new Uint8Array(0);
  #list = new Uint32List();
  #listed = -1;

  constructor(model: Model, expression: Expression) {
    this.model = model;
    this.#compiled = new Compiled(expression);
  }

  /** Fields that are asked for: heads must be read, and what they have told by {@link found}. */
  get fields(): Compiled['fields'] {
    return this.#compiled.fields;
  }

  get total(): number {
    return this.#exchanges;
  }

  /** Takes in what the model has folded since the last call. */
  update(): void {
    this.#takeExchanges();
    if (this.#compiled.ofEvents !== 0 || this.#compiled.sizes.length > 0) this.#takeRows();
    else this.#seen = this.model.folded;
    this.#settle();
  }

  /** A head has these fields ({@link fields}' bits). `row`: that of its response; null: the request's. */
  found(exchange: number, row: number | null, bits: number): void {
    if (bits === 0 || exchange >= this.#exchanges) return;
    if (row === null) this.#own[exchange]! |= bits;
    else {
      this.#fields = grown(this.#fields, row + 1);
      this.#fields[row]! |= bits;
    }
    this.#add(exchange, bits);
  }

  /** After {@link found}: counts what has changed. */
  settle(): void {
    this.#settle();
  }

  matches(exchange: number): boolean {
    return (this.#masks[exchange]! & MATCHES) !== 0;
  }

  /**
   * Whether an event is one that the filter means: it belongs to an exchange that matches, and matches by itself. Where
   * none of the exchange's does (two terms that two of its events meet), those that meet one of the terms are meant.
   */
  isMeant(row: number): boolean {
    const judged = this.#meant[row];
    if (judged !== undefined && judged !== UNJUDGED) return judged === MEANT_BY_IT;
    const isMeant = this.#judge(row);
    if (row >= this.#meant.length) {
      const longer = new Uint8Array(Math.max(row + 1, this.model.folded));
      longer.set(this.#meant);
      this.#meant = longer;
    }
    this.#meant[row] = isMeant ? MEANT_BY_IT : NOT_MEANT;
    return isMeant;
  }

  #judge(row: number): boolean {
    const exchange = this.exchangeOf(row);
    if (exchange === NONE || !this.matches(exchange)) return false;
    const compiled = this.#compiled;
    if (compiled.ofEvents === 0) return true;
    const mask = this.#bitsOf(row) | this.#own[exchange]!;
    if (this.#isExact(exchange)) return compiled.holds(mask & TERMS);
    return compiled.wanted === 0 || (mask & compiled.wanted) !== 0;
  }

  /** Whether a row is about an exchange that matches, or about none. */
  tells(row: number): boolean {
    const exchange = this.exchangeOf(row);
    return exchange === NONE || this.matches(exchange);
  }

  /** Whether a note is shown: it is of an exchange that matches, and meant where notes are asked for. */
  takesNote(row: number): boolean {
    if (!this.#compiled.wantsNotes) return this.tells(row);
    // One of a moment is of no exchange: it matches by itself or not at all.
    return this.exchangeOf(row) === NONE ? this.#compiled.holds(this.#bitsOf(row)) : this.isMeant(row);
  }

  /** Whether a connection carried anything that matches for an operation. */
  shows(operation: number, connection: number): boolean {
    return this.#rows.has(key(operation, connection));
  }

  /** Whether anything of an operation matches. */
  showsAny({ id, connections }: Operation): boolean {
    return connections.some((connection) => this.shows(id, connection));
  }

  /** Exchanges that match, in the order in which they began. */
  list(): Uint32List {
    if (this.#listed === this.version) return this.#list;
    this.#listed = this.version;
    this.#list = new Uint32List(this.count);
    for (let id = 0; id < this.#exchanges; id++) if (this.matches(id)) this.#list.push(id);
    return this.#list;
  }

  /** The exchange of a row; of one that names none, the newest of its connection at that time. NONE: none. */
  exchangeOf(row: number): number {
    const { exchange, connection, time } = this.model.events.columns;
    if (exchange[row] !== NONE) return exchange[row]!;
    const of = this.model.connections[connection[row]! - 1]?.exchanges;
    if (of === undefined) return NONE;
    let low = 0;
    let high = of.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.model.exchanges[of.values[middle]!]!.startedAt <= time[row]!) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? NONE : of.values[low - 1]!;
  }

  #takeExchanges(): void {
    const { exchanges, operations } = this.model;
    this.#masks = grown(this.#masks, exchanges.length);
    this.#own = grown(this.#own, exchanges.length);
    this.#first = grown(this.#first, exchanges.length);
    this.#last = grown(this.#last, exchanges.length);
    for (; this.#exchanges < exchanges.length; this.#exchanges++) {
      const exchange = exchanges[this.#exchanges];
      // Numbered in the order in which they began: the one that is missing is still to come.
      if (exchange === undefined) break;
      this.#own[exchange.id] = this.#compiled.ofExchange(exchange, operations[exchange.operation]);
      this.#add(exchange.id, this.#own[exchange.id]!);
    }
  }

  #takeRows(): void {
    const { model } = this;
    const { kind: kinds, exchange: exchanges, connection: connections } = model.events.columns;
    const { folded } = model;
    const sized = this.#compiled.sizes.length > 0;
    const newest = this.#newest;
    this.#next = grown(this.#next, folded);
    for (let row = this.#seen; row < folded; row++) {
      const kind = kinds[row]! as Kind;
      if (kind === Kind.requestBytes || kind === Kind.responseBytes) {
        // A size is judged once for all that came.
        if (sized && exchanges[row]! < this.#exchanges && (this.#masks[exchanges[row]!]! & CHANGED) === 0)
          this.#add(exchanges[row]!, 0);
        continue;
      }
      if (kind === Kind.exchange) {
        newest[connections[row]!] = exchanges[row]!;
        continue;
      }
      if (MEANT[kind] === 0) continue;
      const exchange = exchanges[row] === NONE ? newest[connections[row]!] : exchanges[row]!;
      if (exchange === undefined || exchange >= this.#exchanges) continue;
      const bits = this.#bitsOf(row);
      this.#link(exchange, row);
      const mask = this.#masks[exchange]!;
      // It may be the first that matches by itself.
      const isNews = (mask & bits) !== bits || (mask & (KNOWN | EXACT)) === KNOWN;
      if (isNews) this.#add(exchange, bits);
    }
    this.#seen = folded;
  }

  /** Whether one of the exchange's events matches by itself. */
  #isExact(exchange: number): boolean {
    const mask = this.#masks[exchange]!;
    if ((mask & KNOWN) !== 0) return (mask & EXACT) !== 0;
    let isExact = false;
    let row = this.#first[exchange]!;
    for (let looked = 0; row !== 0 && looked < LOOKED_AT && !isExact; looked++) {
      isExact = this.#compiled.holds((this.#bitsOf(row) | this.#own[exchange]!) & TERMS);
      row = this.#next[row]!;
    }
    this.#masks[exchange] = mask | KNOWN | (isExact ? EXACT : 0);
    return isExact;
  }

  /** Events of an exchange are a chain, so that they are found again without a search. */
  #link(exchange: number, row: number): void {
    const last = this.#last[exchange]!;
    if (last === 0) this.#first[exchange] = row;
    else this.#next[last] = row;
    this.#last[exchange] = row;
  }

  /** What a row says to the terms that are about events. */
  #bitsOf(row: number): number {
    const { events } = this.model;
    const { kind, code, text } = events.columns;
    const what = kind[row]! as Kind;
    if (MEANT[what] === 0) return 0;
    // What a person took back says nothing any more.
    if (what === Kind.remark && this.model.remarks.ofRow(row) === null) return 0;
    const compiled = this.#compiled;
    let bits = compiled.ofEvent(what, code[row]!, what === Kind.note ? events.text(row) : '');
    if (compiled.searchesText) bits |= this.#ofText(row, text[row]!);
    return row < this.#fields.length ? bits | this.#fields[row]! : bits;
  }

  /** Each string is searched once, however many rows have it. */
  #ofText(row: number, stored: number): number {
    const { events } = this.model;
    if (stored >= FRACTION) return this.#compiled.ofText(events.text(row));
    if (stored >= NEXT)
      return row + 1 < events.length ? this.#ofText(row + 1, events.columns.text[row + 1]!) : 0;
    const index = stored & STRING;
    if (index >= this.#strings.length) this.#strings = grown(this.#strings, events.strings.length);
    const known = this.#strings[index]!;
    if (known !== 0) return known & TERMS;
    const bits = this.#compiled.ofText(events.strings[index] ?? '');
    this.#strings[index] = bits | LOOKED;
    return bits;
  }

  #add(exchange: number, bits: number): void {
    const mask = this.#masks[exchange]!;
    if ((mask & CHANGED) === 0) this.#changed.push(exchange);
    this.#masks[exchange] = mask | bits | CHANGED;
  }

  #settle(): void {
    const { length } = this.#changed;
    if (length === 0) return;
    this.#meant.fill(UNJUDGED);
    const compiled = this.#compiled;
    const sizes = compiled.sizes.reduce((all, { bit }) => all | bit, 0);
    let changed = false;
    for (let place = 0; place < length; place++) {
      const id = this.#changed.values[place]!;
      const exchange = this.model.exchanges[id]!;
      let mask = this.#masks[id]! & ~(CHANGED | KNOWN | EXACT);
      if (sizes !== 0) {
        const size = compiled.ofSize(sizeOf(this.model, exchange));
        mask = (mask & ~sizes) | size;
        this.#own[id] = (this.#own[id]! & ~sizes) | size;
      }
      const before = (mask & MATCHES) !== 0;
      const now = compiled.holds(mask & TERMS);
      this.#masks[id] = now ? mask | MATCHES : mask & ~MATCHES;
      if (now === before) continue;
      changed = true;
      this.#count(exchange, now ? 1 : -1);
    }
    this.#changed.length = 0;
    if (changed) this.version++;
  }

  #count(exchange: Exchange, by: 1 | -1): void {
    this.count += by;
    const of = key(exchange.operation, exchange.connection);
    const matching = (this.#rows.get(of) ?? 0) + by;
    if (matching === 0) this.#rows.delete(of);
    else this.#rows.set(of, matching);
    if (matching === 0 || (by === 1 && matching === 1)) this.rowsVersion++;
  }
}

/** Bytes of request and response so far, at the end that is further. */
function sizeOf(model: Model, exchange: Exchange): number {
  const { from, to } = model.bars;
  const bytes = (kind: BarKind): number => {
    const bar = exchange.bars[kind]!;
    return bar < 0 ? 0 : to[bar]! - from[bar]!;
  };
  return (
    Math.max(bytes(BarKind.requestSent), bytes(BarKind.requestReceived)) +
    Math.max(bytes(BarKind.responseSent), bytes(BarKind.responseReceived))
  );
}

/** One number for a pair; connections are below 2^26, operations from −1. */
function key(operation: number, connection: number): number {
  return (operation + 1) * 67_108_864 + connection;
}

function grown(old: Uint32Array<ArrayBuffer>, wanted: number): Uint32Array<ArrayBuffer> {
  if (wanted <= old.length) return old;
  const column = new Uint32Array(Math.max(wanted, Math.ceil(old.length * 1.6)));
  column.set(old);
  return column;
}
