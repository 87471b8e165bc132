// What the tests of the capture codec share: records to the bytes of a file, and back.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { createRecorder, type Sink } from '../../../electron/session/recorder.ts';
import { BlockBuffer } from '../../../shared/capture/block-buffer.ts';
import { type CaptureDecoder, createDecoder } from '../../../shared/capture/decode.ts';
import { PcapngEncoder } from '../../../shared/capture/pcapng-encode.ts';
import { Pieces } from '../../../shared/capture/pieces.ts';
import type { CaptureRecord, End, Endpoint, SessionHeader } from '../../../shared/capture/records.ts';

export const header: SessionHeader = { startedAt: 1_794_000_000_123_456_789n, application: 'Interim 9.8.7' };

/** A sink that holds whole records, and whether their bytes were to be kept. */
export function listSink(): Sink & { readonly list: { record: CaptureRecord; keep: boolean }[] } {
  const list: { record: CaptureRecord; keep: boolean }[] = [];
  return {
    list,
    keepsReferences: true,
    broken: false,
    begin: () => {},
    append: (record, keep) => list.push({ record, keep }),
    forget: () => {},
    bytes: () => Promise.reject(new Error('not held')),
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

export function encode(
  list: readonly { record: CaptureRecord; keep: boolean }[],
  pieces = new Pieces(),
  bufferSize = 4096,
): Uint8Array {
  const parts: Uint8Array[] = [];
  const buffer = new BlockBuffer((filled, size) => {
    if (filled !== null) parts.push(filled);
    return new ArrayBuffer(Math.max(bufferSize, size));
  });
  const encoder = new PcapngEncoder(buffer, pieces, header);
  for (const { record, keep } of list) encoder.append(record, keep);
  buffer.handOn();
  return concat(parts);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export interface Decoded {
  readonly records: CaptureRecord[];
  readonly pieces: Pieces;
  readonly decoder: CaptureDecoder;
  /** Bytes at the end that were no whole block. */
  readonly left: number;
}

/** Decodes a file that is read in chunks of that many bytes. */
export function decode(bytes: Uint8Array, chunk = bytes.length + 1): Decoded {
  const records: CaptureRecord[] = [];
  const pieces = new Pieces();
  const decoder = createDecoder({
    record: (record) =>
      records.push(
        'bytes' in record && record.bytes !== null ? { ...record, bytes: record.bytes.slice() } : record,
      ),
    piece: (...piece) => pieces.add(...piece),
  });
  let position = 0;
  let end = 0;
  while (end < bytes.length) {
    end = Math.min(bytes.length, end + chunk);
    position += decoder.push(bytes.slice(position, end), 0, end - position, position);
  }
  decoder.finish();
  return { records, pieces, decoder, left: bytes.length - position };
}

/** The blocks of a pcapng file, as views. */
export function blocks(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    const total = view.getUint32(at + 4, true);
    found.push(bytes.subarray(at, at + total));
    at += total;
  }
  return found;
}

export function withoutCustomBlocks(bytes: Uint8Array): Uint8Array {
  return concat(blocks(bytes).filter((block) => !(block[0] === 0xad && block[1] === 0x0b)));
}

/** What comes back of a record: its bytes only where they were kept. */
export function stored({ record, keep }: { record: CaptureRecord; keep: boolean }): CaptureRecord {
  return 'bytes' in record && !keep ? { ...record, bytes: null } : record;
}

interface Op {
  readonly connection: number;
  readonly end: End;
  readonly size: number;
  readonly what: 'send' | 'read' | 'discard' | 'end' | 'close' | 'fault' | 'step' | 'about' | 'remark';
  readonly how: 'fin' | 'rst' | 'silence' | 'error';
  readonly wait: number;
}

const op: fc.Arbitrary<Op> = fc.record({
  connection: fc.nat({ max: 2 }),
  end: fc.constantFrom('client', 'server'),
  size: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 60 }) },
    { weight: 1, arbitrary: fc.integer({ min: 65_490, max: 65_540 }) },
  ),
  what: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('send', 'read') },
    { weight: 2, arbitrary: fc.constantFrom('discard', 'end', 'fault', 'step', 'remark') },
    { weight: 1, arbitrary: fc.constantFrom('close', 'about') },
  ),
  how: fc.constantFrom('fin', 'rst', 'silence', 'error'),
  wait: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1e12 })),
});

