// Servers made by others for our client of streams: `ws` on Node's own server, and one that answers as it is told to.

import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { SocketContext } from '../../../../electron/client/websocket/open.ts';
import { contextOf } from '../../../../electron/client/module/context.ts';
import type { Clock } from '../../../../electron/wire/types.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

export function context(over: { readonly clock?: Clock; readonly signal?: AbortSignal } = {}): SocketContext {
  const { signal = new AbortController().signal, clock } = over;
  return { ...contextOf(clock === undefined ? {} : { clock }), signal };
}

interface Asked {
  readonly url: string;
  readonly verb: string | undefined;
  /** The connection below, for bytes that are no frames. */
  readonly raw: Duplex;
}

/** A server of WebSockets; other requests are answered by `otherwise`. */
export async function socketServer(
  serve: (socket: WebSocket, asked: Asked) => void,
  otherwise?: RequestListener,
): Promise<string> {
  const http = createServer(otherwise);
  const sockets = new WebSocketServer({ noServer: true });
  if (otherwise === undefined)
    http.on('upgrade', (request, socket, head) => {
      sockets.handleUpgrade(request, socket, head, (web) =>
        serve(web, { url: request.url ?? '', verb: request.headers['x-verb']?.toString(), raw: socket }),
      );
    });
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    http.closeAllConnections();
    for (const socket of sockets.clients) socket.terminate();
    http.close();
  });
  return `http://127.0.0.1:${portOf(http)}`;
}

/** A server on a plain socket. */
export async function plainServer(serve: (socket: Socket) => void): Promise<string> {
  const open = new Set<Socket>();
  const server = createTcpServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${portOf(server)}`;
}

function portOf(server: { address(): string | { port: number } | null }): number {
  return (server.address() as { port: number }).port;
}

export async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text, 'latin1');
}
