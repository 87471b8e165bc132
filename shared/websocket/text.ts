// How much of a stretch of bytes can be sent as a text message (RFC 6455 §5.6: a text message is whole characters of UTF-8).
// Changes no byte, and never cuts a character.

/** Bytes of the longest character of UTF-8, less one: what an unfinished one may have. */
const UNFINISHED = 3;

/**
 * Bytes from the start that are whole characters; up to three that only begin one are left over at the end. Null: it is no
 * UTF-8, whatever may follow.
 */
export function textLength(bytes: Uint8Array): number | null {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
  for (let at = bytes.length - 1; at >= Math.max(0, bytes.length - UNFINISHED); at--) {
    const byte = bytes[at]!;
    // 10xxxxxx goes on with a character, everything else begins one.
    if ((byte & 0xc0) === 0x80) continue;
    return at + lengthOfCharacter(byte) > bytes.length ? at : bytes.length;
  }
  return bytes.length;
}

/** RFC 3629 §3, by the first byte of a character. */
function lengthOfCharacter(first: number): number {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}
