// What a wire has read: delivered at once, or held while it is stalled, paused or nobody listens; up to the next cut.
// Never delivers out of order, twice, or after it was stopped.

import type { PendingCuts } from './cuts.ts';
import type { Way } from './disturbances.ts';
import { Pace, sliceAt } from './pace.ts';
import type { Transport } from './transport.ts';
import type { Clock, WireHandler } from './types.ts';

/** Bytes read ahead while stalled, so that the peer's FIN or reset behind them is noticed; then reading stops … */
const READ_AHEAD = 1024 * 1024;
/** … and the connection is looked at this often (ms). */
const PROBE_EVERY = 500;
/** Bytes read ahead while they are throttled or delayed: behind them the sender is to feel it. */
const DISTURBED_AHEAD = 64 * 1024;

/** What an inbox asks of its wire. */
interface InboxPort {
  readonly transport: Transport;
  readonly clock: Clock;
  /** The next cut's byte of this direction. */
  readonly cuts: PendingCuts;
  /** What disturbs this direction. */
  readonly way: Way;
  /** Before each delivery. True: the bytes are kept. */
  readonly record: (bytes: Uint8Array) => boolean;
  /** The byte of a cut is reached. */
  readonly reached: () => void;
  /** The peer has finished, and the handler has no word for it. */
  readonly finish: () => void;
}

interface Waiting {
  readonly bytes: Uint8Array;
  /** When they were read (ms of the clock), where that matters. */
  readonly since: number;
}

export class Inbox {
  /** Bytes delivered. */
  received = 0;
  handler: WireHandler | null = null;
  readonly #port: InboxPort;
  readonly #pace = new Pace();
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #flow = true;
  #held = false;
  #stopped = false;
  #delivering = false;
  /** The peer's FIN: behind everything that is queued. */
  #end: 'no' | 'came' | 'told' = 'no';
  #cancelProbe: (() => void) | null = null;
  #cancelTimer: (() => void) | null = null;

  constructor(port: InboxPort) {
    this.#port = port;
  }

  /** Something was delivered, or waits. */
  get inUse(): boolean {
    return this.received > 0 || this.#queue.length > 0;
  }

  handle(handler: WireHandler): void {
    this.handler = handler;
    this.#goOn();
  }

  flow(on: boolean): void {
    this.#flow = on;
    this.#goOn();
  }

  hold(on: boolean): void {
    this.#held = on;
    if (!on) this.#stopProbing();
    this.#goOn();
  }

  /** Bytes were read. True: they are kept, by the recorder or here. */
  take(bytes: Uint8Array): boolean {
    const { way, clock } = this.#port;
    if (
      !way.active &&
      this.#mayDeliver() &&
      this.#queue.length === 0 &&
      this.received + bytes.length < this.#port.cuts.limit
    ) {
      return this.#deliver(bytes);
    }
    this.#queue.push({ bytes, since: way.active ? clock.now() : -Infinity });
    this.#queuedBytes += bytes.length;
    this.#goOn();
    return true;
  }

  /** The peer sent its FIN. */
  end(): void {
    this.#end = 'came';
    this.#goOn();
  }

  /** What disturbs it has changed: what waits for the old goes by the new. */
  repace(): void {
    this.#pace.forgive(this.#port.clock.now());
    this.#goOn();
  }

  /** Delivers no more. Returns what was read and not delivered. */
  stop(): Uint8Array[] {
    this.#stopped = true;
    this.#stopProbing();
    this.#stopWaiting();
    const queue = this.#queue.map(({ bytes }) => bytes);
    this.#queue = [];
    return queue;
  }

  #mayDeliver(): boolean {
    return this.handler !== null && this.#flow && !this.#held && !this.#stopped;
  }

  #deliver(bytes: Uint8Array): boolean {
    const kept = this.#port.record(bytes);
    this.received += bytes.length;
    this.handler?.data(bytes);
    return kept;
  }

  /** Delivers what it may, and reads on or not. */
  #goOn(): void {
    if (this.#delivering || this.#stopped) return;
    this.#delivering = true;
    this.#stopWaiting();
    while (this.#mayDeliver() && this.#deliverFirst());
    this.#delivering = false;
    if (this.#stopped) return;
    if (this.#end === 'no') this.#read();
    else if (this.#end === 'came' && this.#queue.length === 0 && this.#mayDeliver()) {
      this.#end = 'told';
      if (this.handler?.end) this.handler.end();
      else this.#port.finish();
    }
  }

  /** Delivers the first of the queue, as far as cuts and disturbances let it. False: there is none, or it has to wait. */
  #deliverFirst(): boolean {
    const first = this.#queue[0];
    if (first === undefined) return false;
    const { way, clock, cuts } = this.#port;
    const { bytes, since } = first;
    if (way.active) way.reach(this.received, clock.now());
    let length = Math.min(bytes.length, cuts.limit - this.received, way.limit - this.received, way.fragment);
    if (way.active && length > 0) {
      const now = clock.now();
      const wait = Math.max(way.wait(since, now), this.#pace.wait(now, way.rate));
      if (wait > 0) {
        this.#cancelTimer = clock.after(wait, () => this.#goOn());
        return false;
      }
      if (way.rate > 0) {
        length = Math.min(length, sliceAt(way.rate));
        this.#pace.took(length, now, way.rate);
      }
    }
    this.#queuedBytes -= length;
    if (length === bytes.length) this.#queue.shift();
    else this.#queue[0] = { bytes: bytes.subarray(length), since };
    if (length > 0) {
      const piece = length === bytes.length ? bytes : bytes.subarray(0, length);
      this.#deliver(way.active ? way.strike(piece, this.received) : piece);
      if (way.active) way.reach(this.received, clock.now());
    }
    if (this.received >= this.#port.cuts.limit) this.#port.reached();
    return true;
  }

  /** While held it reads as well, to notice when the other side gives up. */
  #read(): void {
    const full = this.#queuedBytes >= READ_AHEAD;
    const ahead = this.#port.way.active && this.#queuedBytes >= DISTURBED_AHEAD;
    this.#port.transport.read(this.handler !== null && (this.#held ? !full : this.#flow && !ahead));
    if (this.#held && full && this.#cancelProbe === null) this.#probe();
  }

  #probe(): void {
    this.#cancelProbe = this.#port.clock.after(PROBE_EVERY, () => {
      this.#probe();
      this.#port.transport.probe();
    });
  }

  #stopWaiting(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #stopProbing(): void {
    this.#cancelProbe?.();
    this.#cancelProbe = null;
  }
}
