// Capture files to records: our own sessions exactly, anybody's cleartext TCP as far as it was caught.
// It must never read a file itself: it is fed, and tells how far it got.

import { BlockReader, type CaptureInterface } from './capture-blocks.ts';
import { ForeignDecoder } from './foreign-decode.ts';
import { readBegan } from './own-format.ts';
import { OwnDecoder, ownInterface } from './own-decode.ts';
import type { RecordSink } from './record-sink.ts';
import { LONGEST_REMARK_DATA, MOST_REMARKS } from './remark.ts';
import type { SessionHeader } from './records.ts';
import { Segment } from './segment.ts';
import { believableStart, Times } from './times.ts';

export interface CaptureDecoder {
  /**
   * Takes the next bytes of the file, bytes[from … to), the first of which is at `position` in it. Returns how far
   * it got: what is left is the beginning of a block, to be given again with more behind it.
   */
  push(bytes: Uint8Array, from: number, to: number, position: number): number;
  /** The file is over. */
  finish(): void;
  /** When the session began, as far as the file has told by now. */
  readonly header: SessionHeader;
  /** Not written by us: records of both ends were made up from what was caught. */
  readonly foreign: boolean;
  /** Packets that are no TCP, or fragments, or of an unknown link layer. */
  readonly skippedPackets: number;
  /** Times of packets that cannot be right; each was taken for that of the packet before. */
  readonly doubtfulTimes: number;
  /** What ended the reading before the end of the file, as the end of a sentence; null while all is well. */
  readonly damage: string | null;
}

export function createDecoder(sink: RecordSink): CaptureDecoder {
  return new Decoder(sink);
}

class Decoder implements CaptureDecoder {
  skippedPackets = 0;
  readonly #times = new Times();
  readonly #own: OwnDecoder;
  readonly #foreign: ForeignDecoder;
  readonly #blocks: BlockReader;
  readonly #segment = new Segment();
  /** What is added to a position in the buffer to have one in the file. */
  #base = 0;
  #mode: 'unknown' | 'own' | 'foreign' = 'unknown';
  #startedAt: bigint | null = null;
  #application = '';
  #startHigh = 0;
  #startLow = 0;
  /** The number of an interface of ours, by its description. */
  #numbered: CaptureInterface | null = null;
  #number = -1;
  /** Custom blocks that were added to another program's capture: told when all of it is, since it is made up of the whole. */
  readonly #added: Uint8Array[] = [];

  constructor(sink: RecordSink) {
    this.#own = new OwnDecoder(sink, this.#times);
    this.#foreign = new ForeignDecoder(sink);
    this.#blocks = new BlockReader({
      section: (comment, application) => {
        this.#application = application;
        const began = readBegan(comment);
        if (began !== null) this.#begin(began);
      },
      packet: (seenAt, high, low, bytes, from, captured, original) =>
        this.#packet(seenAt, high, low, bytes, from, captured, original),
      custom: (data) => {
        if (this.#mode !== 'foreign') this.#own.custom(data);
        else if (this.#added.length < MOST_REMARKS && data.length <= LONGEST_REMARK_DATA)
          this.#added.push(data.slice());
      },
    });
  }

  push(bytes: Uint8Array, from: number, to: number, position: number): number {
    this.#base = position - from;
    return this.#blocks.push(bytes, from, to);
  }

  finish(): void {
    if (this.#mode === 'foreign') {
      this.#foreign.finish();
      for (const data of this.#added) this.#own.remark(data);
    } else this.#own.finish();
  }

  get header(): SessionHeader {
    return { startedAt: this.#startedAt ?? 0n, application: this.#application };
  }

  get foreign(): boolean {
    return this.#mode === 'foreign';
  }

  get doubtfulTimes(): number {
    return this.#times.doubtful;
  }

  get damage(): string | null {
    return this.#blocks.damage;
  }

  #begin(startedAt: bigint): void {
    if (this.#startedAt !== null) return;
    this.#startedAt = startedAt;
    this.#startHigh = Number(startedAt >> 32n);
    this.#startLow = Number(startedAt & 0xffff_ffffn);
  }

  /** When a packet was caught, in nanoseconds since the session began; never before the packet before. */
  #time(seenAt: CaptureInterface, high: number, low: number): number {
    const times = this.#times;
    if (this.#startedAt === null) {
      const first = seenAt.nanoseconds(high, low);
      if (!believableStart(first)) return times.none();
      this.#begin(first);
    }
    // Simple packet blocks tell no time.
    if (high === 0 && low === 0 && this.#mode === 'foreign') return times.last;
    const time = seenAt.exact
      ? (high - this.#startHigh) * 0x1_0000_0000 + (low - this.#startLow)
      : Number(seenAt.nanoseconds(high, low) - this.#startedAt!);
    return this.#mode === 'own' ? times.own(time) : times.foreign(time);
  }

  #packet(
    seenAt: CaptureInterface,
    high: number,
    low: number,
    bytes: Uint8Array,
    from: number,
    captured: number,
    original: number,
  ): void {
    if (seenAt !== this.#numbered) {
      this.#numbered = seenAt;
      this.#number = ownInterface(seenAt.name);
    }
    if (this.#mode === 'unknown') this.#mode = this.#number === -1 ? 'foreign' : 'own';
    const time = this.#time(seenAt, high, low);
    const segment = this.#segment;
    if (!segment.read(seenAt.linkType, bytes, from, captured, original)) {
      this.skippedPackets++;
      return;
    }
    const position = this.#base + segment.data;
    if (this.#mode === 'own') this.#own.segment(segment, this.#number, time, position);
    else this.#foreign.segment(segment, time, position);
  }
}
