// Foreign captures: TCP segments put in order again, as records of both ends: data as sent by its sender when it was
// caught, acknowledgements as received by the peer. It must never hold more than the bounds below, nor invent bytes:
// what was not caught is counted and null.

import { type Flow, Flows, unwrap } from './flows.ts';
import { Flag } from './own-format.ts';
import type { RecordSink } from './record-sink.ts';
import { type End, streamOf } from './records.ts';
import type { Segment } from './segment.ts';

/** Bytes and segments of one direction that wait for a gap to fill; then the gap is given up as never caught. */
const HELD_BYTES = 8 * 1024 * 1024;
const HELD_SEGMENTS = 4096;
/** A sequence number farther off than this belongs to no segment of this connection. */
const FARTHEST = 1024 * 1024 * 1024;

interface Held {
  readonly offset: number;
  readonly length: number;
  /** What was caught of it, from its beginning. */
  readonly bytes: Uint8Array;
  readonly position: number;
}

/** What one end writes. */
interface DirectionState {
  /** Sequence number of the stream's first byte; null until a packet told it. */
  base: number | null;
  /** Position in the stream up to which all is on record. */
  sent: number;
  /** How much of it the peer has acknowledged. */
  received: number;
  readonly held: Held[];
  heldBytes: number;
  /** Position in the stream of the FIN. */
  finAt: number | null;
  finSent: boolean;
  finRead: boolean;
}

interface FlowState {
  readonly client: DirectionState;
  readonly server: DirectionState;
  firstToEnd: End | null;
  closed: boolean;
}

const freshDirection = (): DirectionState => ({
  base: null,
  sent: 0,
  received: 0,
  held: [],
  heldBytes: 0,
  finAt: null,
  finSent: false,
  finRead: false,
});

export class ForeignDecoder {
  readonly #sink: RecordSink;
  readonly #flows = new Flows<FlowState>();
  #lastTime = 0;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  /**
   * @param time never before that of the segment before
   * @param position in the file of the segment's first byte of data
   */
  segment(segment: Segment, time: number, position: number): void {
    this.#lastTime = time;
    const { flags } = segment;
    const syn = (flags & Flag.syn) !== 0;
    let flow = this.#flows.find(segment);
    const restarted = syn && (flags & Flag.ack) === 0 && flow !== null && this.#isNew(flow.state, segment);
    if (flow === null || restarted) {
      // A reset or a last acknowledgement alone is no connection.
      if (!syn && segment.length === 0) return;
      flow = this.#open(segment);
    }
    if (flow.state.closed) return;
    const end: End = this.#flows.fromClient ? 'client' : 'server';
    const own = flow.state[end];
    const peer = flow.state[end === 'client' ? 'server' : 'client'];
    own.base ??= (segment.sequence + (syn ? 1 : 0)) >>> 0;
    if ((flags & Flag.ack) !== 0) {
      peer.base ??= segment.acknowledged;
      this.#acknowledge(flow, end === 'client' ? 'server' : 'client', segment.acknowledged);
    }
    if (!syn) this.#take(flow, end, own, segment, position);
    if ((flags & Flag.rst) !== 0) this.#close(flow, 'rst', end);
    else if (own.finRead && peer.finRead) this.#close(flow, 'fin', flow.state.firstToEnd ?? end);
  }

  /** The capture is over: what waited for a gap is told after it. */
  finish(): void {
    for (const flow of this.#flows.all) if (!flow.state.closed) this.#settle(flow);
  }

  #isNew(state: FlowState, { sequence }: Segment): boolean {
    const base = state[this.#flows.fromClient ? 'client' : 'server'].base;
    // The same SYN again is a retransmission, not another connection.
    return state.closed || base === null || base !== (sequence + 1) >>> 0;
  }

  #open(segment: Segment): Flow<FlowState> {
    const state: FlowState = {
      client: freshDirection(),
      server: freshDirection(),
      firstToEnd: null,
      closed: false,
    };
    const flow = this.#flows.add(segment, isFromClient(segment), state);
    const { connection, client, server } = flow;
    const time = this.#lastTime;
    this.#sink.record({ kind: 'opened', time, connection, end: 'client', client, server });
    this.#sink.record({ kind: 'opened', time, connection, end: 'server', client, server });
    return flow;
  }

