// /streams/PATH: append and follow (sourcegraph/httpfstream). A file that one client appends to over a WebSocket, and that
// others read at the same time: over WebSockets while it grows, as a plain response otherwise.

import { textLength } from '../../../shared/websocket/text.ts';
import type { ContentSource } from '../uploads/content-store.ts';
import { ServerError } from '../errors.ts';
import type { Exchange } from '../http/exchange.ts';
import { fileName, NAME_RULE } from '../files/names.ts';
import { refuse, refuseStorage } from '../http/refuse.ts';
import { respond } from '../http/respond.ts';
import type { Route, ServerCore } from '../router.ts';
import { serveAppender } from '../streams/appender.ts';
import { serveFollower } from '../streams/following.ts';
import type { Stream } from '../streams/stream.ts';
import { acceptWebSocket, asksForWebSocket, isHandshake } from '../http/web-socket.ts';

/** Bytes of one message of an appender; a follower's carry nothing, and may be as long. */
const MESSAGE_LIMIT = 1024 * 1024;
/** Bytes that are looked at to say whether a stream is text. */
const LOOKED_AT = 64 * 1024;

export function streamsRoute(core: ServerCore): Route {
  return {
    path: /^\/streams\/(.+)$/s,
    allow: 'GET, DELETE',
    index: [
      '  interim append http://HOST/streams/NAME      (lines of standard input)',
      '  interim follow http://HOST/streams/NAME',
    ],
    answer: (exchange, [path = '']) => {
      const name = fileName(path);
      const appends = verbOf(exchange) === 'APPEND';
      if (name === null) {
        refuse(exchange, appends ? 400 : 404, `There can be no such stream. ${NAME_RULE}`);
        return;
      }
      try {
        if (exchange.method === 'DELETE') remove(exchange, core, name);
        else if (appends) append(exchange, core, name);
        else follow(exchange, core, name);
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
        refuseStorage(exchange, error);
      }
    },
  };
}

/** The field counts before the query. */
function verbOf(exchange: Exchange): string | null {
  return exchange.field('X-Verb') ?? new URLSearchParams(exchange.query).get('verb');
}

function append(exchange: Exchange, core: ServerCore, name: string): void {
  if (!isHandshake(exchange)) return;
  const stream = core.streams.enter(name);
  const leave = (): void => core.streams.leave(stream);
  if (stream.appended) {
    leave();
    refuse(exchange, 403, 'Somebody appends to this stream now: follow it, or try again later.');
    return;
  }
  try {
    stream.begin();
  } catch (error) {
    leave();
    throw error;
  }
  const socket = acceptWebSocket(exchange, core.clock, MESSAGE_LIMIT);
  if (socket !== null) serveAppender(socket, stream, core.clock, leave);
  else {
    stream.leave('cut');
    leave();
  }
}

function remove(exchange: Exchange, core: ServerCore, name: string): void {
  const stream = core.streams.enter(name);
  try {
    if (stream.length === null) refuse(exchange, 404, 'Nobody has ever appended to this stream.');
    else if (core.streams.remove(stream))
      void exchange.final({ status: 204, fields: [], content: new Uint8Array(0) });
    else
      refuse(exchange, 409, 'Somebody appends to this stream or follows it now: wait for their end.', [
        ['Retry-After', '1'],
      ]);
  } finally {
    core.streams.leave(stream);
  }
}

function follow(exchange: Exchange, core: ServerCore, name: string): void {
  const stream = core.streams.enter(name);
  const leave = (): void => core.streams.leave(stream);
  if (stream.appended && asksForWebSocket(exchange)) {
    const socket = isHandshake(exchange) ? acceptWebSocket(exchange, core.clock, MESSAGE_LIMIT) : null;
    if (socket === null) leave();
    else serveFollower(socket, stream, { clock: core.clock, limit: core.followerLag }, leave);
    return;
  }
  exchange.whenOver(leave);
  const { length } = stream;
  if (length === null) {
    refuse(exchange, 404, 'Nobody has ever appended to this stream.');
    return;
  }
  respond(exchange, {
    status: 200,
    fields: [
      ['Content-Type', typeOf(stream, length)],
      ['Cache-Control', 'no-store'],
    ],
    content: contentOf(stream, length),
  });
}

/** What there is now, however much is appended meanwhile. */
function contentOf(stream: Stream, length: number): ContentSource {
  return { length, read: (from, to) => stream.file.read(from, to) };
}

function typeOf(stream: Stream, length: number): string {
  const begin = stream.file.read(0, Math.min(length, LOOKED_AT));
  return begin === null || textLength(begin) === null
    ? 'application/octet-stream'
    : 'text/plain; charset=utf-8';
}
