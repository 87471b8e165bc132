// Messages of WebSockets and event streams as Chrome writes them into a HAR: `_webSocketMessages`, `_eventSourceMessages`.
// What was counted and not kept is left out; it must never tell of a message that nobody sent.

import { createParser } from 'eventsource-parser';
import { MESSAGE_OF_CLIENT, MESSAGE_TYPE, MessageType } from '../model/events.ts';
import type { Exchange, Model } from '../model/model.ts';
import { createFrameReader } from '../websocket/frames.ts';
import { Opcode } from '../websocket/frame-types.ts';
import { base64 } from './base64.ts';
import { asText, type Message, type ReadBytes } from './message.ts';

/** Messages of one exchange that are written out, the first ones. */
const MESSAGES = 10_000;
/** Bytes of one WebSocket message that are written out. */
const MESSAGE_BYTES = 64 * 1024;

export interface HarWebSocketMessage {
  readonly type: 'send' | 'receive';
  /** Seconds since 1970. */
  readonly time: number;
  readonly opcode: number;
  /** Text; anything else, and what is compressed, in Base64. */
  readonly data: string;
}

export interface HarEventSourceMessage {
  /** Seconds since 1970. */
  readonly time: number;
  readonly eventName: string;
  readonly eventId: string;
  readonly data: string;
}

const OPCODES: Partial<Record<MessageType, number>> = {
  [MessageType.text]: Opcode.text,
  [MessageType.binary]: Opcode.binary,
  [MessageType.close]: Opcode.close,
  [MessageType.ping]: Opcode.ping,
  [MessageType.pong]: Opcode.pong,
};

/** What an exchange's messages are, by the first of them; null: it has none that a HAR has a place for. */
export function streamOfMessages({ events }: Model, { messages }: Exchange): 'frames' | 'events' | null {
  for (let i = 0; i < Math.min(messages.length, MESSAGES); i++) {
    const type = (events.columns.code[messages.values[i]!]! & MESSAGE_TYPE) as MessageType;
    if (OPCODES[type] !== undefined) return 'frames';
    if (type === MessageType.event || type === MessageType.comment) return 'events';
  }
  return null;
}

/**
 * The messages of a WebSocket, read from the bytes of the wire.
 * @param startedAt milliseconds since 1970 @param budget bytes that may still be written, shared with others
 */
export async function webSocketMessages(
  model: Model,
  exchange: Exchange,
  read: ReadBytes,
  startedAt: number,
  budget: { left: number },
): Promise<HarWebSocketMessage[]> {
  const { columns } = model.events;
  const found: HarWebSocketMessage[] = [];
  for (let i = 0; i < Math.min(exchange.messages.length, MESSAGES) && budget.left > 0; i++) {
    const row = exchange.messages.values[i]!;
    const code = columns.code[row]!;
    const byClient = (code & MESSAGE_OF_CLIENT) !== 0;
    const place = { connection: exchange.connection, start: columns.a[row]!, end: columns.b[row]! };
    const data = await dataOf(read, place, byClient);
    if (data === null) continue;
    budget.left -= data.length;
    found.push({
      type: byClient ? 'send' : 'receive',
      time: startedAt / 1e3 + columns.time[row]! / 1e9,
      opcode: OPCODES[(code & MESSAGE_TYPE) as MessageType] ?? Opcode.binary,
      data,
    });
  }
  return found;
}

/** The payload of the message that lies there; null: its bytes were not kept. */
async function dataOf(
  read: ReadBytes,
  { connection, start, end }: { connection: number; start: number; end: number },
  byClient: boolean,
): Promise<string | null> {
  let data: string | null = null;
  const reader = createFrameReader(
    {
      message: ({ type, payload, compressed, start: at }) => {
        // Control frames may lie between its frames.
        if (at !== start) return;
        const text =
          type === 'binary' || compressed ? null : asText(type === 'close' ? payload.subarray(2) : payload);
        data = text ?? base64(payload);
      },
      violation: () => undefined,
    },
    { from: byClient ? 'client' : 'server', deflate: true, keeps: MESSAGE_BYTES },
  );
  for (let at = start; at < end;) {
    const { bytes, kept } = await read(
      connection,
      byClient ? 'request' : 'response',
      at,
      Math.min(end, at + MESSAGE_BYTES),
    );
    if (!kept || bytes.length === 0) return null;
    reader.feed(bytes, 0, bytes.length, at);
    at += bytes.length;
  }
  return data;
}

/** The events of a stream, as far as its content is there. @param startedAt milliseconds since 1970 */
export function eventSourceMessages(
  { events: { columns } }: Model,
  { messages }: Exchange,
  { content }: Message,
  startedAt: number,
): HarEventSourceMessage[] {
  const rows = Array.from(messages.values.subarray(0, Math.min(messages.length, MESSAGES))).filter(
    (row) => (columns.code[row]! & MESSAGE_TYPE) === MessageType.event,
  );
  const found: HarEventSourceMessage[] = [];
  const parser = createParser({
    onEvent: ({ event, id, data }) => {
      const row = rows[found.length];
      if (row === undefined) return;
      found.push({
        time: startedAt / 1e3 + columns.time[row]! / 1e9,
        eventName: event ?? 'message',
        eventId: id ?? '',
        data,
      });
    },
  });
  parser.feed(new TextDecoder().decode(content));
  return found;
}