  #take(flow: Flow<FlowState>, end: End, own: DirectionState, segment: Segment, position: number): void {
    const offset = unwrap(segment.sequence, own.base! + own.sent) - own.base!;
    const { length, data, captured, bytes, flags } = segment;
    if (Math.abs(offset - own.sent) > FARTHEST) return;
    if (length > 0 && offset + length > own.sent) {
      if (offset > own.sent) {
        own.held.push({ offset, length, bytes: bytes.slice(data, data + captured), position });
        own.heldBytes += captured;
        if (own.held.length > HELD_SEGMENTS || own.heldBytes > HELD_BYTES) this.#giveUpGap(flow, end, own);
      } else {
        this.#emit(flow, end, own, offset, length, bytes.subarray(data, data + captured), position);
        this.#drain(flow, end, own);
      }
    }
    if ((flags & Flag.fin) !== 0) own.finAt ??= offset + length;
    this.#finReached(flow, end, own);
  }

  /** Records what is new of a segment that begins at or before the end of what is on record. */
  #emit(
    flow: Flow<FlowState>,
    end: End,
    own: DirectionState,
    offset: number,
    length: number,
    bytes: Uint8Array,
    position: number,
  ): void {
    const skip = own.sent - offset;
    const caught = Math.max(0, bytes.length - skip);
    if (caught > 0) this.#sent(flow, end, own, caught, bytes.subarray(skip), position + skip);
    // The rest was on the wire, but the capture cut the packet short.
    const rest = offset + length - own.sent;
    if (rest > 0) this.#sent(flow, end, own, rest, null, -1);
  }

  #sent(
    { connection }: Flow<FlowState>,
    end: End,
    own: DirectionState,
    length: number,
    bytes: Uint8Array | null,
    position: number,
  ): void {
    const offset = own.sent;
    own.sent += length;
    this.#sink.piece(connection, streamOf(end, 'out'), offset, length, position);
    this.#sink.record({ kind: 'sent', time: this.#lastTime, connection, end, offset, length, bytes });
  }

  /** Records what was held and has become next. */
  #drain(flow: Flow<FlowState>, end: End, own: DirectionState): void {
    for (;;) {
      const index = own.held.findIndex(({ offset }) => offset <= own.sent);
      if (index === -1) return;
      const [held] = own.held.splice(index, 1);
      own.heldBytes -= held!.bytes.length;
      if (held!.offset + held!.length > own.sent)
        this.#emit(flow, end, own, held!.offset, held!.length, held!.bytes, held!.position);
    }
  }

  /** What lies before the first held segment was never caught. */
  #giveUpGap(flow: Flow<FlowState>, end: End, own: DirectionState): void {
    if (own.held.length === 0) return;
    const next = own.held.reduce((lowest, { offset }) => Math.min(lowest, offset), Infinity);
    if (next > own.sent) this.#sent(flow, end, own, next - own.sent, null, -1);
    this.#drain(flow, end, own);
  }

  #finReached({ connection, state }: Flow<FlowState>, end: End, own: DirectionState): void {
    if (own.finAt === null || own.finSent || own.sent < own.finAt) return;
    own.finSent = true;
    state.firstToEnd ??= end;
    this.#sink.record({ kind: 'ended', time: this.#lastTime, connection, end, direction: 'out' });
  }

  /** The peer of `end` has told how far it read. */
  #acknowledge(flow: Flow<FlowState>, end: End, acknowledged: number): void {
    const own = flow.state[end];
    const reader: End = end === 'client' ? 'server' : 'client';
    const told = unwrap(acknowledged, own.base! + own.received) - own.base!;
    if (told <= own.received || told - own.sent > FARTHEST) {
      if (told !== own.received || own.finAt === null) return;
    }
    // Acknowledged, so it was on the wire: what is missing before it will not come any more.
    while (own.held.length > 0 && own.sent < told) this.#giveUpGap(flow, end, own);
    const past = own.finAt === null ? told : Math.min(told, own.finAt);
    if (past > own.sent) this.#sent(flow, end, own, past - own.sent, null, -1);
    this.#finReached(flow, end, own);
    const { connection } = flow;
    const time = this.#lastTime;
    if (past > own.received) {
      const offset = own.received;
      own.received = past;
      const length = past - offset;
      this.#sink.record({ kind: 'received', time, connection, end: reader, offset, length, bytes: null });
    }
    if (own.finSent && !own.finRead && told > own.finAt!) {
      own.finRead = true;
      this.#sink.record({ kind: 'ended', time, connection, end: reader, direction: 'in' });
    }
  }

  #settle(flow: Flow<FlowState>): void {
    for (const end of ['client', 'server'] as const) {
      const own = flow.state[end];
      while (own.held.length > 0) this.#giveUpGap(flow, end, own);
      this.#finReached(flow, end, own);
    }
  }

  #close(flow: Flow<FlowState>, how: 'fin' | 'rst', by: End): void {
    this.#settle(flow);
    const { connection, state } = flow;
    state.closed = true;
    const { client, server } = state;
    const time = this.#lastTime;
    const other: End = by === 'client' ? 'server' : 'client';
    for (const end of [by, other]) {
      const sent = end === 'client' ? client.sent : server.sent;
      const received = end === 'client' ? server.received : client.received;
      this.#sink.record({ kind: 'closed', time, connection, end, how, by, sent, received });
    }
  }
}

/** Who sent a connection's first caught segment: told by SYN, else by what it says, else by the lower port. */
function isFromClient({ flags, bytes, data, captured, sourcePort, destinationPort }: Segment): boolean {
  if ((flags & Flag.syn) !== 0) return (flags & Flag.ack) === 0;
  const start = String.fromCharCode(...bytes.subarray(data, data + Math.min(captured, 16)));
  if (start.startsWith('HTTP/1.')) return false;
  if (/^[A-Z]+ /.test(start)) return true;
  return sourcePort > destinationPort;
}
