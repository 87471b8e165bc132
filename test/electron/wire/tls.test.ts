// TLS below a captured connection: records and cuts are of what goes through it, and a certificate that is not in order is
// told in a sentence.

import { type AddressInfo, createServer, type Socket } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { connect } from '../../../electron/wire/connect.ts';
import { type Wire, WireError } from '../../../electron/wire/types.ts';
import { createRig, hear, numbered, type Rig } from './rig.ts';
import {
  type Certificate,
  type Peer,
  type TlsServer,
  tlsServer,
  trustAuthority,
  watchPeer,
} from './tls-server.ts';

let rig: Rig;
let server: TlsServer | null = null;
let distrust: () => void = () => undefined;
beforeEach(async () => {
  rig = await createRig();
  distrust = trustAuthority();
});
afterEach(async () => {
  distrust();
  await server?.close();
  server = null;
  await rig.close();
  expect(rig.clock.pending).toBe(0);
});

async function pair(
  host = '127.0.0.1',
  ...options: Parameters<typeof tlsServer>
): Promise<Peer & { wire: Wire }> {
  server = await tlsServer(...options);
  const [wire, peer] = await Promise.all([connect(host, server.port, rig.context, 'tls'), server.peer()]);
  return { wire, ...peer };
}

/** All that was delivered, once it is so many bytes. */
function heardAll(wire: Wire, length: number): Promise<Buffer> {
  return new Promise((resolve) =>
    hear(wire, (heard) => {
      if (heard.length === length) resolve(heard.bytes);
    }),
  );
}

