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
import { ContentFinder } from './content.ts';
import { type PendingCut, PendingCuts } from './cuts.ts';
import { TimedCuts, Way } from './disturbances.ts';
import { IdleCut } from './idle-cut.ts';
import { Inbox } from './inbox.ts';
import { Outbox } from './outbox.ts';
import type { ClosedNote, FaultNote } from './recorder.ts';
import type { Transport, TransportEvents } from './transport.ts';
import type {
  ArmedCut,
  ArmedDisturbance,
  PlannedChange,
  RegisteredWire,
  WireContext,
  WireHandler,
} from './types.ts';

/** How long (ms) and for how many bytes we read on after our FIN, before we let go. */
const DRAIN_TIME = 5000;
const DRAIN_BYTES = 64 * 1024 * 1024;

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
  readonly over: Promise<void>;
  readonly #transport: Transport;
  readonly #context: WireContext;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #cutsIn = new PendingCuts();
  readonly #cutsOut = new PendingCuts();
  /** Only where a cut names a byte of the representation. */
  #finder: ContentFinder | null = null;
  readonly #idle: IdleCut | null;
  readonly #ways: Readonly<Record<Direction, Way>>;
  readonly #timedCuts: TimedCuts;
  /** `draining`: our FIN went out and what comes is discarded. */
  #state: 'open' | 'draining' | 'closed' = 'open';
  #stalled = false;
  #firstFin: End | null = null;
  #drain: Ending = { how: 'fin', by: 'client' };
  #discarded = 0;
  #note: ClosedNote | null = null;
  #told = false;
  #cancelTimer: (() => void) | null = null;
  #isOver: () => void = () => undefined;

  /** The transport must be connected; this begins its records. */
  constructor(transport: Transport, end: End, context: WireContext) {
    const { recorder, board, clock } = context;
    this.#transport = transport;
    this.#context = context;
    this.end = end;
    this.local = transport.local;
    this.remote = transport.remote;
    this.over = new Promise((resolve) => (this.#isOver = resolve));
    this.connection =
      end === 'client'
        ? recorder.opened(end, this.local, this.remote)
        : recorder.opened(end, this.remote, this.local);
    this.#idle = end === 'client' ? null : this.#idleCut();
    const note = (fault: FaultNote): void => this.#fault(fault);
    const { spent } = board.registry;
    this.#ways = { in: new Way('in', note, spent), out: new Way('out', note, spent) };
    this.#timedCuts = new TimedCuts(
      clock,
      (cut, direction, origin) => this.cut(cut, direction, origin),
      spent,
    );
    this.#inbox = new Inbox({
      transport,
      clock,
      cuts: this.#cutsIn,
      way: this.#ways.in,
      record: (bytes) => {
        this.#idle?.received(bytes);
        return recorder.received(this.connection, end, bytes);
      },
      reached: () => this.#checkCut('in'),
      finish: () => this.#outbox.finish(),
    });
    this.#outbox = new Outbox({
      transport,
      clock,
      rate: () => board.rate,
      cuts: this.#cutsOut,
      way: this.#ways.out,
      record: (slice) => {
        this.#idle?.sent(slice);
        recorder.sent(this.connection, end, slice);
      },
      handed: () => this.#checkCut('out'),
      finished: () => {
        this.#firstFin ??= end;
        recorder.ended(this.connection, end, 'out');
      },
    });
    transport.start(this);
    board.registry.opened(this, context.reserved);
    if (board.disturbances().length > 0) this.disturbed();
  }

  get sent(): number {
    return this.#note?.sent ?? this.#outbox.sent;
  }

  get received(): number {
    return this.#inbox.received;
  }

  get committed(): number {
    return this.#outbox.sent + this.#outbox.inFlight;
  }

  get open(): boolean {
    return this.#state === 'open';
  }

  get stalled(): boolean {
    return this.#stalled;
  }

  handle(handler: WireHandler): void {
    this.#inbox.handle(handler);
    if (this.#told && this.#note !== null) this.#tellClosed(handler, this.#note);
  }

  write(bytes: Uint8Array): Promise<boolean> {
    if (this.open && this.#outbox.writable) this.#finder?.feed('out', bytes);
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
    const { spec } = armed;
    if (spec.content) {
      this.#finder ??= new ContentFinder(this.end, (cut, at) => this.#addArmed(cut, at));
      this.#finder.find(armed);
    } else {
      this.#addArmed(armed, spec.at);
    }
  }

  #addArmed(armed: ArmedCut, at: number): void {
    const { spec, origin } = armed;
    this.#add({ at, cut: spec.cut, origin, content: undefined, armed }, spec.direction);
  }

  disturbAt(change: PlannedChange, direction: Direction): void {
    if (!this.open) return;
    const moved = direction === 'in' ? this.received : this.#outbox.sent;
    this.#ways[direction].plan(change, moved, this.#context.clock.now());
    this.repace();
    this.#inbox.repace();
  }

  stall(origin: FaultOrigin): void {
    if (!this.open || this.stalled) return;
    this.#fault({ direction: 'in', action: 'stall', origin, at: this.received });
    this.#hold();
  }

  resume(origin: FaultOrigin): void {
    if (!this.open || !this.stalled) return;
    this.#fault({ direction: 'in', action: 'resume', origin, at: this.received });
    this.#stalled = false;
    this.#context.board.registry.stalledOrResumed();
    this.#checkCut('in');
    if (!this.stalled) this.#inbox.hold(false);
    if (!this.stalled) this.#outbox.hold(false);
  }

  flow(on: boolean): void {
    this.#inbox.flow(on);
  }

  repace(): void {
    if (this.open) this.#outbox.repace();
  }

  disturbed(): void {
    if (!this.open) return;
    const { board, clock } = this.#context;
    const standing = board.disturbances().filter((armed) => this.#isUnder(armed));
    const now = clock.now();
    this.#ways.in.stand(standing, this.received, now);
    this.#ways.out.stand(standing, this.#outbox.sent, now);
    this.#timedCuts.stand(standing);
    this.#outbox.repace();
    this.#inbox.repace();
  }

  #isUnder({ disturbance }: ArmedDisturbance): boolean {
    return disturbance.fault === 'cut-idle' ? this.end === 'server' : disturbance.end === this.end;
  }

  /** The rule of the board, else the user's. */
  #idleCut(): IdleCut | null {
    const { board, clock } = this.#context;
    const cut = (origin: FaultOrigin) => (): void => this.cut('rst', 'out', origin);
    if (board.idle !== null) return new IdleCut(board.idle, clock, cut('plan'));
    for (const { disturbance, origin } of board.disturbances())
      if (disturbance.fault === 'cut-idle') return new IdleCut(disturbance, clock, cut(origin));
    return null;
  }

  // ---- what the transport tells ----

  bytes(bytes: Uint8Array): boolean {
    // May find a cut that is due right here.
    if (this.#finder !== null && this.open) this.#finder.feed('in', bytes);
    if (this.#state === 'draining') {
      this.#discard(bytes);
      return true;
    }
    if (this.#state === 'closed') return false;
    return this.#inbox.take(bytes);
  }

  ended(): void {
    if (this.#state === 'closed') return;
    this.#firstFin ??= this.end === 'client' ? 'server' : 'client';
    this.#context.recorder.ended(this.connection, this.end, 'in');
    if (this.#state === 'draining') return;
    // A client that ends while a server is silent has given up; a server may end, and its bytes are still good.
    const silenced = this.#silenced();
    if (silenced !== null && this.end === 'server') {
      this.#letGo(silenced);
      return;
    }
    this.#inbox.end();
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
    if (direction === 'in' && !this.#inbox.inUse) return;
    if (direction === 'out' && (this.#outbox.inFlight > 0 || !this.#outbox.inUse)) return;
    const cuts = direction === 'in' ? this.#cutsIn : this.#cutsOut;
    const position = direction === 'in' ? this.received : this.#outbox.sent;
    while (this.open && !this.stalled && position >= cuts.limit) {
      const due = cuts.due(position);
      if (due !== null) this.#apply(due, direction);
    }
  }

  #apply(cut: PendingCut, direction: Direction): void {
    if (cut.cut === 'stall' && this.stalled) return;
    const { registry } = this.#context.board;
    const content = cut.content ?? (cut.armed?.spec.content ? cut.armed.spec.at : undefined);
    this.#fault({
      direction,
      action: 'cut',
      cut: cut.cut,
      origin: cut.origin,
      at: direction === 'in' ? this.received : this.#lastByteOut(cut.cut),
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
        this.#hold();
        return;
      default:
        assertNever(cut.cut);
    }
  }

  /** A reset takes back what the kernel has not taken; a FIN or silence comes behind the write in flight. */
  #lastByteOut(cut: CutKind): number {
    return cut === 'rst' ? this.#outbox.handedOver() : this.committed;
  }

  #fault(note: FaultNote): void {
    this.#context.recorder.fault(this.connection, this.end, note);
  }

  #hold(): void {
    this.#stalled = true;
    this.#outbox.hold(true);
    this.#inbox.hold(true);
    this.#context.board.registry.stalledOrResumed();
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
    this.#stalled = false;
    this.#idle?.stop();
    this.#timedCuts.stop();
    this.#outbox.stop();
    this.#outbox.finishNow();
    this.#cancelTimer?.();
    this.#cancelTimer = this.#context.clock.after(DRAIN_TIME, () => this.#letGo(ending));
    this.#tell(this.#noteOf(ending));
    for (const bytes of this.#inbox.stop()) this.#discard(bytes);
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
    this.#idle?.stop();
    this.#timedCuts.stop();
    const note = this.#noteOf(ending, handedOver);
    this.#outbox.stop();
    this.#inbox.stop();
    this.#stalled = false;
    const { recorder, board } = this.#context;
    recorder.closed(this.connection, this.end, note);
    this.#note = note;
    board.registry.closed(this);
    this.#tell(note);
    this.#isOver();
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
    if (this.#inbox.handler !== null) this.#tellClosed(this.#inbox.handler, note);
  }

  #tellClosed(handler: WireHandler, note: ClosedNote): void {
    queueMicrotask(() => handler.closed(note));
  }
}
