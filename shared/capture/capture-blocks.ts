// Splits a capture file (pcapng, or the older pcap, in either byte order) into packets and custom blocks.
// It must never copy a packet, and never trust a length before it has looked at it.

import { Block, BYTE_ORDER_MAGIC, ENTERPRISE, Option } from './own-format.ts';

/** What a file says of where packets were caught. */
export interface CaptureInterface {
  readonly linkType: number;
  readonly name: string;
  /** Nanoseconds of a time that the file gives in units of this interface, since 1970. */
  nanoseconds(high: number, low: number): bigint;
  /** True where the file's units are nanoseconds since 1970 themselves. */
  readonly exact: boolean;
}

export interface BlockSink {
  section(comment: string, application: string): void;
  /** A packet: bytes[from … from + captured), of which `original` were on the wire. */
  packet(
    seenAt: CaptureInterface,
    high: number,
    low: number,
    bytes: Uint8Array,
    from: number,
    captured: number,
    original: number,
  ): void;
  /** The data of a custom block under our number. */
  custom(data: Uint8Array): void;
}

/** Longest block that is believed: far above any packet, far below what a damaged length claims. */
const LONGEST_BLOCK = 16 * 1024 * 1024;

const PCAP_MICROSECONDS = 0xa1b2c3d4;
const PCAP_NANOSECONDS = 0xa1b23c4d;
const PCAP_HEADER = 24;
const PCAP_PACKET_HEADER = 16;
const BILLION = 1_000_000_000n;

/** Whether bytes are, as far as they go, the beginning of a capture file. */
export function looksLikeCapture(bytes: Uint8Array): boolean {
  const view = new DataView(new ArrayBuffer(4));
  for (const magic of [Block.section, PCAP_MICROSECONDS, PCAP_NANOSECONDS])
    for (const little of [true, false]) {
      view.setUint32(0, magic, little);
      const count = Math.min(4, bytes.length);
      let same = count > 0;
      for (let i = 0; i < count; i++) same &&= bytes[i] === view.getUint8(i);
      if (same) return true;
    }
  return false;
}

export class BlockReader {
  /** What ended the reading before the file's end, as the end of a sentence; null while all is well. */
  damage: string | null = null;
  readonly #sink: BlockSink;
  #format: 'pcapng' | 'pcap' | null = null;
  #little = true;
  #interfaces: CaptureInterface[] = [];

  constructor(sink: BlockSink) {
    this.#sink = sink;
  }

  /** Takes in the whole blocks of bytes[from … to). Returns where the first one begins that is not whole. */
  push(bytes: Uint8Array, from: number, to: number): number {
    if (this.damage !== null) return to;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.#format === null) {
      if (to - from < 4) return from;
      if (view.getUint32(from, true) === Block.section) this.#format = 'pcapng';
      else {
        if (to - from < PCAP_HEADER) return from;
        if (!this.#pcapHeader(view, from)) return to;
        this.#format = 'pcap';
        from += PCAP_HEADER;
      }
    }
    return this.#format === 'pcapng'
      ? this.#blocks(bytes, view, from, to)
      : this.#packets(bytes, view, from, to);
  }

