// Where a connection leads, out of its label. It must never invent an address.

import type { Connection } from '../model/model.ts';

/** `host:port` of the server, with brackets around IPv6. */
export function endpointOf(connection: Connection): string {
  const address = addressOf(connection);
  const port = connection.label.slice(connection.label.lastIndexOf(':') + 1);
  if (address === null) return 'unknown.invalid';
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** The scheme of what is asked for on it. */
export function schemeOf({ secure }: Connection): 'http' | 'https' {
  return secure ? 'https' : 'http';
}

/** The server's address out of `client → server`. */
export function addressOf({ label }: Connection): string | null {
  const server = label.slice(label.indexOf('→') + 1).trim();
  const address = server.slice(0, Math.max(0, server.lastIndexOf(':')));
  return address === '' ? null : address;
}
