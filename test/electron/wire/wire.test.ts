// The wire on real loopback sockets: what both ends record and see, without and with cuts.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { CutKind, Direction, End } from '../../../shared/capture/records.ts';
import { createRig, hear, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(async () => {
  await rig.close();
  expect(rig.clock.pending, 'timers that were not taken back').toBe(0);
  expect(rig.board.wires()).toEqual([]);
});

/** Bytes that tell their position. */
function numbered(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) & 0xff);
}

describe('a connection that nobody breaks', () => {
  it('carries bytes both ways, recorded once at each end, and ends by FIN', async () => {
    const { client, server } = await rig.pair();
    expect(client.connection).toBe(server.connection);
    expect(client.local).toEqual(server.remote);
    const question = numbered(300_000);
    const answer = numbered(200_000);
    const asked = hear(server, ({ bytes }) => {
      if (bytes.length === question.length) void server.write(answer).then(() => server.finish());
    });
    const answered = hear(client);
    expect(await client.write(question)).toBe(true);
    expect(await asked.closed).toEqual({ how: 'fin', by: 'server', sent: 200_000, received: 300_000 });
    expect(await answered.closed).toEqual({ how: 'fin', by: 'server', sent: 300_000, received: 200_000 });
    expect(asked.bytes.equals(question)).toBe(true);
    expect(answered.bytes.equals(answer)).toBe(true);
    for (const [kind, end, bytes] of [
      ['sent', 'client', question],
      ['received', 'server', question],
      ['sent', 'server', answer],
      ['received', 'client', answer],
    ] as const) {
      expect(rig.recorder.bytes(kind, end).equals(bytes), `${kind} at the ${end}`).toBe(true);
    }
  });
});

const KINDS: CutKind[] = ['rst', 'fin', 'stall'];
const POINTS = [0, 1, 3, 65_535, 65_536, 65_537, 100_000];

describe('a cut at a byte', () => {
  for (const end of ['client', 'server'] as End[]) {
    for (const direction of ['in', 'out'] as Direction[]) {
      for (const cut of KINDS) {
        it.each(POINTS)(`${end}:${direction}:%i:${cut} lets exactly that many through`, async (at) => {
          rig.board.arm({ end, direction, at, content: false, cut }, 'plan');
          const { client, server } = await rig.pair();
          const writer = (end === 'client') === (direction === 'out') ? client : server;
          const ends = { client: hear(client), server: hear(server) };
          void writer.write(numbered(150_000));
          await rig.recorder.until(() => rig.recorder.faults().length > 0);
          const content = { end, direction, action: 'cut', cut, origin: 'plan', at };
          expect(rig.recorder.faults()).toEqual([content]);
          const other = end === 'client' ? 'server' : 'client';
          if (cut === 'stall') {
            expect(ends[end].wire.stalled).toBe(true);
            ends[other].wire.close('silence');
            expect(await ends[other].closed).toMatchObject({ how: 'silence', by: other });
          } else {
            expect(await ends[other].closed).toMatchObject({ how: cut, by: end });
          }
          const note = await ends[end].closed;
          expect(note).toMatchObject({ how: cut === 'stall' ? 'silence' : cut, by: 'fault' });
          await rig.recorder.closing(end);
          if (direction === 'in') {
            expect(note.received).toBe(at);
            expect(ends[end].bytes.equals(numbered(150_000).subarray(0, at))).toBe(true);
            expect(rig.recorder.length('received', end)).toBe(at);
          } else {
            expect(note.sent).toBe(at);
            expect(rig.recorder.length('sent', end)).toBe(at);
          }
        });
      }
    }
  }
});
