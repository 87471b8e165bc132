// Bytes as they are copied and pasted: hex digits, or text. Pure.

import { PER_ROW } from './caret.ts';

/** `4a 4b 4c …`, sixteen a line. */
export function asHex(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += PER_ROW)
    lines.push(
      Array.from(bytes.subarray(at, at + PER_ROW), (byte) => byte.toString(16).padStart(2, '0')).join(' '),
    );
  return lines.join('\n');
}

/** UTF-8 where the bytes are, else a character a byte (ISO-8859-1). */
export function asText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  }
}

/** Reads hex digits in pairs, with blanks, commas, colons or `0x` between them. Null for anything else. */
export function readHex(text: string): Uint8Array<ArrayBuffer> | null {
  const digits = text.replaceAll(/0x|[\s,:]/gi, '');
  if (digits.length === 0 || digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) return null;
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16),
  );
}
