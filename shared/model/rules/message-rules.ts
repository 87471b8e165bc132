// The rules of messages: frames of a WebSocket, whose breach the frame reader finds (shared/websocket), and streams of
// events. Only the list, and what heads are asked for.

import type { FrameViolationCode } from '../../websocket/frame-types.ts';
import { type Rule, rule } from './rule.ts';

/** What ends the reading of frames is an error; a mask that is missing, or too much, ends the connection as well. */
export const FRAME_RULES: Readonly<Record<Exclude<FrameViolationCode, 'message-too-big'>, Rule>> = {
  'unmasked-client-frame': rule('error', 'RFC 6455 §5.1', 'A frame of the client is not masked.'),
  'masked-server-frame': rule('error', 'RFC 6455 §5.1', 'A frame of the server is masked.'),
  'frame-length-not-minimal': rule(
    'warning',
    'RFC 6455 §5.2',
    'The length of a frame is written in more bytes than it needs.',
  ),
  'reserved-frame-bit': rule('error', 'RFC 6455 §5.2', 'A frame has a reserved bit that nobody agreed on.'),
  'unknown-frame-opcode': rule('error', 'RFC 6455 §5.2', 'A frame has an opcode that is none.'),
  'control-frame-too-long': rule('error', 'RFC 6455 §5.5', 'A control frame holds more than 125 bytes.'),
  'control-frame-fragmented': rule(
    'error',
    'RFC 6455 §5.5',
    'A control frame is not the last of its message.',
  ),
  'continuation-without-start': rule(
    'error',
    'RFC 6455 §5.4',
    'A frame goes on with a message that has not begun.',
  ),
  'message-within-message': rule(
    'error',
    'RFC 6455 §5.4',
    'A message begins before the one before it is over.',
  ),
  'frame-too-long': rule('error', 'RFC 6455 §5.2', 'The length of a frame is beyond 2^53 − 1.'),
  'malformed-close': rule('error', 'RFC 6455 §5.5.1', 'A Close frame holds one byte: less than a code.'),
  'invalid-close-code': rule('error', 'RFC 6455 §7.4', 'A Close frame has a code that none may have.'),
  'text-not-utf-8': rule(
    'error',
    'RFC 6455 §8.1',
    'A text message, or the reason of a Close frame, is not UTF-8.',
  ),
  'frame-after-close': rule('error', 'RFC 6455 §5.5.1', 'A frame follows the Close frame.'),
};

/** Told of the head behind which messages come. */
export const STREAM_RULES = {
  'websocket-accept-differs': rule(
    'error',
    'RFC 6455 §4.2.2',
    'Sec-WebSocket-Accept is not what is made of the client’s key.',
  ),
  'event-stream-status': rule(
    'info',
    'HTML §9.2',
    'A stream of events comes with another status than 200: an EventSource does not take it.',
  ),
  'event-stream-cacheable': rule(
    'info',
    'HTML §9.2',
    'A stream of events does not say that caches must not answer for it.',
  ),
} as const;
