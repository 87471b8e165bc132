// Bytes as text that can be typed and read: a line break is CRLF, `\n` `\r` `\t` `\xNN` are those bytes alone, `\\` is a
// backslash, all else is UTF-8. Every sequence of bytes has such a text, and the text tells its bytes back. Pure.

export interface RawBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** For each byte the character of the text that it comes from; one more for the end. */
  readonly places: Uint32Array;
  /** The first escape that is none, and where it begins in the text; null: all are. */
  readonly problem: { readonly at: number; readonly sentence: string } | null;
}

const CR = 13;
const LF = 10;
const ESCAPES: Readonly<Record<string, number>> = { n: LF, r: CR, t: 9, '\\': 0x5c, '0': 0 };
const encoder = new TextEncoder();

export function readRaw(text: string): RawBytes {
  // A character is three bytes of UTF-8 at most, or a half of four.
  const bytes = new Uint8Array(text.length * 3);
  const places = new Uint32Array(text.length * 3 + 1);
  let length = 0;
  let problem: RawBytes['problem'] = null;
  const put = (byte: number, place: number): void => {
    bytes[length] = byte;
    places[length++] = place;
  };
  for (let at = 0; at < text.length;) {
    const character = text[at]!;
    if (character === '\n' || character === '\r') {
      put(CR, at);
      put(LF, at);
      at += character === '\r' && text[at + 1] === '\n' ? 2 : 1;
    } else if (character === '\\') {
      const hex = /^x([0-9a-f]{2})/i.exec(text.slice(at + 1, at + 4))?.[1];
      const known = ESCAPES[text[at + 1] ?? ''];
      if (hex !== undefined) put(Number.parseInt(hex, 16), at);
      else put(known ?? 0x5c, at);
      if (hex === undefined && known === undefined)
        problem ??= {
          at,
          sentence:
            'A backslash begins \\r, \\n, \\t, \\0, \\xNN or \\\\: write \\\\ for the backslash itself.',
        };
      at += hex === undefined ? (known === undefined ? 1 : 2) : 4;
    } else {
      const whole = String.fromCodePoint(text.codePointAt(at)!);
      for (const byte of encoder.encode(whole)) put(byte, at);
      at += whole.length;
    }
  }
  places[length] = text.length;
  return { bytes: bytes.slice(0, length), places: places.slice(0, length + 1), problem };
}

/** The text of bytes: what is no UTF-8, and every control but CRLF, as an escape. */
export function writeRaw(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at]!;
    if (byte === CR && bytes[at + 1] === LF) {
      text += '\n';
      at += 2;
      continue;
    }
    const character = byte < 0x80 ? null : characterAt(bytes, at);
    if (character !== null) {
      text += character;
      at += encoder.encode(character).length;
      continue;
    }
    text += written(byte);
    at++;
  }
  return text;
}

function written(byte: number): string {
  if (byte === CR) return '\\r';
  if (byte === LF) return '\\n';
  if (byte === 9) return '\\t';
  if (byte === 0x5c) return '\\\\';
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The character beyond ASCII whose UTF-8 begins there and can be seen; null: there is none. */
function characterAt(bytes: Uint8Array, at: number): string | null {
  const first = bytes[at]!;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  try {
    const character = decoder.decode(bytes.subarray(at, at + length));
    return /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character) ? character : null;
  } catch {
    return null;
  }
}
