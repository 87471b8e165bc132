// The fault board, with real wires: what is armed for whom, and what it tells.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { connect } from '../../../electron/wire/connect.ts';
import { createFaultBoard } from '../../../electron/wire/faults.ts';
import { parseCutSpec } from '../../../electron/wire/spec.ts';
import type { ReservedCuts } from '../../../electron/wire/types.ts';
import { createRig, hear, numbered, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(async () => {
  await rig.close();
  expect(rig.clock.pending).toBe(0);
});

const arm = (text: string, origin: 'user' | 'plan'): number => rig.board.arm(parseCutSpec(text), origin);
const fired = (): boolean[] => rig.board.list().map((cut) => cut.fired);

/** A connection over which the client writes 1000 bytes; resolves when the server has them or the cut has come. */
async function attempt(length = 1000): Promise<{ how: string; received: number }> {
  const { client, server } = await rig.pair();
  const over = hear(server, ({ length: had }) => {
    if (had === length) server.close('fin');
  });
  hear(client);
  void client.write(numbered(length));
  const { how, by, received } = await over.closed;
  return { how: `${how} ${by}`, received };
}

describe('cuts of a plan', () => {
  it('queue: the next is armed when the one before has fired, for connections opened later', async () => {
    arm('server:in:100:rst', 'plan');
    arm('server:in:100:rst', 'plan');
    arm('server:in:200:fin', 'plan');
    expect(await attempt()).toEqual({ how: 'rst fault', received: 100 });
    expect(fired()).toEqual([true, false, false]);
    expect(await attempt()).toEqual({ how: 'rst fault', received: 100 });
    expect(await attempt()).toEqual({ how: 'fin fault', received: 200 });
    expect(fired()).toEqual([true, true, true]);
    expect(await attempt()).toEqual({ how: 'fin server', received: 1000 });
  });

  it('wait for a connection that gets as far, and fire once though several carry them', async () => {
    arm('server:in:500:rst', 'plan');
    expect(await attempt(10)).toMatchObject({ received: 10 });
    const first = await rig.pair();
    const second = await rig.pair();
    const heard = [hear(first.server), hear(second.server)];
    hear(first.client);
    hear(second.client);
    await second.client.write(numbered(600));
    expect(await heard[1]?.closed).toMatchObject({ how: 'rst', received: 500 });
    await first.client.write(numbered(600));
    first.client.finish();
    expect(await heard[0]?.closed).toMatchObject({ how: 'fin', received: 600 });
    expect(rig.recorder.faults(first.client.connection)).toEqual([]);
  });

  it('leave alone what was open before the one before had fired', async () => {
    arm('server:in:100:rst', 'plan');
    arm('server:in:50:rst', 'plan');
    const early = await rig.pair();
    const heard = hear(early.server);
    hear(early.client);
    expect(await attempt()).toEqual({ how: 'rst fault', received: 100 });
    await early.client.write(numbered(1000));
    early.client.finish();
    expect(await heard.closed).toMatchObject({ how: 'fin', received: 1000 });
    expect(fired()).toEqual([true, false]);
  });

  it('for the client concern connected wires only', async () => {
    arm('client:out:100:rst', 'plan');
    const { client, socket } = await rig.plainServer();
    socket.resume();
    const plain = hear(client);
    void client.write(numbered(1000));
    expect(await plain.closed).toMatchObject({ how: 'rst', by: 'fault', sent: 100 });
    arm('client:out:100:rst', 'plan');
    const foreign = await rig.plainClient();
    const heard = hear(foreign.server);
    foreign.socket.end(numbered(1000));
    foreign.socket.resume();
    expect(await heard.closed).toMatchObject({ how: 'fin', received: 1000 });
    expect(fired()).toEqual([true, false]);
  });
});

describe('cuts of a user', () => {
  it('stand each on its own, for live connections that have not passed the byte', async () => {
    const { client, server } = await rig.pair();
    const heard = hear(server);
    hear(client);
    await client.write(numbered(100));
    await rig.recorder.until(() => rig.recorder.length('received', 'server') === 100);
    arm('server:in:99', 'user');
    arm('server:in:150:stall', 'user');
    arm('server:in:180:rst', 'user');
    await client.write(numbered(100));
    await rig.recorder.until(() => rig.recorder.faults().length > 0);
    expect(fired()).toEqual([false, true, false]);
    server.resume('user');
    expect(await heard.closed).toMatchObject({ how: 'rst', by: 'fault', received: 180 });
    expect(fired()).toEqual([false, true, true]);
    // … and for later ones.
    expect(await attempt()).toEqual({ how: 'rst fault', received: 99 });
    expect(fired()).toEqual([true, true, true]);
  });

  it('cut at once a live connection that stands at the byte', async () => {
    const { client, server } = await rig.pair();
    const heard = hear(client);
    const peer = hear(server);
    await client.write(numbered(100));
    arm('client:out:100:fin', 'user');
    expect(await heard.closed).toMatchObject({ how: 'fin', by: 'fault', sent: 100 });
    expect(await peer.closed).toMatchObject({ received: 100 });
  });

  it('leave alone a byte that was handed to the socket already', async () => {
    const { client, socket } = await rig.plainServer();
    const heard = hear(client);
    void client.write(Buffer.alloc(10_000_000));
    arm('client:out:1:rst', 'user');
    socket.on('end', () => socket.end());
    socket.resume();
    client.finish();
    expect(await heard.closed).toMatchObject({ how: 'fin', sent: 10_000_000 });
    expect(fired()).toEqual([false]);
  });
});

describe('taking back', () => {
  it('disarms one that has not fired, on live wires as well', async () => {
    const { client, server } = await rig.pair();
    const heard = hear(server);
    hear(client);
    const id = arm('server:in:100', 'user');
    const kept = arm('server:in:500', 'user');
    expect(rig.board.disarm(id)).toBe(true);
    expect(rig.board.disarm(id)).toBe(false);
    void client.write(numbered(1000));
    expect(await heard.closed).toMatchObject({ how: 'rst', received: 500 });
    expect(rig.board.disarm(kept)).toBe(false);
    expect(rig.board.list()).toEqual([{ id: kept, spec: parseCutSpec('server:in:500'), fired: true }]);
  });

  it('forgets those that have fired, and nothing that waits', async () => {
    arm('server:in:100', 'user');
    const plan = arm('server:in:300', 'plan');
    const user = arm('server:in:500', 'user');
    const { client, server } = await rig.pair();
    const heard = hear(server);
    hear(client);
    void client.write(numbered(1000));
    expect(await heard.closed).toMatchObject({ how: 'rst', received: 100 });
    rig.board.forgetFired();
    expect(rig.board.list()).toMatchObject([
      { id: plan, fired: false },
      { id: user, fired: false },
    ]);
    for (const received of [300, 500]) {
      const next = await rig.pair();
      const later = hear(next.server);
      hear(next.client);
      void next.client.write(numbered(1000));
      expect(await later.closed).toMatchObject({ how: 'rst', received });
    }
  });
});

describe('the board', () => {
  it('takes 1000 cuts; fired ones make room; then it says what to do', async () => {
    const first = arm('server:in:10', 'plan');
    for (let index = 1; index < 1000; index += 1) arm('server:in:10', 'plan');
    expect(() => arm('server:in:10', 'plan')).toThrow(
      '1000 cuts are armed and none has fired: take some back first.',
    );
    await attempt();
    arm('server:in:20', 'plan');
    expect(rig.board.list().length).toBe(1000);
    expect(rig.board.list().some(({ id }) => id === first)).toBe(false);
  });

  it('knows the open wires of a connection, and forgets them when they close', async () => {
    const { client, server } = await rig.pair();
    expect(rig.board.wire(client.connection, 'client')).toBe(client);
    expect(rig.board.wire(client.connection, 'server')).toBe(server);
    expect(rig.board.wire(99, 'server')).toBeUndefined();
    expect(new Set(rig.board.wires())).toEqual(new Set([client, server]));
    const ends = [hear(client), hear(server)];
    client.close('rst');
    await Promise.all(ends.map(({ closed }) => closed));
    expect(rig.board.wires()).toEqual([]);
    expect(rig.board.registry.readByPeer(client.connection, 'client')).toBe(0);
  });

  it('tells of every change', async () => {
    const told: string[] = [];
    let word = '';
    rig.board.changed = () => void told.push(word);
    const during = (what: string, act: () => void): void => {
      word = what;
      act();
    };
    during('arm', () => void arm('server:in:100:stall', 'plan'));
    word = 'open';
    const { client, server } = await rig.pair();
    const heard = hear(server);
    hear(client);
    word = 'fire';
    await client.write(numbered(200));
    await rig.recorder.until(() => rig.recorder.faults().length > 0);
    during('resume', () => server.resume('user'));
    during('stall', () => server.stall('user'));
    during('rate', () => {
      rig.board.rate = 5;
      rig.board.rate = 5;
    });
    during('disarm', () => rig.board.disarm(arm('server:in:7', 'plan')));
    during('forget', () => rig.board.forgetFired());
    during('nothing to forget', () => rig.board.forgetFired());
    word = 'close';
    client.close('rst');
    await heard.closed;
    expect(told).toEqual([
      'arm',
      'open',
      'open',
      // Fired, and held.
      'fire',
      'fire',
      'resume',
      'stall',
      'rate',
      'disarm',
      'disarm',
      'forget',
      'close',
      'close',
    ]);
  });

  it('is empty and unpaced when new', () => {
    const board = createFaultBoard();
    expect(board.rate).toBe(0);
    expect(board.list()).toEqual([]);
    expect(board.wires()).toEqual([]);
  });
});

describe('cuts that are reserved for one operation', () => {
  /** A connection that is opened with them, over which the client writes 1000 bytes. */
  async function reservedAttempt(reserved: ReservedCuts): Promise<{ how: string; received: number }> {
    const accepted = rig.accept();
    const client = await connect('127.0.0.1', rig.listener.port, { ...rig.context, reserved });
    const server = await accepted;
    const over = hear(server, ({ length }) => {
      if (length === 1000) server.close('fin');
    });
    hear(client);
    void client.write(numbered(1000));
    const { how, by, received } = await over.closed;
    return { how: `${how} ${by}`, received };
  }
  const reserve = (...texts: string[]): ReservedCuts => rig.board.reserve(texts.map(parseCutSpec));

  it('queue for its connections alone, at either end, and leave the plan to others', async () => {
    arm('client:out:700:rst', 'plan');
    const reserved = reserve('server:in:100:rst', 'client:out:200:fin');
    expect(await attempt(50)).toEqual({ how: 'fin server', received: 50 });
    expect(await reservedAttempt(reserved)).toEqual({ how: 'rst fault', received: 100 });
    expect(await reservedAttempt(reserved)).toEqual({ how: 'fin client', received: 200 });
    expect(await reservedAttempt(reserved)).toEqual({ how: 'fin server', received: 1000 });
    expect(reserved.release()).toEqual([]);
    expect(fired()).toEqual([false, true, true]);
    expect(await attempt()).toMatchObject({ how: 'rst client' });
    expect(fired()).toEqual([true, true, true]);
  });

  it('are listed, can be taken back, and are gone when they are released', async () => {
    const reserved = reserve('server:in:100:rst', 'server:in:200:rst', 'server:in:300:rst');
    const [first] = rig.board.list();
    expect(rig.board.disarm(first!.id)).toBe(true);
    expect(await reservedAttempt(reserved)).toEqual({ how: 'rst fault', received: 200 });
    expect(reserved.release()).toEqual([parseCutSpec('server:in:300:rst')]);
    expect(rig.board.list().map(({ spec }) => spec.at)).toEqual([200]);
    expect(await reservedAttempt(reserved)).toEqual({ how: 'fin server', received: 1000 });
  });
});
