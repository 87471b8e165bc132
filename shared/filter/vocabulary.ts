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

export class Vocabulary {
  readonly statuses = new Map<string, number>();
  readonly kinds = new Map<FilterKind, number>();
  readonly methods = new Map<string, number>();
  readonly paths = new Map<string, number>();
  readonly notes = new Map<string, number>();
  /** Exchanges of each connection and operation, by number. */
  readonly connections = new Map<string, number>();
  readonly operations = new Map<string, number>();
  /** Messages whose heads have a field of that name; counted by {@link head}. */
  readonly fields = new Map<string, number>();
  readonly #model: Model;
  #seen = 0;
  #exchanges = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  /** Takes in what the model has folded since the last call. */
  update(): void {
    const { exchanges, connections, events } = this.#model;
    for (; this.#exchanges < exchanges.length; this.#exchanges++) {
      const exchange = exchanges[this.#exchanges];
      if (exchange === undefined) break;
      count(this.kinds, 'request');
      count(this.methods, exchange.method);
      count(this.paths, exchange.target);
      count(this.connections, String(exchange.connection));
      count(this.operations, String(exchange.operation + 1));
    }
    const { kind: kinds, code: codes, connection: on } = events.columns;
    for (; this.#seen < this.#model.folded; this.#seen++) {
      const row = this.#seen;
      const kind = kinds[row]! as Kind;
      const code = codes[row]!;
      // Where both ends are ours, the client's is the one that counts.
      const ours = connections[on[row]! - 1]?.client ?? true;
      switch (kind) {
        case Kind.interimSent:
        case Kind.interimReceived:
          if ((kind === Kind.interimReceived) === ours) this.#status(code, 'interim');
          break;
        case Kind.finalSent:
        case Kind.finalReceived:
          if ((kind === Kind.finalReceived) === ours) this.#status(code, 'final');
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
    const { size } = this.#model.remarks;
    if (size > 0) this.notes.set(MINE, size);
    else this.notes.delete(MINE);
  }

  /** A head has fields of these names. */
  head(names: Iterable<string>): void {
    for (const name of new Set(names)) count(this.fields, name);
  }

  #status(code: number, kind: 'interim' | 'final'): void {
    count(this.statuses, String(code));
    count(this.kinds, kind);
  }
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  const before = counts.get(key);
  if (before !== undefined) counts.set(key, before + 1);
  else if (counts.size < MOST) counts.set(key, 1);
}
