// Records to pcapng: blocks that any reader of captures opens, with IP and TCP headers made up around the bytes.
// It must never need anything that comes later: a file is whole after each record. The scheme: own-format.ts.

import type { BlockBuffer } from './block-buffer.ts';
import { customBlock } from './custom-block.ts';
import { fold, sumWords } from './ip.ts';
import {
  beganComment,
  Block,
  BYTE_ORDER_MAGIC,
  type CustomRecord,
  Flag,
  Interface,
  INTERFACES,
  LINKTYPE_RAW,
  LOWER_EFFORT,
  MAXIMUM_DATA,
  Option,
} from './own-format.ts';
import { type ConnectionState, type EndState, openConnection } from './packet-state.ts';
import type { Pieces } from './pieces.ts';
import {
  assertNever,
  type BytesRecord,
  type CaptureRecord,
  type ClosedRecord,
  type OpenedRecord,
  type SessionHeader,
  streamOf,
} from './records.ts';

/** Windows say nothing here; a window that changes makes readers call a bare ACK an update, not a repetition. */
const WINDOW = { opening: 64_240, open: 65_535, closed: 65_534 } as const;
/**
 * Options of SYN: windows count in units of 16 KiB (RFC 7323 §2.2; a NOP pads to a word). Readers would else take what
 * is written ahead of a slow reader for a full window.
 */
const SYN_OPTIONS = new Uint8Array([1, 3, 3, 14]);
const LONGEST_COMMENT = 1024;
const PACKET_HEAD = 28;

/** What a packet says beside its addresses. */
interface PacketSaying {
  readonly flags: number;
  readonly window: number;
  readonly discarded: boolean;
}

const acknowledgement: PacketSaying = { flags: Flag.ack, window: WINDOW.open, discarded: false };
const discardedAcknowledgement: PacketSaying = { ...acknowledgement, discarded: true };
const fin: PacketSaying = { ...acknowledgement, flags: Flag.fin | Flag.ack };
const data: PacketSaying = acknowledgement;
const lastData: PacketSaying = { ...acknowledgement, flags: Flag.psh | Flag.ack };

export class PcapngEncoder {
  readonly #buffer: BlockBuffer;
  readonly #pieces: Pieces | null;
  readonly #startHigh: number;
  readonly #startLow: number;
  readonly #connections = new Map<number, ConnectionState>();

  /**
   * Begins a file: writes the section header and the interfaces.
   * @param pieces is told where the bytes lie; null: nobody asks
   */
  constructor(buffer: BlockBuffer, pieces: Pieces | null, header: SessionHeader) {
    this.#buffer = buffer;
    this.#pieces = pieces;
    this.#startHigh = Number(header.startedAt >> 32n);
    this.#startLow = Number(header.startedAt & 0xffff_ffffn);
    this.#section(header);
    for (const { name, description } of INTERFACES) this.#interface(name, description);
  }

  /** Appends a record; `keep` false: of its bytes only the number. Records must come as a recorder makes them. */
  append(record: CaptureRecord, keep: boolean): void {
    switch (record.kind) {
      case 'sent':
      case 'received':
      case 'discarded':
        this.#bytes(record, keep);
        return;
      case 'opened':
        this.#opened(record);
        return;
      case 'ended': {
        const state = this.#connection(record.connection);
        const own = state[record.end];
        const peer = state[record.end === 'client' ? 'server' : 'client'];
        if (record.direction === 'out') {
          this.#packet(state, own, seen(state, own), record.time, fin, null, 0, 0, 0);
          own.finSent = true;
        } else if (peer.finSent && peer.opened && own.received === peer.sent) {
          own.finRead = true;
          this.#packet(state, own, Interface.both, record.time, acknowledgement, null, 0, 0, 0);
        } else {
          this.#packet(state, peer, Interface[record.end], record.time, fin, null, 0, 0, 0);
          peer.finSent = true;
          own.finRead = true;
        }
        return;
      }
      case 'closed':
        this.#closed(record);
        return;
      case 'fault':
      case 'step':
      case 'about':
      case 'remark':
        this.#custom(record);
        this.#remark(record);
        return;
      default:
        assertNever(record);
    }
  }

  /** Nothing more comes of a connection but steps, which are told without a packet to stand by. */
  forget(connection: number): void {
    this.#connections.delete(connection);
  }

