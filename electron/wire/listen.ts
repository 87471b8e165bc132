// Accepts captured TCP connections, on loopback addresses only: the laboratory is not a public server.

import { BlockList, createServer, isIP } from 'node:net';

import { TcpTransport } from './transport.ts';
import { type Listen, WireError } from './types.ts';
import { SocketWire } from './wire.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** The address to bind for a host that names this machine (RFC 6761 §6.3), else null. */
function loopbackAddress(host: string): string | null {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === 'localhost') return '127.0.0.1';
  const family = isIP(bare);
  return family !== 0 && LOOPBACK.check(bare, family === 6 ? 'ipv6' : 'ipv4') ? bare : null;
}

export const listen: Listen = (host, port, context, accept) =>
  new Promise((resolve, reject) => {
    const address = loopbackAddress(host);
    if (address === null) {
      reject(
        new WireError(
          'not-loopback',
          `${host} is not a loopback address: listen on 127.0.0.1, ::1 or localhost.`,
        ),
      );
      return;
    }
    const open = new Map<SocketWire, { destroy(): void }>();
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
      // Reset before it was accepted: there is no end to speak of.
      if (socket.remoteAddress === undefined) {
        socket.destroy();
        return;
      }
      const wire = new SocketWire(new TcpTransport(socket, null), 'server', context);
      open.set(wire, socket);
      socket.once('close', () => open.delete(wire));
      accept(wire);
    });
    server.once('error', (error: NodeJS.ErrnoException) => reject(failure(error, address, port)));
    server.listen({ host: address, port, exclusive: true }, () => {
      const bound = server.address();
      const actual = typeof bound === 'object' && bound !== null ? bound.port : port;
      // A failed accept (no file descriptors left) leaves the connection in the queue, to be accepted later.
      server.on('error', () => undefined);
      resolve({
        port: actual,
        address,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const [wire, socket] of open) {
              wire.close('rst');
              socket.destroy();
            }
          }),
      });
    });
  });

function failure(error: NodeJS.ErrnoException, address: string, port: number): WireError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new WireError(
        'port-in-use',
        `Port ${port} of ${address} is in use: name another, or 0 for any free one.`,
      );
    case 'EACCES':
      return new WireError(
        'other',
        `Port ${port} needs special rights: name one above 1023, or 0 for any free one.`,
      );
    default:
      return new WireError(
        'other',
        `Cannot listen on ${address}:${port} (${error.code ?? error.message}): name another address or port.`,
      );
  }
}
