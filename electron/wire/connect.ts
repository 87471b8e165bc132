// Opens a captured connection, plain or with TLS. Says in a sentence what went wrong; records nothing before the connection is open.

import { connect as open } from 'node:net';

import { secure } from './secure.ts';
import { Slabs } from './slabs.ts';
import { TcpTransport, TlsTransport } from './transport.ts';
import { type Connect, type WireContext, type Wire, WireError } from './types.ts';
import { SocketWire } from './wire.ts';

/** How long (ms) a host may take to answer, its handshake included. */
const PATIENCE = 30_000;

export const connect: Connect = (host, port, context, security = 'none') => {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return security === 'tls' ? connectSecure(bare, port, context) : connectPlain(bare, port, context);
};

function connectSecure(host: string, port: number, context: WireContext): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = open({ host, port, allowHalfOpen: true, noDelay: true });
    const refuse = (error: WireError): void => {
      cancel();
      socket.destroy();
      reject(error);
    };
    const cancel = context.clock.after(PATIENCE, () => refuse(failure('ETIMEDOUT', host, port)));
    // Once TLS is above it, it tells the errors of both.
    socket.on('error', (error: NodeJS.ErrnoException) => refuse(failure(codeOf(error), host, port)));
    socket.once('connect', () => {
      secure(socket, host, port).then((secured) => {
        cancel();
        const wire = new SocketWire(new TlsTransport(secured, socket), 'client', context);
        // With a name of its own: who reads the record back has to know that this was no plain HTTP.
        const version = secured.getProtocol() ?? 'TLS';
        context.recorder.step(
          wire.connection,
          'secure',
          `${version} is set up with ${host}, whose certificate is in order; what goes through it is recorded.`,
        );
        resolve(wire);
      }, refuse);
    });
  });
}

function connectPlain(host: string, port: number, context: WireContext): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const slabs = new Slabs();
    let transport: TcpTransport | null = null;
    let region = slabs.region();
    const socket = open({
      host,
      port,
      allowHalfOpen: true,
      noDelay: true,
      onread: {
        buffer: () => (region = slabs.region()),
        callback: (bytes) => transport?.slab(bytes, region) ?? true,
      },
    });
    // Reads only when somebody listens.
    socket.pause();
    const cancel = context.clock.after(PATIENCE, () => {
      socket.destroy();
      slabs.release();
      reject(failure('ETIMEDOUT', host, port));
    });
    const failed = (error: NodeJS.ErrnoException): void => {
      cancel();
      slabs.release();
      reject(failure(codeOf(error), host, port));
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      cancel();
      socket.off('error', failed);
      transport = new TcpTransport(socket, slabs);
      resolve(new SocketWire(transport, 'client', context));
    });
  });
}

/** With several addresses Node reports all failures at once; the first one speaks for them. */
function codeOf(error: NodeJS.ErrnoException): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return (
    (first instanceof Error ? (first as NodeJS.ErrnoException).code : undefined) ??
    error.code ??
    error.message
  );
}

function failure(code: string, host: string, port: number): WireError {
  const where = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  switch (code) {
    case 'ECONNREFUSED':
      return new WireError(
        'refused',
        `Nothing listens on ${where}: start the server, or check host and port.`,
      );
    case 'ECONNRESET':
      return new WireError('refused', `${where} reset the connection before it was open: try again.`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new WireError(
        'name',
        `The name ${host} cannot be resolved: check its spelling and the network.`,
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return new WireError(
        'unreachable',
        `${where} cannot be reached from here: check the address and the network.`,
      );
    case 'ETIMEDOUT':
      return new WireError('unreachable', `${where} did not answer in time: check host, port and firewall.`);
    default:
      return new WireError('other', `The connection to ${where} failed with ${code}: check host and port.`);
  }
}
