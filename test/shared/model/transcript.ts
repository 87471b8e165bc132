// Writes capture records the way a transcript reads: who sends what, who reads how much, who closes how.

import type { CaptureRecord, Closing, Direction, End, StepName } from '../../../shared/capture/records.ts';

const encoder = new TextEncoder();

export class Transcript {
  readonly records: CaptureRecord[] = [];
  readonly #ends: readonly End[];
  readonly #at = new Map<string, number>();
  #time = 0;
  #connection = 0;

  /** @param ends which ends are held; where only one is, what it reads carries the bytes */
  constructor(ends: readonly End[] = ['client', 'server']) {
    this.#ends = ends;
  }

  open(): this {
    this.#connection++;
    const client = { address: '127.0.0.1', port: 40_000 + this.#connection };
    const server = { address: '127.0.0.1', port: 18_080 };
    for (const end of this.#ends)
      this.records.push({
        kind: 'opened',
        time: this.#tick(),
        connection: this.#connection,
        end,
        client,
        server,
      });
    return this;
  }

  /** One end writes; the other reads `read` bytes of it, all by default. */
  send(from: End, content: string | Uint8Array, read?: number): this {
    const bytes = typeof content === 'string' ? encoder.encode(content) : content;
    const to = from === 'client' ? 'server' : 'client';
    const offset = this.#move(`${this.#connection} ${from} out`, bytes.length);
    const length = read ?? bytes.length;
    const readAt = this.#move(`${this.#connection} ${to} in`, length);
    const base = { connection: this.#connection, length: bytes.length };
    if (this.#ends.includes(from))
      this.records.push({ ...base, kind: 'sent', time: this.#tick(), end: from, offset, bytes });
    if (this.#ends.includes(to) && length > 0)
      this.records.push({
        ...base,
        kind: 'received',
        time: this.#tick(),
        end: to,
        offset: readAt,
        length,
        bytes: this.#ends.includes(from) ? null : bytes.subarray(0, length),
      });
    return this;
  }

  cut(end: End, at: number): this {
    this.records.push({
      kind: 'fault',
      time: this.#tick(),
      connection: this.#connection,
      end,
      direction: end === 'server' ? 'in' : 'out',
      action: 'cut',
      cut: 'rst',
      origin: 'user',
      at,
    });
    return this;
  }

  /** Half a close: an end sends its FIN, or reads the other's. */
  ended(end: End, direction: Direction): this {
    if (!this.#ends.includes(end)) return this;
    this.records.push({ kind: 'ended', time: this.#tick(), connection: this.#connection, end, direction });
    return this;
  }

  close(end: End, how: Closing, by: 'client' | 'server' | 'fault'): this {
    if (!this.#ends.includes(end)) return this;
    const at = (direction: string): number => this.#at.get(`${this.#connection} ${end} ${direction}`) ?? 0;
    this.records.push({
      kind: 'closed',
      time: this.#tick(),
      connection: this.#connection,
      end,
      how,
      by,
      sent: at('out'),
      received: at('in'),
    });
    return this;
  }

  step(step: StepName, why: string): this {
    this.records.push({ kind: 'step', time: this.#tick(), connection: this.#connection, step, why });
    return this;
  }

  #move(key: string, by: number): number {
    const at = this.#at.get(key) ?? 0;
    this.#at.set(key, at + by);
    return at;
  }

  #tick(): number {
    this.#time += 1_000_000;
    return this.#time;
  }
}

/** One record a byte. */
export function bytewise(records: readonly CaptureRecord[]): CaptureRecord[] {
  return records.flatMap((record) => {
    if (record.kind !== 'sent' && record.kind !== 'received') return [record];
    return Array.from({ length: record.length }, (_, i) => ({
      ...record,
      offset: record.offset + i,
      length: 1,
      bytes: record.bytes?.subarray(i, i + 1) ?? null,
    }));
  });
}
