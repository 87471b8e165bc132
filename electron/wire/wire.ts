// One end of one connection: every byte, FIN, close and fault goes through here and is recorded before its effect.
// Knows no HTTP, and never delivers a byte past a cut or after a close.

import {
  assertNever,
  type Closing,
  type CutKind,
  type Direction,
  type End,
  type Endpoint,
  type FaultOrigin,
} from '../../shared/capture/records.ts';
import { type PendingCut, PendingCuts } from './cuts.ts';
import { Outbox } from './outbox.ts';
import type { ClosedNote, FaultNote } from './recorder.ts';
import type { Transport, TransportEvents } from './transport.ts';
import type { ArmedCut, RegisteredWire, WireContext, WireHandler } from './types.ts';

/** How long (ms) and for how many bytes we read on after our FIN, before we let go. */
const DRAIN_TIME = 5000;
const DRAIN_BYTES = 64 * 1024 * 1024;
/** Bytes read ahead while held, so that the peer's FIN or reset behind them is noticed; then reading stops … */
const HELD_BYTES = 1024 * 1024;
/** … and the connection is looked at this often (ms). */
const PROBE_EVERY = 500;

const RESETS: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

interface Ending {
  readonly how: Closing;
  readonly by: ClosedNote['by'];
  readonly error?: string;
}

