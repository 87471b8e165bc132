// Damaged times in a capture: every record gets one that a session can have, and the damage is counted.

import { describe, expect, it } from 'vitest';
import { createRecorder } from '../../../electron/session/recorder.ts';
import { Times } from '../../../shared/capture/times.ts';
import { blocks, concat, decode, encode, header, listSink } from './session-bytes.ts';

const client = { address: '127.0.0.1', port: 41_000 };
const server = { address: '127.0.0.1', port: 18_080 };
const DAY = 86_400e9;

describe('times of a capture', () => {
  it.each([
    { of: 'own' as const, times: [0, 5, 5, 9], told: [0, 5, 5, 9], doubtful: 0 },
    { of: 'own' as const, times: [5, -1, 101 * DAY, 4, 6], told: [5, 5, 5, 5, 6], doubtful: 3 },
    { of: 'own' as const, times: [NaN, 100 * DAY], told: [0, 100 * DAY], doubtful: 1 },
    { of: 'foreign' as const, times: [5, 4, -DAY, 6], told: [5, 5, 5, 6], doubtful: 0 },
    { of: 'foreign' as const, times: [5, -101 * DAY, 101 * DAY, 6], told: [5, 5, 5, 6], doubtful: 2 },
  ])('are told of $of packets in order and within bounds: $times', ({ of, times, told, doubtful }) => {
    const clock = new Times();
    expect(times.map((time) => clock[of](time))).toEqual(told);
    expect(clock.doubtful).toBe(doubtful);
  });
});

describe('a session with a damaged time', () => {
  const sink = listSink();
  let time = 0;
  const recorder = createRecorder({ sink, header, now: () => (time += 1_000_000) });
  recorder.opened('client', client, server);
  for (let i = 0; i < 4; i++) recorder.sent(1, 'client', new Uint8Array([65 + i]));
  const list = blocks(encode(sink.list));
  const packets = list.filter((block) => block[0] === 6);

  it.each([
    ['far ahead', 0x7fff_ffff],
    ['before the beginning', 0],
  ])('keeps its records, in order, when a packet is %s', (_, high) => {
    const damaged = list.map((block) => {
      if (block !== packets.at(-2)) return block;
      const copy = block.slice();
      new DataView(copy.buffer).setUint32(12, high, true);
      return copy;
    });
    const { records, decoder } = decode(concat(damaged));
    expect(records.map((record) => record.time / 1e6)).toEqual([1, 2, 3, 3, 5]);
    expect([decoder.doubtfulTimes, decoder.damage]).toEqual([1, null]);
    expect(decoder.header).toEqual(header);
  });
});
