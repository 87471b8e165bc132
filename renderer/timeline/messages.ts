// What a message of a stream is called and how it is drawn: a WebSocket message, a server-sent event, a heartbeat. Pure; the
// same words on the timeline, in the table and in the inspector.

import { MESSAGE_OF_CLIENT, MESSAGE_RECEIVED, MESSAGE_TYPE, MessageType } from '../../shared/model/events.ts';
import type { Uint32List } from '../../shared/model/growable.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Ink } from './palette.ts';

const NAMES: Readonly<Record<MessageType, string>> = {
  [MessageType.text]: 'text message',
  [MessageType.binary]: 'binary message',
  [MessageType.close]: 'close',
  [MessageType.ping]: 'ping',
  [MessageType.pong]: 'pong',
  [MessageType.event]: 'event',
  [MessageType.comment]: 'comment',
  [MessageType.heartbeat]: 'heartbeat',
};

/** What a message says, rather than that somebody is still there. */
const SAYING: ReadonlySet<number> = new Set([MessageType.text, MessageType.binary, MessageType.event]);

function typeOf(code: number): MessageType {
  return (code & MESSAGE_TYPE) as MessageType;
}

/** `text message`, `ping`, `event` … by the `code` of its row. */
export function messageName(code: number): string {
  return NAMES[typeOf(code)] ?? 'message';
}

/** `Server-sent event`, `WebSocket ping`: where it stands alone. */
export function messageTitle(code: number): string {
  switch (typeOf(code)) {
    case MessageType.event:
    case MessageType.comment:
      return `Server-sent ${messageName(code)}`;
    case MessageType.heartbeat:
      return 'Heartbeat';
    default:
      return `WebSocket ${messageName(code)}`;
  }
}

export function isOfClient(code: number): boolean {
  return (code & MESSAGE_OF_CLIENT) !== 0;
}

/** Whether the row is of the client's end: written by it, or read. */
export function isAtClient(code: number): boolean {
  return isOfClient(code) !== ((code & MESSAGE_RECEIVED) !== 0);
}

/** Drawn full; others only keep the connection, or end it. */
export function saysSomething(code: number): boolean {
  return SAYING.has(typeOf(code));
}

/** The colour of the bar that it lies in; a close is the end of something. */
export function messageInk(code: number): Ink {
  if (typeOf(code) === MessageType.close) return 'text3';
  return isOfClient(code) ? 'request' : 'final';
}

/** What stands beside its mark: what it says, or what it is. */
export function messageLabel(code: number, gist: string): string {
  return saysSomething(code) && gist !== '' ? gist : `${messageName(code)} ${gist}`.trimEnd();
}

/** How many of an exchange's messages had come or gone by `time`. */
export function messagesBy(model: Model, { values, length }: Uint32List, time: number): number {
  const times = model.events.columns.time;
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[values[middle]!]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
