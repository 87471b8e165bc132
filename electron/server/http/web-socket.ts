// From a request to a WebSocket (RFC 6455 §4.2), for the resources that have one: what is no proper handshake is answered
// here, frames are the library's affair. Knows nothing of what is said on it.

import type { IncomingMessage } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../wire/types.ts';
import type { Exchange } from './exchange.ts';
import { refuse } from './refuse.ts';

/** Close codes of RFC 6455 §7.4.1 and of the registry that it began. */
export const NORMAL = 1000;
export const INTERNAL = 1011;
export const TRY_AGAIN = 1013;

/** RFC 6455 §4.1: 16 bytes in base64. */
const KEY = /^[\w+/]{22}==$/;
/** The only version there is (RFC 6455 §4.4). */
const VERSION = '13';
const VERSION_FIELD = ['Sec-WebSocket-Version', VERSION] as const;
/** RFC 9110 §7.8, §15.5.22: a 426 names what to upgrade to, and that Upgrade is for this connection. */
const UPGRADE_FIELDS = [
  ['Upgrade', 'websocket'],
  ['Connection', 'Upgrade'],
] as const;
/** How long (ms) the other side may take to end what was closed. */
const LEAVE_WITHIN = 10_000;

/** Whether the request asks to become a WebSocket, rightly or not. Upgrade means nothing in HTTP/1.0 (RFC 9110 §7.8). */
export function asksForWebSocket(exchange: Exchange): boolean {
  const { method, head } = exchange;
  return (
    method === 'GET' &&
    head.minor > 0 &&
    listed(exchange.field('Upgrade')).includes('websocket') &&
    listed(exchange.field('Connection')).includes('upgrade')
  );
}

/**
 * False: answered with 426 or 400, which say what a handshake needs. Asked before a resource decides anything that is not
 * to happen for a request that cannot become a WebSocket.
 */
export function isHandshake(exchange: Exchange): boolean {
  if (!asksForWebSocket(exchange)) {
    refuse(
      exchange,
      426,
      'This is done over a WebSocket: ask for it with Upgrade: websocket, Connection: Upgrade, Sec-WebSocket-Key and ' +
        `Sec-WebSocket-Version: ${VERSION}.`,
      [...UPGRADE_FIELDS, VERSION_FIELD],
    );
    return false;
  }
  const version = exchange.field('Sec-WebSocket-Version');
  if (version !== VERSION) {
    refuse(
      exchange,
      426,
      `The WebSocket version spoken here is ${VERSION}, not ${version ?? 'one that is left out'}: send Sec-WebSocket-Version: ${VERSION}.`,
      [...UPGRADE_FIELDS, VERSION_FIELD],
    );
    return false;
  }
  if (!KEY.test(exchange.field('Sec-WebSocket-Key') ?? '')) {
    refuse(exchange, 400, 'A WebSocket handshake needs one Sec-WebSocket-Key: 16 random bytes in base64.');
    return false;
  }
  if (!exchange.requestEnded) {
    refuse(exchange, 400, 'A request that is to become a WebSocket has no content.');
    return false;
  }
  // RFC 6455 §4.1: the client must wait. What it has said is lost: it was not read as frames.
  if (exchange.followed) {
    refuse(exchange, 400, 'Who asks for a WebSocket waits for 101 before anything else is sent: ask again.');
    return false;
  }
  return true;
}

/**
 * Answers a handshake (see {@link isHandshake}) with 101. Subprotocols and extensions that were offered are not taken up.
 * @param messageLimit bytes of one message; a longer one ends the socket with 1009
 * @returns the open socket; null if the client is gone already
 */
export function acceptWebSocket(exchange: Exchange, clock: Clock, messageLimit: number): WebSocket | null {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: messageLimit,
  });
  const request = exchange.upgradeRequest();
  const headers = {
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-version': VERSION,
    'sec-websocket-key': request.headers['sec-websocket-key'],
  };
  let accepted: WebSocket | null = null;
  server.handleUpgrade(
    { ...request, headers } as unknown as IncomingMessage,
    exchange.upgrade(),
    Buffer.alloc(0),
    (socket) => (accepted = opened(socket, clock)),
  );
  return accepted;
}

/** Says why, and lets go of who does not end the connection then. */
export function closeWebSocket(socket: WebSocket, clock: Clock, code: number, reason: string): void {
  socket.close(code, reason);
  letGo(socket, clock);
}

function opened(socket: WebSocket, clock: Clock): WebSocket {
  // A frame against the protocol or over the limit: ws has sent the right close code, `close` follows.
  socket.on('error', () => letGo(socket, clock));
  return socket;
}

function letGo(socket: WebSocket, clock: Clock): void {
  if (socket.readyState === WebSocket.CLOSED) return;
  const cancel = clock.after(LEAVE_WITHIN, () => socket.terminate());
  socket.once('close', cancel);
}

/** The elements of a list of tokens, in lower case (RFC 9110 §5.6.1). */
function listed(value: string | null): string[] {
  return (value ?? '').split(',').map((element) => element.trim().toLowerCase());
}
