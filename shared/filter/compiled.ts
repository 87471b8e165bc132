// A filter ready to be applied: its terms as bits, what each kind of event can say to them, and the whole as a function
// of those bits. Knows no session; the matcher brings the events.

import { assertNever } from '../capture/records.ts';
import { ClosedHow, Kind, NoteLevel, unpackFault } from '../model/events.ts';
import type { Exchange, Operation } from '../model/model.ts';
import type { Comparison, Expression, Term } from './filter.ts';
import { printTerm } from './print.ts';

type Named<Name extends Term['name']> = Extract<Term, { name: Name }>;

/** A term and its bit. */
interface Leaf<T extends Term = Term> {
  readonly term: T;
  readonly bit: number;
  /** The text of a term that looks for one; else null. */
  readonly pattern: RegExp | null;
}

const LEVELS: Readonly<Record<string, number>> = {
  error: NoteLevel.error,
  warning: NoteLevel.warning,
  info: NoteLevel.info,
};

/** The notes that people wrote, among those of the checks. */
export const MINE = 'mine';

/** A status that was not asked for. */
const UNKNOWN = -1;

export class Compiled {
  readonly leaves: readonly Leaf[];
  /** Terms on which an event itself is judged, and of those the ones that ask for it rather than against it. */
  readonly ofEvents: number;
  readonly wanted: number;
  readonly fields: readonly Leaf<Named<'field'>>[];
  readonly sizes: readonly Leaf<Named<'size'>>[];
  readonly #texts: readonly Leaf<Named<'text'>>[];
  readonly #kinds: Readonly<Record<string, number>>;
  /** By kind of row: what it says by itself. */
  readonly #rows = new Uint32Array(64);
  /** By status: made when it is first asked for. */
  readonly #statuses = new Int32Array(1000).fill(UNKNOWN);
  readonly #notes = new Map<string, number>();
  readonly #holds: (mask: number) => boolean;
  /** The mask that was asked for last; −1: none. */
  #asked = -1;
  #answer = false;

