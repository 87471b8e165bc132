// The messages of a WebSocket, one direction of it: frames made into messages of the model. Compressed payloads are not
// opened: the bytes before them would be needed, and a window of them.

import { counted } from '../../counted.ts';
import { createFrameReader } from '../../websocket/frames.ts';
import { CloseCode, type FrameMessage, type FrameReader, READ_ON } from '../../websocket/frame-types.ts';
import { MessageType } from '../events.ts';
import { type JsonProgress, statusOf } from '../../fields/json-progress.ts';
import {
  GIST_BYTES,
  gistOf,
  gistOfProgress,
  type MessageReader,
  type MessageSink,
  TEXT_BYTES,
  textOf,
} from './message.ts';

export class WebSocketMessages implements MessageReader {
  readonly #frames: FrameReader;

  /** @param deflate permessage-deflate was agreed on */
  constructor(from: 'client' | 'server', deflate: boolean, sink: MessageSink) {
    // Progress is what the server tells.
    const keeps = from === 'server' ? TEXT_BYTES : GIST_BYTES;
    this.#frames = createFrameReader(
      {
        message: (message) => {
          const { type, start, end } = message;
          const progress = from === 'server' ? progressOf(message) : null;
          const says = progress === null ? gist(message) : gistOfProgress(progress);
          sink.message(MessageType[type], start, end, says);
          if (type === 'close') closed(message, sink);
          if (progress !== null) sink.progress(progress, end);
        },
        payload: (at, length) => sink.brings(at, length),
        violation: ({ code, at }) => {
          // Who only watches takes messages of any size.
          if (code === 'message-too-big') return;
          sink.breach(code, at);
          if (!READ_ON.has(code)) sink.failed('what came is no frame of a WebSocket');
        },
      },
      { from, deflate, keeps },
    );
  }

  feed(bytes: Uint8Array, from: number, to: number, at: number): void {
    this.#frames.feed(bytes, from, to, at);
  }

  chunk(): void {
    // There are no chunks behind a 101.
  }

  /** RFC 6455 §7.1.4: closed is what has been closed by a Close frame. */
  end(): boolean {
    return this.#frames.closed;
  }
}

/** RFC 6455 §7.1.4: the connection is closed, in this direction; §7.4.1: for which reason. */
function closed(message: FrameMessage, sink: MessageSink): void {
  const { code, end } = message;
  if (code !== null && code !== CloseCode.normal && code !== CloseCode.goingAway)
    sink.failed(`closed with ${gist(message)}`);
  sink.over(end);
}

function progressOf({ type, length, payload, compressed }: FrameMessage): JsonProgress | null {
  if (type !== 'text' || compressed || length > payload.length) return null;
  return statusOf(textOf(payload), false).progress;
}

function gist({ type, length, payload, compressed, code }: FrameMessage): string {
  if (compressed) return `${type} compressed ${counted(length, 'byte')}`;
  switch (type) {
    case 'binary':
      return counted(length, 'byte');
    case 'close':
      return code === null ? '' : `${code} ${gistOf(textOf(payload.subarray(2)))}`.trimEnd();
    case 'text':
    case 'ping':
    case 'pong':
      return gistOf(textOf(payload));
  }
}
