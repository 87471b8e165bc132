// What a wire has still to write: in slices, one write in flight, at the board's pace, up to the next cut.
// Every slice is recorded before it is written; nothing here decides to break a connection.

import type { PendingCuts } from './cuts.ts';
import { slower, type Way } from './disturbances.ts';
import { LARGEST_SLICE, Pace, sliceAt } from './pace.ts';
import type { Transport } from './transport.ts';
import type { Clock } from './types.ts';

/** `bytes[from … to)` without a new object where that is all of them. */
function part(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to);
}

/** What an outbox asks of its wire. */
interface OutboxPort {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly rate: () => number;
  /** The next cut's byte of this direction. */
  readonly cuts: PendingCuts;
  /** What disturbs this direction. */
  readonly way: Way;
  /** Before each write. */
  readonly record: (slice: Uint8Array) => void;
  /** A slice is in the kernel. */
  readonly handed: () => void;
  /** All is written, and the FIN that was asked for is sent. */
  readonly finished: () => void;
}

/** Entries that are done are cleared away so many at a time. */
const DONE_KEPT = 1024;

/** Slices of an unpaced write go to the kernel this many at a time: each alone costs a third of the speed. */
const UNPACED_WRITE = 16 * LARGEST_SLICE;

interface Entry {
  readonly bytes: Uint8Array;
  /** When it came (ms of the clock), where that matters. */
  readonly since: number;
  readonly done: (all: boolean) => void;
}

export class Outbox {
  /** Bytes that the kernel took. */
  sent = 0;
  /** Bytes of the write that is in flight. */
  inFlight = 0;
  readonly #port: OutboxPort;
  readonly #pace = new Pace();
  #entries: Entry[] = [];
  /** First entry that is not done, and how far it is. */
  #first = 0;
  #offset = 0;
  #held = false;
  #finish: 'no' | 'asked' | 'sent' = 'no';
  #stopped = false;
  #cancelTimer: (() => void) | null = null;

  constructor(port: OutboxPort) {
    this.#port = port;
  }

  /** False when {@link finish} was asked for. */
  get writable(): boolean {
    return !this.#stopped && this.#finish === 'no';
  }

  get finSent(): boolean {
    return this.#finish === 'sent';
  }

  /** Something was sent, or waits. */
  get inUse(): boolean {
    return this.sent > 0 || this.#entries.length > 0;
  }

  write(bytes: Uint8Array): Promise<boolean> {
    return new Promise((done) => {
      if (!this.writable) {
        done(false);
        return;
      }
      const since = this.#port.way.active ? this.#port.clock.now() : -Infinity;
      this.#entries.push({ bytes, since, done });
      this.#pump();
    });
  }

  /** FIN behind what waits. */
  finish(): void {
    if (!this.writable) return;
    this.#finish = 'asked';
    this.#pump();
  }

  hold(on: boolean): void {
    this.#held = on;
    if (!on) this.#pump();
  }

  /** The rate changed: what waits for the old one goes on with the new one. */
  repace(): void {
    this.#pace.forgive(this.#port.clock.now());
    this.#pump();
  }

  /** Drops what waits; the slice in flight goes on. Later writes are refused. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const entries = this.#entries.slice(this.#first);
    this.#entries = [];
    this.#first = 0;
    for (const entry of entries) entry.done(false);
  }

  /** Sends the FIN of a stopped outbox, if it has not been sent. */
  finishNow(): void {
    if (this.#finish === 'sent') return;
    this.#finish = 'sent';
    this.#port.transport.finish();
    this.#port.finished();
  }

  /** What the kernel has of the slice in flight and before; ask while the socket is still there. */
  handedOver(): number {
    return this.inFlight === 0
      ? this.sent
      : this.sent + Math.max(0, this.inFlight - this.#port.transport.queued());
  }

  /** Writes as long as it may and the kernel takes it at once. */
  #pump(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    while (this.#writeSlice());
  }

  /** True: a slice went, the next may follow. */
  #writeSlice(): boolean {
    if (this.inFlight === 0 && this.sent >= this.#port.cuts.limit) this.#port.handed();
    if (this.inFlight > 0 || this.#held || this.#stopped) return false;
    const entry = this.#nextEntry();
    if (entry === null) {
      if (this.#finish === 'asked') this.finishNow();
      return false;
    }
    const { transport, clock, cuts, way, record } = this.#port;
    if (way.active) way.reach(this.sent, clock.now());
    const rate = slower(this.#port.rate(), way.rate);
    let length = Math.min(
      entry.bytes.length - this.#offset,
      cuts.limit - this.sent,
      way.fragment,
      way.limit - this.sent,
      UNPACED_WRITE,
    );
    if (way.active) {
      const wait = way.wait(entry.since, clock.now());
      if (wait > 0) {
        this.#cancelTimer = clock.after(wait, () => this.#pump());
        return false;
      }
    }
    if (rate > 0) {
      const now = clock.now();
      const wait = this.#pace.wait(now, rate);
      if (wait > 0) {
        this.#cancelTimer = clock.after(wait, () => this.#pump());
        return false;
      }
      length = Math.min(length, sliceAt(rate));
      this.#pace.took(length, now, rate);
    }
    const planned = part(entry.bytes, this.#offset, this.#offset + length);
    // First: what strikes may change what stands, and that looks for more to write.
    this.inFlight = length;
    const slice = way.active ? way.strike(planned, this.sent) : planned;
    for (let at = 0; at < length; at += LARGEST_SLICE) {
      record(part(slice, at, Math.min(at + LARGEST_SLICE, length)));
    }
    if (!transport.write(slice, this.#written)) return false;
    this.#tookSlice();
    if (way.fragment === Infinity) return true;
    // In a turn of its own: the reader, which may be in this process, gets each as a piece.
    setImmediate(() => this.#pump());
    return false;
  }

  /** The entry to write from. Those that are done are told so: at once, before a cut can stop the rest. */
  #nextEntry(): Entry | null {
    for (;;) {
      const entry = this.#entries[this.#first];
      if (entry === undefined) {
        this.#entries.length = 0;
        this.#first = 0;
        return null;
      }
      if (this.#offset < entry.bytes.length) return entry;
      this.#first += 1;
      this.#offset = 0;
      if (this.#first > DONE_KEPT) {
        this.#entries.splice(0, this.#first);
        this.#first = 0;
      }
      entry.done(true);
    }
  }

  readonly #written = (): void => {
    this.#tookSlice();
    this.#pump();
  };

  #tookSlice(): void {
    this.sent += this.inFlight;
    this.#offset += this.inFlight;
    this.inFlight = 0;
    const { way, clock } = this.#port;
    if (way.active) way.reach(this.sent, clock.now());
    if (!this.#stopped) this.#nextEntry();
    this.#port.handed();
  }
}
