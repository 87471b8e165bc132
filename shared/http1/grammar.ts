// The character classes of HTTP/1.1 as lookup tables, and comparisons of bytes with names.
// Never decodes text: a byte is looked up, not turned into a string.

export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const COLON = 0x3a;

function table(member: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (member(byte) ? 1 : 0));
}

const TOKEN_CHARS = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** tchar: RFC 9110 §5.6.2. */
export const TOKEN = table((byte) => TOKEN_CHARS.includes(String.fromCharCode(byte)));

/** HTAB, SP and VCHAR: what a field value or a reason may hold beside obs-text (RFC 9110 §5.5, RFC 9112 §4). */
export const TEXT = table((byte) => byte === HTAB || (byte >= SP && byte <= 0x7e));

/** VCHAR: what a request target may hold here; its inner grammar is the server's business (RFC 9112 §3.2). */
export const VISIBLE = table((byte) => byte > SP && byte <= 0x7e);

const HIGH_BITS = 0x80808080 | 0;

/** Index, 0 … 3, of the lowest byte whose high bit is set. @param mask not 0, only high bits */
function lowestByte(mask: number): number {
  return (31 - Math.clz32(mask & -mask)) >> 3;
}

/**
 * Index of the first byte from `from` that is not SP … `~`, or `to`. Looks at four bytes at once: subtracting 0x20
 * from each sets the high bit of those below, adding 1 that of DEL, and obs-text has it set already. Only the lowest
 * of the bits is exact, because of the borrow; it is the one that counts.
 * @param words a view of the same bytes
 */
export function skipPrintable(bytes: Uint8Array, words: DataView, from: number, to: number): number {
  let i = from;
  while (i + 4 <= to) {
    const word = words.getInt32(i, true);
    const mask = ((word - 0x20202020) | (word + 0x01010101) | word) & HIGH_BITS;
    if (mask !== 0) return i + lowestByte(mask);
    i += 4;
  }
  while (i < to && bytes[i]! >= SP && bytes[i]! <= 0x7e) i++;
  return i;
}

/** Index of the first byte from `from` that is no tchar, or `to`. Four letters are taken at once, as above. */
export function skipToken(bytes: Uint8Array, words: DataView, from: number, to: number): number {
  let i = from;
  while (i + 4 <= to) {
    const word = words.getInt32(i, true);
    const lower = word | 0x20202020;
    const mask = ((lower - 0x61616161) | (lower + 0x05050505) | word) & HIGH_BITS;
    if (mask === 0) i += 4;
    else {
      i += lowestByte(mask);
      if (TOKEN[bytes[i]!] !== 1) return i;
      i++;
    }
  }
  while (i < to && TOKEN[bytes[i]!] === 1) i++;
  return i;
}

/** Value of a hex digit, −1 for any other byte. */
export const HEX = Int8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
});

/** ASCII in lower case, other bytes as they are. */
const LOWER = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte,
);

/** Whether bytes[from … to) are `name`, in any case. @param name in lower case, ASCII */
export function matches(bytes: Uint8Array, from: number, to: number, name: string): boolean {
  if (to - from !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (LOWER[bytes[from + i]!] !== name.charCodeAt(i)) return false;
  return true;
}

/** Whether bytes[from … to) are exactly `text` (ISO-8859-1). */
export function equals(bytes: Uint8Array, from: number, to: number, text: string): boolean {
  if (to - from !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[from + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** SP, HTAB, and the CR and LF that an obs-fold leaves within a value. */
export function isBlank(byte: number): boolean {
  return byte === SP || byte === HTAB || byte === CR || byte === LF;
}

const AT_ONCE = 4096;

/** bytes[from … to) as ISO-8859-1 text: every byte is the code point of that number. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  if (to - from <= AT_ONCE)
    return String.fromCharCode.apply(null, bytes.subarray(from, to) as unknown as number[]);
  let text = '';
  for (let i = from; i < to; i += AT_ONCE) text += latin1(bytes, i, Math.min(to, i + AT_ONCE));
  return text;
}

/** RFC 9112 §5.2: every run of obs-folds in a value is replaced by one SP. */
export function unfold(value: string): string {
  return value.replaceAll(/(?:[ \t]*\r?\n[ \t]+)+/g, ' ');
}
