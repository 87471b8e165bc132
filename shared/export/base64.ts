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