export class SocketWire implements RegisteredWire, TransportEvents {
  readonly connection: number;
  readonly end: End;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  received = 0;
  readonly #transport: Transport;
  readonly #context: WireContext;
  readonly #outbox: Outbox;
  readonly #cutsIn = new PendingCuts();
  readonly #cutsOut = new PendingCuts();
  /** `draining`: our FIN went out and what comes is discarded. */
  #state: 'open' | 'draining' | 'closed' = 'open';
  /** Who held the bytes; null: nobody does. */
  #stalledBy: FaultOrigin | null = null;
  #flow = true;
  #handler: WireHandler | null = null;
  /** Read, not delivered. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #delivering = false;
  #peerEnded = false;
  #peerEndTold = false;
  #firstFin: End | null = null;
  #drain: Ending = { how: 'fin', by: 'client' };
  #discarded = 0;
  #note: ClosedNote | null = null;
  #told = false;
  #cancelTimer: (() => void) | null = null;

  /** The transport must be connected; this begins its records. */
  constructor(transport: Transport, end: End, context: WireContext) {
    const { recorder, board, clock } = context;
    this.#transport = transport;
    this.#context = context;
    this.end = end;
    this.local = transport.local;
    this.remote = transport.remote;
    this.connection =
      end === 'client'
        ? recorder.opened(end, this.local, this.remote)
        : recorder.opened(end, this.remote, this.local);
    this.#outbox = new Outbox({
      transport,
      clock,
      rate: () => board.rate,
      cuts: this.#cutsOut,
      record: (slice) => recorder.sent(this.connection, end, slice),
      handed: () => this.#checkCut('out'),
      finished: () => {
        this.#firstFin ??= end;
        recorder.ended(this.connection, end, 'out');
      },
    });
    transport.start(this);
    board.registry.opened(this);
  }

  get sent(): number {
    return this.#note?.sent ?? this.#outbox.sent;
  }

  get committed(): number {
    return this.#outbox.sent + this.#outbox.inFlight;
  }

  get open(): boolean {
    return this.#state === 'open';
  }

  get stalled(): boolean {
    return this.#stalledBy !== null;
  }

  handle(handler: WireHandler): void {
    this.#handler = handler;
    if (this.#told && this.#note !== null) {
      this.#tellClosed(handler, this.#note);
      return;
    }
    this.#goOn();
  }

  write(bytes: Uint8Array): Promise<boolean> {
    return this.open ? this.#outbox.write(bytes) : Promise.resolve(false);
  }

  finish(): void {
    if (this.open) this.#outbox.finish();
  }

  close(how: 'fin' | 'rst' | 'silence'): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'draining') {
      if (how !== 'fin') this.#letGo(this.#drain);
      return;
    }
    const silenced = this.#silenced();
    switch (how) {
      case 'fin':
        this.#startDrain(silenced ?? { how, by: this.#firstFin ?? this.end });
        return;
      case 'rst':
      case 'silence':
        this.#letGo(silenced ?? { how, by: this.end });
        return;
      default:
        assertNever(how);
    }
  }

  cut(cut: CutKind, direction: Direction, origin: FaultOrigin): void {
    if (this.open) this.#apply({ at: 0, cut, origin, content: undefined, armed: null }, direction);
  }

  cutAt(at: number, cut: CutKind, direction: Direction, origin: FaultOrigin, content?: number): void {
    const armed =
      content === undefined || origin !== 'user'
        ? null
        : this.#context.board.registry.same(this.end, direction, cut, content);
    this.#add({ at, cut, origin, content, armed }, direction);
  }

  carry(armed: ArmedCut): void {
    const { spec, origin } = armed;
    this.#add({ at: spec.at, cut: spec.cut, origin, content: undefined, armed }, spec.direction);
  }

  stall(origin: FaultOrigin): void {
    if (!this.open || this.stalled) return;
    this.#fault({ direction: 'in', action: 'stall', origin, at: this.received });
    this.#hold(origin);
  }

  resume(origin: FaultOrigin): void {
    if (!this.open || !this.stalled) return;
    this.#fault({ direction: 'in', action: 'resume', origin, at: this.received });
    this.#stalledBy = null;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#context.board.registry.stalledOrResumed();
    this.#checkCut('in');
    this.#goOn();
    if (!this.stalled) this.#outbox.hold(false);
  }

  flow(on: boolean): void {
    if (this.#flow === on) return;
    this.#flow = on;
    if (on) this.#goOn();
    else if (this.open && !this.stalled) this.#transport.read(false);
  }

  repace(): void {
    if (this.open) this.#outbox.repace();
  }

  // ---- what the transport tells ----

  bytes(bytes: Uint8Array): boolean {
    if (this.#state === 'draining') {
      this.#discard(bytes);
      return true;
    }
    if (this.#state === 'closed') return false;
    if (this.#mayDeliver() && this.#held.length === 0) {
      const { length } = bytes;
      if (this.received + length < this.#cutsIn.limit) return this.#deliver(bytes);
    }
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    this.#deliverHeld();
    if (this.open && !this.#mayDeliver()) {
      if (!this.stalled) this.#transport.read(false);
      else if (this.#heldBytes >= HELD_BYTES) this.#stopReadingAhead();
    }
    return true;
  }

  ended(): void {
    if (this.#state === 'closed') return;
    this.#peerEnded = true;
    this.#firstFin ??= this.end === 'client' ? 'server' : 'client';
    this.#context.recorder.ended(this.connection, this.end, 'in');
    if (this.#state === 'draining') return;
    // A client that ends while a server is silent has given up; a server may end, and its bytes are still good.
    const silenced = this.#silenced();
    if (silenced !== null && this.end === 'server') {
      this.#letGo(silenced);
      return;
    }
    this.#tellPeerEnd();
  }

  failed(code: string): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'draining') {
      this.#conclude(this.#drain);
      return;
    }
    const by = this.end === 'client' ? 'server' : 'client';
    const silenced = this.#silenced();
    if (silenced !== null) this.#conclude(silenced);
    else if (RESETS.has(code)) this.#conclude({ how: 'rst', by });
    else this.#conclude({ how: 'error', by, error: code });
  }

  gone(): void {
    if (this.#state === 'draining') this.#conclude(this.#drain);
    else if (this.#state === 'open') this.#conclude({ how: 'fin', by: this.#firstFin ?? this.end });
  }

  // ---- reading ----

  #mayDeliver(): boolean {
    return this.#handler !== null && this.#flow && this.#stalledBy === null && this.open;
  }

  #deliver(bytes: Uint8Array): boolean {
    const kept = this.#context.recorder.received(this.connection, this.end, bytes);
    this.received += bytes.length;
    this.#handler?.data(bytes);
    return kept;
  }

  /** Delivers what was held, up to the next cut, as long as nobody stops it. */
  #deliverHeld(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    while (this.#mayDeliver()) {
      const bytes = this.#held[0];
      if (bytes === undefined) break;
      const room = this.#cutsIn.limit - this.received;
      if (room < bytes.length) {
        this.#held[0] = bytes.subarray(room);
        this.#heldBytes -= room;
        if (room > 0) this.#deliver(bytes.subarray(0, room));
      } else {
        this.#held.shift();
        this.#heldBytes -= bytes.length;
        this.#deliver(bytes);
      }
      this.#checkCut('in');
    }
    this.#delivering = false;
  }

  /** Delivers and reads on after whatever stopped it has gone. */
  #goOn(): void {
    this.#deliverHeld();
    // While held it reads, too: to notice when the other side gives up.
    if (this.open && (this.stalled ? this.#heldBytes < HELD_BYTES : this.#mayDeliver()))
      this.#transport.read(true);
    this.#tellPeerEnd();
  }

  #tellPeerEnd(): void {
    if (!this.#peerEnded || this.#peerEndTold || !this.#mayDeliver() || this.#held.length > 0) return;
    this.#peerEndTold = true;
    const handler = this.#handler;
    if (handler?.end) handler.end();
    else this.#outbox.finish();
  }

  #discard(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#discarded += bytes.length;
    this.#context.recorder.discarded(this.connection, this.end, bytes);
    if (this.#discarded > DRAIN_BYTES) this.#letGo(this.#drain);
  }

  // ---- breaking ----

  #add(cut: PendingCut, direction: Direction): void {
    if (!this.open) return;
    (direction === 'in' ? this.#cutsIn : this.#cutsOut).add(cut);
    this.#checkCut(direction);
  }

  /** Applies what is due. Cuts that are due while the wire is held wait until it is resumed. */
  #checkCut(direction: Direction): void {
    // Byte 0 is reached by the first byte that comes or wants to go, not by a connection that is not in use yet.
    if (direction === 'in' && this.received === 0 && this.#held.length === 0) return;
    if (direction === 'out' && (this.#outbox.inFlight > 0 || !this.#outbox.inUse)) return;
    const cuts = direction === 'in' ? this.#cutsIn : this.#cutsOut;
    const position = direction === 'in' ? this.received : this.#outbox.sent;
    while (this.open && !this.stalled && position >= cuts.limit) {
      const due = cuts.due(position);
      if (due !== null) this.#apply(due, direction);
    }
  }

  #apply(cut: PendingCut, direction: Direction): void {
    const { registry } = this.#context.board;
    const content = cut.content ?? (cut.armed?.spec.content ? cut.armed.spec.at : undefined);
    this.#fault({
      direction,
      action: 'cut',
      cut: cut.cut,
      origin: cut.origin,
      at: direction === 'in' ? this.received : this.#outbox.handedOver(),
      ...(content === undefined ? {} : { content }),
    });
    if (cut.armed !== null) registry.fired(cut.armed);
    switch (cut.cut) {
      case 'rst':
        this.#letGo({ how: 'rst', by: 'fault' });
        return;
      case 'fin':
        this.#startDrain({ how: 'fin', by: 'fault' });
        return;
      case 'stall':
        this.#hold(cut.origin);
        return;
      default:
        assertNever(cut.cut);
    }
  }

  #fault(note: FaultNote): void {
    this.#context.recorder.fault(this.connection, this.end, note);
  }

  #hold(origin: FaultOrigin): void {
    this.#stalledBy = origin;
    this.#outbox.hold(true);
    this.#goOn();
    this.#context.board.registry.stalledOrResumed();
  }

  #stopReadingAhead(): void {
    this.#transport.read(false);
    const look = (): void => {
      this.#cancelTimer = this.#context.clock.after(PROBE_EVERY, look);
      this.#transport.probe();
    };
    if (this.#cancelTimer === null) this.#cancelTimer = this.#context.clock.after(PROBE_EVERY, look);
  }

  /** How a wire that is held ends, whoever ends it. */
  #silenced(): Ending | null {
    return this.stalled ? { how: 'silence', by: 'fault' } : null;
  }

  // ---- ending ----

  /** FIN, then discard: `destroy()` with unread input would send an RST. */
  #startDrain(ending: Ending): void {
    this.#state = 'draining';
    this.#drain = ending;
    this.#stalledBy = null;
    this.#outbox.stop();
    this.#outbox.finishNow();
    this.#cancelTimer?.();
    this.#cancelTimer = this.#context.clock.after(DRAIN_TIME, () => this.#letGo(ending));
    this.#tell(this.#noteOf(ending));
    const held = this.#held;
    this.#held = [];
    for (const bytes of held) this.#discard(bytes);
    if (this.#state === 'draining') this.#transport.read(true);
  }

  /** RST, and the end. */
  #letGo(ending: Ending): void {
    if (this.#state === 'closed') return;
    const handedOver = this.#outbox.handedOver();
    if (ending.how === 'fin') this.#transport.destroy();
    else this.#transport.reset();
    this.#conclude(ending, handedOver);
  }

  #conclude(ending: Ending, handedOver = this.#outbox.sent): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const note = this.#noteOf(ending, handedOver);
    this.#outbox.stop();
    this.#held = [];
    this.#stalledBy = null;
    const { recorder, board } = this.#context;
    recorder.closed(this.connection, this.end, note);
    this.#note = note;
    board.registry.closed(this);
    this.#tell(note);
  }

  /** What the other end has read was surely handed over, whatever the socket could still tell. */
  #noteOf(ending: Ending, handedOver = this.#outbox.handedOver()): ClosedNote {
    const read = this.#context.board.registry.readByPeer(this.connection, this.end);
    const sent = Math.max(handedOver, Math.min(read, this.committed));
    return { ...ending, sent, received: this.received };
  }

  #tell(note: ClosedNote): void {
    if (this.#told) return;
    this.#told = true;
    this.#note ??= note;
    if (this.#handler !== null) this.#tellClosed(this.#handler, note);
  }

  #tellClosed(handler: WireHandler, note: ClosedNote): void {
    queueMicrotask(() => handler.closed(note));
  }
}
