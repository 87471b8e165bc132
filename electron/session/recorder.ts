// The session's recorder: gives every observation its time and its connection number, counts, and hands it to a sink.
// It must never look into the bytes, and never keep them itself.

import type {
  AboutRecord,
  BytesRecord,
  CaptureRecord,
  Direction,
  End,
  Endpoint,
  RemarkRecord,
  SessionHeader,
  StepName,
  Stream,
} from '../../shared/capture/records.ts';
import type { ClosedNote, FaultNote, Recorder } from '../wire/recorder.ts';
import packageJson from '../../package.json' with { type: 'json' };

/** Bytes of a stream as they are on record. */
export interface Captured {
  /** From the asked start up to the first byte that is missing (not kept, or never seen). */
  readonly bytes: Uint8Array;
  /** False when bytes in the asked range were counted but not kept. */
  readonly kept: boolean;
}

/** Where records go. Called in order, times never decreasing. */
export interface Sink {
  /** True: bytes are kept by reference. False: they are copied before `append` returns. */
  readonly keepsReferences: boolean;
  /** True once nothing can be kept any more: records are still counted. */
  readonly broken: boolean;
  begin(header: SessionHeader): void;
  /** `keep` false: the bytes of the record are over budget, only their number is stored. */
  append(record: CaptureRecord, keep: boolean): void;
  /** Nothing more comes of a connection: what is needed only to go on with it can go. */
  forget(connection: number): void;
  bytes(connection: number, stream: Stream, start: number, end: number): Promise<Captured>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface RecorderOptions {
  readonly sink: Sink;
  /**
   * Told of each record, in order, before the call that made it returns. The bytes are there even when they go over
   * budget; they are valid during the call only.
   */
  readonly onRecord?: (record: CaptureRecord) => void;
  /** Bytes that are kept at most; what comes after is counted only. Default 256 MiB. */
  readonly budget?: number;
  /** Nanoseconds since the session began: whole, never decreasing. */
  readonly now?: () => number;
  readonly header?: SessionHeader;
}

export interface SessionRecorder extends Recorder {
  readonly header: SessionHeader;
  /** Records so far. */
  readonly records: number;
  /** Bytes that are kept: each once, however many ends saw them. */
  readonly keptBytes: number;
  /** Bytes that are kept at most. A session that was over it stays so. */
  budget: number;
  /** Bytes that were counted but are over budget. */
  readonly leftOutBytes: number;
  /** What a person wrote beside something of this session. */
  remark(remark: Omit<RemarkRecord, 'kind' | 'time'>): void;
  /** Bytes start … end (exclusive) of one stream, as far as they are on record. */
  bytes(connection: number, stream: Stream, start: number, end: number): Promise<Captured>;
  /** Resolves when everything recorded so far is where the sink keeps it. */
  flush(): Promise<void>;
  /** Flushes and ends the session. What wires still report afterwards is not recorded. */
  close(): Promise<void>;
}

/** 256 MiB a session. */
const DEFAULT_BUDGET = 256 * 1024 * 1024;

/** Connections that wait for their other end; an end follows the other within moments. */
const UNPAIRED = 4096;

/** Closed connections that are remembered: a step may still be told of them, and their other end may still be opened. */
const CLOSED = 4096;

/** What one end has moved so far. */
interface EndState {
  sent: number;
  received: number;
}

interface ConnectionState {
  client: EndState | null;
  server: EndState | null;
  /** Ends that were opened and are not closed. */
  open: number;
}

export function createRecorder(options: RecorderOptions): SessionRecorder {
  return new SinkRecorder(options);
}

class SinkRecorder implements SessionRecorder {
  readonly header: SessionHeader;
  readonly now: () => number;
  records = 0;
  keptBytes = 0;
  leftOutBytes = 0;
  readonly #sink: Sink;
  readonly #onRecord: ((record: CaptureRecord) => void) | null;
  budget: number;
  #isOverBudget = false;
  #closed = false;
  readonly #connections = new Map<number, ConnectionState>();
  #last = 0;
  /** Those of them of which no end is open, the one that was closed first in front. */
  readonly #over = new Set<number>();
  /** Connections of which one end was seen, by both endpoints. */
  readonly #unpaired = new Map<string, number>();

  constructor(options: RecorderOptions) {
    this.#sink = options.sink;
    this.#onRecord = options.onRecord ?? null;
    this.budget = options.budget ?? DEFAULT_BUDGET;
    this.header = options.header ?? {
      startedAt: BigInt(Date.now()) * 1_000_000n,
      application: `Interim ${packageJson.version}`,
    };
    const began = performance.now();
    this.now = options.now ?? ((): number => Math.round((performance.now() - began) * 1e6));
    this.#sink.begin(this.header);
  }