describe('a connection with TLS', () => {
  it.each(['127.0.0.1', 'localhost'])(
    'to %s carries bytes both ways, and records them as they are',
    async (host) => {
      const { wire, secured, plain } = await pair(host);
      const heard = hear(wire, ({ length }) => {
        if (length === 60_000) wire.finish();
      });
      const seen = watchPeer({ secured, plain });
      void wire.write(numbered(40_000));
      secured.write(numbered(60_000));
      expect(await seen).toEqual({ bytes: numbered(40_000), end: 'fin' });
      secured.end();
      expect(await heard.closed).toMatchObject({ how: 'fin', sent: 40_000, received: 60_000 });
      expect(rig.recorder.bytes('sent', 'client')).toEqual(numbered(40_000));
      expect(rig.recorder.bytes('received', 'client')).toEqual(numbered(60_000));
      expect(wire.remote).toEqual({ address: '127.0.0.1', port: server!.port });
    },
  );

  it('asks for HTTP/1.1, names the host, and takes TLS 1.2 as well', async () => {
    const { secured, wire } = await pair('localhost', 'server', {
      ALPNProtocols: ['h2', 'http/1.1'],
      maxVersion: 'TLSv1.2',
    });
    expect([secured.alpnProtocol, secured.servername, secured.getProtocol()]).toEqual([
      'http/1.1',
      'localhost',
      'TLSv1.2',
    ]);
    wire.close('rst');
  });

  it.each(['rst', 'fin'] as const)('is cut by %s behind exactly the byte that was named', async (cut) => {
    const { wire, secured, plain } = await pair();
    wire.cutAt(100_000, cut, 'out', 'plan');
    const heard = hear(wire);
    const seen = watchPeer({ secured, plain });
    void wire.write(numbered(300_000));
    expect(await heard.closed).toMatchObject({ how: cut, by: 'fault', sent: 100_000 });
    const { bytes, end } = await seen;
    expect(end).toBe(cut);
    // A reset may overtake what was on its way.
    expect(bytes.equals(numbered(100_000).subarray(0, bytes.length))).toBe(true);
    if (cut === 'fin') expect(bytes.length).toBe(100_000);
    secured.destroy();
  });

  it.each(['rst', 'fin', 'stall'] as const)('delivers exactly the bytes before a %s cut', async (cut) => {
    const { wire, secured, plain } = await pair();
    wire.cutAt(12_345, cut, 'in', 'plan');
    const heard = hear(wire);
    const seen = watchPeer({ secured, plain });
    secured.write(numbered(50_000));
    await rig.recorder.until(() => rig.recorder.faults().length > 0);
    expect(heard.bytes).toEqual(numbered(12_345));
    if (cut === 'stall') wire.close('silence');
    expect((await seen).end).toBe(cut === 'fin' ? 'fin' : 'rst');
    secured.destroy();
    expect(await heard.closed).toMatchObject({ received: 12_345, by: 'fault' });
    expect((await rig.recorder.closing('client')).received).toBe(12_345);
  });

  it('holds what comes while it is stalled, and goes on with it', async () => {
    const { wire, secured } = await pair();
    wire.cutAt(10_000, 'stall', 'in', 'plan');
    const all = heardAll(wire, 40_000);
    secured.write(numbered(40_000));
    await rig.recorder.until(() => rig.recorder.faults().length > 0);
    expect(rig.recorder.length('received', 'client')).toBe(10_000);
    wire.resume('user');
    expect(await all).toEqual(numbered(40_000));
    wire.close('rst');
  });

  it.each([0, 1, 1000, 65_536, 300_000])(
    'whose peer sends %i bytes and its FIN has ended in order',
    async (length) => {
      const { wire, secured } = await pair();
      const heard = hear(wire);
      secured.end(numbered(length));
      secured.resume();
      expect(await heard.closed).toEqual({ how: 'fin', by: 'server', sent: 0, received: length });
      expect(heard.ended).toBe(true);
    },
  );

  it.each([0, 1, 1000, 65_536, 300_000])('whose peer sends %i bytes and resets was reset', async (length) => {
    const { wire, secured, plain } = await pair();
    const heard = hear(wire, ({ length: had }) => {
      if (had === length) plain.resetAndDestroy();
    });
    if (length === 0) plain.resetAndDestroy();
    else secured.write(numbered(length));
    expect(await heard.closed).toEqual({ how: 'rst', by: 'server', sent: 0, received: length });
    expect(heard.ended).toBe(false);
  });

  it('whose peer goes away while we write was reset', async () => {
    const { wire, secured, plain } = await pair();
    const heard = hear(wire);
    const writing = wire.write(Buffer.alloc(64 * 1024 * 1024));
    secured.once('data', () => plain.resetAndDestroy());
    expect(await writing).toBe(false);
    expect(await heard.closed).toMatchObject({ how: 'rst', by: 'server' });
  });

  it('keeps its peer waiting where nobody reads', async () => {
    const { wire, secured } = await pair();
    const length = 32 * 1024 * 1024;
    wire.flow(false);
    const all = heardAll(wire, length);
    const written = new Promise<string>((resolve) =>
      secured.write(Buffer.alloc(length), () => resolve('all')),
    );
    // Both kernels' buffers are full when the peer's own has not moved for a turn.
    for (let left = Infinity; secured.writableLength !== left;) {
      left = secured.writableLength;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(rig.recorder.lines.some(({ kind }) => kind === 'received')).toBe(false);
    wire.flow(true);
    expect([(await all).length, await written]).toEqual([length, 'all']);
    wire.close('rst');
  });
});

describe('a handshake that fails', () => {
  const told = async (attempt: Promise<unknown>): Promise<string> => {
    const error: unknown = await attempt.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof WireError)) throw new Error(`no WireError but ${String(error)}`);
    expect([error.code, rig.recorder.lines]).toEqual(['tls', []]);
    return error.message.replace(/:\d{2,5}(?!\d)/, ':PORT');
  };

  it.each<[Certificate, string]>([
    ['expired', 'has expired: renew it, or check this machine'],
    ['early', 'is not valid yet: check this machine'],
    ['self-signed', 'is signed by itself: if you trust it, name a file'],
    ['elsewhere', "is not for 127.0.0.1: IP: 127.0.0.1 is not in the cert's list"],
  ])('says what is wrong with a certificate that is %s', async (certificate, sentence) => {
    server = await tlsServer(certificate);
    const message = await told(connect('127.0.0.1', server.port, rig.context, 'tls'));
    expect(message).toContain(`The certificate of 127.0.0.1:PORT ${sentence}`);
  });

  it('says that nobody here knows the authority', async () => {
    distrust();
    server = await tlsServer('server');
    const message = await told(connect('localhost', server.port, rig.context, 'tls'));
    expect(message).toMatch(
      /^The certificate of localhost:PORT is signed by an authority that is not known here: .* NODE_EXTRA_CA_CERTS/,
    );
  });

  it('says that the file of authorities cannot be read', async () => {
    trustAuthority('/nowhere/at-all.pem');
    server = await tlsServer('server');
    expect(await told(connect('localhost', server.port, rig.context, 'tls'))).toMatch(
      /^NODE_EXTRA_CA_CERTS names \/nowhere\/at-all\.pem, which cannot be read \(ENOENT\)/,
    );
  });

  it('says that the server speaks HTTP/2 only', async () => {
    server = await tlsServer('server', { ALPNProtocols: ['h2'] });
    expect(await told(connect('localhost', server.port, rig.context, 'tls'))).toMatch(
      /does not speak HTTP\/1.1 over TLS/,
    );
  });

  it.each<[string, string, RegExp]>([
    ['speaks plain HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', /does not speak TLS: use an http URL/],
    ['ends the connection', '', /ended the connection during the TLS handshake/],
  ])('says that the port %s', async (_what, answer, sentence) => {
    const plain = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(answer));
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    expect(await told(connect('127.0.0.1', port, rig.context, 'tls'))).toMatch(sentence);
    await new Promise((resolve) => plain.close(resolve));
  });

  it('gives up on a handshake that is not over in 30 s', async () => {
    const accepted: Socket[] = [];
    const plain = createServer((socket) => {
      accepted.push(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => rig.clock.advance(30_000));
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    const error: unknown = await connect('127.0.0.1', port, rig.context, 'tls').catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'unreachable' });
    for (const socket of accepted) socket.destroy();
    await new Promise((resolve) => plain.close(resolve));
  });
});
