// What occurs in a session and how often, for whoever completes a filter. Looks at each row once; of what may be different
// in every exchange only the first few hundred are remembered.

import { isSeenByClient, Kind, NoteLevel, unpackFault } from '../model/events.ts';
import type { Model } from '../model/model.ts';
import { MINE } from './compiled.ts';
import type { FilterKind } from './filter.ts';

/** Different values of a name that are counted. */
const MOST = 400;

/** How often each value occurs. */
export type Counts = ReadonlyMap<string, number>;

const LEVELS: Readonly<Record<number, string>> = {
  [NoteLevel.error]: 'error',
  [NoteLevel.warning]: 'warning',
  [NoteLevel.info]: 'info',
};

/** By kind of row: it may be counted. Most rows tell of bytes. */
const COUNTED = new Uint8Array(256);
for (const kind of [
  Kind.interimSent,
  Kind.interimReceived,
  Kind.finalSent,
  Kind.finalReceived,
  Kind.message,
  Kind.fault,
  Kind.note,
])
  COUNTED[kind] = 1;

export class Vocabulary {
  readonly statuses = new Map<string, number>();
  readonly kinds = new Map<FilterKind, number>();
  readonly methods = new Map<string, number>();
  readonly paths = new Map<string, number>();
  readonly notes = new Map<string, number>();
  /** Messages whose heads have a field of that name; counted by {@link head}. */
  readonly fields = new Map<string, number>();
  readonly #model: Model;
  readonly #connections = new Map<number, number>();
  readonly #operations = new Map<number, number>();
  /** By status: how often, where it is one of those that are counted. */
  readonly #ofStatus = new Uint32Array(65_536);
  #seen = 0;
  #exchanges = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  /** Exchanges of each connection, by number. */
  get connections(): Counts {
    return named(this.#connections);
  }

  /** The same of each operation. */
  get operations(): Counts {
    return named(this.#operations);
  }

  /** Takes in what the model has folded since the last call. */
  update(): void {
    const { exchanges, connections, events, folded } = this.#model;
    const known = this.#exchanges;
    for (; this.#exchanges < exchanges.length; this.#exchanges++) {
      const exchange = exchanges[this.#exchanges];
      if (exchange === undefined) break;
      count(this.methods, exchange.method);
      count(this.paths, exchange.target);
      count(this.#connections, exchange.connection);
      count(this.#operations, exchange.operation + 1);
    }
    count(this.kinds, 'request', this.#exchanges - known);
    const { kind: kinds, code: codes, connection: on } = events.columns;
    let interims = 0;
    let finals = 0;
    for (let row = this.#seen; row < folded; row++) {
      const kind = kinds[row]! as Kind;
      if (COUNTED[kind] === 0) continue;
      const code = codes[row]!;
      // Where both ends are ours, the client's is the one that counts.
      const ours = connections[on[row]! - 1]?.client ?? true;
      switch (kind) {
        case Kind.interimSent:
        case Kind.interimReceived:
          if ((kind === Kind.interimReceived) !== ours) break;
          this.#status(code);
          interims++;
          break;
        case Kind.finalSent:
        case Kind.finalReceived:
          if ((kind === Kind.finalReceived) !== ours) break;
          this.#status(code);
          finals++;
          break;
        case Kind.message:
          if (isSeenByClient(code) === ours) count(this.kinds, 'message');
          break;
        case Kind.fault:
          count(this.kinds, 'fault');
          if (unpackFault(code).action === 'cut') count(this.kinds, 'cut');
          break;
        case Kind.note: {
          count(this.kinds, 'note');
          count(this.notes, LEVELS[code] ?? 'info');
          const [name = ''] = events.text(row).split('|');
          count(this.notes, name);
          break;
        }
        default:
          break;
      }
    }
    this.#seen = folded;
    count(this.kinds, 'interim', interims);
    count(this.kinds, 'final', finals);
    for (const status of this.statuses.keys()) this.statuses.set(status, this.#ofStatus[Number(status)]!);
    const { size } = this.#model.remarks;
    if (size > 0) this.notes.set(MINE, size);
    else this.notes.delete(MINE);
  }

  /** A head has fields of these names. */
  head(names: Iterable<string>): void {
    for (const name of new Set(names)) count(this.fields, name);
  }

  #status(code: number): void {
    if (this.#ofStatus[code] === 0) {
      if (this.statuses.size >= MOST) return;
      this.statuses.set(String(code), 0);
    }
    this.#ofStatus[code]!++;
  }
}

function count<Key>(counts: Map<Key, number>, key: Key, by = 1): void {
  if (by === 0) return;
  const before = counts.get(key);
  if (before !== undefined) counts.set(key, before + by);
  else if (counts.size < MOST) counts.set(key, by);
}

function named(counts: ReadonlyMap<number, number>): Counts {
  return new Map(Array.from(counts, ([number, times]) => [String(number), times]));
}
