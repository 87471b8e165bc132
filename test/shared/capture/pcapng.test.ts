// Sessions to pcapng and back: what was recorded is what is read, whole or cut short, with custom blocks or without.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecorder } from '../../../electron/session/recorder.ts';
import { Pieces } from '../../../shared/capture/pieces.ts';
import type { CaptureRecord } from '../../../shared/capture/records.ts';
import {
  blocks,
  concat,
  decode,
  digested,
  encode,
  header,
  listSink,
  sessions,
  stored,
  withoutCustomBlocks,
} from './session-bytes.ts';

const client = { address: '127.0.0.1', port: 41_000 };
const server = { address: '127.0.0.1', port: 18_080 };
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

/** What packets alone can tell of a record; null: nothing. */
function told(record: CaptureRecord): object | null {
  switch (record.kind) {
    case 'fault':
    case 'step':
    case 'about':
    case 'remark':
      return null;
    case 'closed': {
      const { kind, time, connection, end, sent, received, how } = record;
      return { kind, time, connection, end, sent, received, how: how === 'fin' ? 'fin' : 'rst' };
    }
    default:
      return digested(record);
  }
}

/** A small session with one of everything. */
function smallSession() {
  const sink = listSink();
  let time = 0;
  const recorder = createRecorder({ sink, header, now: () => (time += 1_000_000) });
  recorder.about({ experiment: 'resumable-request', parameters: { size: 10, ok: true } });
  recorder.opened('client', client, server);
  recorder.opened('server', client, server);
  recorder.step(1, 'send', 'The upload begins.');
  recorder.sent(1, 'client', text('POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789'));
  recorder.received(1, 'server', text('POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n012'));
  recorder.fault(1, 'server', {
    direction: 'in',
    action: 'cut',
    cut: 'rst',
    origin: 'user',
    at: 43,
    content: 3,
  });
  recorder.closed(1, 'server', { how: 'rst', by: 'fault', sent: 0, received: 42 });
  recorder.closed(1, 'client', { how: 'rst', by: 'fault', sent: 45, received: 0 });
  recorder.opened('client', { address: '', port: 0 }, server);
  recorder.closed(2, 'client', { how: 'error', by: 'server', sent: 0, received: 0, error: 'ECONNREFUSED' });
  return sink.list;
}

/** A refused connection has no address of its own: it is all zeros in packets. */
function unaddressed(entry: { record: CaptureRecord; keep: boolean }): CaptureRecord {
  const record = stored(entry);
  if (record.kind !== 'opened' || record.client.address !== '') return record;
  return { ...record, client: { ...record.client, address: '0.0.0.0' } };
}

describe('a session as pcapng', () => {
  it('comes back as the same records, however the file is read', () => {
    fc.assert(
      fc.property(sessions, fc.integer({ min: 1000, max: 200_000 }), (list, chunk) => {
        const { records, decoder, left } = decode(encode(list), chunk);
        expect(records.map(digested)).toEqual(list.map((entry) => digested(stored(entry))));
        expect([left, decoder.damage, decoder.foreign, decoder.skippedPackets]).toEqual([0, null, false, 0]);
        expect(decoder.header).toEqual(header);
      }),
      { numRuns: 200 },
    );
  });

  it('is read in pieces of any size', () => {
    const bytes = encode(smallSession());
    const whole = decode(bytes).records;
    expect(whole).toEqual(smallSession().map(unaddressed));
    for (let chunk = 1; chunk < 400; chunk += 7) expect(decode(bytes, chunk).records).toEqual(whole);
  });

  it('tells connections, bytes and closes by its packets alone', () => {
    fc.assert(
      fc.property(sessions, (list) => {
        const { records } = decode(withoutCustomBlocks(encode(list)));
        expect(records.map(told)).toEqual(
          list.map((entry) => told(stored(entry))).filter((record) => record !== null),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('finds the bytes of every stream at the same places that the writer noted', () => {
    fc.assert(
      fc.property(sessions, (list) => {
        const written = new Pieces();
        const { pieces } = decode(encode(list, written));
        for (const connection of [1, 2, 3])
          for (const stream of ['request', 'response'] as const)
            expect(pieces.find(connection, stream, 5, 66_000)).toEqual(
              written.find(connection, stream, 5, 66_000),
            );
      }),
      { numRuns: 50 },
    );
  });

  it('opens, cut short anywhere, to its last whole block', () => {
    const bytes = encode(smallSession());
    const whole = decode(bytes).records;
    const ends = new Set<number>([0]);
    let end = 0;
    for (const block of blocks(bytes)) ends.add((end += block.length));
    let most = 0;
    for (let length = 0; length <= bytes.length; length++) {
      const { records, decoder, left } = decode(bytes.slice(0, length));
      expect(records).toEqual(whole.slice(0, records.length));
      expect(records.length).toBeGreaterThanOrEqual(most);
      most = records.length;
      expect(decoder.damage).toBe(null);
      expect(left === 0).toBe(ends.has(length));
    }
    expect(most).toBe(whole.length);
  });

  it('keeps what is before a damaged block, and says what is wrong', () => {
    const bytes = encode(smallSession());
    const list = blocks(bytes);
    const damaged = concat([
      ...list.slice(0, 9),
      new Uint8Array(list[9]!.length).fill(0xff),
      ...list.slice(10),
    ]);
    const { records, decoder } = decode(damaged);
    expect(records).toEqual(decode(concat(list.slice(0, 9))).records);
    expect(decoder.damage).toBe('a block claims a length of 4294967295 bytes');
  });

  it('skips blocks that it does not know', () => {
    const list = blocks(encode(smallSession()));
    const statistics = new Uint8Array([5, 0, 0, 0, 16, 0, 0, 0, 1, 2, 3, 4, 16, 0, 0, 0]);
    const ofOthers = new Uint8Array([
      0xad, 0x0b, 0, 0, 20, 0, 0, 0, 0xd9, 0x7e, 0, 0, 0x7b, 1, 2, 3, 20, 0, 0, 0,
    ]);
    const mixed = [...list.slice(0, 5), ...list.slice(5).flatMap((block) => [statistics, ofOthers, block])];
    expect(decode(concat(mixed)).records).toEqual(decode(concat(list)).records);
  });

  it('counts on behind 4 GiB, where sequence numbers wrap', () => {
    const sink = listSink();
    const recorder = createRecorder({ sink, header, now: () => 5, budget: 3 });
    recorder.opened('server', client, server);
    recorder.opened('client', client, server);
    // A length is all that is looked at of bytes that are over budget.
    const far = 2 ** 30;
    const list = [...sink.list];
    for (let i = 0; i < 9; i++) {
      const at = { time: 5, connection: 1, offset: i * far, bytes: null };
      list.push({ record: { ...at, kind: 'sent', end: 'client', length: 60_000 }, keep: false });
      list.push({ record: { ...at, kind: 'received', end: 'server', length: far }, keep: false });
    }
    const { records } = decode(encode(list));
    expect(records).toEqual(list.map(({ record }) => record));
  });
});
