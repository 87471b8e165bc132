// What the two kinds of WebSocket on a stream have in common.

/** sourcegraph/httpfstream: milliseconds from ping to ping. */
export const PING_EVERY = 3_000;
/** So that a peer may be silent for half a minute. */
export const PINGS_UNANSWERED = 10;

/** RFC 6455 §5.5: what a control frame may carry, less the two bytes of the code. */
const REASON_BYTES = 123;

/** A reason that fits into a close frame: whole characters of as many bytes as it has room for. */
export function shortReason(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= REASON_BYTES) return text;
  let end = REASON_BYTES;
  // 10xxxxxx goes on with a character.
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