  opened(end: End, client: Endpoint, server: Endpoint): number {
    const key = `${client.address} ${client.port} ${server.address} ${server.port}`;
    const fresh: EndState = { sent: 0, received: 0 };
    let connection = this.#unpaired.get(key) ?? 0;
    const known = this.#connections.get(connection);
    if (known !== undefined && known[end] === null) {
      // The other end may even be closed by now: a client can cut before its server has accepted.
      known[end] = fresh;
      known.open++;
      this.#over.delete(connection);
      this.#unpaired.delete(key);
    } else {
      connection = ++this.#last;
      this.#connections.set(connection, {
        client: end === 'client' ? fresh : null,
        server: end === 'server' ? fresh : null,
        open: 1,
      });
      this.#unpaired.delete(key);
      this.#unpaired.set(key, connection);
      if (this.#unpaired.size > UNPAIRED) {
        const [oldest] = this.#unpaired.keys();
        this.#unpaired.delete(oldest!);
      }
    }
    this.#append({ kind: 'opened', time: this.now(), connection, end, client, server }, true);
    return connection;
  }

  sent(connection: number, end: End, bytes: Uint8Array): void {
    const state = this.#end(connection, end);
    const offset = state.sent;
    state.sent += bytes.length;
    this.#bytes('sent', connection, end, offset, bytes);
  }

  received(connection: number, end: End, bytes: Uint8Array): boolean {
    return this.#read('received', connection, end, bytes) && this.#sink.keepsReferences;
  }

  discarded(connection: number, end: End, bytes: Uint8Array): void {
    this.#read('discarded', connection, end, bytes.slice());
  }

  ended(connection: number, end: End, direction: Direction): void {
    this.#end(connection, end);
    this.#append({ kind: 'ended', time: this.now(), connection, end, direction }, true);
  }

  closed(connection: number, end: End, note: ClosedNote): void {
    this.#end(connection, end);
    this.#append({ kind: 'closed', time: this.now(), connection, end, ...note }, true);
    const state = this.#connections.get(connection)!;
    state.open--;
    if (state.open > 0) return;
    this.#over.add(connection);
    if (this.#over.size > CLOSED) this.#forget(this.#over.values().next().value!);
  }

  fault(connection: number, end: End, note: FaultNote): void {
    this.#end(connection, end);
    this.#append({ kind: 'fault', time: this.now(), connection, end, ...note }, true);
  }

  step(connection: number, step: StepName, why: string): void {
    this.#append({ kind: 'step', time: this.now(), connection, step, why }, true);
  }

  about(about: Omit<AboutRecord, 'kind' | 'time' | 'connection'>): void {
    this.#append({ kind: 'about', time: this.now(), connection: 0, ...about }, true);
  }

  remark(remark: Omit<RemarkRecord, 'kind' | 'time'>): void {
    this.#append({ kind: 'remark', time: this.now(), ...remark }, true);
  }

  bytes(connection: number, stream: Stream, start: number, end: number): Promise<Captured> {
    return this.#sink.bytes(connection, stream, start, end);
  }

  flush(): Promise<void> {
    return this.#sink.flush();
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#sink.close();
  }

  #forget(connection: number): void {
    this.#over.delete(connection);
    this.#connections.delete(connection);
    this.#sink.forget(connection);
  }

  #end(connection: number, end: End): EndState {
    const state = this.#connections.get(connection)?.[end];
    if (state === undefined || state === null)
      throw new RangeError(`the ${end} end of connection ${connection} was never opened`);
    return state;
  }

  /** True if the bytes were kept. */
  #read(kind: 'received' | 'discarded', connection: number, end: End, bytes: Uint8Array): boolean {
    const state = this.#end(connection, end);
    const offset = state.received;
    state.received += bytes.length;
    const { client, server } = this.#connections.get(connection)!;
    if (client === null || server === null) return this.#bytes(kind, connection, end, offset, bytes);
    // The record of the end that wrote them holds the bytes.
    if (bytes.length > 0)
      this.#append(
        { kind, time: this.now(), connection, end, offset, length: bytes.length, bytes: null },
        false,
      );
    return false;
  }

  #bytes(
    kind: BytesRecord['kind'],
    connection: number,
    end: End,
    offset: number,
    bytes: Uint8Array,
  ): boolean {
    const { length } = bytes;
    if (length === 0 || this.#closed) return false;
    // Once over, always over: a stream of which later parts are there again would only look whole.
    if (!this.#isOverBudget && this.keptBytes + length > this.budget) this.#isOverBudget = true;
    const keep = !this.#isOverBudget && !this.#sink.broken;
    if (keep) this.keptBytes += length;
    else this.leftOutBytes += length;
    this.#append({ kind, time: this.now(), connection, end, offset, length, bytes }, keep);
    return keep;
  }

  #append(record: CaptureRecord, keep: boolean): void {
    if (this.#closed) return;
    this.records++;
    this.#sink.append(record, keep);
    this.#onRecord?.(record);
  }
}
