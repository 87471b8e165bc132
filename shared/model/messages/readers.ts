// Which reader the messages of a response need: by its status, its type and its framing. Decides by heads alone.

import type { Head } from '../../http1/types.ts';
import type { Running } from '../running.ts';
import { ContentMessages } from './content.ts';
import { EventStreamMessages } from './event-stream.ts';
import type { MessageReader, MessageSink } from './message.ts';
import { WebSocketMessages } from './web-socket.ts';

/** What reads the messages in the content of a final response. Null: there is nothing to be told of it. */
export function contentReader(
  { method, role }: Pick<Running, 'method' | 'role'>,
  head: Head,
  type: string | null,
  sink: MessageSink,
): MessageReader | null {
  if (head.framing === 'none' || (head.framing === 'content-length' && type === null)) return null;
  const media = type === null ? '' : mediaTypeOf(type);
  const isJson = (method === 'GET' || method === 'POST') && /^application\/(?:.*\+)?json$/.test(media);
  const heartbeats = head.framing === 'chunked';
  if (!isJson && !heartbeats && media !== EVENT_STREAM) return null;
  // Coded content is not opened.
  if (head.status >= 400 || isCoded(head)) return null;
  if (media === EVENT_STREAM) return new EventStreamMessages(sink);
  const json = !isJson ? 'none' : role === 'status' || head.status === 202 ? 'status' : 'json';
  return new ContentMessages({ heartbeats, json }, sink);
}

const EVENT_STREAM = 'text/event-stream';

/** Whether a response is a stream of server-sent events. */
export function isEventStream(type: string | null): boolean {
  return type !== null && mediaTypeOf(type) === EVENT_STREAM;
}

/** What reads behind a response that ends HTTP: by direction. Null: it is no WebSocket. */
export function tunnelReader(
  head: Head,
  from: 'client' | 'server',
): ((sink: MessageSink) => MessageReader) | null {
  if (head.status !== 101 || !/(?:^|[,\s])websocket\s*(?:,|$)/i.test(head.field('upgrade') ?? ''))
    return null;
  const deflate = /(?:^|[,\s])permessage-deflate\s*(?:[;,]|$)/i.test(
    head.field('sec-websocket-extensions') ?? '',
  );
  return (sink) => new WebSocketMessages(from, deflate, sink);
}

function mediaTypeOf(type: string): string {
  return type.split(';', 1)[0]!.trim().toLowerCase();
}

function isCoded(head: Head): boolean {
  const coding = head.field('content-encoding')?.trim().toLowerCase() ?? '';
  return coding !== '' && coding !== 'identity';
}
