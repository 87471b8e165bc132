// A message of a stream in full, as text for reading: unmasked, out of its chunks, JSON set out. Pure.

import { createFrameReader } from '../../shared/websocket/frames.ts';
import { MESSAGE_TYPE, MessageType } from '../../shared/model/events.ts';
import { count } from '../timeline/format.ts';
import { isOfClient } from '../timeline/messages.ts';

/** Bytes of a message that are shown at most. */
export const WHOLE = 256 * 1024;
/** Bytes of what is no text. */
const LISTED = 512;

/** @param bytes of the message as they went over the wire, from its first one on; `code` of its row */
export function wholeMessage(bytes: Uint8Array, code: number): string {
  switch (code & MESSAGE_TYPE) {
    case MessageType.event:
    case MessageType.comment:
    case MessageType.heartbeat:
      return eventLines(new TextDecoder().decode(bytes));
    default:
      return framePayload(bytes, code);
  }
}

/** The lines of an event. Where a chunk begins within it, its size is no part of it (RFC 9112 §7.1). */
function eventLines(text: string): string {
  return text.replaceAll(/\r\n[0-9a-f]+(?:;[^\r\n]*)?\r\n/gi, '').trimEnd();
}

function framePayload(bytes: Uint8Array, code: number): string {
  let text = '';
  const reader = createFrameReader(
    {
      message: ({ type, payload, length, code: close, compressed }) => {
        const more = length > payload.length ? `\n… ${count(length - payload.length)} bytes more` : '';
        if (compressed) text = `Compressed (permessage-deflate): ${hex(payload)}`;
        else if (type === 'close') text = close === null ? 'No code.' : closeText(close, payload);
        else if (type === 'text') text = setOut(new TextDecoder().decode(payload)) + more;
        else text = payload.length === 0 ? 'Nothing.' : hex(payload);
      },
      violation: () => undefined,
    },
    { from: isOfClient(code) ? 'client' : 'server', deflate: true, keeps: WHOLE },
  );
  reader.feed(bytes, 0, bytes.length, 0);
  return text === '' ? 'Nothing.' : text;
}

/** RFC 6455 §5.5.1: two bytes of a code, then a reason. */
function closeText(code: number, payload: Uint8Array): string {
  return `${code} ${new TextDecoder().decode(payload.subarray(2))}`.trimEnd();
}

function setOut(text: string): string {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function hex(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, LISTED), (byte) => byte.toString(16).padStart(2, '0'));
  const lines: string[] = [];
  for (let at = 0; at < shown.length; at += 16) lines.push(shown.slice(at, at + 16).join(' '));
  return lines.join('\n') + (bytes.length > LISTED ? `\n… ${count(bytes.length - LISTED)} bytes more` : '');
}
