// Connecting and listening: what goes wrong, and what is said of it.

import { createServer } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { connect } from '../../../electron/wire/connect.ts';
import { listen } from '../../../electron/wire/listen.ts';
import type { Listener } from '../../../electron/wire/types.ts';
import { WireError } from '../../../electron/wire/types.ts';
import { createRig, hear, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(async () => {
  await rig.close();
  expect(rig.clock.pending).toBe(0);
});

async function refusal(attempt: Promise<unknown>): Promise<WireError> {
  const error: unknown = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof WireError)) throw new Error(`no WireError but ${String(error)}`);
  return error;
}

describe('connect', () => {
  it('says that nothing listens, where, and what to do; and records nothing', async () => {
    const other = await listen('127.0.0.1', 0, rig.context, () => undefined);
    await other.close();
    const error = await refusal(connect('127.0.0.1', other.port, rig.context));
    expect(error.code).toBe('refused');
    expect(error.message).toBe(
      `Nothing listens on 127.0.0.1:${other.port}: start the server, or check host and port.`,
    );
    expect(rig.recorder.lines).toEqual([]);
  });

  it('names an IPv6 address in brackets, as URLs do', async () => {
    for (const host of ['::1', '[::1]'])
      expect((await refusal(connect(host, 1, rig.context))).message).toContain('[::1]:1');
  });

  it('gives up on a host that does not answer in 30 s', async () => {
    const attempt = refusal(connect('127.0.0.1', rig.listener.port, rig.context));
    rig.clock.advance(30_000);
    const error = await attempt;
    expect(error.code).toBe('unreachable');
    expect(error.message).toContain('did not answer in time');
  });

  it('says that it failed, and with what code, where there is no better word', async () => {
    const error = await refusal(connect('127.0.0.1', 0, rig.context));
    expect(['refused', 'unreachable', 'other']).toContain(error.code);
    expect(error.message).toContain('127.0.0.1:0');
  });

  it('takes localhost and an address in brackets', async () => {
    const named = await connect('localhost', rig.listener.port, rig.context);
    const bracketed = await connect('[127.0.0.1]', rig.listener.port, rig.context).catch(
      (error: unknown) => error,
    );
    expect(named.remote).toEqual({ address: '127.0.0.1', port: rig.listener.port });
    expect(bracketed).toMatchObject({ open: true });
  });
});

describe('listen', () => {
  it.each([
    '0.0.0.0',
    '::',
    '192.168.0.1',
    '128.0.0.1',
    'example.com',
    '',
    '127.0.0.1.example.com',
    '::ffff:8.8.8.8',
  ])('refuses "%s": it is not a loopback address', async (host) => {
    const error = await refusal(listen(host, 0, rig.context, () => undefined));
    expect(error.code).toBe('not-loopback');
    expect(error.message).toContain('is not a loopback address: listen on 127.0.0.1, ::1 or localhost.');
  });

  it.each([
    ['localhost', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.1'],
    ['127.5.6.7', '127.5.6.7'],
  ])('takes %s', async (host, address) => {
    const listener = await listen(host, 0, rig.context, () => undefined);
    expect(listener.address).toBe(address);
    await listener.close();
  });

  it('takes [::1], and both ends name the connection alike', async () => {
    let listener: Listener;
    try {
      listener = await listen('[::1]', 0, rig.context, (wire) => void hear(wire));
    } catch (error) {
      // A machine without IPv6.
      expect(error).toBeInstanceOf(WireError);
      return;
    }
    const wire = await connect('::1', listener.port, rig.context);
    await rig.recorder.until(() => rig.recorder.lines.filter(({ kind }) => kind === 'opened').length === 2);
    expect(wire.remote).toEqual({ address: '::1', port: listener.port });
    expect(rig.board.wire(wire.connection, 'server')?.remote).toEqual(wire.local);
    const heard = hear(wire);
    await listener.close();
    expect(await heard.closed).toMatchObject({ how: 'rst', by: 'server' });
  });

  it('says that a port is in use', async () => {
    const error = await refusal(listen('127.0.0.1', rig.listener.port, rig.context, () => undefined));
    expect(error.code).toBe('port-in-use');
    expect(error.message).toBe(
      `Port ${rig.listener.port} of 127.0.0.1 is in use: name another, or 0 for any free one.`,
    );
  });

  it('says so for a port that a foreign server holds', async () => {
    const foreign = createServer();
    await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
    const address = foreign.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const error = await refusal(listen('127.0.0.1', port, rig.context, () => undefined));
    expect(error.code).toBe('port-in-use');
    await new Promise((resolve) => foreign.close(resolve));
  });

  it('resets what is open when it closes, and lets go of what is draining', async () => {
    const first = await rig.pair();
    const second = await rig.pair();
    const ends = [first.client, first.server, second.client].map((wire) => hear(wire));
    const heard = hear(second.server);
    second.server.close('fin');
    expect(await heard.closed).toMatchObject({ how: 'fin', by: 'server' });
    await rig.listener.close();
    expect(await ends[1]?.closed).toMatchObject({ how: 'rst', by: 'server' });
    expect(await ends[0]?.closed).toMatchObject({ how: 'rst', by: 'server' });
    expect(await rig.recorder.closing('server', second.server.connection)).toMatchObject({
      how: 'fin',
      by: 'server',
    });
    await ends[2]?.closed;
  });
});