  #connection(connection: number): ConnectionState {
    const state = this.#connections.get(connection);
    if (state === undefined) throw new RangeError(`connection ${connection} was never opened`);
    return state;
  }

  #opened({ connection, end, client, server, time }: OpenedRecord): void {
    const known = this.#connections.get(connection);
    if (known !== undefined) {
      known[end].opened = true;
      this.#packet(known, known[end], Interface.both, time, acknowledgement, null, 0, 0, 0);
      return;
    }
    const state = openConnection(client, server);
    this.#connections.set(connection, state);
    state[end].opened = true;
    const seenAt = Interface[end];
    const opening = (flags: number): PacketSaying => ({ flags, window: WINDOW.opening, discarded: false });
    const scale = SYN_OPTIONS.length;
    this.#packet(state, state.client, seenAt, time, opening(Flag.syn), SYN_OPTIONS, 0, scale, 0);
    this.#packet(state, state.server, seenAt, time, opening(Flag.syn | Flag.ack), SYN_OPTIONS, 0, scale, 0);
    this.#packet(state, state.client, seenAt, time, opening(Flag.ack), null, 0, 0, 0);
  }

  #bytes(record: BytesRecord, keep: boolean): void {
    const { connection, end, kind, time, offset, length, bytes } = record;
    const state = this.#connections.get(connection) ?? this.#connection(connection);
    const { client, server } = state;
    const own = end === 'client' ? client : server;
    let writer = own;
    let seenAt: number;
    if (kind === 'sent') {
      seenAt = seen(state, own);
      own.sent = offset + length;
    } else {
      own.received = offset + length;
      if (client.opened && server.opened) {
        this.#packet(
          state,
          own,
          Interface.both,
          time,
          kind === 'discarded' ? discardedAcknowledgement : acknowledgement,
          null,
          0,
          0,
          0,
        );
        return;
      }
      writer = end === 'client' ? server : client;
      writer.sent = offset + length;
      seenAt = Interface[end];
    }
    const discarded = kind === 'discarded';
    const kept = keep && bytes !== null ? bytes : null;
    const stream = streamOf(end, kind === 'sent' ? 'out' : 'in');
    for (let from = 0; from < length; from += MAXIMUM_DATA) {
      const to = Math.min(from + MAXIMUM_DATA, length);
      const saying = to === length ? lastData : data;
      const position = this.#packet(
        state,
        writer,
        seenAt,
        time,
        discarded ? { ...saying, discarded } : saying,
        kept,
        from,
        to,
        offset,
      );
      this.#pieces?.add(connection, stream, offset + from, to - from, kept === null ? -1 : position);
    }
  }

  #closed(record: ClosedRecord): void {
    const state = this.#connection(record.connection);
    const own = state[record.end];
    const { time: _, ...details } = record;
    this.#custom(details);
    own.sent = record.sent;
    let flags: number;
    if (record.how !== 'fin') flags = Flag.rst | Flag.ack;
    else flags = own.finSent ? Flag.ack : Flag.fin | Flag.psh | Flag.ack;
    this.#packet(
      state,
      own,
      seen(state, own),
      record.time,
      { flags, window: WINDOW.closed, discarded: false },
      null,
      0,
      0,
      0,
    );
    if ((flags & Flag.fin) !== 0) own.finSent = true;
  }

  /** Remembers what is done to a connection, for its next packet. */
  #remark(record: CustomRecord): void {
    const state = this.#connections.get(record.connection);
    if (state === undefined) return;
    let remark: string;
    if (record.kind === 'step') remark = `${record.step}: ${record.why}`;
    else if (record.kind === 'fault')
      remark = `${record.action}${record.cut === undefined ? '' : ` ${record.cut}`} at byte ${record.at} (${record.end}, ${record.direction}), asked for by ${record.origin}`;
    else if (record.kind === 'remark' && record.text !== '') remark = `note: ${record.text}`;
    else return;
    state.comment = (state.comment === '' ? remark : `${state.comment}; ${remark}`).slice(0, LONGEST_COMMENT);
  }

  /**
   * Appends one packet: data `from … to` of a record whose first byte is at `offset` of its stream (none where from
   * = to), kept or only counted (`bytes` null). Returns the position of its data in the file.
   */
  #packet(
    state: ConnectionState,
    writer: EndState,
    seenAt: number,
    time: number,
    saying: PacketSaying,
    bytes: Uint8Array | null,
    from: number,
    to: number,
    offset: number,
  ): number {
    const { template } = writer;
    const head = template.byteLength;
    const length = to - from;
    const captured = head + (bytes === null ? 0 : length);
    const padded = (captured + 3) & ~3;
    const comment = state.comment === '' ? null : new TextEncoder().encode(state.comment);
    const options = comment === null ? 0 : 4 + ((comment.length + 3) & ~3) + 4;
    const total = PACKET_HEAD + padded + options + 4;
    const out = this.#buffer;
    out.reserve(total);
    const { view } = out;
    const start = out.at;
    const ip = start + PACKET_HEAD;
    const low = this.#startLow + time;
    view.setUint32(start, Block.packet, true);
    view.setUint32(start + 4, total, true);
    view.setUint32(start + 8, seenAt, true);
    view.setUint32(start + 12, this.#startHigh + Math.floor(low / 0x1_0000_0000), true);
    view.setUint32(start + 16, low >>> 0, true);
    view.setUint32(start + 20, captured, true);
    view.setUint32(start + 24, head + length, true);
    // The word behind the last byte first: the checksum runs over whole words.
    view.setUint32(ip + padded - 4, 0, true);
    // Ten words or fifteen: copied faster than a call of `set` begins.
    const { words } = out;
    for (let i = 0, to = ip >>> 2; i < template.length; i++) words[to + i] = template[i]!;
    const body = ip + head;
    if (bytes !== null && length > 0)
      out.bytes.set(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to), body);

    const tcpLength = 20 + length;
    if (head === 40) {
      view.setUint16(ip + 2, 20 + tcpLength);
      if (saying.discarded) view.setUint8(ip + 1, LOWER_EFFORT);
      const sum = writer.ipBase + 20 + tcpLength + (saying.discarded ? LOWER_EFFORT : 0);
      view.setUint16(ip + 10, ~fold(sum) & 0xffff);
    } else {
      view.setUint16(ip + 4, tcpLength);
      if (saying.discarded) view.setUint16(ip, 0x6000 | (LOWER_EFFORT << 4));
    }

    const tcp = body - 20;
    const { flags, window } = saying;
    // Positions in the sequence space begin at 0 for SYN, so the first byte of a stream is 1; a FIN counts as one.
    const sequence =
      (flags & Flag.syn) !== 0
        ? 0
        : 1 + (length > 0 ? offset + from : writer.sent + (writer.finSent ? 1 : 0));
    const acknowledged =
      (flags & Flag.ack) === 0
        ? 0
        : (flags & Flag.syn) !== 0
          ? 1
          : 1 + writer.received + (writer.finRead ? 1 : 0);
    view.setUint32(tcp + 4, sequence >>> 0);
    view.setUint32(tcp + 8, acknowledged >>> 0);
    // The header's length in words. The options of SYN take the place of data, and are one word.
    const offsetAndFlags = ((flags & Flag.syn) === 0 ? 0x5000 : 0x6000) | flags;
    view.setUint16(tcp + 12, offsetAndFlags);
    view.setUint16(tcp + 14, window);
    // A packet that is not whole has no checksum that anyone could verify.
    if (bytes !== null || length === 0) {
      const s = sequence >>> 0;
      const a = acknowledged >>> 0;
      let sum = writer.base + tcpLength + (s >>> 16) + (s & 0xffff) + (a >>> 16) + (a & 0xffff);
      sum += offsetAndFlags + window;
      if (length > 0) sum += sumWords(words, body >>> 2, (length + 3) >>> 2);
      view.setUint16(tcp + 16, ~fold(sum) & 0xffff);
    }

    let at = ip + padded;
    if (comment !== null) {
      at = this.#option(at, Option.comment, comment);
      view.setUint32(at, 0, true);
      at += 4;
      state.comment = '';
    }
    view.setUint32(at, total, true);
    out.at = at + 4;
    return out.base + body;
  }

  /** Writes an option, padded; returns where the next one goes. */
  #option(at: number, code: number, value: Uint8Array): number {
    const { bytes, view } = this.#buffer;
    const padded = (value.length + 3) & ~3;
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    bytes.fill(0, at + 4, at + 4 + padded);
    bytes.set(value, at + 4);
    return at + 4 + padded;
  }

  #section({ startedAt, application }: SessionHeader): void {
    const text = new TextEncoder();
    const options: [number, Uint8Array][] = [
      [Option.comment, text.encode(beganComment(startedAt))],
      [Option.application, text.encode(application.slice(0, 1000))],
    ];
    // Byte-order magic, version 1.0, section of unknown length (−1: it ends with the file).
    const body = new Uint8Array(16).fill(0xff);
    const view = new DataView(body.buffer);
    view.setUint32(0, BYTE_ORDER_MAGIC, true);
    view.setUint16(4, 1, true);
    view.setUint16(6, 0, true);
    this.#block(Block.section, body, options);
  }

  #interface(name: string, description: string): void {
    const text = new TextEncoder();
    // Link type, reserved, and a snapshot length of 0: no limit.
    const body = new Uint8Array(8);
    new DataView(body.buffer).setUint16(0, LINKTYPE_RAW, true);
    this.#block(Block.interface, body, [
      [Option.name, text.encode(name)],
      [Option.description, text.encode(description)],
      [Option.resolution, new Uint8Array([9])],
    ]);
  }

  #custom(record: CustomRecord): void {
    const block = customBlock(record);
    const out = this.#buffer;
    out.reserve(block.length);
    out.bytes.set(block, out.at);
    out.at += block.length;
  }

  #block(type: number, body: Uint8Array, options: readonly (readonly [number, Uint8Array])[]): void {
    const padded = (body.length + 3) & ~3;
    let total = 12 + padded;
    for (const [, value] of options) total += 4 + ((value.length + 3) & ~3);
    if (options.length > 0) total += 4;
    const out = this.#buffer;
    out.reserve(total);
    const { view, bytes } = out;
    const start = out.at;
    view.setUint32(start, type, true);
    view.setUint32(start + 4, total, true);
    bytes.fill(0, start + 8, start + 8 + padded);
    bytes.set(body, start + 8);
    let at = start + 8 + padded;
    for (const [code, value] of options) at = this.#option(at, code, value);
    if (options.length > 0) {
      view.setUint32(at, 0, true);
      at += 4;
    }
    view.setUint32(at, total, true);
    out.at = at + 4;
  }
}

/** The interface of what an end does: its own, or, once both ends are known, that of both. */
function seen({ client, server }: ConnectionState, own: EndState): number {
  return client.opened && server.opened ? Interface.both : Interface[own.end];
}
