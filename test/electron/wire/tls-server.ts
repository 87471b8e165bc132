// A TLS server with one of the certificates beside it, and the authority that signed most of them trusted while it is there.
// The certificates are valid until 2126, but `expired` and `early`; their authority's key is gone.

import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';

const FOLDER = join(import.meta.dirname, 'certificates');
const AUTHORITY = join(FOLDER, 'authority.pem');

export type Certificate = 'server' | 'expired' | 'early' | 'elsewhere' | 'self-signed';

/** Key and certificate of a server. */
function identity(certificate: Certificate): { key: string; cert: string } {
  const read = (name: string): string => readFileSync(join(FOLDER, `${name}.pem`), 'utf8');
  return { key: read('server-key'), cert: read(certificate) };
}

/** Trusts the authority of these certificates until the returned function is called. */
export function trustAuthority(file: string = AUTHORITY): () => void {
  const before = process.env['NODE_EXTRA_CA_CERTS'];
  process.env['NODE_EXTRA_CA_CERTS'] = file;
  return () => {
    if (before === undefined) delete process.env['NODE_EXTRA_CA_CERTS'];
    else process.env['NODE_EXTRA_CA_CERTS'] = before;
  };
}

/** The end of a connection that the server has: TLS, and the plain socket below it. */
export interface Peer {
  readonly secured: TLSSocket;
  readonly plain: Socket;
}

/** What the peer sees of the connection until it is over at both ends. */
export function watchPeer({ secured, plain }: Peer): Promise<{ bytes: Buffer; end: 'fin' | 'rst' }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const over = (end: 'fin' | 'rst'): void => resolve({ bytes: Buffer.concat(chunks), end });
    secured.on('data', (chunk: Buffer) => chunks.push(chunk));
    // Node 20 may report a reset as an end; an empty write below TLS tells.
    secured.on('end', () => plain.write(Buffer.alloc(0), (error) => over(error ? 'rst' : 'fin')));
    secured.on('error', () => over('rst'));
  });
}

export interface TlsServer {
  readonly port: number;
  /** The next connection whose handshake is done. */
  peer(): Promise<Peer>;
  close(): Promise<void>;
}

export async function tlsServer(
  certificate: Certificate = 'server',
  options: TlsOptions = {},
): Promise<TlsServer> {
  const plains: Socket[] = [];
  const peers: Peer[] = [];
  const waiting: ((peer: Peer) => void)[] = [];
  const server = createServer({ ...identity(certificate), allowHalfOpen: true, ...options }, (secured) => {
    secured.on('error', () => undefined);
    const plain = plains.find(({ remotePort }) => remotePort === secured.remotePort)!;
    const take = waiting.shift();
    if (take === undefined) peers.push({ secured, plain });
    else take({ secured, plain });
  });
  server.on('tlsClientError', () => undefined);
  server.on('connection', (plain: Socket) => {
    plain.on('error', () => undefined);
    plains.push(plain);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    peer: () => {
      const peer = peers.shift();
      return peer === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(peer);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const plain of plains) plain.destroy();
      }),
  };
}
