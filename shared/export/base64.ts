// Base64 (RFC 4648 §4) without Node and without the DOM. It must never be used for text.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const rest = bytes.length - i;
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text +=
      ALPHABET[word >>> 18]! +
      ALPHABET[(word >>> 12) & 63]! +
      (rest > 1 ? ALPHABET[(word >>> 6) & 63]! : '=') +
      (rest > 2 ? ALPHABET[word & 63]! : '=');
    if (text.length >= 8192) {
      parts.push(text);
      text = '';
    }
  }
  return parts.join('') + text;
}

const VALUES = new Map(Array.from(ALPHABET, (character, value) => [character, value]));

/** The bytes of a text in Base64, with its padding; null for any other text. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let word = 0;
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    const value = index < text.length - padding ? VALUES.get(text.charAt(index)) : 0;
    if (value === undefined) return null;
    word = (word << 6) | value;
    if (index % 4 !== 3) continue;
    for (const shift of [16, 8, 0]) if (at < bytes.length) bytes[at++] = (word >>> shift) & 0xff;
    word = 0;
  }
  return bytes;
}
