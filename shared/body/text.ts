// Content as text, by its charset (RFC 9110 §8.3.2), and whether it is any. Never hides that characters were replaced.

import { parameterOf } from '../fields/media-type.ts';

export interface DecodedText {
  readonly text: string;
  /** `utf-8`, as it is spelt where it was said. */
  readonly charset: string;
  /** The charset that was said is unknown, so another one was taken. */
  readonly unknown: string | null;
  /** Some bytes are no characters of it, and stand as U+FFFD. */
  readonly replaced: boolean;
}

/** @param whole false: more follows, so a character that is cut at the end is left out */
export function decodeText(bytes: Uint8Array, contentType: string, whole: boolean): DecodedText {
  const said = parameterOf(contentType, 'charset');
  const wanted = said === null || said === '' ? 'utf-8' : said;
  const unknown = isKnown(wanted) ? null : wanted;
  const charset = unknown === null ? wanted : 'utf-8';
  try {
    const text = new TextDecoder(charset, { fatal: true }).decode(bytes, { stream: !whole });
    return { text, charset, unknown, replaced: false };
  } catch {
    const text = new TextDecoder(charset).decode(bytes, { stream: !whole });
    return { text, charset, unknown, replaced: true };
  }
}

/** Whether the platform has a decoder of that label. */
function isKnown(charset: string): boolean {
  try {
    return new TextDecoder(charset) instanceof TextDecoder;
  } catch {
    return false;
  }
}

/** UTF-8 without the control characters that no text has. A character that is cut at the end does not count. */
export function isText(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte < 0x20 && !PLAIN_CONTROLS.has(byte)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** BS is none of them; HTAB, LF, FF, CR and ESC are. */
const PLAIN_CONTROLS = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);
