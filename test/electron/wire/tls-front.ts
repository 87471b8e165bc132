// A server with TLS before one without, as a proxy that ends TLS is: what comes out of it goes on as it is.

import { connect } from 'node:net';

import { tlsServer } from './tls-server.ts';

export interface TlsFront {
  /** The same as that of the server behind it, with https. */
  readonly url: string;
  close(): Promise<void>;
}

/** @param url of the server behind it */
export async function tlsFront(url: string): Promise<TlsFront> {
  const { port, hostname } = new URL(url);
  const server = await tlsServer('server', { allowHalfOpen: false });
  const serve = async (): Promise<void> => {
    const { secured } = await server.peer();
    void serve();
    const behind = connect(Number(port), hostname);
    behind.on('error', () => secured.destroy());
    secured.on('close', () => behind.destroy());
    behind.pipe(secured);
    secured.pipe(behind);
  };
  void serve();
  return {
    url: `https://127.0.0.1:${server.port}`,
    close: server.close,
  };
}