  #blocks(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    let at = from;
    let little = this.#little;
    while (to - at >= 12) {
      const type = view.getUint32(at, little);
      if (type === Block.section) {
        const magic = view.getUint32(at + 8, true);
        this.#little = little = magic === BYTE_ORDER_MAGIC;
        if (!little && view.getUint32(at + 8, false) !== BYTE_ORDER_MAGIC)
          return this.#fail(to, 'a section has no byte order');
      }
      const total = view.getUint32(at + 4, little);
      if (total < 12 || total % 4 !== 0 || total > LONGEST_BLOCK)
        return this.#fail(to, `a block claims a length of ${total} bytes`);
      if (to - at < total) return at;
      if (view.getUint32(at + total - 4, little) !== total)
        return this.#fail(to, 'the two lengths of a block differ');
      const end = at + total - 4;
      switch (type) {
        case Block.packet: {
          const seenAt = total >= 32 ? this.#interfaces[view.getUint32(at + 8, little)] : undefined;
          const captured = total >= 32 ? view.getUint32(at + 20, little) : 0;
          if (seenAt === undefined || at + 28 + captured > end)
            return this.#fail(to, 'a packet does not fit into its block');
          this.#sink.packet(
            seenAt,
            view.getUint32(at + 12, little),
            view.getUint32(at + 16, little),
            bytes,
            at + 28,
            captured,
            view.getUint32(at + 24, little),
          );
          break;
        }
        case Block.simplePacket: {
          const [seenAt] = this.#interfaces;
          if (seenAt === undefined || total < 16) return this.#fail(to, 'a packet belongs to no interface');
          const original = view.getUint32(at + 8, little);
          this.#sink.packet(seenAt, 0, 0, bytes, at + 12, Math.min(original, end - at - 12), original);
          break;
        }
        case Block.interface:
          if (total < 20) return this.#fail(to, 'an interface is too short');
          this.#interfaces.push(this.#interface(bytes, view, at, end));
          break;
        case Block.section: {
          if (total < 28) return this.#fail(to, 'a section is too short');
          this.#interfaces = [];
          const texts = this.#options(bytes, view, at + 24, end);
          const text = (code: number): string => new TextDecoder().decode(texts.get(code));
          this.#sink.section(text(Option.comment), text(Option.application));
          break;
        }
        case Block.custom:
          if (total >= 16 && view.getUint32(at + 8, little) === ENTERPRISE)
            this.#sink.custom(trimmed(bytes, at + 12, end));
          break;
        default:
          // Names, statistics and whatever else others write: nothing that a session is made of.
          break;
      }
      at += total;
    }
    return at;
  }

  #interface(bytes: Uint8Array, view: DataView, at: number, end: number): CaptureInterface {
    const options = this.#options(bytes, view, at + 16, end);
    const resolution = options.get(Option.resolution)?.[0] ?? 6;
    const offset = options.get(Option.offset);
    const seconds =
      offset?.length === 8
        ? new DataView(offset.buffer, offset.byteOffset, 8).getBigInt64(0, this.#little)
        : 0n;
    // draft-ietf-opsawg-pcapng §4.2: a power of ten, or with the top bit of two.
    const units = (resolution & 0x80) === 0 ? 10n ** BigInt(resolution) : 2n ** BigInt(resolution & 0x7f);
    return captureInterface(
      view.getUint16(at + 8, this.#little),
      new TextDecoder().decode(options.get(Option.name)),
      units,
      seconds,
    );
  }

  #options(bytes: Uint8Array, view: DataView, from: number, end: number): Map<number, Uint8Array> {
    const found = new Map<number, Uint8Array>();
    let at = from;
    while (at + 4 <= end) {
      const code = view.getUint16(at, this.#little);
      const length = view.getUint16(at + 2, this.#little);
      if (code === Option.end || at + 4 + length > end) break;
      if (!found.has(code)) found.set(code, bytes.subarray(at + 4, at + 4 + length));
      at += 4 + ((length + 3) & ~3);
    }
    return found;
  }

  #pcapHeader(view: DataView, at: number): boolean {
    for (const little of [true, false]) {
      const magic = view.getUint32(at, little);
      if (magic !== PCAP_MICROSECONDS && magic !== PCAP_NANOSECONDS) continue;
      this.#little = little;
      // The upper bits of the link type hold the length of a frame check sequence.
      const linkType = view.getUint32(at + 20, little) & 0xffff;
      this.#interfaces = [
        captureInterface(linkType, '', magic === PCAP_NANOSECONDS ? BILLION : 1_000_000n, 0n),
      ];
      this.#sink.section('', '');
      return true;
    }
    this.#fail(0, 'it does not begin like a capture');
    return false;
  }

  #packets(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    const seenAt = this.#interfaces[0]!;
    let at = from;
    while (to - at >= PCAP_PACKET_HEADER) {
      const captured = view.getUint32(at + 8, this.#little);
      if (captured > LONGEST_BLOCK) return this.#fail(to, `a packet claims a length of ${captured} bytes`);
      if (to - at < PCAP_PACKET_HEADER + captured) return at;
      const seconds = view.getUint32(at, this.#little);
      const fraction = view.getUint32(at + 4, this.#little);
      const units = seenAt.exact ? 1e9 : 1e6;
      // Seconds and fraction become one number of units, in two halves as pcapng has it.
      const time = BigInt(seconds) * BigInt(units) + BigInt(fraction);
      this.#sink.packet(
        seenAt,
        Number(time >> 32n),
        Number(time & 0xffff_ffffn),
        bytes,
        at + PCAP_PACKET_HEADER,
        captured,
        view.getUint32(at + 12, this.#little),
      );
      at += PCAP_PACKET_HEADER + captured;
    }
    return at;
  }

  #fail(to: number, damage: string): number {
    this.damage = damage;
    return to;
  }
}

function captureInterface(linkType: number, name: string, units: bigint, seconds: bigint): CaptureInterface {
  return {
    linkType,
    name,
    exact: units === BILLION && seconds === 0n,
    nanoseconds: (high, low) => (((BigInt(high) << 32n) | BigInt(low)) * BILLION) / units + seconds * BILLION,
  };
}

/** Without the zeros that pad a block. JSON has none of its own. */
function trimmed(bytes: Uint8Array, from: number, to: number): Uint8Array {
  let end = to;
  while (end > from && end > to - 3 && bytes[end - 1] === 0) end--;
  return bytes.subarray(from, end);
}
