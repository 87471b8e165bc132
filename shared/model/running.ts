// What is remembered of exchanges and connections while they last, and nothing longer.

import type { UploadRequest } from '../byteranges/upload-request.ts';
import type { Stream } from '../capture/records.ts';
import type { Layer } from './events.ts';
import { KeptEvents } from './kept-events.ts';
import type { OperationFacts, Role } from './operations.ts';
import type { Counted, Counts } from './rules/notebook.ts';
import { ExchangeWatch } from './rules/watch.ts';
import type { StreamTrack } from './stream-track.ts';

/** What an exchange begins with. */
export type Begun = Pick<Running, 'id' | 'operation' | 'method' | 'url' | 'role' | 'follows'>;

/** What must be remembered of an exchange while it lasts. */
export class Running {
  readonly id: number;
  readonly connection: number;
  readonly operation: OperationFacts;
  readonly method: string;
  readonly url: string;
  /** What its target is to the operation; null: the operation's own target. */
  role: Role | null;
  /** The address of whoever asks. */
  readonly client: string;
  /** What it says of a resumable upload; null: it is no such request. */
  upload: UploadRequest | null = null;
  /** An application's own id of it (Request-Id), and the key of a WebSocket that it asks for; null: none. */
  requestId: string | null = null;
  key: string | null = null;
  /** It goes on behind what came before: Last-Event-ID. */
  readonly follows: boolean;
  /** Its answer decides whether an operation that was cut goes on: a 206 does, a 200 begins again. */
  decides = false;
  /** All or nothing, or every byte kept; as asked for, or as the server said. Null: neither said. */
  transaction: 'atomic' | 'persist' | null = null;
  status = 0;
  /** Its final response says when to ask again. */
  again = false;
  /** Its final response says whether the upload is complete (Upload-Complete); null: it does not. */
  completes: boolean | null = null;
  /** The content of its final response says that the work is not done. */
  unfinished = false;
  /** Why what was asked for has failed, as messages tell, whatever the status was. */
  failure: string | null = null;
  /** The content of its final response is a representation that was asked for. */
  downloads = false;
  /** Some of its events have become no rows. */
  isEndless = false;
  /** What is added to a place in that content to have one in the operation's representation. */
  base = 0;
  requestEnd: { 1: boolean; 2: boolean } = { 1: false, 2: false };
  responseEnd: { 1: boolean; 2: boolean } = { 1: false, 2: false };
  #watch: ExchangeWatch | null;
  /** By stream and layer; made when it is needed. */
  readonly #kept: (KeptEvents | undefined)[] = [];
  readonly #allKept: number;

  /** @param allKept how many events of a kind all become rows (kept-events.ts) */
  constructor(connection: number, client: string, begun: Begun, allKept: number) {
    const { id, operation, method, url, role, follows } = begun;
    this.#allKept = allKept;
    this.id = id;
    this.connection = connection;
    this.operation = operation;
    this.method = method;
    this.url = url;
    this.role = role;
    this.client = client;
    this.follows = follows;
    // What the operation knows when a request begins is what its answers are held to.
    this.#watch = operation.knowsNothing ? null : new ExchangeWatch(operation.watch);
  }

  /** What the rules remember of it: most exchanges give them nothing to remember. */
  get watch(): ExchangeWatch {
    return (this.#watch ??= new ExchangeWatch(null));
  }

  get watchSoFar(): ExchangeWatch | null {
    return this.#watch;
  }

  /** How many of its events have become rows, in one layer of one stream. */
  kept(stream: Stream, layer: Layer): KeptEvents {
    return (this.#kept[(stream === 'request' ? 0 : 2) + layer] ??= new KeptEvents(this.#allKept));
  }
}

export interface Pair extends Counted {
  readonly id: number;
  readonly request: StreamTrack;
  readonly response: StreamTrack;
  authority: string;
  /** The address of the client. */
  client: string;
  /** Which ends we hold, and which of them are closed: bit 0 the client's, bit 1 the server's. */
  ends: number;
  closed: number;
  /** How it ended, as the end that was closed last tells; `fin` before. */
  how: string;
  /** Notes that belong to no exchange. */
  notes: Counts | null;
  /** Request-Ids whose turn has gone to another answer. Bounded: the oldest go first. */
  readonly displaced: Set<string>;
  /** Exchanges whose final response has not been parsed, oldest first. */
  readonly outstanding: Running[];
  /** Exchanges that have not ended at every end that we hold. */
  readonly open: Map<number, Running>;
}
