// A session of ours back into the very records that it was written from; the scheme: own-format.ts.
// It must never need the custom blocks: without them faults and steps are missing, nothing else.

import { Flows, unwrap } from './flows.ts';
import { type ClosedDetails, Flag, Interface, INTERFACES, LOWER_EFFORT, readCustom } from './own-format.ts';
import type { RecordSink } from './record-sink.ts';
import { assertNever, type BytesRecord, type ClosedRecord, type End, streamOf } from './records.ts';
import type { Segment } from './segment.ts';
import type { Times } from './times.ts';

interface EndState {
  opened: boolean;
  sent: number;
  received: number;
  finSent: boolean;
  finRead: boolean;
  /** What its next closing packet cannot tell. */
  details: ClosedDetails | null;
}

interface FlowState {
  readonly client: EndState;
  readonly server: EndState;
  /** Who was the first to end it, as far as packets tell. */
  firstToEnd: End | null;
}

const freshEnd = (): EndState => ({
  opened: false,
  sent: 0,
  received: 0,
  finSent: false,
  finRead: false,
  details: null,
});

/** The number of one of our interfaces by its name, or −1. */
export function ownInterface(name: string): number {
  return INTERFACES.findIndex((known) => known.name === name);
}

/** A record that takes several packets, until its last has come. */
interface Unfinished {
  readonly record: Omit<BytesRecord, 'length' | 'bytes'>;
  length: number;
  /** Null once a part is missing. */
  parts: Uint8Array[] | null;
}

export class OwnDecoder {
  readonly #sink: RecordSink;
  readonly #times: Times;
  readonly #flows = new Flows<FlowState>();
  #unfinished: Unfinished | null = null;

  constructor(sink: RecordSink, times: Times) {
    this.#sink = sink;
    this.#times = times;
  }

  custom(data: Uint8Array): void {
    const record = readCustom(data);
    if (record === null) return;
    this.#finish();
    switch (record.kind) {
      case 'closed': {
        const flow = this.#flows.all[record.connection - 1];
        if (flow !== undefined) flow.state[record.end].details = record;
        return;
      }
      case 'fault':
      case 'step':
      case 'about':
      case 'remark':
        this.#sink.record({ ...record, time: this.#times.own(record.time) });
        return;
      default:
        assertNever(record);
    }
  }

  /** What a person added to another program's capture. */
  remark(data: Uint8Array): void {
    const record = readCustom(data);
    if (record?.kind === 'remark') this.#sink.record({ ...record, time: this.#times.last });
  }

  /** @param position in the file of the segment's first byte of data */
  segment(segment: Segment, seenAt: number, time: number, position: number): void {
    const { flags } = segment;
    if ((flags & Flag.syn) !== 0) {
      this.#finish();
      if ((flags & Flag.ack) === 0) this.#open(segment, seenAt, time);
      return;
    }
    const flow = this.#flows.find(segment);
    if (flow === null) return;
    const { connection, state } = flow;
    const writer: End = this.#flows.fromClient ? 'client' : 'server';
    const end: End = seenAt === Interface.client ? 'client' : seenAt === Interface.server ? 'server' : writer;
    if (segment.length > 0) {
      this.#data(segment, connection, state, writer, end, time, position);
      return;
    }
    this.#finish();
    if (writer === end) this.#said(segment, connection, state, end, seenAt, time);
    else if ((flags & Flag.fin) !== 0) {
      state[writer].finSent = true;
      state[end].finRead = true;
      state.firstToEnd ??= writer;
      this.#sink.record({ kind: 'ended', time, connection, end, direction: 'in' });
    }
  }

  /** The file is over: what was begun is all there is of it. */
  finish(): void {
    this.#finish();
  }

