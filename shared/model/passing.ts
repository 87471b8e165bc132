// Exchanges as they end, one after the other, for whoever runs without end: each is told once, and forgotten. Must never
// hold more than what is under way, nor a row of the event table longer than the record that made it.

import type { CaptureRecord } from '../capture/records.ts';
import { Deriver } from './derive.ts';
import { EventTable, Kind, Layer } from './events.ts';

/** Interim responses of one exchange whose statuses are kept: the first and the last; those between are counted. */
const FIRST_INTERIMS = 500;
const LAST_INTERIMS = 500;
/** Locations that are remembered: enough to know a request from the next, little enough to run for ever. */
const LOCATIONS = 5_000;

/** An exchange of which nothing more comes. */
export interface Passed {
  /** 0, 1, 2 … in the order of their requests, as a model of the same records numbers them. */
  readonly id: number;
  readonly connection: number;
  readonly method: string;
  readonly target: string;
  /** Statuses of its interim responses, in order, as the client saw them (as sent, without a client end). */
  readonly interim: readonly number[];
  /** How many further ones, in the middle of these, were counted, not kept. */
  readonly interimLeftOut: number;
  readonly status: number | null;
  readonly reason: string;
  /** The final response came whole. */
  readonly complete: boolean;
  /** Nanoseconds since the session began. */
  readonly startedAt: number;
  readonly endedAt: number;
}

type Begun = Pick<Passed, 'id' | 'connection' | 'method' | 'target' | 'startedAt'>;

/** An exchange that is under way. */
class Open {
  readonly id: number;
  readonly #begun: Begun;
  #status: number | null = null;
  #reason = '';
  readonly #first: number[] = [];
  /** The last ones, as a ring. */
  readonly #last: number[] = [];
  #interims = 0;

  constructor(begun: Begun) {
    this.id = begun.id;
    this.#begun = begun;
  }

  interim(status: number): void {
    const behind = this.#interims++ - FIRST_INTERIMS;
    if (behind < 0) this.#first.push(status);
    else this.#last[behind % LAST_INTERIMS] = status;
  }

  answered(status: number, reason: string): void {
    this.#status = status;
    this.#reason = reason;
  }

  passed(endedAt: number, complete: boolean): Passed {
    const turn = Math.max(0, this.#interims - FIRST_INTERIMS) % LAST_INTERIMS;
    const interim = [...this.#first, ...this.#last.slice(turn), ...this.#last.slice(0, turn)];
    const interimLeftOut = this.#interims - interim.length;
    const [status, reason] = [this.#status, this.#reason];
    return { ...this.#begun, interim, interimLeftOut, status, reason, complete, endedAt };
  }
}

/** What is held of a connection that is open. */
interface Ends {
  /** The client's end is ours: it is what counts. */
  client: boolean;
  open: number;
  readonly exchanges: Map<number, Open>;
}

export class Passing {
  readonly #table = new EventTable(64);
  readonly #deriver = new Deriver(this.#table, { locations: LOCATIONS });
  readonly #connections = new Map<number, Ends>();
  /** Those that the record at hand has closed. */
  readonly #closed: number[] = [];
  readonly #told: (exchange: Passed) => void;

  /** @param told is called with each exchange as it ends, while the record that ends it is fed */
  constructor(told: (exchange: Passed) => void) {
    this.#told = told;
  }

  /** Takes one record. Records come in the order of their times. */
  feed(record: CaptureRecord): void {
    this.#deriver.feed(record);
    for (let row = 0; row < this.#table.length; row++) this.#row(row);
    this.#table.empty();
    for (const connection of this.#closed) this.#connections.delete(connection);
    this.#closed.length = 0;
  }

  /** Connections that are open, and exchanges on them: all that is held. */
  get underWay(): { readonly connections: number; readonly exchanges: number } {
    let exchanges = 0;
    for (const ends of this.#connections.values()) exchanges += ends.exchanges.size;
    return { connections: this.#connections.size, exchanges };
  }

  #row(row: number): void {
    const { kind, code, time, connection: connections, exchange: exchanges, b } = this.#table.columns;
    const connection = connections[row]!;
    const known = this.#connections.get(connection);
    const exchange = known?.exchanges.get(exchanges[row]!);
    switch (kind[row] as Kind) {
      case Kind.connectionOpened: {
        const ends = known ?? { client: false, open: 0, exchanges: new Map<number, Open>() };
        ends.client ||= (code[row]! & 1) !== 0;
        ends.open++;
        this.#connections.set(connection, ends);
        return;
      }
      case Kind.connectionClosed:
        if (known === undefined) return;
        known.open--;
        if (known.open > 0) return;
        // The ends of what it cut short follow in this very record.
        this.#closed.push(connection);
        return;
      case Kind.exchange: {
        const text = this.#table.text(row);
        const space = text.indexOf(' ');
        const [method, target] = [text.slice(0, space), text.slice(space + 1)];
        const id = exchanges[row]!;
        known?.exchanges.set(id, new Open({ id, connection, method, target, startedAt: time[row]! }));
        return;
      }
      case Kind.interimSent:
      case Kind.interimReceived:
        if ((kind[row] === Kind.interimReceived) === known?.client) exchange?.interim(code[row]!);
        return;
      case Kind.finalSent:
      case Kind.finalReceived:
        if (exchange !== undefined && (kind[row] === Kind.finalReceived) === known?.client)
          exchange.answered(code[row]!, this.#table.text(row));
        return;
      case Kind.responseEnd:
        if (exchange === undefined || (code[row] === Layer.received) !== known?.client) return;
        known.exchanges.delete(exchange.id);
        this.#told(exchange.passed(time[row]!, b[row] === 1));
        return;
      default:
        return;
    }
  }
}
