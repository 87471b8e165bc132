// The WebSocket of an appender: what it says is appended, message by message. Answers nothing but what went wrong.

import type { WebSocket } from 'ws';
import type { Clock } from '../../wire/types.ts';
import { Heartbeat } from '../../wire/heartbeat.ts';
import { ServerError } from '../errors.ts';
import { Turn } from '../http/turn.ts';
import { closeWebSocket, INTERNAL } from '../http/web-socket.ts';
import { PING_EVERY, PINGS_UNANSWERED, shortReason } from './sockets.ts';
import type { Stream } from './stream.ts';

/** No close frame came: the connection broke (RFC 6455 §7.1.5). */
const ABNORMAL = 1006;

/** Appends what comes until the socket closes. The caller is its stream's appender already. @param left called once, then */
export function serveAppender(socket: WebSocket, stream: Stream, clock: Clock, left: () => void): void {
  let failed = false;
  const heartbeat = new Heartbeat({
    clock,
    every: PING_EVERY,
    most: PINGS_UNANSWERED,
    ping: () => socket.ping(),
    // Whoever is gone without a word must not keep others from the path.
    lost: () => socket.terminate(),
  });
  const heard = (): void => heartbeat.heard();
  const turn = new Turn();
  // The followers have theirs: who appends faster than anybody can read would lose them all.
  const giveWay = async (bytes: number): Promise<void> => {
    const others = turn.spend(bytes);
    if (others === undefined) return;
    socket.pause();
    await others;
    socket.resume();
  };
  socket.on('ping', heard);
  socket.on('pong', heard);
  socket.on('message', (data: Buffer, binary) => {
    heard();
    // What would follow a gap is not appended.
    if (failed) return;
    try {
      stream.append(data, binary);
      void giveWay(data.length);
    } catch (error) {
      failed = true;
      const why = error instanceof ServerError ? error.message : 'The test server failed.';
      closeWebSocket(socket, clock, INTERNAL, shortReason(why));
    }
  });
  socket.once('close', (code) => {
    heartbeat.stop();
    stream.leave(failed ? 'failed' : code === ABNORMAL ? 'cut' : 'left');
    left();
  });
}
