// Keeps a session in memory, for tests and benches: 33 bytes a record in columns, and the bytes by reference.
// It must never copy captured bytes, nor hold an object for each piece of them.

import {
  type CaptureRecord,
  type End,
  type SessionHeader,
  type Stream,
  streamOf,
} from '../../shared/capture/records.ts';
import { Uint32List } from '../../shared/model/growable.ts';
import type { Captured, Sink } from './recorder.ts';

const ROWS = 4096;
const KINDS = ['sent', 'received', 'discarded'] as const;
const OTHER = 3;
const SERVER = 4;
const KEPT = 8;

/** Columns of {@link ROWS} records. Blocks of a fixed size never have to be copied to grow. */
class Block {
  readonly time = new Float64Array(ROWS);
  readonly offset = new Float64Array(ROWS);
  readonly length = new Uint32Array(ROWS);
  readonly connection = new Uint32Array(ROWS);
  /** Of bytes: which buffer; of other records: which object. */
  readonly place = new Uint32Array(ROWS);
  /** Position in that buffer. */
  readonly at = new Uint32Array(ROWS);
  /** Index into {@link KINDS} or {@link OTHER}, plus {@link SERVER}, plus {@link KEPT}. */
  readonly tag = new Uint8Array(ROWS);
}

export interface MemorySink extends Sink {
  /** Everything that was recorded, in order. */
  records(): Generator<CaptureRecord>;
  /** What the sink itself takes in memory, in bytes, beyond the captured bytes. */
  readonly overhead: number;
}

export function memorySink(): MemorySink {
  return new Memory();
}

class Memory implements MemorySink {
  readonly keepsReferences = true;
  readonly broken = false;
  #length = 0;
  readonly #blocks: Block[] = [];
  readonly #buffers: ArrayBufferLike[] = [];
  readonly #others: CaptureRecord[] = [];
  /** Rows that hold the bytes of a stream, by ascending offset; index: 2 × connection + (response ? 1 : 0). */
  readonly #streams: (Uint32List | undefined)[] = [];

  begin(_header: SessionHeader): void {}

  append(record: CaptureRecord, keep: boolean): void {
    const row = this.#length++;
    const i = row % ROWS;
    if (i === 0) this.#blocks.push(new Block());
    const block = this.#blocks.at(-1)!;
    block.time[i] = record.time;
    block.connection[i] = record.connection;
    if (record.kind !== 'sent' && record.kind !== 'received' && record.kind !== 'discarded') {
      block.place[i] = this.#others.push(record) - 1;
      block.tag[i] = OTHER;
      return;
    }
    const { bytes, end } = record;
    block.offset[i] = record.offset;
    block.length[i] = record.length;
    const kind = record.kind === 'sent' ? 0 : record.kind === 'received' ? 1 : 2;
    let tag = kind | (end === 'server' ? SERVER : 0);
    if (bytes !== null) {
      if (keep) {
        tag |= KEPT;
        block.place[i] = this.#buffer(bytes.buffer);
        block.at[i] = bytes.byteOffset;
      }
      this.#rows(record.connection, streamOf(end, kind === 0 ? 'out' : 'in')).push(row);
    }
    block.tag[i] = tag;
  }

  /** What was recorded of it is read back. */
  forget(): void {}

  *records(): Generator<CaptureRecord> {
    for (let row = 0; row < this.#length; row++) yield this.#record(row);
  }

  bytes(connection: number, stream: Stream, start: number, end: number): Promise<Captured> {
    const rows = this.#rows(connection, stream);
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = rows.values[middle]!;
      const { block, i } = this.#at(row);
      if (block.offset[i]! + block.length[i]! <= start) low = middle + 1;
      else high = middle;
    }
    const parts: Uint8Array[] = [];
    let at = start;
    let kept = true;
    for (let index = low; index < rows.length && at < end; index++) {
      const { block, i } = this.#at(rows.values[index]!);
      if ((block.tag[i]! & KEPT) === 0) {
        kept = false;
        break;
      }
      const first = at - block.offset[i]!;
      const last = Math.min(block.length[i]!, end - block.offset[i]!);
      parts.push(new Uint8Array(this.#buffers[block.place[i]!]!, block.at[i]! + first, last - first));
      at += last - first;
    }
    const bytes = new Uint8Array(Math.max(0, at - start));
    let to = 0;
    for (const part of parts) {
      bytes.set(part, to);
      to += part.length;
    }
    return Promise.resolve({ bytes, kept });
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  get overhead(): number {
    let rows = 0;
    for (const list of this.#streams) rows += list === undefined ? 0 : list.values.byteLength;
    const block = ROWS * (8 + 8 + 4 + 4 + 4 + 4 + 1);
    return this.#blocks.length * block + rows + (this.#buffers.length + this.#others.length) * 8;
  }

  #at(row: number): { block: Block; i: number } {
    return { block: this.#blocks[Math.floor(row / ROWS)]!, i: row % ROWS };
  }

  #record(row: number): CaptureRecord {
    const { block, i } = this.#at(row);
    const tag = block.tag[i]!;
    if ((tag & 3) === OTHER) return this.#others[block.place[i]!]!;
    const length = block.length[i]!;
    const end: End = tag & SERVER ? 'server' : 'client';
    return {
      kind: KINDS[tag & 3]!,
      time: block.time[i]!,
      connection: block.connection[i]!,
      end,
      offset: block.offset[i]!,
      length,
      bytes: tag & KEPT ? new Uint8Array(this.#buffers[block.place[i]!]!, block.at[i]!, length) : null,
    };
  }

  /** The number of a buffer. Readers fill one slab after the other, so the last few are the likely ones. */
  #buffer(buffer: ArrayBufferLike): number {
    const { length } = this.#buffers;
    for (let i = length - 1; i >= 0 && i >= length - 4; i--) if (this.#buffers[i] === buffer) return i;
    return this.#buffers.push(buffer) - 1;
  }

  #rows(connection: number, stream: Stream): Uint32List {
    return (this.#streams[2 * connection + (stream === 'response' ? 1 : 0)] ??= new Uint32List());
  }
}
