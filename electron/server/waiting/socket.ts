// A job told over a WebSocket (RFC 6455): its status as a text message at each change, and a normal close at its end.
// Pinged while there is nothing to tell; what the client says is read and thrown away.

import { Heartbeat } from '../../wire/heartbeat.ts';
import type { Clock } from '../../wire/types.ts';
import type { Exchange } from '../http/exchange.ts';
import { NORMAL, acceptWebSocket, closeWebSocket, isHandshake } from '../http/web-socket.ts';
import type { WaitingJob } from './job.ts';
import { statusJson } from './status.ts';

/** Bytes of a message of the client, which has nothing to say. */
const MOST_OF_CLIENT = 1024;

/** Pings on end that a client may leave unanswered (RFC 6455 §5.5.2: it must not). */
const MOST_UNANSWERED = 3;

/**
 * One message is on its way at a time: who reads slowly is told the newest status next.
 * @param every milliseconds from one ping to the next
 */
export function tellBySocket(exchange: Exchange, job: WaitingJob, clock: Clock, every: number): void {
  if (!isHandshake(exchange)) return;
  const socket = acceptWebSocket(exchange, clock, MOST_OF_CLIENT);
  if (socket === null) return;
  let told = -1;
  let sending = false;
  const send = (): void => {
    if (sending) return;
    if (told === job.last) {
      leave();
      closeWebSocket(socket, clock, NORMAL, 'Everything was told.');
    } else if (told < job.version) {
      sending = true;
      told = job.version;
      // An error is the end of the connection, which `close` tells.
      socket.send(statusJson(job), () => {
        sending = false;
        if (socket.readyState === socket.OPEN) send();
      });
    }
  };
  const heartbeat = new Heartbeat({
    clock,
    every,
    most: MOST_UNANSWERED,
    ping: () => socket.ping(),
    lost: () => socket.terminate(),
  });
  const heard = (): void => heartbeat.heard();
  socket.on('ping', heard);
  socket.on('pong', heard);
  socket.on('message', heard);
  const unfollow = job.follow(send);
  const leave = (): void => {
    heartbeat.stop();
    unfollow();
  };
  socket.once('close', leave);
  send();
}