const endpoints: fc.Arbitrary<[Endpoint, Endpoint]> = fc.constantFrom(
  [
    { address: '127.0.0.1', port: 41_000 },
    { address: '127.0.0.1', port: 18_080 },
  ],
  [
    { address: '::1', port: 41_000 },
    { address: '::1', port: 18_080 },
  ],
  [
    { address: '::ffff:127.0.0.1', port: 65_535 },
    { address: '::ffff:127.0.0.1', port: 80 },
  ],
);

/** Streams of records as a recorder makes them of wires: one end or both, in any order that TCP allows. */
export const sessions = fc
  .record({
    ops: fc.array(op, { maxLength: 80, size: 'max' }),
    ends: endpoints,
    budget: fc.constantFrom(Infinity, 70_000, 30),
  })
  .map(({ ops, ends: [client, server], budget }) => {
    const sink = listSink();
    let time = 0;
    const recorder = createRecorder({ sink, now: () => time, header, budget });
    const open = [0, 1, 2].map(() => ({
      number: 0,
      client: null as null | {
        sent: number;
        received: number;
        finished: boolean;
        heard: boolean;
        closed: boolean;
      },
      server: null as null | {
        sent: number;
        received: number;
        finished: boolean;
        heard: boolean;
        closed: boolean;
      },
    }));
    for (const { connection, end, size, what, how, wait } of ops) {
      time += wait;
      const held = open[connection]!;
      const own = held[end];
      const peer = held[end === 'client' ? 'server' : 'client'];
      if (own === null) {
        // A lone end stays alone once bytes have come in: its peer is in another process.
        if (peer !== null && peer.received > 0) continue;
        held.number = recorder.opened(end, { ...client, port: client.port - connection }, server);
        held[end] = { sent: 0, received: 0, finished: false, heard: false, closed: false };
        continue;
      }
      if (own.closed) continue;
      const { number } = held;
      const readable = peer === null ? size : Math.min(size, peer.sent - own.received);
      switch (what) {
        case 'send':
          if (own.finished) break;
          recorder.sent(
            number,
            end,
            new Uint8Array(size).map((_, i) => (i * 7 + own.sent) & 0xff),
          );
          own.sent += size;
          break;
        case 'read':
        case 'discard':
          if (own.heard || readable <= 0) break;
          recorder[what === 'read' ? 'received' : 'discarded'](
            number,
            end,
            new Uint8Array(readable).fill(size & 0xff),
          );
          own.received += readable;
          break;
        case 'end':
          if (how === 'fin' && !own.finished) {
            own.finished = true;
            recorder.ended(number, end, 'out');
          } else if (!own.heard) {
            own.heard = true;
            recorder.ended(number, end, 'in');
          }
          break;
        case 'close':
          own.closed = true;
          // Written but never handed to the kernel: so nobody can have read it.
          own.sent = Math.max(own.sent - (size % 7), peer?.received ?? 0);
          recorder.closed(number, end, {
            how,
            by: 'fault',
            sent: own.sent,
            received: own.received,
            ...(how === 'error' ? { error: 'ECONNREFUSED' } : {}),
          });
          break;
        case 'fault':
          recorder.fault(number, end, {
            direction: 'in',
            action: 'cut',
            cut: 'rst',
            origin: 'plan',
            at: size,
          });
          break;
        case 'step':
          recorder.step(size % 2 === 0 ? number : 0, 'resume', `It has ${size} bytes – “three dots” …`);
          break;
        case 'about':
          recorder.about({ experiment: 'five-steps', parameters: { size }, outcome: 'completed' });
          break;
        case 'remark':
          recorder.remark({
            id: (size % 3) + 1,
            connection: number,
            beside: { event: 'exchange', time: size, position: size },
            text: size % 2 === 0 ? 'Why “here”?\n\tNo idea …' : '',
          });
          break;
      }
    }
    return sink.list;
  });

/** A record in which bytes are told by their hash: comparing, and telling, megabytes takes long. */
export function digested(record: CaptureRecord): object {
  if (!('bytes' in record) || record.bytes === null) return record;
  return { ...record, bytes: createHash('sha1').update(record.bytes).digest('hex') };
}