  constructor(expression: Expression) {
    const bits = new Map<string, Leaf>();
    let wanted = 0;
    const compile = (one: Expression, negated: boolean): ((mask: number) => boolean) => {
      switch (one.op) {
        case 'term': {
          const key = printTerm(one.term);
          const leaf = bits.get(key) ?? { term: one.term, bit: 1 << bits.size, pattern: patternOf(one.term) };
          bits.set(key, leaf);
          if (!negated) wanted |= leaf.bit;
          return (mask) => (mask & leaf.bit) !== 0;
        }
        case 'not': {
          const of = compile(one.of, !negated);
          return (mask) => !of(mask);
        }
        case 'all': {
          const of = one.of.map((side) => compile(side, negated));
          return (mask) => of.every((holds) => holds(mask));
        }
        case 'any': {
          const of = one.of.map((side) => compile(side, negated));
          return (mask) => of.some((holds) => holds(mask));
        }
        default:
          return assertNever(one);
      }
    };
    this.#holds = compile(expression, false);
    this.leaves = [...bits.values()];
    this.fields = this.#named('field');
    this.sizes = this.#named('size');
    this.#texts = this.#named('text');
    const kinds: Record<string, number> = {};
    for (const { term, bit } of this.#named('kind')) kinds[term.kind] = bit;
    this.#kinds = kinds;
    for (const kind of [Kind.interimSent, Kind.interimReceived]) this.#rows[kind] = kinds['interim'] ?? 0;
    for (const kind of [Kind.finalSent, Kind.finalReceived]) this.#rows[kind] = kinds['final'] ?? 0;
    this.#rows[Kind.message] = kinds['message'] ?? 0;
    this.#rows[Kind.note] = kinds['note'] ?? 0;
    this.#rows[Kind.fault] = kinds['fault'] ?? 0;
    for (const { term, bit } of this.#named('note')) if (term.note === MINE) this.#rows[Kind.remark]! |= bit;
    const ofEvents = ['status', 'status-range', 'kind', 'field', 'note', 'text'];
    this.ofEvents = this.leaves.reduce(
      (all, { term, bit }) => (ofEvents.includes(term.name) ? all | bit : all),
      0,
    );
    this.wanted = wanted & this.ofEvents;
  }

  /** Whether the filter holds where these terms do. */
  holds(mask: number): boolean {
    // A million rows say only a few different things, most of them the same again.
    if (mask !== this.#asked) {
      this.#asked = mask;
      this.#answer = this.#holds(mask);
    }
    return this.#answer;
  }

  /** What can be said of an exchange before any of its responses. */
  ofExchange(exchange: Exchange, operation: Operation | undefined): number {
    let mask = this.#kinds['request'] ?? 0;
    for (const leaf of this.leaves) if (isOf(leaf, exchange, operation)) mask |= leaf.bit;
    return mask;
  }

  ofSize(bytes: number): number {
    let mask = 0;
    for (const { term, bit } of this.sizes) if (compares(bytes, term.comparison, term.bytes)) mask |= bit;
    return mask;
  }

  /** What an event says by its kind and code. @param text of a note; else not looked at */
  ofEvent(kind: Kind, code: number, text: string): number {
    const bits = this.#rows[kind]!;
    switch (kind) {
      case Kind.interimSent:
      case Kind.interimReceived:
      case Kind.finalSent:
      case Kind.finalReceived:
      // The response within a message/http document has a status of its own.
      case Kind.document:
        return bits | this.#ofStatus(code);
      case Kind.note:
        return bits | this.#ofNote(code, text);
      case Kind.fault:
        return unpackFault(code).action === 'cut' ? bits | (this.#kinds['cut'] ?? 0) : bits;
      case Kind.connectionClosed:
        return code === ClosedHow.fin ? 0 : (this.#kinds['cut'] ?? 0);
      default:
        return bits;
    }
  }

  /** Some of its terms asks for notes. */
  get wantsNotes(): boolean {
    return this.leaves.some(
      ({ term, bit }) =>
        (bit & this.wanted) !== 0 && (term.name === 'note' || (term.name === 'kind' && term.kind === 'note')),
    );
  }

  get searchesText(): boolean {
    return this.#texts.length > 0;
  }

  /** Free text that is part of `text`. */
  ofText(text: string): number {
    if (text === '') return 0;
    let mask = 0;
    for (const { bit, pattern } of this.#texts) if (pattern?.test(text) === true) mask |= bit;
    return mask;
  }

  #ofStatus(status: number): number {
    const known = this.#statuses[status];
    if (known !== undefined && known !== UNKNOWN) return known;
    let mask = 0;
    const digits = String(status);
    for (const { term, bit } of this.leaves) {
      if (term.name === 'status' && fits(digits, term.pattern)) mask |= bit;
      if (term.name === 'status-range' && compares(status, term.comparison, term.status)) mask |= bit;
    }
    this.#statuses[status] = mask;
    return mask;
  }

  #ofNote(level: number, text: string): number {
    const key = `${level}${text}`;
    const known = this.#notes.get(key);
    if (known !== undefined) return known;
    const [code] = text.split('|');
    let mask = 0;
    for (const { term, bit } of this.#named('note'))
      if (term.note === code || LEVELS[term.note] === level) mask |= bit;
    this.#notes.set(key, mask);
    return mask;
  }

  #named<Name extends Term['name']>(name: Name): Leaf<Named<Name>>[] {
    return this.leaves.filter((leaf): leaf is Leaf<Named<Name>> => leaf.term.name === name);
  }
}

/** Anywhere in a text, without regard to case; a pattern, since that makes no second string of each text. */
function patternOf(term: Term): RegExp | null {
  if (term.name !== 'text' && term.name !== 'path') return null;
  return new RegExp(term.text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'i');
}

function isOf({ term, pattern }: Leaf, exchange: Exchange, operation: Operation | undefined): boolean {
  switch (term.name) {
    case 'method':
      return exchange.method.toUpperCase() === term.method;
    case 'conn':
      return exchange.connection === term.id;
    case 'op':
      return exchange.operation === term.id - 1;
    case 'path':
      return pattern!.test(exchange.target);
    case 'text':
      return pattern!.test(`${exchange.method} ${exchange.target}`) || pattern!.test(operation?.title ?? '');
    case 'status':
    case 'status-range':
    case 'kind':
    case 'field':
    case 'size':
    case 'note':
      return false;
    default:
      return assertNever(term);
  }
}

function fits(digits: string, pattern: string): boolean {
  if (digits.length !== pattern.length) return false;
  for (let at = 0; at < digits.length; at++)
    if (pattern[at] !== 'x' && pattern[at] !== digits[at]) return false;
  return true;
}

function compares(value: number, comparison: Comparison, bound: number): boolean {
  switch (comparison) {
    case '>=':
      return value >= bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '<':
      return value < bound;
    case '=':
      return value === bound;
    default:
      return assertNever(comparison);
  }
}
