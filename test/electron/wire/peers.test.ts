// What a plain socket sees of a captured connection that ends, and what the wire sees of a plain socket that does.

import type { Socket } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { CutKind } from '../../../shared/capture/records.ts';
import type { Wire } from '../../../electron/wire/types.ts';
import { createRig, hear, numbered, type Rig, watch } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(async () => {
  await rig.close();
  expect(rig.clock.pending).toBe(0);
});

const PEERS: [string, () => Promise<{ socket: Socket; wire: Wire }>][] = [
  [
    'client',
    async () => {
      const { socket, server } = await rig.plainClient();
      return { socket, wire: server };
    },
  ],
  [
    'server',
    async () => {
      const { socket, client } = await rig.plainServer();
      return { socket, wire: client };
    },
  ],
];

describe.each(PEERS)('a plain %s', (_, connected) => {
  it.each(['rst', 'fin'] as const)('sees a cut by %s as such, and every byte before it', async (cut) => {
    const { socket, wire } = await connected();
    wire.cutAt(1000, cut, 'out', 'plan');
    hear(wire);
    const seen = watch(socket);
    void wire.write(numbered(2000));
    expect(await seen).toEqual({ bytes: numbered(1000), end: cut });
    socket.destroy();
  });

  it('sees a FIN cut of the other direction as FIN, though it has sent more', async () => {
    const { socket, wire } = await connected();
    wire.cutAt(1000, 'fin', 'in', 'plan');
    hear(wire);
    const seen = watch(socket);
    socket.write(numbered(500_000));
    expect((await seen).end).toBe('fin');
    socket.end();
    expect(await rig.recorder.closing(wire.end)).toMatchObject({ how: 'fin', by: 'fault', received: 1000 });
    expect(rig.recorder.length('discarded', wire.end)).toBe(499_000);
  });

  it.each<CutKind>(['rst', 'stall'])('sees a %s cut inside what it sends', async (cut) => {
    const { socket, wire } = await connected();
    wire.cutAt(1000, cut, 'in', 'plan');
    hear(wire);
    const seen = watch(socket);
    const written = new Promise((resolve) => socket.write(numbered(5000), resolve));
    await rig.recorder.until(() => rig.recorder.faults().length > 0);
    if (cut === 'stall') {
      await written;
      void wire.write(numbered(10));
      wire.close('silence');
    }
    expect(await seen).toEqual({ bytes: Buffer.alloc(0), end: 'rst' });
  });

  const other = (wire: Wire): string => (wire.end === 'client' ? 'server' : 'client');

  it.each([0, 1, 1000, 65_536, 300_000])(
    'that sends %i bytes and its FIN has ended in order',
    async (length) => {
      const { socket, wire } = await connected();
      const heard = hear(wire);
      socket.end(numbered(length));
      socket.resume();
      expect(await heard.closed).toEqual({ how: 'fin', by: other(wire), sent: 0, received: length });
      expect(heard.ended).toBe(true);
    },
  );

  it.each([0, 1, 1000, 65_536, 300_000])('that sends %i bytes and resets has reset', async (length) => {
    const { socket, wire } = await connected();
    const heard = hear(wire, ({ length: had }) => {
      if (had === length) socket.resetAndDestroy();
    });
    if (length === 0) socket.resetAndDestroy();
    else socket.write(numbered(length));
    expect(await heard.closed).toEqual({ how: 'rst', by: other(wire), sent: 0, received: length });
    expect(heard.ended).toBe(false);
  });

  it('that resets right behind its bytes has reset, too', async () => {
    const { socket, wire } = await connected();
    const heard = hear(wire);
    socket.write(numbered(1000), () => socket.resetAndDestroy());
    expect(await heard.closed).toMatchObject({ how: 'rst', by: other(wire) });
    expect(heard.ended).toBe(false);
  });

  it('that goes away while we write has reset', async () => {
    const { socket, wire } = await connected();
    const heard = hear(wire);
    const writing = wire.write(Buffer.alloc(64 * 1024 * 1024));
    socket.once('data', () => socket.destroy());
    expect(await writing).toBe(false);
    const note = await heard.closed;
    expect(note).toMatchObject({ how: 'rst', by: other(wire) });
    expect(note.sent).toBeGreaterThanOrEqual(socket.bytesRead);
    expect(note.sent).toBeLessThanOrEqual(rig.recorder.length('sent', wire.end));
  });

  it('that half-closes still gets its answer', async () => {
    const { socket, wire } = await connected();
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    wire.handle({
      data: () => undefined,
      end: () => void wire.write(numbered(300_000)).then(() => wire.finish()),
      closed: () => undefined,
    });
    const over = new Promise((resolve) => socket.once('close', resolve));
    socket.end(numbered(10));
    await over;
    expect(Buffer.concat(chunks).equals(numbered(300_000))).toBe(true);
    expect(await rig.recorder.closing(wire.end)).toEqual({
      how: 'fin',
      by: other(wire),
      sent: 300_000,
      received: 10,
    });
  });
});