  #open(segment: Segment, seenAt: number, time: number): void {
    const state: FlowState = { client: freshEnd(), server: freshEnd(), firstToEnd: null };
    const { connection, client, server } = this.#flows.add(segment, true, state);
    const end: End = seenAt === Interface.server ? 'server' : 'client';
    state[end].opened = true;
    this.#sink.record({ kind: 'opened', time, connection, end, client, server });
  }

  #data(
    segment: Segment,
    connection: number,
    state: FlowState,
    writer: End,
    end: End,
    time: number,
    position: number,
  ): void {
    const { length, data, flags } = segment;
    const own = state[writer];
    const offset = unwrap(segment.sequence, own.sent + 1) - 1;
    own.sent = offset + length;
    const bytes = segment.captured === length ? segment.bytes.subarray(data, data + length) : null;
    let kind: BytesRecord['kind'] = 'sent';
    if (end !== writer) {
      state[end].received = offset + length;
      kind = segment.trafficClass === LOWER_EFFORT ? 'discarded' : 'received';
    }
    this.#sink.piece(connection, streamOf(writer, 'out'), offset, length, bytes === null ? -1 : position);
    const unfinished = this.#unfinished;
    if (
      unfinished !== null &&
      unfinished.record.connection === connection &&
      unfinished.record.time === time &&
      unfinished.record.end === end &&
      unfinished.record.offset + unfinished.length === offset
    ) {
      unfinished.length += length;
      if (bytes === null) unfinished.parts = null;
      else unfinished.parts?.push(bytes);
      if ((flags & Flag.psh) !== 0) this.#finish();
      return;
    }
    this.#finish();
    if ((flags & Flag.psh) !== 0) this.#sink.record({ kind, time, connection, end, offset, length, bytes });
    else
      this.#unfinished = {
        record: { kind, time, connection, end, offset },
        length,
        // The reader's buffer may be another one when the rest comes.
        parts: bytes === null ? null : [bytes.slice()],
      };
  }

  /** A packet without data of an end that is ours. */
  #said(
    { flags, sequence, acknowledged, trafficClass }: Segment,
    connection: number,
    state: FlowState,
    end: End,
    seenAt: number,
    time: number,
  ): void {
    const own = state[end];
    const peer = state[end === 'client' ? 'server' : 'client'];
    if ((flags & Flag.rst) !== 0 || (flags & (Flag.fin | Flag.psh)) === (Flag.fin | Flag.psh)) {
      this.#closed(connection, state, end, (flags & Flag.rst) !== 0 ? 'rst' : 'fin', sequence, time);
      return;
    }
    if ((flags & Flag.fin) !== 0) {
      own.finSent = true;
      state.firstToEnd ??= end;
      this.#sink.record({ kind: 'ended', time, connection, end, direction: 'out' });
      return;
    }
    if (seenAt === Interface.both) {
      if (!own.opened) {
        own.opened = true;
        const { client, server } = this.#flows.all[connection - 1]!;
        this.#sink.record({ kind: 'opened', time, connection, end, client, server });
        return;
      }
      const offset = own.received;
      const known = offset + 1 + (own.finRead ? 1 : 0);
      const length = unwrap(acknowledged, known) - known;
      if (length > 0) {
        if (length === 1 && peer.finSent && !own.finRead && offset === peer.sent) {
          own.finRead = true;
          this.#sink.record({ kind: 'ended', time, connection, end, direction: 'in' });
          return;
        }
        own.received = offset + length;
        const kind = trafficClass === LOWER_EFFORT ? 'discarded' : 'received';
        this.#sink.record({ kind, time, connection, end, offset, length, bytes: null });
        return;
      }
    }
    // Nothing new is acknowledged: the last word of an end whose FIN went out before.
    if (own.finSent) this.#closed(connection, state, end, 'fin', sequence, time);
  }

  #closed(
    connection: number,
    state: FlowState,
    end: End,
    how: 'rst' | 'fin',
    sequence: number,
    time: number,
  ): void {
    const own = state[end];
    const fin = own.finSent ? 1 : 0;
    const sent = unwrap(sequence, own.sent + 1 + fin) - 1 - fin;
    own.sent = sent;
    state.firstToEnd ??= end;
    const { details } = own;
    own.details = null;
    const record: ClosedRecord =
      details === null
        ? { kind: 'closed', time, connection, end, how, by: state.firstToEnd, sent, received: own.received }
        : { ...details, time };
    if (how === 'fin') own.finSent = true;
    this.#sink.record(record);
  }

  #finish(): void {
    const unfinished = this.#unfinished;
    if (unfinished === null) return;
    this.#unfinished = null;
    const { record, length, parts } = unfinished;
    let bytes: Uint8Array | null = null;
    if (parts !== null) {
      bytes = new Uint8Array(length);
      let at = 0;
      for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
      }
    }
    this.#sink.record({ ...record, length, bytes });
  }
}
