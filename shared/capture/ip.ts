// IP addresses between their text and their bytes, and the Internet checksum.
// It must never resolve a name: what is no address has no bytes.

/** The 4 or 16 bytes of an address in text form, or null. A zone (`%eth0`) is left out: it means nothing elsewhere. */
export function parseAddress(text: string): Uint8Array | null {
  const zone = text.indexOf('%');
  const address = zone === -1 ? text : text.slice(0, zone);
  return address.includes(':') ? parseIPv6(address) : parseIPv4(address);
}

function parseIPv4(text: string): Uint8Array | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  const bytes = new Uint8Array(4);
  for (let i = 0; i < 4; i++) {
    const part = parts[i]!;
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return null;
    bytes[i] = Number(part);
  }
  return bytes;
}

function parseIPv6(text: string): Uint8Array | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map(groups);
  if (head === null || tail === null || head === undefined) return null;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const words = [...head, ...Array<number>(missing).fill(0), ...(tail ?? [])];
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 8; i++) {
    bytes[2 * i] = words[i]! >>> 8;
    bytes[2 * i + 1] = words[i]! & 0xff;
  }
  return bytes;
}

/** The 16-bit groups of one half of an IPv6 address; its end may be written as IPv4. */
function groups(half: string): number[] | null {
  if (half === '') return [];
  const parts = half.split(':');
  const words: number[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (i === parts.length - 1 && part.includes('.')) {
      const bytes = parseIPv4(part);
      if (bytes === null) return null;
      words.push((bytes[0]! << 8) | bytes[1]!, (bytes[2]! << 8) | bytes[3]!);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) words.push(Number.parseInt(part, 16));
    else return null;
  }
  return words;
}

/** The text of an address of 4 or 16 bytes, as RFC 5952 writes it. */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const words = Array.from({ length: 8 }, (_, i) => (bytes[2 * i]! << 8) | bytes[2 * i + 1]!);
  // RFC 5952 §5: the well-known prefix of mapped IPv4 addresses keeps their dotted form.
  if (words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff)
    return `::ffff:${bytes.subarray(12).join('.')}`;
  // RFC 5952 §4.2: the longest run of two zeros or more is left out, the first one if several are as long.
  let first = -1;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && words[end] === 0) end++;
    if (end - i > longest) {
      first = i;
      longest = end - i;
    }
  }
  const hex = (part: number[]): string => part.map((word) => word.toString(16)).join(':');
  if (first === -1) return hex(words);
  return `${hex(words.slice(0, first))}::${hex(words.slice(first + longest))}`;
}

const LITTLE = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/**
 * The sum of a block's 16-bit words, high byte first, for the Internet checksum (RFC 1071); not yet folded.
 * @param words the block's buffer as 32-bit words of this machine
 * @param first its first word
 * @param count how many; 16,384 at most, or the sums could overflow
 */
export function sumWords(words: Int32Array, first: number, count: number): number {
  // Both halves of each word are summed with one shift and two additions: `all` counts the low halves and the
  // high ones times 65,536, modulo 2³²; what the high ones add is known exactly, so it can be taken off again.
  let all = 0;
  let high = 0;
  let i = first;
  for (const end = first + count - 3; i < end; i += 4) {
    const a = words[i]!;
    const b = words[i + 1]!;
    const c = words[i + 2]!;
    const d = words[i + 3]!;
    all = (all + a + b + c + d) | 0;
    high = (high + (a >>> 16) + (b >>> 16) + (c >>> 16) + (d >>> 16)) | 0;
  }
  for (const end = first + count; i < end; i++) {
    all = (all + words[i]!) | 0;
    high = (high + (words[i]! >>> 16)) | 0;
  }
  const sum = fold(((all - Math.imul(high, 0x10000)) >>> 0) + high);
  // RFC 1071 §2 (B): a sum over swapped bytes is the swapped sum.
  return LITTLE ? ((sum & 0xff) << 8) | (sum >>> 8) : sum;
}

/** Adds the carries back in until 16 bits are left. */
export function fold(sum: number): number {
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum;
}
