// The WebSocket of a follower: pinged while it listens, closed in good order when the appender leaves. What it says itself is
// of no account.

import type { WebSocket } from 'ws';
import type { Clock } from '../../wire/types.ts';
import { Heartbeat } from '../../wire/heartbeat.ts';
import { Turn } from '../http/turn.ts';
import { closeWebSocket, INTERNAL, NORMAL, TRY_AGAIN } from '../http/web-socket.ts';
import { Follower } from './follower.ts';
import { PING_EVERY, PINGS_UNANSWERED } from './sockets.ts';
import type { Departure, Stream } from './stream.ts';

/** RFC 6455 §7.4.1: the purpose was fulfilled, whatever became of the appender; the reason says it. */
const REASONS: Readonly<Record<Departure, string>> = {
  left: 'The appender has left.',
  cut: 'The appender was cut off: this is all that had arrived.',
  failed: 'The server could not store what the appender said last: this is all that is stored.',
};

/** Follows until the socket closes. @param limit bytes of appends that it may be behind @param left called once, then */
export function serveFollower(
  socket: WebSocket,
  stream: Stream,
  { clock, limit }: { readonly clock: Clock; readonly limit: number },
  left: () => void,
): void {
  const heartbeat = new Heartbeat({
    clock,
    every: PING_EVERY,
    most: PINGS_UNANSWERED,
    ping: () => socket.ping(),
    lost: () => socket.terminate(),
  });
  const turn = new Turn();
  const send = async (bytes: Uint8Array, binary: boolean, done: () => void): Promise<void> => {
    // An error is followed by `close`.
    if (!(await handedOver(socket, bytes, binary))) return;
    // Who takes all at once must not keep the others from their answers.
    await turn.spend(bytes.length);
    done();
  };
  const close = (code: number, reason: string): void => {
    stream.unfollow(follower);
    closeWebSocket(socket, clock, code, reason);
  };
  const follower: Follower = new Follower(stream, {
    limit,
    send: (bytes, binary, done) => void send(bytes, binary, done),
    ended: (how) => close(NORMAL, REASONS[how]),
    // It may come back: whatever it has missed is in the file.
    tooSlow: () => close(TRY_AGAIN, `More than ${limit} bytes behind: read faster, or come again.`),
    failed: () => close(INTERNAL, 'The test server can no longer read the stream.'),
  });
  const heard = (): void => heartbeat.heard();
  socket.on('ping', heard);
  socket.on('pong', heard);
  socket.on('message', heard);
  socket.once('close', () => {
    heartbeat.stop();
    follower.stop();
    stream.unfollow(follower);
    left();
  });
  stream.follow(follower);
  follower.start();
}

/** Sends a message. Resolves whether the kernel has it. */
function handedOver(socket: WebSocket, bytes: Uint8Array, binary: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    socket.send(bytes, { binary }, (error) => resolve(!error));
  });
}
